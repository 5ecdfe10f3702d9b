"""Maps: N rows of D features drawn in 2 or 3 dimensions, by PCA, t-SNE or as they are.

A `PcaMap` fitted once shows two runs on the same axes. t-SNE runs in a process of its own
(`tsne`), behind a guard. Distances on a map are not those of the embedding: numbers
come from `measure`.

Letters: `x` features (N, D).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from centerviz.embedding.geometry import centred
from centerviz.embedding.pca import PcaMap
from centerviz.embedding.tsne import Frame, fit, placements
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


def project(
    x: Float[np.ndarray, "N D"],
    method: str = "pca",
    dims: int = 2,
    seed: int = 0,
    perplexity: float | int = 30.0,
    fit_rows: Integer[np.ndarray, " F"] | None = None,
    start: Float[np.ndarray, "N dims"] | None = None,
    on_frame: Callable[[Frame], bool | None] | None = None,
) -> Projection:
    """A map of all rows of `x` in `dims` 2 or 3.

    `fit_rows` are the rows that PCA or t-SNE is fitted to (all by default); the others are placed
    into that map. t-SNE starts from `start`, another map of these rows (NaN where it has no place
    for one), else from their PCA; it calls `on_frame` with each frame and stops early where it
    answers True. Embeddings of at most 2 features are drawn as they are, whatever the method.
    Raises Problem where no map can be drawn, saying why.
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
    rows = np.arange(len(x)) if fit_rows is None else fit_rows
    begin = None if start is None else _filled(x[rows], start[rows], seed)
    last = fit(x[rows], dims, seed, perplexity, begin, on_frame)
    points = np.full((len(x), dims), np.nan, dtype=np.float32)
    points[rows] = last.points
    stopped = last.iteration if last.iteration < last.iterations else None
    note, points = LIMITS["tsne"], _filled(x, points, seed)
    return Projection("tsne", points, note, seed, last.perplexity, None, stopped)


def _filled(x: np.ndarray, points: np.ndarray, seed: int) -> np.ndarray:
    """The map with a place for every row: rows of NaN go among their neighbours."""
    known = np.isfinite(points).all(axis=1)
    if known.all():
        return points
    filled = points.astype(np.float32)
    filled[~known] = np.concatenate(list(placements(x[~known], x[known], points[known], seed)))
    return filled


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
    if x.shape[1] == 3 and dims == 2:
        raise Problem(
            "The raw view draws features as they are, and 3 do not fit into 2 dimensions. Choose "
            "--dims 3, or pca."
        )
    if x.shape[1] > dims:
        raise Problem(
            "The raw view draws features as they are, and {given} do not fit into {dims} "
            "dimensions. Choose pca.",
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
