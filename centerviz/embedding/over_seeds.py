"""What a number does when only the seed changes: its mean over seeds and how far to trust it.

It covers the randomness of training (initial weights, batches) and nothing else: not other data,
not other test samples.

Letters: v values (n,) · s their standard deviation · t Student's quantile.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

LEVEL = 0.95


@dataclass(frozen=True)
class OverSeeds:
    """A mean over seeds: it lies within ± `half` with 95 % confidence."""

    mean: float
    half: float | None  # None with one seed, which tells nothing of the spread
    n: int


def over_seeds(values: Iterable[float | None]) -> OverSeeds | None:
    """Mean and half width t·s/√n of its 95 % interval; undefined values are left out.

    t is Student's 97.5 % quantile with n − 1 degrees of freedom, s has n − 1 in its denominator.
    None where no value is defined. A paired comparison is that of the differences.

    >>> found = over_seeds([1.0, 3.0, None])
    >>> found.mean, round(found.half, 3), found.n
    (2.0, 12.706, 2)
    """
    v = np.array([value for value in values if value is not None], dtype=float)
    v = v[np.isfinite(v)]
    n = len(v)
    if not n:
        return None
    if n == 1:
        return OverSeeds(float(v[0]), None, 1)
    half = stdtrit(n - 1, (1 + LEVEL) / 2) * v.std(ddof=1) / np.sqrt(n)
    return OverSeeds(float(v.mean()), float(half), n)
