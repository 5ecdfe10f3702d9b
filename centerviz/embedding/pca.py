"""Principal components, with the mean subtracted first, in blocks and on all cores.

On float32 rows with a large common mean the usual way is silently wrong. Here the mean is taken in
float64, and what is left of float32 rows is multiplied in float32 (twice as fast) and summed in
float64: shares of variance then are right to about 1e-8. Each axis points to where its largest
loading is positive, so that the same rows give the same picture.

Letters: `x` features (N, D).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from centerviz.embedding.geometry import PAIRS, in_threads
from centerviz.problem import Problem

LANES = 4  # sums side by side; a fixed number, so that threads do not change the bits
NARROW, WIDE = 1e-24, 1e24  # sums of squares whose parts float32 holds


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
        """Fit to `x`. Raises Problem without rows."""
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

        def place(part: slice) -> None:
            points[part] = (x[part] - self.mean) @ self.axes.T

        in_threads(place, len(x), x.shape[1])
        return points


def _spectrum(x: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of squares along the principal axes, falling, and the axes (K, D)."""
    if len(x) <= x.shape[1]:
        _, singular, axes = np.linalg.svd(x - mean, full_matrices=False)
        return singular**2, axes
    values, vectors = np.linalg.eigh(_scatter(x, mean))
    return values[::-1], vectors.T[::-1]


def _scatter(x: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """The sum of (x − mean)(x − mean)ᵀ, (D, D) float64; `mean` is float64.

    In float32 where the rows are and where that holds their squares, which the sum itself tells.
    """
    if x.dtype == np.float32:
        found = _scatter_in(np.float32, x, mean)
        if NARROW < np.diagonal(found).max() < WIDE:
            return found
    return _scatter_in(np.float64, x, mean)


def _scatter_in(kind: type, x: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """The same by products in `kind`.

    A mean rounded to float32 is off by a constant δ, and the sum by N·δδᵀ, which is taken away.
    """
    n, dim = x.shape
    near = mean.astype(kind)
    size = max(1, PAIRS // dim)
    lanes = min(LANES, -(-n // size))

    def lane(part: slice) -> np.ndarray:
        total = np.zeros((dim, dim))
        with np.errstate(over="ignore", invalid="ignore"):  # told by the sum
            for start in range(part.start * size, n, lanes * size):
                rest = x[start : start + size] - near
                total += rest.T @ rest
        return total

    off = mean - near
    return sum(in_threads(lane, lanes, PAIRS)) - n * np.outer(off, off)
