"""Clustering scores of labelled samples: Fisher, silhouette, Davies–Bouldin, Calinski–Harabasz.

Defined as scikit-learn's, in float64 and in blocks; with these differences. All are None where
they are undefined: fewer than two classes, or tr S_W or tr S_T zero up to rounding (scikit-learn
answers Davies–Bouldin 0, its best, for constant rows). Samples alone in their class take no part
in the mean of the silhouette (scikit-learn counts each as 0). All are ratios of distances, so that
dividing by the RMS spread first changes nothing but keeps scikit-learn's absolute tolerances
from mattering; here nothing is compared with an absolute number.

Letters: `x` features (N, D) · `y` labels (N,), any integers · `mu` class means (C, D).
"""

import numpy as np
from jaxtyping import Float, Integer
from scipy.spatial.distance import cdist

from centerviz.embedding import kernels
from centerviz.embedding.distances import distances_to_means, intra
from centerviz.embedding.geometry import (
    PAIRS,
    by_class,
    centred,
    distances_to,
    extended,
    in_threads,
)
from centerviz.embedding.statistics import ZERO, ClassStatistics


def numbered(y: Integer[np.ndarray, " N"]) -> tuple[Integer[np.ndarray, " N"], int]:
    """Labels renumbered 0…C−1 in their order, and C.

    >>> numbered(np.array([7, -1, 7]))
    (array([1, 0, 1]), 2)
    """
    values, y = np.unique(y, return_inverse=True)
    return y, len(values)


def fisher(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> float | None:
    """tr S_B / tr S_W, ≥ 0, higher is better.

    >>> fisher(np.array([[0.0], [2.0], [6.0], [8.0]]), np.array([0, 0, 1, 1]))
    9.0
    """
    return ClassStatistics.from_samples(x, *numbered(y)).fisher


def calinski_harabasz_of(statistics: ClassStatistics) -> float | None:
    """Fisher · (N − C)/(C − 1), from statistics (Calinski & Harabasz 1974)."""
    if statistics.fisher is None:
        return None
    classes = statistics.classes
    return statistics.fisher * (statistics.n - classes) / (classes - 1)


def calinski_harabasz(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> float | None:
    """tr S_B/(C−1) over tr S_W/(N−C), ≥ 0, higher is better.

    >>> calinski_harabasz(np.array([[0.0], [2.0], [6.0], [8.0]]), np.array([0, 0, 1, 1]))
    18.0
    """
    return calinski_harabasz_of(ClassStatistics.from_samples(x, *numbered(y)))


def davies_bouldin_of(
    radius: Float[np.ndarray, " C"], mu: Float[np.ndarray, "C D"]
) -> float | None:
    """Mean over classes of max_b (r_a + r_b)/‖μ_a − μ_b‖ (Davies & Bouldin 1979).

    `radius`: mean distance to the own mean. None where two means coincide: the score is infinite
    there (scikit-learn leaves such a pair out).
    """
    if len(mu) < 2 or not radius.any():
        return None
    floor = ZERO * np.abs(mu).max() * np.sqrt(mu.shape[1])
    worst = np.empty(len(mu))
    size = max(1, PAIRS // len(mu))
    for start in range(0, len(mu), size):
        gaps = cdist(mu[start : start + size], mu)
        np.fill_diagonal(gaps[:, start:], np.inf)
        if gaps.min() <= floor:
            return None
        sums = radius[start : start + size, None] + radius
        worst[start : start + size] = (sums / gaps).max(axis=1)
    return float(worst.mean())


def davies_bouldin(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> float | None:
    """Davies–Bouldin score, ≥ 0, lower is better.

    >>> davies_bouldin(np.array([[0.0], [2.0], [6.0], [8.0]]), np.array([0, 0, 1, 1])).__round__(6)
    0.333333
    """
    y, classes = numbered(y)
    statistics = ClassStatistics.from_samples(x, y, classes)
    if statistics.fisher is None:
        return None
    mu = statistics.means
    return davies_bouldin_of(intra(distances_to_means(x, y, mu), y, classes).mean, mu)


def silhouettes(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]
) -> Float[np.ndarray, " N"]:
    """(b − a)/max(a, b) of each sample, in [−1, 1] (Rousseeuw 1987).

    a: mean distance to the others of its class; b: least mean distance to another class. NaN for
    a sample alone in its class, and for all with fewer than two classes.

    >>> silhouettes(np.array([[0.0], [1.0], [4.0]]), np.array([0, 0, 1]))
    array([0.75      , 0.66666667,        nan])
    """
    order, starts, sizes = by_class(y)
    values = np.full(len(x), np.nan)
    if len(sizes) < 2:
        return values
    others = extended(centred(x)[order])
    own = np.repeat(np.arange(len(sizes)), sizes)

    device = kernels.device_for(len(x))
    there = kernels.sent(others, device) if device else None

    def judge(part: slice) -> None:
        if device:
            sums = kernels.class_sums(there, part, sizes)
        else:
            d = distances_to(others[part, :-2], others)
            np.fill_diagonal(d[:, part.start :], 0.0)
            sums = np.add.reduceat(np.sqrt(d, out=d), starts, axis=1)  # (rows, C)
        at = np.arange(len(sums)), own[part]
        mates = sizes[own[part]] - 1
        a = sums[at] / np.maximum(mates, 1)
        sums /= sizes
        sums[at] = np.inf
        b = sums.min(axis=1)
        largest = np.maximum(a, b)
        s = np.divide(b - a, largest, out=np.zeros_like(a), where=largest > 0)
        values[order[part]] = np.where(mates > 0, s, np.nan)

    in_threads(judge, len(x), len(x))
    return values


def silhouette(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> float | None:
    """The mean silhouette of the samples that are not alone in their class, in [−1, 1].

    Higher is better.

    >>> silhouette(np.array([[0.0], [1.0], [4.0]]), np.array([0, 0, 1])).__round__(6)
    0.708333
    """
    if fisher(x, y) is None:
        return None
    values = silhouettes(x, y)
    return float(np.nanmean(values)) if np.isfinite(values).any() else None
