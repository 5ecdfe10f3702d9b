"""Distances between rows, in blocks that fit into memory, on all cores, in float64.

Squared distances come from one matrix product, ‖a−b‖² = ‖a‖² + ‖b‖² − 2a·b, which cancels far
from the origin. So rows are first centred (`centred`), and what lies below the rounding error of
the product (`ROUNDING` times the squares) counts as zero, or as a tie.

Blocks run in threads of our own, with BLAS held to one thread: its threads wait for each other by
spinning, which took 1.6 times as long on two idle cores and 4 times as long on two busy ones.

Letters: `x` features (N, D) · `a` (A, D), `b` (B, D) rows · `d2` squared distances.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

import numpy as np
from jaxtyping import Float, Integer
from threadpoolctl import threadpool_limits

from centerviz.data.embeddings import unit_rows

ROUNDING = 1e-14  # relative error of a squared distance from a matrix product, with a margin
BLOCK = 1 << 22  # float64 numbers in a block of rows: 32 MB
PAIRS = 1 << 20  # pairs in a block of distances: 8 MB
THREADS = 8  # at most; each holds blocks of its own
_all_cores = Lock()  # one such computation at a time: two would share the same cores
T = TypeVar("T")


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


def in_threads(work: Callable[[slice], T], rows: int, columns: int) -> list[T]:
    """What `work` gives for each block of `rows` rows by `columns` columns, in order.

    One thread per core, or as many as OMP_NUM_THREADS says. `work` must not call this again.

    >>> in_threads(lambda part: (part.start, part.stop), 5, PAIRS // 2)
    [(0, 2), (2, 4), (4, 5)]
    """
    step = max(1, PAIRS // max(columns, 1))
    parts = [slice(start, min(start + step, rows)) for start in range(0, rows, step)]
    if len(parts) < 2:
        return [work(part) for part in parts]
    told = os.environ.get("OMP_NUM_THREADS", "")
    threads = int(told) if told.isdigit() else os.cpu_count() or 1
    threads = min(max(threads, 1), THREADS, len(parts))
    with _all_cores, threadpool_limits(1, "blas"), ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


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


def extended(b: Float[np.ndarray, "B D"]) -> Float[np.ndarray, "B D+2"]:
    """b, 1 and ‖b‖² side by side: what `distances_to` multiplies with, made once for many blocks.

    >>> extended(np.array([[3.0, 4.0]])).tolist()
    [[3.0, 4.0, 1.0, 25.0]]
    """
    return np.hstack([b, np.ones((len(b), 1)), squared_norms(b)[:, None]])


def distances_to(
    a: Float[np.ndarray, "A D"], others: Float[np.ndarray, "B D+2"]
) -> Float[np.ndarray, "A B"]:
    """‖a−b‖² for all pairs, `others` being `extended(b)`; below the rounding error exactly zero.

    >>> distances_to(np.zeros((1, 2)), extended(np.array([[3.0, 4.0], [0.0, 0.0]])))
    array([[25.,  0.]])
    """
    norms = squared_norms(a)[:, None]
    left = np.hstack([-2 * a, norms, np.ones_like(norms)])
    d2 = left @ others.T  # the norms ride along in the product: no further pass over the pairs
    d2[d2 < ROUNDING * norms] = 0.0  # negative ones too
    return d2


def squared_distances(
    a: Float[np.ndarray, "A D"], b: Float[np.ndarray, "B D"]
) -> Float[np.ndarray, "A B"]:
    """‖a−b‖² for all pairs; what lies below the rounding error is exactly zero.

    >>> squared_distances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([[25.,  0.]])
    """
    return distances_to(a, extended(b))


def by_class(y: Integer[np.ndarray, " N"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row numbers sorted by class (N,), starts of the classes that occur (C,), their sizes (C,).

    >>> [part.tolist() for part in by_class(np.array([7, 3, 7]))]
    [[1, 0, 2], [0, 1], [1, 2]]
    """
    order = np.argsort(y, kind="stable")
    starts = np.flatnonzero(np.diff(y[order], prepend=y.min(initial=0) - 1))
    return order, starts, np.diff(starts, append=len(y))
