"""Linear discriminant analysis: the axes on which the classes part best, by scikit-learn.

It looks at the labels, so a map by it flatters: even noise with random labels seems to have
classes when there are many features. Its unit is the spread within the classes.

Letters: `x` features (N, D) · `y` labels (N,) · C classes.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from centerviz.embedding.pca import PcaMap

MOST_FITTED = 20_000  # rows; more would take many seconds and hardly move the axes
SEED = 0  # draws those rows


@dataclass(frozen=True)
class LdaMap:
    """Axes that part the classes, then, where there are too few of them, of most variance besides.

    >>> x = np.array([[0.0, 5.0], [0.2, 9.0], [4.0, 5.0], [4.2, 9.0]])
    >>> m = LdaMap.fit(x, np.array([0, 0, 1, 1]), 2)
    >>> m.found, (np.ptp(m.transform(x)[:2], axis=0) > 1).tolist()
    (1, [True, True])
    """

    mean: np.ndarray  # (D,)
    axes: np.ndarray  # (dims, D); the first `found` are of LDA, the others of PCA on what is left
    found: int  # at most C − 1; 0 where classes have no spread, or there is one class only
    explained: np.ndarray  # (found,) share of the variance between the classes

    @classmethod
    def fit(
        cls, x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], dims: int = 2
    ) -> "LdaMap":
        """Fit to `x`, at most 20,000 rows of it. Raises Problem without rows."""
        if len(x) > MOST_FITTED:
            rows = np.sort(np.random.default_rng(SEED).permutation(len(x))[:MOST_FITTED])
            x, y = x[rows], y[rows]
        x = np.asarray(x, dtype=np.float64)
        rest = PcaMap.fit(x, dims)
        axes, explained = _discriminants(x - rest.mean, y, dims)
        found = len(axes)
        if 0 < found < dims:
            basis, _ = np.linalg.qr(axes.T)
            left = (x - rest.mean) @ (np.eye(x.shape[1]) - basis @ basis.T)
            rest = PcaMap.fit(left, dims - found)
        filled = np.vstack([axes, _in_spreads(rest.axes[: dims - found], x, y, found)])
        return cls(x.mean(axis=0), filled, found, explained)

    def transform(self, x: Float[np.ndarray, "N D"]) -> Float[np.ndarray, "N dims"]:
        """Rows of `x` on the axes: (N, dims) float32."""
        return PcaMap(self.mean, self.axes, self.explained, self.explained).transform(x)


def _discriminants(x: np.ndarray, y: np.ndarray, dims: int) -> tuple[np.ndarray, np.ndarray]:
    """The axes of LDA (K, D), K ≤ dims, and their shares; none where it is not defined."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis  # takes a while to import

    nothing = np.empty((0, x.shape[1])), np.empty(0)
    classes = len(np.unique(y))
    width = within(x, y)
    size = np.abs(x).max(initial=0.0)
    if classes < 2 or classes >= len(x) or not (width > 1e-9 * size).any():
        return nothing
    scaled = x / size  # features of 1e30 are as good as others
    judge = LinearDiscriminantAnalysis(n_components=min(dims, classes - 1, x.shape[1]))
    with np.errstate(divide="ignore", invalid="ignore"):  # means that are all at one place
        judge.fit(scaled, y)
    if not np.isfinite(judge.explained_variance_ratio_).all():
        return nothing
    kept = judge.scalings_[:, : judge.n_components].T / size
    widths = within(x @ kept.T, y)
    if not len(kept) or not ((widths > 0.5) & (widths < 2)).all():  # rounding errors, no spread
        return nothing
    signs = np.sign(kept[np.arange(len(kept)), np.abs(kept).argmax(axis=1)])
    return kept * signs[:, None], judge.explained_variance_ratio_[: len(kept)]


def within(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"]) -> Float[np.ndarray, " D"]:
    """The spread of each feature within the classes: √(Σ(x − μ_y)² / N).

    >>> within(np.array([[0.0], [2.0], [7.0], [9.0]]), np.array([0, 0, 1, 1]))
    array([1.])
    """
    _, place, counts = np.unique(y, return_inverse=True, return_counts=True)
    order = np.argsort(place, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    means = np.add.reduceat(x[order], starts, axis=0) / counts[:, None]
    return np.sqrt(((x - means[place]) ** 2).mean(axis=0))


def _in_spreads(axes: np.ndarray, x: np.ndarray, y: np.ndarray, found: int) -> np.ndarray:
    """Axes of PCA in the unit of the discriminants beside them: the spread within the classes."""
    if not found or not len(axes):
        return axes
    x = x - x.mean(axis=0)
    width = within(x @ axes.T, y)
    flat = width <= 1e-9 * np.abs(x).max(initial=0.0)
    return np.where(flat[:, None], 0.0, axes / np.where(flat, 1.0, width)[:, None])
