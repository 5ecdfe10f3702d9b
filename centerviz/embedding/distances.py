"""How tight the classes are and how far apart: intra, inter, ratio, drift, separation.

Distances are ‖·‖, not squared and not halved, in the units of the features. `mu` may come from
other samples than `x`: for a run the means are of train and the samples of test. Means of the
same samples make intra too small by √((n−1)/n), held-out ones too large by √((n+1)/n).

Letters: `x` features (N, D) · `y` labels (N,) in 0…C−1 · `mu` class means (C, D), NaN rows for
absent classes · `c` centers kept by a rule (C, D).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer
from scipy.spatial.distance import cdist

from centerviz.embedding.geometry import (
    by_class,
    centred,
    distances_to,
    extended,
    in_threads,
    squared_distances,
)
from centerviz.embedding.statistics import ZERO, ClassStatistics

BLOCK = 512  # rows of a block of distances
MOST_PAIRS = 200_000_000  # of samples and means that are looked at for a hover


def distances_to_means(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], mu: Float[np.ndarray, "C D"]
) -> Float[np.ndarray, " N"]:
    """‖x − μ_y‖ of each sample; NaN where its class has no mean.

    >>> distances_to_means(np.array([[3.0, 4.0]]), np.array([0]), np.zeros((1, 2)))
    array([5.])
    """
    return np.linalg.norm(x - mu[y], axis=1)


@dataclass(frozen=True)
class Intra:
    """Distances of the samples of each class to its mean; NaN where a class has no samples."""

    counts: np.ndarray  # (C,) int64 n_j
    mean: np.ndarray  # (C,) Σ‖x − μ_j‖ / n_j
    median: np.ndarray  # (C,)
    p95: np.ndarray  # (C,) 95th percentile, linear between samples
    max: np.ndarray  # (C,)

    @property
    def macro(self) -> float | None:
        """`intra_mean`: mean over the classes with n_j ≥ 2, each counting once. Lower: tighter."""
        kept = self.counts >= 2
        return float(self.mean[kept].mean()) if kept.any() else None

    @property
    def micro(self) -> float | None:
        """The mean over all samples of those classes, each sample counting once."""
        kept = self.counts >= 2
        n = self.counts[kept]
        return float(self.mean[kept] @ n / n.sum()) if kept.any() else None


def intra(distances: Float[np.ndarray, " N"], y: Integer[np.ndarray, " N"], classes: int) -> Intra:
    """Intra-class distances by class, from `distances_to_means`.

    >>> intra(np.array([1.0, 3.0, 9.0]), np.array([0, 0, 1]), 2).macro
    2.0
    """
    order = np.lexsort((distances, y))
    counts = np.bincount(y, minlength=classes)
    first = np.cumsum(counts) - counts
    ranked = np.append(distances[order], np.nan)

    def quantile(share: float) -> np.ndarray:
        place = first + (np.maximum(counts, 1) - 1) * share
        low = np.floor(place).astype(np.int64)
        high = np.ceil(place).astype(np.int64)
        return ranked[low] + (ranked[high] - ranked[low]) * (place - low)

    with np.errstate(invalid="ignore"):
        mean = np.bincount(y, weights=distances, minlength=classes) / counts
    absent = np.where(counts > 0, 0.0, np.nan)
    return Intra(counts, mean, *(quantile(share) + absent for share in (0.5, 0.95, 1.0)))


def radii(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], mu: Float[np.ndarray, "C D"]
) -> Intra:
    """`intra` of samples that are all at hand.

    >>> radii(np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([0, 0]), np.zeros((1, 2))).max
    array([5.])
    """
    return intra(distances_to_means(x, y, mu), y, len(mu))


def fold_of_radii(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> float | None:
    """Mean radius of the widest class over that of the tightest: scale-free, ≥ 1.

    Around their own means, classes of one sample left out. None without any other, and where the
    tightest has no width.

    >>> fold_of_radii(np.array([[0.0], [2.0], [5.0], [11.0]]), np.array([0, 0, 1, 1]))
    3.0
    """
    classes = int(y.max(initial=-1)) + 1
    found = radii(x, y, ClassStatistics.from_samples(x, y, classes).means)
    width = found.mean[found.counts >= 2]
    return float(width.max() / width.min()) if len(width) and width.min() > 0 else None


@dataclass(frozen=True)
class Inter:
    """Distances between class means over a < b; None with fewer than two."""

    mean: float | None  # `inter_mean`; higher: further apart
    min: float | None


def inter_matrix(mu: Float[np.ndarray, "C D"]) -> Float[np.ndarray, "C C"]:
    """‖μ_a − μ_b‖; what lies below rounding is 0; NaN for absent classes.

    >>> inter_matrix(np.array([[0.0, 0.0], [3.0, 4.0]]))
    array([[0., 5.],
           [5., 0.]])
    """
    gaps = cdist(mu, mu)
    gaps[gaps <= ZERO * _largest(mu)] = 0.0
    return gaps


def inter(mu: Float[np.ndarray, "C D"]) -> Inter:
    """Mean and least distance between the means, in blocks.

    >>> inter(np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 8.0]]))
    Inter(mean=6.0, min=5.0)
    """
    mu = mu[~np.isnan(mu).any(axis=1)]
    total, least, floor = 0.0, np.inf, ZERO * _largest(mu)
    for start in range(0, len(mu) - 1, BLOCK):
        gaps = cdist(mu[start : start + BLOCK], mu[start:])
        gaps[gaps <= floor] = 0.0
        upper = gaps[np.triu(np.ones(gaps.shape, dtype=bool), 1)]
        total, least = total + float(upper.sum()), min(least, float(upper.min()))
    pairs = len(mu) * (len(mu) - 1) // 2
    return Inter(total / pairs, least) if pairs else Inter(None, None)


def nearest_others(
    mu: Float[np.ndarray, "C D"],
) -> tuple[Integer[np.ndarray, " C"], Float[np.ndarray, " C"]]:
    """For each class the class with the nearest other mean, and its distance; −1, NaN: none, or
    too many pairs of classes to look at (`MOST_PAIRS`).

    >>> nearest_others(np.array([[0.0], [3.0], [4.0]]))
    (array([1, 2, 1]), array([3., 1., 1.]))
    """
    gaps, nearest = nearest_other_means(mu, np.arange(len(mu)), mu)
    gaps[gaps <= ZERO * _largest(mu)] = 0.0
    return nearest, gaps


def nearest_pairs(
    mu: Float[np.ndarray, "C D"], most: int
) -> tuple[list[tuple[int, int]], Float[np.ndarray, " P"]]:
    """The pairs a < b of classes whose means are nearest, nearest first, and their distances.

    In blocks; equal distances by class number. Absent classes are in no pair.

    >>> nearest_pairs(np.array([[0.0], [3.0], [4.0]]), 2)
    ([(1, 2), (0, 1)], array([1., 3.]))
    """
    known = np.flatnonzero(~np.isnan(mu).any(axis=1))
    first, second, gaps = (np.empty(0, dtype=kind) for kind in (np.int64, np.int64, np.float64))
    for start in range(0, len(known) - 1, BLOCK):
        block = cdist(mu[known[start : start + BLOCK]], mu[known[start:]])
        block[~np.triu(np.ones(block.shape, dtype=bool), 1)] = np.inf
        last = min(most, block.size) - 1
        limit = np.partition(block, last, axis=None)[last]
        one, other = np.nonzero((block <= limit) & (block < np.inf))
        first, second = np.append(first, one + start), np.append(second, other + start)
        gaps = np.append(gaps, block[one, other])
        kept = np.lexsort((second, first, gaps))[:most]
        first, second, gaps = first[kept], second[kept], gaps[kept]
    gaps[gaps <= ZERO * _largest(mu)] = 0.0
    return list(zip(known[first].tolist(), known[second].tolist(), strict=True)), gaps


def nearest_other_means(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], mu: Float[np.ndarray, "C D"]
) -> tuple[Float[np.ndarray, " N"], Integer[np.ndarray, " N"]]:
    """For each sample the distance to the nearest mean of another class, and that class; NaN, −1
    where there is none, and for all when there are too many pairs to look at (`MOST_PAIRS`).

    >>> nearest_other_means(np.array([[0.0], [4.0]]), np.array([0, 1]), np.array([[1.0], [3.0]]))
    (array([3., 3.]), array([1, 0]))
    """
    away, nearest = np.full(len(x), np.nan), np.full(len(x), -1)
    known = np.flatnonzero(np.isfinite(mu).all(axis=1))
    if not len(known) or len(x) * len(known) > MOST_PAIRS:
        return away, nearest
    middle = mu[known].mean(axis=0)
    others = extended(mu[known] - middle)
    column = np.full(len(mu), -1)
    column[known] = np.arange(len(known))

    def find(part: slice) -> None:
        d2 = distances_to(x[part] - middle, others)
        own = np.flatnonzero(column[y[part]] >= 0)
        d2[own, column[y[part]][own]] = np.inf
        best = d2.argmin(axis=1)
        found = np.isfinite(d2[np.arange(len(d2)), best])
        nearest[part] = np.where(found, known[best], -1)
        gap = np.linalg.norm(x[part] - mu[known[best]], axis=1)
        away[part] = np.where(found, gap, np.nan)

    in_threads(find, len(x), len(known))
    return away, nearest


@dataclass(frozen=True)
class Place:
    """Where one sample lies among the class means; None and −1 where there is no such mean."""

    own: float | None  # distance to the mean of its class
    other: float | None  # distance to the nearest mean of another class
    nearest: int  # that class

    @property
    def margin(self) -> float | None:
        """other − own: below 0 it lies nearer to another class."""
        return None if self.own is None or self.other is None else self.other - self.own


def place(x: Float[np.ndarray, " D"], label: int, mu: Float[np.ndarray, "C D"]) -> Place:
    """Where a sample of class `label` lies among the class means.

    >>> place(np.array([1.0]), 0, np.array([[0.0], [9.0], [5.0]]))
    Place(own=1.0, other=4.0, nearest=2)
    """
    away = np.linalg.norm(mu - x, axis=1)
    others = np.where(np.arange(len(mu)) == label, np.inf, np.nan_to_num(away, nan=np.inf))
    nearest = int(others.argmin())
    own = float(away[label]) if np.isfinite(away[label]) else None
    if not np.isfinite(others[nearest]):
        return Place(own, None, -1)
    return Place(own, float(others[nearest]), nearest)


def drift(c: Float[np.ndarray, "C D"], mu: Float[np.ndarray, "C D"]) -> Float[np.ndarray, " C"]:
    """‖c_j − μ_j‖ of each class, ≥ 0, lower is better; NaN for absent classes, Inf for runaways.

    >>> drift(np.array([[3.0, 4.0]]), np.zeros((1, 2)))
    array([5.])
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return np.linalg.norm(c.astype(np.float64) - mu, axis=1)


