"""Accuracy on pairs as the LFW benchmark takes it: a threshold is never judged where it was chosen.

Huang, Ramesh, Berg & Learned-Miller 2007, protocol of view 2: ten folds that share no identity.
The threshold that tells the pairs of nine folds best is judged on the tenth, and each fold has its
turn. LFW draws as many genuine as impostor pairs; here all pairs within a fold count, and each kind
counts half, which is the same without a draw.

Letters: `x` features (N, D) · `y` labels (N,) · P pairs within folds.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from centerviz.embedding.clustering import numbered
from centerviz.embedding.verification import pair_scores

FOLDS = 10
SEED = 0  # deals identities to folds
MOST_ROWS = 10_000  # beyond, identities are left out


@dataclass(frozen=True)
class Lfw:
    """What each fold said; accuracy is in [0, 1], ½ is guessing, higher is better."""

    accuracies: tuple[float, ...]  # of the ten folds
    thresholds: tuple[float, ...]  # chosen without the fold: scores at or above are "same"
    identities: int

    @property
    def accuracy(self) -> float:
        """The mean over the folds."""
        return float(np.mean(self.accuracies))

    @property
    def error(self) -> float:
        """Standard error of the mean: std / √10, the std with 9."""
        return float(np.std(self.accuracies, ddof=1) / np.sqrt(FOLDS))


def lfw(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], unit: bool) -> Lfw | None:
    """Ten-fold accuracy on pairs; scores are cosines for `unit`, else −‖a−b‖.

    None where a fold would lack genuine or impostor pairs: below twenty identities, ten of them
    with two samples.

    >>> lfw(np.repeat(np.arange(20.0), 2)[:, None], np.repeat(np.arange(20), 2), False).accuracy
    1.0
    """
    fold = _folds(y)
    if fold is None:
        return None
    found = [_pairs(x[fold == k], y[fold == k], unit) for k in range(FOLDS)]
    scores, same = (np.concatenate(part) for part in zip(*found, strict=True))
    of = np.repeat(np.arange(FOLDS), [len(part[0]) for part in found])
    order = np.argsort(-scores, kind="stable")
    scores, same, of = scores[order], same[order], of[order]
    ends = np.flatnonzero(np.diff(scores, append=np.nan) != 0)  # equal scores are told alike
    judged = [_judged(scores, same, of == k, ends) for k in range(FOLDS)]
    accuracies, thresholds = zip(*judged, strict=True)
    return Lfw(accuracies, thresholds, len(np.unique(y[fold >= 0])))


def _folds(y: np.ndarray) -> np.ndarray | None:
    """The fold of each row: identities are shuffled and dealt, those with pairs first; −1: none."""
    y, identities = numbered(y)
    counts = np.bincount(y, minlength=identities)
    alone = counts < 2
    if identities < 2 * FOLDS or identities - alone.sum() < FOLDS:
        return None
    shuffled = np.random.default_rng(SEED).permutation(identities)
    dealt = shuffled[np.argsort(alone[shuffled], kind="stable")]
    fold = np.empty(identities, dtype=np.int64)
    fold[dealt] = np.arange(identities) % FOLDS
    fold[dealt[2 * FOLDS :][np.cumsum(counts[dealt])[2 * FOLDS :] > MOST_ROWS]] = -1
    return fold[y]


def _pairs(x: np.ndarray, y: np.ndarray, unit: bool) -> tuple[np.ndarray, np.ndarray]:
    """Scores of all pairs of one fold, and which are genuine."""
    first, second, scores = pair_scores(x, unit)
    return scores, y[first] == y[second]


def _judged(
    scores: np.ndarray, same: np.ndarray, held: np.ndarray, ends: np.ndarray
) -> tuple[float, float]:
    """Accuracy on the held-out pairs, by the best threshold of the others."""
    genuine, impostor = np.cumsum(same & ~held), np.cumsum(~same & ~held)
    gain = genuine[ends] / genuine[-1] - impostor[ends] / impostor[-1]
    last = ends[np.argmax(gain)]
    told = np.arange(len(scores)) <= last
    right = [float(told[held & same].mean()), float((~told[held & ~same]).mean())]
    return sum(right) / 2, float(scores[last])
