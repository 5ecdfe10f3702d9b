"""ClassStatistics: counts, means and within-class scatter, mergeable.

One implementation serves a batch, an epoch and a stream of blocks larger than memory. Merging:
Chan, Golub, LeVeque 1979, in float64. Sums are taken from the first sample of each class, so that
a common offset costs no digits and equal rows have no scatter at all.

Letters: `x` features (N, D) · `y` labels (N,) in 0…C−1 · `mu` class means (C, D) · `n` counts (C,)
· S_W, S_B, S_T within, between and total scatter (D, D), S_T = S_W + S_B.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Integer
from scipy.sparse import csr_array

from centerviz.problem import Problem

ZERO = 1e-14  # an RMS below this share of the RMS norm is rounding, not spread


@dataclass(frozen=True)
class ClassStatistics:
    """What is known of the classes of a set of samples.

    >>> s = ClassStatistics.from_samples(np.array([[0.0], [2.0], [7.0]]), np.array([0, 0, 1]), 2)
    >>> s.means.tolist(), s.within.tolist(), s.fisher
    ([[1.0], [7.0]], [2.0, 0.0], 12.0)
    """

    counts: np.ndarray  # (C,) int64
    means: np.ndarray  # (C, D) float64; NaN rows for absent classes
    within: np.ndarray  # (C,) Σ ‖x − μ_j‖² over the samples of class j; 0 for absent classes
    scatter: np.ndarray | None = None  # (D, D) S_W, where it was asked for

    @classmethod
    def from_samples(
        cls,
        x: Float[np.ndarray, "N D"],
        y: Integer[np.ndarray, " N"],
        classes: int,
        scatter: bool = False,
    ) -> "ClassStatistics":
        """Statistics of samples in O(N·D); with `scatter` also S_W in O(N·D²).

        Raises Problem where a label lies outside 0…classes−1.
        """
        if len(y) and not (y.min() >= 0 and y.max() < classes):
            raise Problem(
                "Labels run from {low} to {high}; with {classes} classes they must lie in 0 to "
                "{last}. Number the classes from 0 first.",
                low=int(y.min()),
                high=int(y.max()),
                classes=classes,
                last=classes - 1,
            )
        counts = np.bincount(y, minlength=classes)
        present = counts > 0
        order = np.argsort(y, kind="stable")
        starts = np.concatenate([[0], np.cumsum(counts)])
        members = csr_array((np.ones(len(y)), order, starts), shape=(classes, len(y)))
        means = np.full((classes, x.shape[1]), np.nan)
        means[present] = x[order[starts[:-1][present]]]  # the first sample of each class
        rest = x - means[y]  # float64
        shift = (members @ rest)[present] / counts[present, None]
        full = np.zeros_like(means)
        full[present] = shift
        rest -= full[y]
        means[present] += shift
        within = members @ np.einsum("nd,nd->n", rest, rest)
        return cls(counts, means, within, rest.T @ rest if scatter else None)

    def merged(self, other: "ClassStatistics") -> "ClassStatistics":
        """Statistics of the samples of both, in any order and grouping to 1e-10.

        >>> a = ClassStatistics.from_samples(np.array([[0.0]]), np.array([0]), 1)
        >>> b = ClassStatistics.from_samples(np.array([[2.0]]), np.array([0]), 1)
        >>> a.merged(b).means.tolist(), a.merged(b).within.tolist()
        ([[1.0]], [2.0])
        """
        counts = self.counts + other.counts
        share = other.counts / np.maximum(counts, 1)
        both = (self.counts > 0) & (other.counts > 0)
        gap = np.where(both[:, None], other.means - self.means, 0.0)
        means = np.where((self.counts > 0)[:, None], self.means, other.means)
        weight = self.counts * share  # n_a n_b / (n_a + n_b)
        within = self.within + other.within + weight * np.einsum("cd,cd->c", gap, gap)
        scatter = None
        if self.scatter is not None and other.scatter is not None:
            scatter = self.scatter + other.scatter + (gap * weight[:, None]).T @ gap
        return ClassStatistics(counts, means + gap * share[:, None], within, scatter)

    @property
    def n(self) -> int:
        """Samples, N."""
        return int(self.counts.sum())

    @cached_property
    def present(self) -> np.ndarray:
        """Which classes have samples: (C,) bool."""
        return self.counts > 0

    @property
    def classes(self) -> int:
        """How many classes have samples."""
        return int(self.present.sum())

    @cached_property
    def mean(self) -> np.ndarray:
        """The mean of all samples: (D,); NaN without any."""
        if not self.n:
            return np.full(self.means.shape[1], np.nan)
        mu, share = self.means[self.present], self.counts[self.present] / self.n
        return mu[0] + share @ (mu - mu[0])

    @cached_property
    def within_trace(self) -> float:
        """tr S_W = Σ ‖x − μ_y‖², ≥ 0."""
        return float(self.within.sum())

    @cached_property
    def between_trace(self) -> float:
        """tr S_B = Σ n_j ‖μ_j − mean‖², ≥ 0."""
        gap = self.means[self.present] - self.mean
        return float(self.counts[self.present] @ np.einsum("cd,cd->c", gap, gap))

    @property
    def total_trace(self) -> float:
        """tr S_T = tr S_W + tr S_B."""
        return self.within_trace + self.between_trace

    @property
    def rms_spread(self) -> float:
        """√ mean ‖x − mean‖², in feature units."""
        return float(np.sqrt(self.total_trace / max(self.n, 1)))

    @property
    def rms_norm(self) -> float:
        """√ mean ‖x‖², in feature units."""
        mean = self.mean if self.n else 0.0
        return float(np.hypot(self.rms_spread, np.linalg.norm(mean)))

    @property
    def fisher(self) -> float | None:
        """tr S_B / tr S_W: scale-free, ≥ 0, higher is better.

        None with fewer than two classes, and where tr S_W or tr S_T is 0.
        """
        if self.classes < 2 or self.has_no_scatter:
            return None
        return self.between_trace / self.within_trace

    @property
    def has_no_scatter(self) -> bool:
        """True where tr S_W is 0 (and so where tr S_T is), up to rounding."""
        return self.within_trace <= self.n * (ZERO * self.rms_norm) ** 2

    def between_scatter(self) -> Float[np.ndarray, "D D"]:
        """S_B = Σ n_j (μ_j − mean)(μ_j − mean)ᵀ."""
        gap = self.means[self.present] - self.mean
        return (gap * self.counts[self.present, None]).T @ gap
