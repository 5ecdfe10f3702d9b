"""Every number that judges an embedding, for raw and for unit features.

Which rows: those of one split are judged, against means and gallery of the train split, so that
no sample is judged by itself. Without a train split, and for splits whose classes train never
saw, the rows are their own reference, and k-NN leaves one out. Numbers of scatter (Fisher,
silhouette, Davies–Bouldin, Calinski–Harabasz) use the judged rows' own means; NC1 uses the
reference rows.

The O(N) numbers use all rows, in blocks; above 20,000 rows the O(N²) numbers use 10,000.

Edges: labels may be any numbers, and a class without rows is left out. A class of one sample has no
intra distance and asks nothing of retrieval, but is found by others. With one class, or where no
class has two samples, what compares is undefined. Identical rows tie, and ties are told by chance.
A zero vector has no direction: its unit feature is zero. Rows with NaN or Inf never come here.

Letters: `x` features (N, D) · `y` labels (N,) 0…C−1 · `mu` class means (C, D).
"""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from jaxtyping import Float, Integer

from centerviz.data.embeddings import Embeddings, unit_rows
from centerviz.embedding.clustering import (
    calinski_harabasz_of,
    davies_bouldin_of,
    numbered,
    silhouette,
)
from centerviz.embedding.collapse import between_whitening, nc1_part
from centerviz.embedding.distances import distances_to_means, inter, intra, ratio
from centerviz.embedding.geometry import blocks
from centerviz.embedding.metrics import METRICS
from centerviz.embedding.neighbours import knn_accuracy, nearest_means, retrieval
from centerviz.embedding.sampling import stratified
from centerviz.embedding.statistics import ClassStatistics
from centerviz.embedding.verification import verification
from centerviz.problem import Problem

PAIRWISE_ALL = 20_000  # up to here the O(N²) numbers use all rows
PAIRWISE_SOME = 10_000
SEED = 0  # draws the rows of the O(N²) numbers


@dataclass(frozen=True)
class Sides:
    """Which rows are judged and against which; `reference` is `judged` where they are the same."""

    split: str | None
    judged: np.ndarray  # (n,) row numbers
    reference: np.ndarray  # (m,) row numbers

    @property
    def alone(self) -> bool:
        """True where the judged rows are their own reference."""
        return self.reference is self.judged

    def sampled(self, y: Integer[np.ndarray, " N"]) -> "Sides":
        """The rows of the O(N²) numbers."""
        judged = _sample(y, self.judged)
        return Sides(self.split, judged, judged if self.alone else _sample(y, self.reference))


def measure(embeddings: Embeddings, split: str | None = None) -> dict:
    """The document of `measure --json`: n, dim, classes, split, dropped, pairwise_n, raw, unit.

    `split` is judged; by default test, else val, else all rows. Undefined numbers are None, all of
    them without labels. Raises Problem for a split that is not there or rows that are not.
    """
    found = sides(embeddings, split)
    document = {
        "n": len(found.judged),
        "dim": embeddings.dim,
        "classes": None,
        "split": found.split,
        "dropped": embeddings.dropped,
        "pairwise_n": None,
    }
    none = dict.fromkeys(METRICS)
    if embeddings.labels is None:
        return {**document, "raw": none, "unit": dict(none)}
    y, classes = numbered(embeddings.labels)
    few = found.sampled(y)
    document["classes"] = len(np.unique(y[found.judged]))
    document["pairwise_n"] = len(few.judged)
    for name, unit in (("raw", False), ("unit", True)):
        numbers = _scatter_numbers(embeddings.x, y, classes, found, unit)
        numbers |= _pair_numbers(embeddings.x, y, few, unit)
        document[name] = {key: numbers[key] for key in METRICS}
    return document


def measure_scatter(
    embeddings: Embeddings, split: str | None = None, unit: bool = False
) -> dict[str, float | None]:
    """The numbers in O(N) of one view, raw or unit, as `measure` gives them.

    Undefined ones are None, all of them without labels. Raises Problem as `measure` does.

    >>> x, y = np.array([[0.0], [2.0], [9.0], [11.0]], dtype=np.float32), np.array([0, 0, 1, 1])
    >>> found = measure_scatter(Embeddings(x, y, ("a", "b"), np.array(list("pqrs"))))
    >>> found["intra_mean"], found["inter_mean"], found["nearest_mean_accuracy"]
    (1.0, 9.0, 1.0)
    """
    found = sides(embeddings, split)
    if embeddings.labels is None:
        return dict.fromkeys(METRICS)
    return _scatter_numbers(embeddings.x, *numbered(embeddings.labels), found, unit)


