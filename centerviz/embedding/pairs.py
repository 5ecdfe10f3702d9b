"""The pairs behind the errors of verification: impostors that look alike, genuine ones that don't.

Scores as in `verification`: cosines for unit features, −‖a−b‖ for raw ones; higher means "same".

Letters: `x` features (N, D) · `y` labels (N,) · P pairs.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer
from scipy.spatial.distance import cdist

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.geometry import centred

BLOCK = 512


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows, the worst first."""

    first: np.ndarray  # (P,) int64 row numbers
    second: np.ndarray  # (P,) int64, larger than `first`
    scores: np.ndarray  # (P,)


def hardest_genuine(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], unit: bool, most: int
) -> Pairs:
    """The pairs of one class with the lowest scores: refused first as the threshold rises.

    >>> hardest_genuine(np.array([[0.0], [1.0], [5.0]]), np.zeros(3, int), False, 1).scores
    array([-5.])
    """
    return _extreme(x, y, unit, most, genuine=True)


def hardest_impostors(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], unit: bool, most: int
) -> Pairs:
    """The pairs of different classes with the highest scores: accepted first.

    >>> pairs = hardest_impostors(np.array([[0.0], [1.0], [5.0]]), np.arange(3), False, 1)
    >>> pairs.first.tolist(), pairs.second.tolist()
    ([0], [1])
    """
    return _extreme(x, y, unit, most, genuine=False)


def _extreme(x: np.ndarray, y: np.ndarray, unit: bool, most: int, genuine: bool) -> Pairs:
    """The `most` worst pairs, block by block: never more than a block of scores in memory."""
    x = unit_rows(x) if unit else centred(x)
    sign = 1.0 if genuine else -1.0  # the worst pairs have the least sign·score
    best = np.empty((0, 3))
    for start in range(0, len(x), BLOCK):
        rows = x[start : start + BLOCK]
        badness = sign * rows @ x[start:].T if unit else -sign * cdist(rows, x[start:])
        wanted = (y[start : start + BLOCK, None] == y[None, start:]) == genuine
        badness[~np.triu(wanted, 1)] = np.inf
        k = min(most, badness.size) - 1
        limit = best[-1, 0] if len(best) == most else np.partition(badness, k, axis=None)[k]
        i, j = np.nonzero((badness <= limit) & (badness < np.inf))
        found = np.column_stack((badness[i, j], i + start, j + start))
        best = _least(np.concatenate((best, found)), most)
    return Pairs(best[:, 1].astype(np.int64), best[:, 2].astype(np.int64), sign * best[:, 0])


def _least(found: np.ndarray, most: int) -> np.ndarray:
    """The rows with the least first entry, in order; ties by row numbers."""
    if len(found) > most:
        limit = np.partition(found[:, 0], most - 1)[most - 1]
        found = found[found[:, 0] <= limit]
    return found[np.lexsort((found[:, 2], found[:, 1], found[:, 0]))][:most]
