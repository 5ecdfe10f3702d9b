"""Is the nearest one of the same class? Nearest mean, k-NN, and retrieval.

All in blocks of distances, so that memory stays bounded. Distances that differ by less than the
rounding error of the matrix product they come from are ties. Retrieval averages over the orders
of ties (McSherry & Najork 2008); k-NN takes the lower row number.

Letters: `x` features (N, D) · `y` labels (N,) · `gallery` (G, D), `known` its labels (G,) · `mu`
class means (C, D) · R: how many others of its class a query has.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer
from scipy.spatial.distance import cdist

from centerviz.embedding import kernels
from centerviz.embedding.geometry import (
    ROUNDING,
    by_class,
    centred,
    distances_to,
    extended,
    in_threads,
    squared_norms,
)
from centerviz.embedding.kernels import NEVER

K = 5  # neighbours of k-NN
CROWD = 64  # candidates for k neighbours above which a row is looked at by itself
SAMPLED = 16  # one column in so many tells roughly how far the k-th smallest distance is


def nearest_means(
    x: Float[np.ndarray, "N D"], mu: Float[np.ndarray, "C D"]
) -> Integer[np.ndarray, " N"]:
    """The class whose mean is nearest, the lowest one in a tie. NaN rows of `mu` are left out.

    >>> nearest_means(np.array([[1.0], [9.0]]), np.array([[0.0], [10.0]]))
    array([0, 1])
    """
    present = np.flatnonzero(~np.isnan(mu).any(axis=1))
    middle = np.median(mu[present], axis=0)
    mu, x = mu[present] - middle, x - middle
    others = extended(mu)

    def nearest(part: slice) -> np.ndarray:
        d2 = distances_to(x[part], others)
        least = d2.min(axis=1)
        ties = d2 <= (least + _tie(squared_norms(x[part]), least))[:, None]
        return ties.argmax(axis=1)

    return present[np.concatenate([present[:0], *in_threads(nearest, len(x), len(mu))])]


def nearest_mean_accuracy(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], mu: Float[np.ndarray, "C D"]
) -> float | None:
    """The share of samples that are nearest to the mean of their own class, in [0, 1].

    None without samples.

    >>> nearest_mean_accuracy(np.array([[1.0], [4.0]]), np.array([0, 1]), np.array([[0.0], [10.0]]))
    0.5
    """
    return float((nearest_means(x, mu) == y).mean()) if len(x) else None


def _tie(norms: np.ndarray | float, d2: np.ndarray | float) -> np.ndarray | float:
    """How far apart two squared distances from a row with ‖q‖² = norms may be by rounding."""
    return 4 * ROUNDING * (norms + d2) + np.finfo(np.float64).tiny


def knn_accuracy(
    x: Float[np.ndarray, "N D"],
    y: Integer[np.ndarray, " N"],
    gallery: Float[np.ndarray, "G D"] | None = None,
    known: Integer[np.ndarray, " G"] | None = None,
) -> float | None:
    """The share of samples whose k = 5 nearest vote for their class, in [0, 1].

    A tied vote goes to the class with the nearest of the neighbours. Without a gallery the others
    of `x` are it (leave one out). A gallery below 5 votes as a whole; None where it is empty.

    >>> knn_accuracy(np.array([[0.0], [1.0], [9.0]]), np.array([0, 0, 1]))
    0.6666666666666666
    """
    alone = gallery is None
    together = centred(x if alone else np.concatenate([x, gallery]))
    x, gallery = together[: len(x)], together if alone else together[len(x) :]
    known = y if known is None else known
    k = min(K, len(gallery) - alone)
    if k < 1 or not len(x):
        return None
    others = extended(gallery)

    def hits(part: slice) -> int:
        d2 = distances_to(x[part], others)
        if alone:
            np.fill_diagonal(d2[:, part.start :], NEVER)
        near = _nearest(d2, x[part], gallery, k)
        return int((_vote(known[near]) == y[part]).sum())

    return sum(in_threads(hits, len(x), len(gallery))) / len(x)


def nearest_rows(
    x: Float[np.ndarray, "N D"], rows: Integer[np.ndarray, " R"], k: int = K
) -> tuple[Integer[np.ndarray, "R K"], Float[np.ndarray, "R K"]]:
    """The k other rows nearest to each of a few, nearest first, and how far away they are.

    Exact, ties by row number; all others where there are fewer than k. One row at a time: memory N.

    >>> [part.tolist() for part in nearest_rows(np.array([[0.0], [3.0], [4.0]]), np.array([0]), 2)]
    [[[1, 2]], [[3.0, 4.0]]]
    """
    k = min(k, max(len(x) - 1, 0))
    near, away = np.empty((len(rows), k), dtype=np.int64), np.empty((len(rows), k))
    for place, row in enumerate(rows if k else ()):
        gaps = cdist(x[row : row + 1], x)[0]
        gaps[row] = np.inf
        close = np.flatnonzero(gaps <= np.partition(gaps, k - 1)[k - 1])
        near[place] = close[np.argsort(gaps[close], kind="stable")[:k]]
        away[place] = gaps[near[place]]
    return near, away


def _nearest(d2: np.ndarray, rows: np.ndarray, gallery: np.ndarray, k: int) -> np.ndarray:
    """The k nearest row numbers of the gallery (B, k), nearest first, ties by row number."""
    norms = squared_norms(rows)
    limit = _bound(d2, k)
    candidates = d2 <= (limit + _tie(norms, limit))[:, None]
    many = np.flatnonzero(np.count_nonzero(candidates, axis=1) > CROWD)
    crowded = [_first(d2[row], norms[row], k) for row in many]  # a tie for the last places
    candidates[many] = False
    query, other = np.nonzero(candidates)
    query = np.append(query, np.repeat(many, k))
    other = np.concatenate([other, *crowded])
    gaps = gallery[other] - rows[query]
    ranked = np.lexsort((other, squared_norms(gaps), query))  # distances without cancellation
    first = np.searchsorted(query[ranked], np.arange(len(d2)))
    return other[ranked[first[:, None] + np.arange(k)]]


def _bound(d2: np.ndarray, k: int) -> np.ndarray:
    """A number in each row that at least k entries do not exceed, close to the k-th smallest.

    The k-th smallest of the minima of 16k groups: each is a different entry.
    """
    width = max(1, d2.shape[1] // (16 * k))
    groups = d2.shape[1] // width
    least = d2[:, : width * groups].reshape(len(d2), width, groups).min(axis=1)
    return np.partition(least, k - 1, axis=1)[:, k - 1]


def _first(d2: np.ndarray, norm: float, k: int) -> np.ndarray:
    """The k nearest of one row of distances, those tied for the last places by row number."""
    last = np.partition(d2, k - 1)[k - 1]
    margin = _tie(norm, last)
    sure = np.flatnonzero(d2 < last - margin)
    tied = np.flatnonzero((d2 >= last - margin) & (d2 <= last + margin))
    return np.concatenate([sure, tied[: k - len(sure)]])


def _vote(labels: np.ndarray) -> np.ndarray:
    """The class with most votes in each row (B, k) of labels, nearest first; ties to the nearest.

    >>> _vote(np.array([[2, 1, 1, 2, 3]]))
    array([2])
    """
    votes = (labels[:, :, None] == labels[:, None, :]).sum(axis=2)
    return labels[np.arange(len(labels)), votes.argmax(axis=1)]


@dataclass(frozen=True)
class Retrieval:
    """Each sample as a query among all others; means over the queries with R ≥ 1; None without."""

    recall_at_1: float | None  # the first found is of the same class
    r_precision: float | None  # share of the same class among the first R
    map_at_r: float | None  # mean of precision@i over the hits i ≤ R, divided by R (Musgrave 2020)
    queries: int
    skipped: int  # samples without another of their class


def retrieval(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> Retrieval:
    """Recall@1, R-precision and MAP@R, all in [0, 1], higher is better.

    >>> retrieval(np.array([[0.0], [1.0], [3.0], [9.0]]), np.array([0, 0, 0, 1]))
    Retrieval(recall_at_1=1.0, r_precision=1.0, map_at_r=1.0, queries=3, skipped=1)
    """
    order, starts, sizes = by_class(y)
    others = extended(centred(x)[order])
    first = np.repeat(starts, sizes)  # columns of the own class run from here…
    wanted = np.repeat(sizes, sizes) - 1  # R of each row; … to first + R

    device = kernels.device_for(len(x))
    there = kernels.sent(others, device) if device else None

    def found(part: slice) -> np.ndarray:
        most = max(int(wanted[part].max()), 1)
        if device:
            d2 = kernels.marked(there, part, first[part], wanted[part])
            ranked, row = kernels.smallest(d2, most + 1), lambda i: d2[i].cpu().numpy()
        else:
            d2 = _marked(others, part, first[part], wanted[part])
            ranked, row = _smallest(d2, most + 1), lambda i: d2[i].view(np.int64)
        return _judged(ranked, wanted[part], squared_norms(others[part, :-2]), row)

    kept = wanted > 0
    queries = int(kept.sum())
    if not queries:
        return Retrieval(None, None, None, 0, len(x))
    numbers = np.concatenate(in_threads(found, len(x), len(x)))
    return Retrieval(*numbers[kept].mean(axis=0).tolist(), queries, len(x) - queries)


def _marked(others: np.ndarray, part: slice, first: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Squared distances of the rows of one block (B, N); rows are sorted by class.

    The last bit of each says whether the sample is of another class: then sorting the numbers
    sorts the samples, and no row numbers need be carried along.
    """
    d2 = distances_to(others[part, :-2], others)
    np.fill_diagonal(d2[:, part.start :], NEVER)
    bits = d2.view(np.int64)
    bits |= 1
    for a in np.unique(first):
        own = np.flatnonzero(first == a)
        bits[own[0] : own[-1] + 1, a : a + wanted[own[0]] + 1] ^= 1
    return d2


