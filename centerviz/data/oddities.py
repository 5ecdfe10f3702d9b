"""What is odd in an embedding, counted: before anybody wonders why a map looks as it does.

Letters: N rows · D features.
"""

from dataclasses import dataclass

import numpy as np

from centerviz.data.embeddings import Embeddings
from centerviz.data.mapped import parts
from centerviz.language import ngettext

SEED = 0  # draws the multipliers of the hash


@dataclass(frozen=True)
class Oddities:
    """How many rows, classes and features are odd, each in one way."""

    dropped: int  # rows left out for NaN or Inf
    repeated: int  # rows equal to one before them
    zero: int  # rows of zeros, which have no direction
    single: int  # classes with one row, which have no spread
    constant: int  # features that are the same in all rows

    def said(self) -> list[str]:
        """A sentence for each kind that occurs."""
        return [
            words
            for n, words in (
                (self.dropped, _dropped(self.dropped)),
                (self.repeated, _repeated(self.repeated)),
                (self.zero, _zero(self.zero)),
                (self.single, _single(self.single)),
                (self.constant, _constant(self.constant)),
            )
            if n
        ]


def oddities(e: Embeddings) -> Oddities:
    """The counts; rows are compared by a hash of 64 bits, a few at a time to save memory.

    >>> x = np.array([[0, 1], [0, 1], [0, 2], [0, 0]], dtype=np.float32)
    >>> e = Embeddings(x, np.array([0, 0, 0, 1]), ("a", "b"), np.arange(4).astype(str))
    >>> oddities(e)
    Oddities(dropped=0, repeated=1, zero=1, single=1, constant=1)
    """
    low, high = np.full(e.dim, np.inf), np.full(e.dim, -np.inf)
    hashes, zero = [], 0
    for part in parts(e.x):
        low, high = np.minimum(low, part.min(0)), np.maximum(high, part.max(0))
        zero += int((~part.any(1)).sum())
        hashes.append(_hashes(part))
    counts = np.zeros(0, int) if e.labels is None else np.bincount(e.labels)
    return Oddities(
        dropped=e.dropped,
        repeated=e.n - len(np.unique(np.concatenate(hashes))),
        zero=zero,
        single=int((counts == 1).sum()),
        constant=int((low == high).sum()) if e.n > 1 else 0,
    )


def _hashes(x: np.ndarray) -> np.ndarray:
    """A number (n,) uint64 for each row (n, D): equal rows have equal ones; 0 and −0 are equal."""
    even = np.zeros((len(x), x.shape[1] + x.shape[1] % 2), dtype=np.float32)
    np.add(x, 0, out=even[:, : x.shape[1]])
    bits = even.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)  # modulo 2^64, as all that follows
    bits ^= bits >> np.uint64(32)  # of round numbers the low bits are zeros
    factors = np.random.default_rng(SEED).integers(1 << 63, size=bits.shape[1], dtype=np.uint64)
    return (bits * (2 * factors + np.uint64(1))).sum(1)


def _dropped(n: int) -> str:
    return ngettext(
        "{n} row with NaN or Inf was left out.", "{n} rows with NaN or Inf were left out.", n
    )


def _repeated(n: int) -> str:
    return ngettext(
        "{n} row is the same as one before it.", "{n} rows are the same as one before them.", n
    )


def _zero(n: int) -> str:
    return ngettext(
        "{n} row is all zeros and has no direction.",
        "{n} rows are all zeros and have no direction.",
        n,
    )


def _single(n: int) -> str:
    return ngettext(
        "{n} class has a single row, so no spread.",
        "{n} classes have a single row, so no spread.",
        n,
    )


def _constant(n: int) -> str:
    return ngettext(
        "{n} feature is the same in all rows.", "{n} features are the same in all rows.", n
    )