def _largest(mu: np.ndarray) -> float:
    return float(np.nanmax(np.abs(mu), initial=0.0)) * np.sqrt(mu.shape[1])


def angles(mu: Float[np.ndarray, "C D"]) -> Float[np.ndarray, "C C"]:
    """The angle of μ_a and μ_b about the origin, degrees in [0, 180]; NaN for absent or zero means.

    By the half-angle form, which keeps its digits near 0 and 180.

    >>> angles(np.array([[1.0, 0.0], [0.0, 2.0]])).round(6)
    array([[ 0., 90.],
           [90.,  0.]])
    """
    norm = np.linalg.norm(mu, axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        z = mu / norm
    return np.degrees(2 * np.arctan2(cdist(z, z), cdist(z, -z)))


def ratio(intra_mean: float | None, inter_mean: float | None) -> float | None:
    """intra_mean / inter_mean: scale-free, ≥ 0, lower is better; None where inter_mean is 0.

    >>> ratio(1.0, 4.0), ratio(1.0, 0.0)
    (0.25, None)
    """
    if intra_mean is None or not inter_mean:
        return None
    return intra_mean / inter_mean


def ratio_about(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], mu: Float[np.ndarray, "C D"]
) -> float | None:
    """`ratio` of samples about the given means.

    >>> ratio_about(np.array([[1.0], [-1.0]]), np.array([0, 0]), np.array([[0.0], [4.0]]))
    0.25
    """
    return ratio(radii(x, y, mu).macro, inter(mu).mean)