def _judged(
    ranked: np.ndarray, wanted: np.ndarray, norms: np.ndarray, row: Callable[[int], np.ndarray]
) -> np.ndarray:
    """Recall@1, R-precision and AP@R of the rows of one block (B, 3).

    `ranked`: the smallest of `_marked`, more than `wanted` (R) of them; `row` gives all of a row,
    for the few whose ties do not leave these numbers clear.
    """
    hit = (ranked.view(np.int64) & 1) == 0
    norms = norms[:, None]
    ranks = np.arange(1, ranked.shape[1] + 1)
    inside = ranks <= wanted[:, None]
    tied = np.diff(ranked, axis=1) <= _tie(norms, ranked[:, 1:])
    unclear = (tied & (hit[:, 1:] != hit[:, :-1]) & inside[:, :-1]).any(axis=1)
    rows = np.arange(len(ranked))
    unclear |= tied[rows, np.maximum(wanted, 1) - 1] & (wanted > 0)
    hits = np.cumsum(hit, axis=1)
    r = np.maximum(wanted, 1)
    precision = np.where(hit & inside, hits / ranks, 0.0).sum(axis=1)
    found = np.stack([hit[:, 0], hits[rows, r - 1] / r, precision / r], axis=1)
    for i in np.flatnonzero(unclear):
        found[i] = _expected(np.sort(row(i)).view(np.float64), norms[i], int(wanted[i]))
    return found


