"""Where every sample lies among the class means, and which samples stand out by it.

Letters: `x` features (N, D) · `y` labels (N,) in 0…C−1 · `mu` class means (C, D), NaN rows for
absent classes · d_own, d_other distances to the own and to the nearest other mean (N,).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Integer

from centerviz.embedding import distances
from centerviz.embedding.distances import distances_to_means, nearest_other_means
from centerviz.embedding.neighbours import K, nearest_rows
from centerviz.embedding.statistics import ZERO
from centerviz.problem import Problem

FAR = 2.0  # times the mean distance of its class, from which on a sample is an outlier
CANDIDATES = 100  # samples nearer to another class whose neighbours are asked, the clearest first


@dataclass(frozen=True)
class Places:
    """Distances of all samples, in feature units; NaN and −1 where there is no such mean."""

    own: np.ndarray  # (N,) ‖x − μ_y‖
    other: np.ndarray  # (N,) ‖x − μ_j‖ of the nearest other class j
    nearest: np.ndarray  # (N,) that class

    @cached_property
    def margin(self) -> np.ndarray:
        """d_other − d_own (N,): below 0 a sample lies nearer to another class."""
        return self.other - self.own

    @cached_property
    def astray(self) -> np.ndarray:
        """Which samples lie nearer to another class than to their own: (N,) bool."""
        return self.margin < 0


def places(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], mu: Float[np.ndarray, "C D"]
) -> Places:
    """Where every sample lies. Raises Problem where samples times classes are too many.

    >>> found = places(np.array([[1.0], [4.0]]), np.array([0, 1]), np.array([[0.0], [9.0]]))
    >>> found.own.tolist(), found.other.tolist(), found.margin.tolist()
    ([1.0, 5.0], [8.0, 4.0], [7.0, -1.0])
    """
    present = int((~np.isnan(mu).any(axis=1)).sum())
    if len(x) * present > distances.MOST_PAIRS:
        raise Problem(
            "{n} samples against {classes} classes are more than {most} distances; look at one "
            "split, or at fewer samples.",
            n=len(x),
            classes=present,
            most=distances.MOST_PAIRS,
        )
    other, nearest = nearest_other_means(x, y, mu)
    return Places(distances_to_means(x, y, mu), other, nearest)


def astray_by_class(
    found: Places, y: Integer[np.ndarray, " N"], classes: int
) -> Integer[np.ndarray, " C"]:
    """How many samples of each class lie nearer to the mean of another.

    >>> found = places(np.array([[1.0], [4.0]]), np.array([0, 1]), np.array([[0.0], [9.0]]))
    >>> astray_by_class(found, np.array([0, 1]), 2)
    array([0, 1])
    """
    return np.bincount(y[found.astray], minlength=classes)


def outlyingness(
    own: Float[np.ndarray, " N"], y: Integer[np.ndarray, " N"]
) -> Float[np.ndarray, " N"]:
    """d_own over the mean of d_own in its class: scale-free, ≥ 0, at most n_j; 1 is usual.

    NaN where the class has no width.

    >>> outlyingness(np.array([1.0, 1.0, 4.0, 0.0]), np.array([0, 0, 0, 1]))
    array([0.5, 0.5, 2. , nan])
    """
    known = np.isfinite(own)
    counts = np.bincount(y[known], minlength=int(y.max(initial=-1)) + 1)
    sums = np.bincount(y[known], weights=own[known], minlength=len(counts))
    usual = np.where(sums > 0, sums / np.maximum(counts, 1), np.nan)
    return own / usual[y]


def outliers(
    own: Float[np.ndarray, " N"], y: Integer[np.ndarray, " N"], most: int
) -> Integer[np.ndarray, " K"]:
    """The samples more than twice as far from their mean as their class is, farthest first.

    >>> outliers(np.array([1.0, 1.0, 1.0, 9.0]), np.zeros(4, int), 2)
    array([3])
    """
    far = outlyingness(own, y)
    return _first(-far, far > FAR, most)


def between_two(found: Places, most: int) -> Integer[np.ndarray, " K"]:
    """The samples with the least |d_other − d_own|: about as near to another class as to theirs.

    >>> mu = np.array([[0.0], [10.0]])
    >>> between_two(places(np.array([[1.0], [5.5], [4.0]]), np.array([0, 0, 0]), mu), 2)
    array([1, 2])
    """
    size = found.own + found.other
    is_somewhere = size > ZERO * np.nanmax(size, initial=0.0)
    return _first(np.abs(found.margin), np.isfinite(found.margin) & is_somewhere, most)


@dataclass(frozen=True)
class Mislabels:
    """Samples that look like another class, the clearest first."""

    rows: np.ndarray  # (K,)
    votes: np.ndarray  # (K,) how many of the nearest neighbours are of that class
    asked: int  # neighbours of each
    astray: int  # samples nearer to another class at all
    looked_at: int  # of which the neighbours of so many were asked


def mislabels(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], found: Places, most: int
) -> Mislabels:
    """The samples nearer to another class's mean of whose 5 neighbours most are of that class.

    Those with most votes come first, then those with the largest d_own / d_other.

    >>> x = np.array([[0.0], [1.0], [10.0], [11.0], [12.0], [10.5]])
    >>> y = np.array([0, 0, 1, 1, 1, 0])
    >>> mislabels(x, y, places(x, y, np.array([[0.5], [11.0]])), 3).rows
    array([5])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        clear = np.where(found.astray, found.own / found.other, -np.inf)
    rows = _first(-clear, found.astray, CANDIDATES)
    near, _gaps = nearest_rows(x, rows, K)
    asked = near.shape[1]
    votes = (y[near] == found.nearest[rows][:, None]).sum(axis=1)
    order = np.argsort(-votes, kind="stable")
    order = order[2 * votes[order] > asked][:most]
    return Mislabels(rows[order], votes[order], asked, int(found.astray.sum()), len(rows))


def _first(
    values: Float[np.ndarray, " N"], kept: Bool[np.ndarray, " N"], most: int
) -> Integer[np.ndarray, " K"]:
    """The kept rows with the smallest values, ties by row number."""
    rows = np.flatnonzero(kept)
    return rows[np.argsort(values[rows], kind="stable")][:most]
