"""Which axes a map has, and where rows of features go on them.

raw: chosen features as they are · pca, lda: axes fitted to rows · centers: the distance to one
center against the distance to another. t-SNE has no axes: see `projection`.

Letters: `x` features (N, D) · `dims` 2 or 3 · c_a, c_b centers of two classes (D,).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from centerviz.embedding.lda import LdaMap
from centerviz.embedding.pca import PcaMap
from centerviz.problem import Problem

_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LARGEST = 1e37  # of a coordinate that is drawn: float32 holds it, and the width of the map


@dataclass(frozen=True)
class Axes:
    """What is on the axes. Hashable: a part of the keys of what is drawn."""

    method: str  # raw, pca, lda, centers, or tsne
    dims: int = 2
    columns: tuple[int, ...] = ()  # raw: the features drawn, from 0; (): the first ones
    classes: tuple[int, int] = (0, 1)  # centers: the two classes


@dataclass(frozen=True)
class Drawing:
    """Where rows go, and what must be said of it."""

    names: tuple[str, ...]  # of the axes; of two centers, those of the classes
    place: Callable[[np.ndarray], np.ndarray]  # (N, D) -> (N, dims) float32, finite
    share: float | None = None  # of the variance that the axes hold; None: does not apply
    fitted: int = 0  # rows that the axes were fitted to
    found: int = 0  # lda: axes that part the classes; the others are of PCA

    @property
    def dims(self) -> int:
        """Axes."""
        return len(self.names)


def as_it_is(dim: int, axes: Axes, letter: str = "x") -> Drawing:
    """The chosen ones of D features; axes beyond them are 0.

    >>> drawing = as_it_is(4, Axes("raw", 2, (3, 0)))
    >>> drawing.names, drawing.place(np.array([[1.0, 2.0, 3.0, 4.0]])).tolist()
    (('x₄', 'x₁'), [[4.0, 1.0]])
    """
    columns = list(axes.columns or range(min(dim, axes.dims)))
    if any(not 0 <= column < dim for column in columns) or len(columns) > axes.dims:
        raise Problem("There are {dim} features; choose axes from 1 to {dim}.", dim=dim)
    names = [letter + str(column + 1).translate(_DIGITS) for column in columns]
    names += [letter + str(i + 1).translate(_DIGITS) for i in range(dim, axes.dims)]
    missing = axes.dims - len(columns)
    return Drawing(
        tuple(names[: axes.dims]),
        lambda x: np.pad(_small(x[:, columns]), ((0, 0), (0, missing))),
    )


def by_pca(x: Float[np.ndarray, "N D"], dims: int) -> Drawing:
    """The directions of most variance of `x`."""
    found = PcaMap.fit(x, dims)
    names = tuple(f"PCA {i + 1}" for i in range(dims))
    share = min(float(found.explained.sum()), 1.0)
    return Drawing(names, lambda rows: _small(found.transform(rows)), share, len(x))


def by_lda(
    x: Float[np.ndarray, "N D"], labels: Integer[np.ndarray, " N"] | None, dims: int
) -> Drawing:
    """The directions that part the classes of `x` best; a PCA takes the axes left over."""
    if labels is None:
        raise Problem("LDA needs labels, and these rows have none; choose PCA.")
    found = LdaMap.fit(x, labels, dims)
    rest = range(1, dims - found.found + 1)
    names = [f"LDA {i + 1}" for i in range(found.found)]
    names += [f"PCA {i}" for i in rest]
    place = lambda rows: _small(found.transform(rows))  # noqa: E731
    return Drawing(tuple(names), place, None, len(x), found.found)


def by_two_centers(
    c_a: Float[np.ndarray, " D"], c_b: Float[np.ndarray, " D"], names: tuple[str, str]
) -> Drawing:
    """‖x − c_a‖ against ‖x − c_b‖: below the diagonal a sample lies nearer to c_b.

    >>> drawing = by_two_centers(np.zeros(2), np.array([3.0, 4.0]), ("a", "b"))
    >>> drawing.place(np.array([[3.0, 4.0], [0.0, 4.0]])).tolist()
    [[5.0, 0.0], [4.0, 3.0]]
    """

    def place(x: np.ndarray) -> np.ndarray:
        away = [np.linalg.norm(x - center, axis=1) for center in (c_a, c_b)]
        return _small(np.stack(away, axis=1))

    return Drawing(names, place)


def _small(points: np.ndarray) -> np.ndarray:
    """What float32 and a picture can hold; NaN stays: a class without samples has no place."""
    return np.clip(points, -LARGEST, LARGEST).astype(np.float32)
