"""Vectors that may be larger than memory: above 256 MB they lie in a file that is mapped.

Rows of a mapped file come into memory when they are looked at, and leave it when it is needed for
something else. An npy file is mapped where it lies; what has to be unpacked, or to lose rows, goes
into a file without a name in the folder for temporary files (TMPDIR), gone with the array.

Letters: `x` features (N, D) float32.
"""

import errno
import io
import tempfile
from collections.abc import Iterable, Iterator

import numpy as np

from centerviz.problem import Problem

RESIDENT = 1 << 28  # bytes up to which vectors are simply held in memory
PART = 1 << 20  # numbers of a part: 4 MB


def on_disk(stream: io.IOBase) -> bool:
    """True for a file that the system can map, False for an upload or a member of an archive."""
    return isinstance(getattr(stream, "raw", None), io.FileIO)


def mapped(
    stream: io.BufferedReader, dtype: np.dtype, shape: tuple[int, int], fortran: bool
) -> np.ndarray:
    """The numbers of a file from where the stream stands, as rows (N, D) float32, read-only."""
    order = "F" if fortran else "C"
    x = np.asarray(np.memmap(stream, dtype, "r", stream.tell(), shape, order))
    whole = x.dtype == np.float32 and x.flags.c_contiguous
    return x if whole else filled(*shape, parts(x))


def parts(x: np.ndarray, keep: np.ndarray | None = None) -> Iterator[np.ndarray]:
    """The rows of x, or those where `keep` (N,) bool holds, a few at a time.

    >>> [part.tolist() for part in parts(np.eye(2), np.array([False, True]))]
    [[[0.0, 1.0]]]
    """
    step = max(1, PART // max(x.shape[1], 1))
    for start in range(0, len(x), step):
        rows = slice(start, start + step)
        yield x[rows] if keep is None else x[rows][keep[rows]]


def filled(rows: int, dim: int, given: Iterable[np.ndarray]) -> np.ndarray:
    """(rows, dim) float32 from its parts in their order, in memory or in a mapped file.

    What does not fit into float32 becomes Inf. Raises Problem where the disk is full.

    >>> filled(3, 1, [np.array([[1.0], [2.0]]), np.array([[3.0]])]).tolist()
    [[1.0], [2.0], [3.0]]
    """
    with np.errstate(over="ignore"):
        if rows * dim * 4 > RESIDENT:
            return _written(rows, dim, given)
        x, start = np.empty((rows, dim), dtype=np.float32), 0
        for part in given:
            x[start : start + len(part)] = part
            start += len(part)
        return x


def _written(rows: int, dim: int, given: Iterable[np.ndarray]) -> np.ndarray:
    """The same in a file, written rather than mapped at first: a full disk is then an error."""
    try:
        with tempfile.TemporaryFile() as file:  # mapped, it stays after it is closed
            for part in given:
                file.write(np.ascontiguousarray(part, dtype=np.float32))
            file.flush()
            return np.asarray(np.memmap(file, np.float32, "r", shape=(rows, dim)))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise Problem(
            "{rows} rows of {dim} numbers do not fit on the disk that holds {folder}; make room, "
            "or name another folder in TMPDIR.",
            rows=rows,
            dim=dim,
            folder=tempfile.gettempdir(),
        ) from error
