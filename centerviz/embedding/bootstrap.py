"""How sure verification is: intervals by resampling identities.

Pairs of one person are far from independent: drawing pairs anew gives intervals many times too
narrow. Whole identities are drawn with replacement; a genuine pair then counts as often as its
identity was drawn, an impostor pair as often as both of its were, multiplied.

Letters: `x` features (N, D) · `y` labels (N,) · C identities · P pairs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.clustering import numbered
from centerviz.embedding.geometry import centred
from centerviz.embedding.verification import Roc

RESAMPLES = 200
LEVEL = 0.95
MOST_ROWS = 1_000  # above it, rows are drawn: half a million pairs are enough for an interval
Interval = tuple[float, float]


@dataclass(frozen=True)
class Intervals:
    """95 % percentile intervals; None where too few identities were left to tell."""

    eer: Interval | None
    auc: Interval | None
    tar: tuple[Interval | None, ...]  # one a target FAR
    identities: int


def intervals(
    x: Float[np.ndarray, "N D"],
    y: Integer[np.ndarray, " N"],
    unit: bool,
    fars: Sequence[float] = (),
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Intervals:
    """Intervals of EER, AUC and TAR at each FAR of `fars`, for all pairs i < j of the rows.

    >>> x = np.array([[0.0], [0.1], [5.0], [5.1], [9.0], [9.1]])
    >>> intervals(x, np.array([0, 0, 1, 1, 2, 2]), unit=False, resamples=20).auc
    (1.0, 1.0)
    """
    y, classes = numbered(y)
    rng = np.random.default_rng(seed)
    if len(x) > MOST_ROWS:
        kept = np.sort(rng.choice(len(x), MOST_ROWS, replace=False))
        x, y = x[kept], y[kept]
    first, second, ends = _ordered(unit_rows(x) if unit else centred(x), y, unit)
    found = []
    for _ in range(resamples):
        times = np.bincount(rng.integers(0, classes, classes), minlength=classes)
        curve = _curve(times[first], times[second], first == second, ends)
        if curve is not None:
            found.append((curve.eer, curve.auc, *(curve.tar_at_far(far) for far in fars)))
    if len(found) < resamples / 2:
        return Intervals(None, None, (None,) * len(fars), classes)
    low, high = np.quantile(np.array(found), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    both = [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
    return Intervals(both[0], both[1], tuple(both[2:]), classes)


def _ordered(
    x: np.ndarray, y: np.ndarray, unit: bool
) -> tuple[Integer[np.ndarray, " P"], Integer[np.ndarray, " P"], Integer[np.ndarray, " T"]]:
    """The identities of every pair, best score first, and where each run of equal scores ends."""
    i, j = np.triu_indices(len(x), 1)
    scores = np.einsum("pd,pd->p", x[i], x[j]) if unit else -np.linalg.norm(x[i] - x[j], axis=1)
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    ends = np.flatnonzero(np.append(np.diff(ranked) != 0, True)[: len(ranked)])
    return y[i[order]], y[j[order]], ends


def _curve(a: np.ndarray, b: np.ndarray, same: np.ndarray, ends: np.ndarray) -> Roc | None:
    """The ROC with each pair counted as often as its identities were drawn."""
    weights = np.where(same, a, a * b)
    genuine = np.cumsum(np.where(same, weights, 0))[ends]
    impostor = np.cumsum(np.where(same, 0, weights))[ends]
    if not len(ends) or not genuine[-1] or not impostor[-1]:
        return None
    return Roc(
        np.append(0.0, impostor / impostor[-1]),
        np.append(0.0, genuine / genuine[-1]),
        np.append(np.inf, -np.arange(len(ends), dtype=np.float64)),
        int(genuine[-1]),
        int(impostor[-1]),
    )