def sides(embeddings: Embeddings, split: str | None = None) -> Sides:
    """The rows that are judged and those they are judged against.

    Raises Problem for a split that is not there and where no rows are.
    """
    if not embeddings.n:
        raise Problem("{source} has no rows to measure.", source=embeddings.source or "?")
    every = np.arange(embeddings.n)
    splits = embeddings.splits
    if splits is None:
        if split is not None:
            raise Problem(
                "There is no split named {split}: these embeddings have no splits. Leave it out.",
                split=split,
            )
        return Sides(None, every, every)
    names = list(dict.fromkeys(splits.tolist()))
    if split is None:
        split = next((name for name in ("test", "val") if name in names), None)
    if split is None:
        return Sides(names[0] if len(names) == 1 else None, every, every)
    if split not in names:
        raise Problem(
            "There is no split named {split}; choose one of: {choices}.",
            split=split,
            choices=", ".join(map(str, names)),
        )
    judged = np.flatnonzero(splits == split)
    train = np.flatnonzero(splits == "train")
    if not len(train) or split == "train" or embeddings.labels is None:
        return Sides(split, judged, judged)
    shared = np.isin(embeddings.labels[judged], embeddings.labels[train])
    return Sides(split, judged, train if shared.any() else judged)


def _sample(y: Integer[np.ndarray, " N"], rows: np.ndarray) -> np.ndarray:
    """All of `rows`, or above 20,000 a stratified, seeded 10,000 of them, in order."""
    return rows if len(rows) <= PAIRWISE_ALL else stratified(y, rows, PAIRWISE_SOME, SEED)


def _statistics(
    x: np.ndarray, y: np.ndarray, classes: int, rows: np.ndarray, unit: bool
) -> ClassStatistics:
    """Statistics of the given rows, block by block."""
    parts = (
        ClassStatistics.from_samples(block, y[at], classes) for at, block in blocks(x, unit, rows)
    )
    return reduce(ClassStatistics.merged, parts)


def _scatter_numbers(
    x: Float[np.ndarray, "N D"],
    y: Integer[np.ndarray, " N"],
    classes: int,
    found: Sides,
    unit: bool,
) -> dict[str, float | None]:
    """The numbers in O(N): of class means and distances to them."""
    own = _statistics(x, y, classes, found.judged, unit)
    reference = own if found.alone else _statistics(x, y, classes, found.reference, unit)
    mu = np.where(reference.present[:, None], reference.means, own.means)
    far, radius, hits = [], [], 0
    for at, block in blocks(x, unit, found.judged):
        far.append(distances_to_means(block, y[at], mu))
        radius.append(far[-1] if found.alone else distances_to_means(block, y[at], own.means))
        hits += int((nearest_means(block, mu) == y[at]).sum())
    tight = intra(np.concatenate(far), y[found.judged], classes).macro
    apart = inter(mu).mean
    spread = intra(np.concatenate(radius), y[found.judged], classes).mean[own.present]
    return {
        "intra_mean": tight,
        "inter_mean": apart,
        "ratio": ratio(tight, apart),
        "fisher": own.fisher,
        "davies_bouldin": None
        if own.fisher is None
        else davies_bouldin_of(spread, own.means[own.present]),
        "calinski_harabasz": calinski_harabasz_of(own),
        "nc1": _nc1(x, y, reference, found.reference, unit),
        "nearest_mean_accuracy": hits / len(found.judged),
    }


def _nc1(
    x: np.ndarray, y: np.ndarray, statistics: ClassStatistics, rows: np.ndarray, unit: bool
) -> float | None:
    whitening = None
    if statistics.classes > 1:
        whitening = between_whitening(statistics.means[statistics.present])
    if whitening is None:
        return None
    return sum(nc1_part(block, y[at], statistics, whitening) for at, block in blocks(x, unit, rows))


def _pair_numbers(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], few: Sides, unit: bool
) -> dict[str, float | None]:
    """The numbers in O(N²): of pairs of samples."""
    view = unit_rows if unit else np.asarray
    judged, known = view(x[few.judged]), y[few.judged]
    gallery = () if few.alone else (view(x[few.reference]), y[few.reference])
    found = retrieval(judged, known)
    curve = verification(judged, known, unit)
    return {
        "silhouette": silhouette(judged, known),
        "knn_accuracy": knn_accuracy(judged, known, *gallery),
        "recall_at_1": found.recall_at_1,
        "r_precision": found.r_precision,
        "map_at_r": found.map_at_r,
        "auc": curve.auc,
        "eer": curve.eer,
    }
