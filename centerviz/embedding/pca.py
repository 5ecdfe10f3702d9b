"""Principal components, with the mean subtracted first, in float64 and in blocks.

On float32 rows with a large common mean the usual way is silently wrong. Each axis points to where
its largest loading is positive, so that the same rows give the same picture.

Letters: `x` features (N, D).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from centerviz.embedding.geometry import blocks
from centerviz.problem import Problem


@dataclass(frozen=True)
class PcaMap:
    """Axes of most variance, to be shared by several sets of rows.

    >>> m = PcaMap.fit(np.array([[1.0, 5.0], [3.0, 5.0], [2.0, 6.0], [2.0, 4.0], [9.0, 5.0]]), 1)
    >>> m.axes.tolist(), m.transform(np.array([[3.4, 5.0]])).tolist()
    ([[1.0, 0.0]], [[0.0]])
    """

    mean: np.ndarray  # (D,) float64
    axes: np.ndarray  # (dims, D) orthonormal; rows of 0 beyond the rank
    variance: np.ndarray  # (dims,) along each axis, with N − 1
    explained: np.ndarray  # (dims,) share of the total variance; 0 where there is none

    @classmethod
    def fit(cls, x: Float[np.ndarray, "N D"], dims: int = 2) -> "PcaMap":
        """Fit to `x`, in float64 and in blocks. Raises Problem without rows."""
        if not len(x):
            raise Problem("There are no rows to fit a PCA to; give at least one.")
        mean = x.mean(axis=0, dtype=np.float64)
        values, axes = _spectrum(x, mean)
        total = values.sum()
        found = min(dims, len(values))
        kept = np.zeros(dims)
        kept[:found] = np.maximum(values[:found], 0.0)
        signs = np.sign(axes[np.arange(found), np.abs(axes[:found]).argmax(axis=1)])
        padded = np.zeros((dims, x.shape[1]))
        padded[:found] = axes[:found] * signs[:, None]
        explained = kept / total if total > 0 else kept
        return cls(mean, padded, kept / max(len(x) - 1, 1), explained)

    def transform(self, x: Float[np.ndarray, "N D"]) -> Float[np.ndarray, "N dims"]:
        """Rows of `x` on the axes: (N, dims) float32."""
        points = np.empty((len(x), len(self.axes)), dtype=np.float32)
        for at, rows in blocks(x):
            points[at] = (rows - self.mean) @ self.axes.T
        return points


def _spectrum(x: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of squares along the principal axes, falling, and the axes (K, D)."""
    if len(x) <= x.shape[1]:
        _, singular, axes = np.linalg.svd(x - mean, full_matrices=False)
        return singular**2, axes
    scatter = np.zeros((x.shape[1], x.shape[1]))
    for _at, rows in blocks(x):
        rest = rows - mean
        scatter += rest.T @ rest
    values, vectors = np.linalg.eigh(scatter)
    return values[::-1], vectors.T[::-1]