def _smallest(d2: np.ndarray, k: int) -> np.ndarray:
    """The k smallest numbers of each row, in order: (B, k), or whole rows where k exceeds them.

    Few of many are found by a limit from a sample of the columns: to compare and pick is five
    times faster than to partition. The rows whose limit turns out too low are partitioned.
    """
    columns = d2.shape[1]
    expected = k / SAMPLED
    place = int(expected + 3 * np.sqrt(expected)) + 2  # in the sample; rarely too low
    if 4 * SAMPLED * place > columns:
        return np.sort(np.partition(d2, k - 1, axis=1)[:, :k] if k < columns else d2, axis=1)
    limit = np.partition(d2[:, ::SAMPLED], place, axis=1)[:, place]
    near = d2 <= limit[:, None]
    counts = np.count_nonzero(near, axis=1)
    for row in np.flatnonzero(counts < k):
        near[row] = d2[row] <= np.partition(d2[row], k - 1)[k - 1]
        counts[row] = np.count_nonzero(near[row])
    ranked = np.full((len(d2), counts.max()), NEVER)
    ranked[np.arange(counts.max()) < counts[:, None]] = d2[near]
    ranked.sort(axis=1)
    return ranked[:, :k]


def _expected(ranked: np.ndarray, norm: np.ndarray, r: int) -> tuple[float, float, float]:
    """Recall@1, R-precision and AP@R of one query, expected over the orders of its ties.

    In a group of t ties with g hits, after h hits: a rank holds a hit with chance g/t, and then
    1 + h + (k−1)(g−1)/(t−1) hits are expected up to the k-th rank of the group.
    """
    hit = (ranked.view(np.int64) & 1) == 0
    starts = np.flatnonzero(np.append(True, np.diff(ranked) > _tie(norm, ranked[1:])))
    size = np.diff(starts, append=len(ranked))
    good = np.add.reduceat(hit.astype(np.int64), starts)
    before = np.cumsum(good) - good
    ranks = np.arange(1, r + 1)
    group = np.searchsorted(starts, ranks - 1, side="right") - 1
    chance = good[group] / size[group]
    place = ranks - 1 - starts[group]
    more = place * (good[group] - 1) / np.maximum(size[group] - 1, 1)
    precision = chance * (1 + before[group] + more) / ranks
    return float(chance[0]), float(chance.mean()), float(precision.mean())


def recall_at_1(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> float | None:
    """See `retrieval`."""
    return retrieval(x, y).recall_at_1


def r_precision(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> float | None:
    """See `retrieval`."""
    return retrieval(x, y).r_precision


def map_at_r(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> float | None:
    """See `retrieval`."""
    return retrieval(x, y).map_at_r
