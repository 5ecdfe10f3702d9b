"""Which points lie inside a lasso or a box that was drawn on a map."""

import numpy as np
from jaxtyping import Bool, Float, Num


def inside(points: Num[np.ndarray, "N dims"], outline: dict) -> Bool[np.ndarray, " N"]:
    """The mask of the points inside `outline`: {"kind": "lasso" | "box", "x": […], "y": […]}.

    A lasso uses the even-odd rule; a box is given by two corners. An outline with fewer corners
    than its kind needs holds nothing. With a `matrix`, 4×4 by columns, the outline was drawn on
    what a camera saw: the points are put into its picture first.

    >>> points = np.array([[0.5, 0.5], [2.0, 0.5]])
    >>> inside(points, {"kind": "box", "x": [0, 1], "y": [0, 1]})
    array([ True, False])
    >>> inside(points, {"kind": "lasso", "x": [0, 1, 1, 0], "y": [0, 0, 1, 1]})
    array([ True, False])
    """
    corners = np.array([outline["x"], outline["y"]], dtype=np.float64).T
    if "matrix" in outline:
        points = _seen(points, np.array(outline["matrix"], dtype=np.float64).reshape(4, 4))
    x, y = np.asarray(points, dtype=np.float64).T
    if outline["kind"] == "box" and len(corners) == 2:
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        return (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    held = np.zeros(len(x), dtype=bool)
    if len(corners) < 3:
        return held
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    near = np.flatnonzero((x >= left) & (x <= right) & (y >= low) & (y <= high))
    near = near[np.argsort(y[near])]
    held[near] = _crossed(x[near], y[near], corners)
    return held


def _crossed(x: np.ndarray, y: np.ndarray, corners: np.ndarray) -> Bool[np.ndarray, " N"]:
    """True where an odd number of sides lies to the right; y rises, so each side asks only the
    rows between its ends."""
    odd = np.zeros(len(x), dtype=bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        first, stop = np.searchsorted(y, sorted((y0, y1)))
        between = slice(first, stop)
        odd[between] ^= x[between] < x0 + (x1 - x0) / (y1 - y0) * (y[between] - y0)
    return odd


def _seen(points: np.ndarray, matrix: np.ndarray) -> Float[np.ndarray, "N 2"]:
    """Where a camera sees the points, by the transpose of its matrix; NaN behind the eye."""
    place = np.ones((len(points), 4))
    place[:, points.shape[1] : 3] = 0.0
    place[:, : points.shape[1]] = points
    x, y, _z, w = (place @ matrix).T
    w = np.where(w > 0, w, np.nan)
    return np.stack((x / w, y / w), axis=1)