@dataclass(frozen=True)
class Separation:
    """Whether every same-class pair is closer than every different-class pair."""

    max_same: float | None  # largest distance of two samples of one class
    min_different: float | None  # least distance of two samples of different classes

    @property
    def share(self) -> float | None:
        """max_same / min_different: scale-free, lower is better, below 1 it holds."""
        if self.max_same is None or not self.min_different:
            return None
        return self.max_same / self.min_different

    @property
    def holds(self) -> bool | None:
        """True: one threshold tells same from different without error."""
        if self.max_same is None or self.min_different is None:
            return None
        return self.max_same < self.min_different


def separation(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> Separation:
    """The largest same-class and the least different-class pair distance, in blocks.

    >>> separation(np.array([[0.0], [1.0], [5.0]]), np.array([0, 0, 1])).holds
    True
    """
    order, starts, sizes = by_class(y)
    x, ends = centred(x)[order], np.repeat(starts + sizes, sizes)
    most, least = -np.inf, np.inf
    for start in range(0, len(x), BLOCK):
        d2 = squared_distances(x[start : start + BLOCK], x[start:])
        row = 0
        while row < len(d2):  # class by class
            end = int(ends[start + row]) - start
            own = d2[row:end, row:end]
            if end - row > 1:
                most = max(most, float(own.max()))
            own[...] = np.inf
            row = end
        least = min(least, float(d2.min()))
    return Separation(
        float(np.sqrt(most)) if most >= 0 else None,
        float(np.sqrt(least)) if np.isfinite(least) else None,
    )
