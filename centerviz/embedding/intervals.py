"""How far verification numbers may be trusted: bootstrap over identities.

Pairs share samples and samples share identities, so pairs are far from independent: drawing pairs
would promise ten times too much. Here identities are drawn with replacement. One that is drawn w
times counts its genuine pairs w times, and impostor pairs of two identities count w_a·w_b times;
an identity is never compared with its own copy.

Letters: `x` features (N, D) · `y` labels (N,) · P pairs · C identities · w how often each is drawn.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from centerviz.embedding.clustering import numbered
from centerviz.embedding.verification import Roc, pair_scores

MOST_ROWS = 1_000  # rows that are drawn from; identities decide the width, not rows
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """The middle 95 % of a number over the draws."""

    low: float
    high: float


@dataclass(frozen=True)
class Intervals:
    """Bootstrap intervals of verification numbers; None where too few draws define one."""

    identities: int
    draws: int
    auc: Interval | None
    eer: Interval | None
    tar_at_far: dict[float, Interval | None]


def identity_intervals(
    x: Float[np.ndarray, "N D"],
    y: Integer[np.ndarray, " N"],
    unit: bool,
    fars: tuple[float, ...] = (1e-2, 1e-3),
    draws: int = 200,
    seed: int = 0,
) -> Intervals:
    """95 % intervals of AUC, EER and TAR at each FAR, by `draws` bootstraps over identities.

    Above 1,000 rows, on a seeded sample of them.
    """
    rng = np.random.default_rng(seed)
    if len(x) > MOST_ROWS:
        rows = np.sort(rng.choice(len(x), MOST_ROWS, replace=False))
        x, y = x[rows], y[rows]
    y, classes = numbered(y)
    first, second, scores = pair_scores(x, unit)
    order = np.argsort(-scores, kind="stable")
    a, b, scores = y[first[order]], y[second[order]], scores[order]
    ends = np.flatnonzero(np.diff(scores, append=np.nan) != 0)
    found = [
        _numbers(_weighted_roc(a, b, scores, ends, w), fars)
        for w in rng.multinomial(classes, np.full(classes, 1 / classes), draws)
    ]
    table = np.array(found, dtype=float).reshape(draws, 2 + len(fars))
    auc, eer, *tars = (_interval(column) for column in table.T)
    return Intervals(classes, draws, auc, eer, dict(zip(fars, tars, strict=True)))


def _weighted_roc(
    a: np.ndarray, b: np.ndarray, scores: np.ndarray, ends: np.ndarray, w: np.ndarray
) -> Roc:
    """The ROC of pairs in falling order, each counted as often as its identities were drawn."""
    same = a == b
    genuine = np.cumsum(np.where(same, w[a], 0))[ends]
    impostor = np.cumsum(np.where(same, 0, w[a] * w[b]))[ends]
    return Roc.from_counts(genuine, impostor, scores[ends])


def _numbers(curve: Roc, fars: tuple[float, ...]) -> list[float | None]:
    return [curve.auc, curve.eer, *(curve.tar_at_far(far) for far in fars)]


def _interval(values: np.ndarray) -> Interval | None:
    """The middle 95 % of the defined values; None where fewer than half are."""
    defined = values[~np.isnan(values)]
    if len(defined) < max(2, len(values) / 2):
        return None
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))
