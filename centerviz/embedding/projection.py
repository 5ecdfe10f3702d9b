"""Maps: N rows of D features drawn in 2 or 3 dimensions, by PCA, t-SNE or as they are.

PCA: the mean is subtracted first, in float64 (on float32 with a common mean the usual way is
silently wrong); each axis points to where its largest loading is positive. A `PcaMap` fitted once
shows two runs on the same axes. t-SNE runs in a process of its own (`tsne`), behind the guard of
MATH 8. Distances on a map are not the distances of the embedding: numbers come from `measure`.

Letters: `x` features (N, D).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from centerviz.embedding.geometry import BLOCK, centred
from centerviz.embedding.tsne import Frame, fit
from centerviz.language import N_
from centerviz.problem import Problem

METHODS = ("pca", "tsne", "raw")
LIMITS = {
    "pca": N_("PCA shows the directions of most spread; what is flat here may be apart elsewhere."),
    "tsne": N_(
        "t-SNE keeps neighbours, not distances: size of and gaps between clusters mean nothing."
    ),
    "raw": N_("The features as they are: what is drawn is all there is."),
}


@dataclass(frozen=True)
class Projection:
    """A map, and what must be said beside it."""

    method: str  # the one that drew it: pca, tsne, raw
    points: np.ndarray  # (N, dims) float32, finite
    note: str  # what the map cannot tell: a sentence to translate
    seed: int | None = None  # tsne
    perplexity: float | None = None  # tsne: the one used, which few rows make smaller
    explained: np.ndarray | None = None  # (dims,) pca: share of the variance on each axis
    stopped_at: int | None = None  # tsne: the iteration, where it was asked to stop early


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
        for rows in _parts(x):
            points[rows] = (x[rows] - self.mean) @ self.axes.T
        return points


def _parts(x: np.ndarray) -> list[slice]:
    size = max(1, BLOCK // x.shape[1])
    return [slice(start, start + size) for start in range(0, len(x), size)]


def _spectrum(x: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of squares along the principal axes, falling, and the axes (K, D)."""
    if len(x) <= x.shape[1]:
        _, singular, axes = np.linalg.svd(x - mean, full_matrices=False)
        return singular**2, axes
    scatter = np.zeros((x.shape[1], x.shape[1]))
    for rows in _parts(x):
        rest = x[rows] - mean  # float64
        scatter += rest.T @ rest
    values, vectors = np.linalg.eigh(scatter)
    return values[::-1], vectors.T[::-1]


def project(
    x: Float[np.ndarray, "N D"],
    method: str = "pca",
    dims: int = 2,
    seed: int = 0,
    perplexity: float = 30.0,
    fit_rows: Integer[np.ndarray, " F"] | None = None,
    on_frame: Callable[[Frame], bool | None] | None = None,
) -> Projection:
    """A map of all rows of `x` in `dims` 2 or 3.

    `fit_rows` are the rows that the PCA is fitted to (all by default). t-SNE calls `on_frame` with
    each frame and stops early where it answers True. Embeddings of at most 2 features are drawn
    as they are, whatever the method. Raises Problem where no map can be drawn, saying why.
    """
    if method not in METHODS:
        raise Problem(
            "There is no projection named {method}; choose one of: {choices}.",
            method=method,
            choices=", ".join(METHODS),
        )
    if dims not in (2, 3):
        raise Problem("A map has 2 or 3 dimensions, not {dims}.", dims=dims)
    _check_finite(x)
    if method == "raw" or (method == "tsne" and x.shape[1] <= 2):
        return Projection("raw", _raw(x, dims), LIMITS["raw"])
    if method == "pca":
        axes = PcaMap.fit(x if fit_rows is None else x[fit_rows], dims)
        return Projection("pca", axes.transform(x), LIMITS["pca"], explained=axes.explained)
    last = fit(x, start(x, dims), seed, perplexity, on_frame)
    stopped = last.iteration if last.iteration < last.iterations else None
    return Projection("tsne", last.points, LIMITS["tsne"], seed, last.perplexity, None, stopped)


def start(x: Float[np.ndarray, "N D"], dims: int) -> Float[np.ndarray, "N dims"]:
    """The map that t-SNE starts from: PCA, scaled to a standard deviation of 1e-4 on axis 1."""
    points = PcaMap.fit(x, dims).transform(x).astype(np.float64)
    spread = points[:, 0].std()
    return points / spread * 1e-4 if spread > 0 else points


def _check_finite(x: np.ndarray) -> None:
    with np.errstate(over="ignore"):
        finite = np.isfinite(x.astype(np.float32)).all(axis=1)
    if not finite.all():
        raise Problem(
            "{n} of {all} rows hold values that are not finite in float32; leave them out.",
            n=int((~finite).sum()),
            all=len(x),
        )


def _raw(x: np.ndarray, dims: int) -> np.ndarray:
    """The features themselves; missing axes are 0."""
    if x.shape[1] > dims:
        raise Problem(
            "The raw view draws features as they are, and {given} do not fit into {dims} "
            "dimensions. Choose pca, or dims=3 for three features.",
            given=x.shape[1],
            dims=dims,
        )
    return np.pad(x.astype(np.float32), ((0, 0), (0, dims - x.shape[1])))


def trustworthiness(
    x: Float[np.ndarray, "N D"],
    points: Float[np.ndarray, "N dims"],
    neighbours: int = 5,
    most: int = 2_000,
    seed: int = 0,
) -> float | None:
    """Of the neighbours on the map, how far they are true ones: scikit-learn's, in [0, 1].

    Higher is better (Venna & Kaski 2001). On at most `most` rows, drawn by `seed`. None for fewer
    than 4 rows.
    """
    from sklearn.manifold import trustworthiness as judged  # takes a second to import

    if len(x) > most:
        rows = np.sort(np.random.default_rng(seed).choice(len(x), most, replace=False))
        x, points = x[rows], points[rows]
    neighbours = min(neighbours, (len(x) - 1) // 2)
    if neighbours < 1 or len(x) < 4:
        return None
    return float(judged(centred(x), centred(points), n_neighbors=neighbours))
