"""Distances between rows, in blocks that fit into memory, in float64.

Squared distances come from one matrix product, ‖a−b‖² = ‖a‖² + ‖b‖² − 2a·b, which cancels far
from the origin. So rows are first centred (`centred`), and what lies below the rounding error of
the product (`ROUNDING` times the squares) counts as zero, or as a tie.

Letters: `x` features (N, D) · `a` (A, D), `b` (B, D) rows · `d2` squared distances.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Integer

from centerviz.data.embeddings import unit_rows

ROUNDING = 1e-14  # relative error of a squared distance from a matrix product, with a margin
BLOCK = 1 << 22  # float64 numbers in a block of rows: 32 MB
PAIRS = 1 << 21  # pairs in a block of distances: 16 MB


def blocks(
    x: Float[np.ndarray, "N D"], unit: bool = False, rows: Integer[np.ndarray, " M"] | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Row numbers and float64 rows, raw or divided by their norms, block by block.

    >>> [(at.tolist(), z.tolist()) for at, z in blocks(np.array([[3.0, 4.0]]), unit=True)]
    [([0], [[0.6, 0.8]])]
    """
    n = len(x) if rows is None else len(rows)
    size = max(1, BLOCK // max(x.shape[1], 1))
    for start in range(0, n, size):
        part = slice(start, min(start + size, n))
        at = np.arange(part.start, part.stop) if rows is None else rows[part]
        block = x[part] if rows is None else x[at]
        yield at, unit_rows(block) if unit else block.astype(np.float64)


def centred(x: Float[np.ndarray, "N D"]) -> Float[np.ndarray, "N D"]:
    """x minus its median, column by column: distances stay, and rounding errors shrink.

    The median, not the mean: one row at 1e30 would take the digits of all others away.

    >>> centred(np.array([[10000.0], [10001.0], [1e30]])).tolist()
    [[-1.0], [0.0], [1e+30]]
    """
    x = np.asarray(x, dtype=np.float64)
    return x - np.median(x, axis=0) if len(x) else x


def squared_norms(x: Float[np.ndarray, "N D"]) -> Float[np.ndarray, " N"]:
    """‖x‖² of each row.

    >>> squared_norms(np.array([[3.0, 4.0]]))
    array([25.])
    """
    return np.einsum("nd,nd->n", x, x)


def squared_distances(
    a: Float[np.ndarray, "A D"], b: Float[np.ndarray, "B D"]
) -> Float[np.ndarray, "A B"]:
    """‖a−b‖² for all pairs; what lies below the rounding error is exactly zero.

    >>> squared_distances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([[25.,  0.]])
    """
    norms = squared_norms(a)[:, None]
    left = np.hstack([-2 * a, norms, np.ones_like(norms)])
    right = np.hstack([b, np.ones((len(b), 1)), squared_norms(b)[:, None]])
    d2 = left @ right.T  # the norms ride along in the product: no further pass over the pairs
    d2[d2 < ROUNDING * norms] = 0.0  # negative ones too
    return d2


def by_class(y: Integer[np.ndarray, " N"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row numbers sorted by class (N,), starts of the classes that occur (C,), their sizes (C,).

    >>> [part.tolist() for part in by_class(np.array([7, 3, 7]))]
    [[1, 0, 2], [0, 1], [1, 2]]
    """
    order = np.argsort(y, kind="stable")
    starts = np.flatnonzero(np.diff(y[order], prepend=y.min(initial=0) - 1))
    return order, starts, np.diff(starts, append=len(y))
