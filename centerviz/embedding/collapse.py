"""Neural collapse, and how many dimensions an embedding uses.

Papyan, Han & Donoho 2020, with class-balanced scatters: each class counts once. For a run, on the
train split. Absent classes are left out.

Letters: `x` features (N, D) · `y` labels (N,), any integers · `w` rows of a linear classifier
(C, D) · `mu` class means (C, D), μ_G their unweighted mean · Σ_W, Σ_B class-balanced within- and
between-class scatter (D, D).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.clustering import numbered
from centerviz.embedding.neighbours import nearest_means
from centerviz.embedding.statistics import ZERO, ClassStatistics

BLOCK = 512  # rows of a block of cosines
KEPT = 1e-10  # eigenvalues of Σ_B below this share of the largest are rounding


def between_whitening(mu: Float[np.ndarray, "C D"]) -> Float[np.ndarray, "D K"] | None:
    """W with W Wᵀ = Σ_B⁺, Σ_B = mean (μ_j − μ_G)(μ_j − μ_G)ᵀ; K ≤ min(D, C−1) directions.

    By float64 eigh of Σ_B, or of the smaller matrix with the same eigenvalues when C < D. None
    where Σ_B is 0.
    """
    gap = mu - mu[0]
    gap -= gap.mean(axis=0)
    m = gap / np.sqrt(len(mu))
    wide = m.shape[1] > m.shape[0]
    values, vectors = np.linalg.eigh(m @ m.T if wide else m.T @ m)
    kept = values > KEPT * values[-1]
    kept[: max(0, len(values) - min(m.shape[1], len(mu) - 1))] = False
    if not kept.any() or values[-1] <= (ZERO * np.abs(mu).max()) ** 2 * mu.shape[1]:
        return None
    values, vectors = values[kept], vectors[:, kept]
    return m.T @ (vectors / values) if wide else vectors / np.sqrt(values)


def nc1_part(
    x: Float[np.ndarray, "N D"],
    y: Integer[np.ndarray, " N"],
    statistics: ClassStatistics,
    whitening: Float[np.ndarray, "D K"],
) -> float:
    """What these samples add to NC1: Σ ‖Wᵀ(x − μ_y)‖² / (C² n_y). Parts of a stream add up.

    tr(Σ_W W Wᵀ) needs no D×D matrix: the residuals are seen in the K directions only.
    """
    seen = (x - statistics.means[y]) @ whitening
    weight = 1.0 / (statistics.classes**2 * statistics.counts[y])
    return float(weight @ np.einsum("nk,nk->n", seen, seen))


def nc1(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> float | None:
    """NC1 = tr(Σ_W Σ_B⁺)/C: within-class variation as seen between the classes.

    ≥ 0, 0 at full collapse, lower is tighter. None with fewer than two classes or means that
    coincide.

    >>> nc1(np.array([[-1.0], [1.0], [9.0], [11.0]]), np.array([0, 0, 1, 1])).__round__(6)
    0.02
    """
    y, classes = numbered(y)
    if classes < 2:
        return None
    statistics = ClassStatistics.from_samples(x, y, classes)
    whitening = between_whitening(statistics.means)
    if whitening is None:
        return None
    return nc1_part(np.asarray(x, dtype=np.float64), y, statistics, whitening)


@dataclass(frozen=True)
class Simplex:
    """NC2: how far the class means are from a simplex about their mean; all 0 on a simplex."""

    norm_cv: float  # std of ‖μ_j − μ_G‖ over their mean
    cosine_std: float  # std of the cosines of a < b
    cosine_offset: float  # mean |cos + 1/(C−1)|
    reachable: bool  # False where D < C − 1: no simplex of C points fits


def nc2(mu: Float[np.ndarray, "C D"]) -> Simplex | None:
    """NC2 of the class means; None with fewer than two classes or a mean at μ_G.

    >>> nc2(np.array([[0.0], [2.0]]))
    Simplex(norm_cv=0.0, cosine_std=0.0, cosine_offset=0.0, reachable=True)
    """
    mu = mu[~np.isnan(mu).any(axis=1)]
    classes = len(mu)
    if classes < 2:
        return None
    gap = mu - mu.mean(axis=0)
    norm = np.linalg.norm(gap, axis=1)
    if norm.min() <= ZERO * np.linalg.norm(mu, axis=1).max():
        return None
    z, widest = unit_rows(gap), -1 / (classes - 1)
    first, pairs = float(z[0] @ z[1]), classes * (classes - 1) // 2
    total = square = offset = 0.0
    for start in range(0, classes - 1, BLOCK):
        cosines = np.clip(z[start : start + BLOCK] @ z[start:].T, -1.0, 1.0)
        cosines = cosines[np.triu(np.ones(cosines.shape, dtype=bool), 1)]
        offset += float(np.abs(cosines - widest).sum())
        cosines -= np.clip(first, -1.0, 1.0)  # equal cosines have no spread at all
        total, square = total + float(cosines.sum()), square + float(cosines @ cosines)
    return Simplex(
        float(norm.std() / norm.mean()),
        float(np.sqrt(max(square / pairs - (total / pairs) ** 2, 0.0))),
        offset / pairs,
        mu.shape[1] >= classes - 1,
    )


def nc3(w: Float[np.ndarray, "C D"], mu: Float[np.ndarray, "C D"]) -> float | None:
    """NC3 = ‖W/‖W‖ − M/‖M‖‖², W the classifier's rows, M those of μ_j − μ_G; in [0, 4].

    0 where each row points to its class, 2 where they have nothing in common. Absent classes are
    left out; None where all means lie at one place.

    >>> nc3(np.array([[-1.0], [1.0]]), np.array([[4.0], [6.0]]))
    0.0
    """
    present = ~np.isnan(mu).any(axis=1)
    w, mu = w[present], mu[present]
    gap = mu - mu.mean(axis=0)
    sizes = np.linalg.norm(w), np.linalg.norm(gap)
    if not sizes[0] or sizes[1] <= ZERO * np.linalg.norm(mu):
        return None
    return float(np.sum((w / sizes[0] - gap / sizes[1]) ** 2))


def nc4(
    x: Float[np.ndarray, "N D"], w: Float[np.ndarray, "C D"], mu: Float[np.ndarray, "C D"]
) -> float | None:
    """NC4: the share of samples for which argmax w·x and the nearest mean disagree, in [0, 1].

    None without samples.

    >>> nc4(np.array([[0.5], [-3.0]]), np.array([[1.0], [-1.0]]), np.array([[2.0], [0.0]]))
    0.5
    """
    present = ~np.isnan(mu).any(axis=1)
    if not len(x) or not present.any():
        return None
    named = (x @ w[present].T).argmax(axis=1)
    return float((named != nearest_means(x, mu[present])).mean())


def effective_rank(x: Float[np.ndarray, "N D"]) -> float | None:
    """exp(−Σ p ln p), p the eigenvalues of S_T over its trace (Roy & Vetterli 2007).

    Between 1 (a line) and min(D, N − 1). None where all rows are equal.

    >>> effective_rank(np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]))
    2.0
    """
    x = np.asarray(x, dtype=np.float64)
    if len(x) < 2:
        return None
    rest = x - x[0]
    rest -= rest.mean(axis=0)
    if np.abs(rest).max() <= ZERO * np.abs(x).max():
        return None
    rest /= np.abs(rest).max()
    return entropy_rank(np.linalg.eigvalsh(rest.T @ rest if len(x) > x.shape[1] else rest @ rest.T))


def entropy_rank(eigenvalues: Float[np.ndarray, " K"]) -> float:
    """exp of the entropy of eigenvalues over their sum; those ≤ 0 are rounding.

    >>> entropy_rank(np.array([1.0, 1.0, 0.0]))
    2.0
    """
    p = eigenvalues[eigenvalues > 0] / eigenvalues[eigenvalues > 0].sum()
    p = p[p > 0]
    return float(np.exp(-(p * np.log(p)).sum()))


def mean_resultant_lengths(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], classes: int
) -> Float[np.ndarray, " C"]:
    """R̄_j = ‖mean of the unit features of class j‖, in [0, 1]; 1: all in one direction.

    mean ½‖z − μ_j‖² = ½(1 − R̄_j²). NaN for absent classes.

    >>> mean_resultant_lengths(np.array([[2.0, 0.0], [0.0, 5.0]]), np.array([0, 0]), 1).round(6)
    array([0.707107])
    """
    return np.linalg.norm(ClassStatistics.from_samples(unit_rows(x), y, classes).means, axis=1)
