"""Rates of thresholds on the scores of pairs.

FAR and TAR as in the protocols of face verification: a pair is accepted, taken for the same
person, at a score of the threshold or above. One threshold is counted here; what belongs to all of
them comes from the ROC curve of `centerviz.embedding.verification`.

Letters: `scores` of P pairs (P,) · `threshold` one number, in score units · scores of the `genuine`
pairs (same class) and of the `impostor` pairs (different classes).
"""

from typing import Any

import numpy as np
from jaxtyping import Float

from centerviz.embedding.verification import FEW, roc


def accepted(scores: Float[Any, " P"], threshold: float) -> Any:
    """#{i: s_i ≥ t}, the pairs that the threshold accepts.

    >>> int(accepted(np.array([0.3, 0.4, 0.5]), 0.4))
    2
    """
    return (scores >= threshold).sum()


def acceptance_rate(scores: Float[Any, " P"], threshold: float) -> Any:
    """The share of pairs that the threshold accepts: TAR of genuine pairs, FAR of impostors.

    >>> float(acceptance_rate(np.array([0.1, 0.3, 0.4, 0.5]), 0.4))
    0.5
    """
    return (scores >= threshold).sum() / len(scores)


def refusal_rate(scores: Float[Any, " P"], threshold: float) -> Any:
    """1 − the share that is accepted: FRR of genuine pairs.

    >>> float(refusal_rate(np.array([0.1, 0.3, 0.4, 0.5]), 0.5))
    0.75
    """
    return 1 - acceptance_rate(scores, threshold)


def false_acceptance_rates(
    genuine: Float[np.ndarray, " G"], impostor: Float[np.ndarray, " I"]
) -> Float[np.ndarray, " T"]:
    """FAR at ∞ and at every distinct score as the threshold falls.

    >>> false_acceptance_rates(np.array([0.9, 0.4]), np.array([0.5, 0.1])).tolist()
    [0.0, 0.0, 0.5, 0.5, 1.0]
    """
    return roc(genuine, impostor).far


def true_acceptance_rates(
    genuine: Float[np.ndarray, " G"], impostor: Float[np.ndarray, " I"]
) -> Float[np.ndarray, " T"]:
    """TAR at ∞ and at every distinct score as the threshold falls.

    >>> true_acceptance_rates(np.array([0.9, 0.4]), np.array([0.5, 0.1])).tolist()
    [0.0, 0.5, 0.5, 1.0, 1.0]
    """
    return roc(genuine, impostor).tar


def tar_at_far(
    genuine: Float[np.ndarray, " G"], impostor: Float[np.ndarray, " I"], far: float
) -> float:
    """TAR of the largest accepted set whose FAR is at most `far`; nothing is interpolated.

    >>> tar_at_far(np.array([0.9, 0.4]), np.array([0.5, 0.1]), 0.49)
    0.5
    """
    return roc(genuine, impostor).tar_at_far(far)


def pairs_needed(far: float) -> float:
    """Impostor pairs below which a TAR at this FAR hangs on a handful of them.

    >>> pairs_needed(0.001)
    10000.0
    """
    return FEW / far


def around_eer(
    genuine: Float[np.ndarray, " G"], impostor: Float[np.ndarray, " I"]
) -> Float[np.ndarray, "2 2"]:
    """(FAR, TAR) of the neighbouring points between which FAR becomes as large as 1 − TAR.

    >>> around_eer(np.array([0.9, 0.4]), np.array([0.5, 0.1])).tolist()
    [[0.0, 0.5], [0.5, 0.5]]
    """
    curve = roc(genuine, impostor)
    after = int(np.argmax(curve.far + curve.tar - 1 >= 0))
    return np.stack((curve.far, curve.tar), axis=1)[after - 1 : after + 1]


def equal_error_rate(genuine: Float[np.ndarray, " G"], impostor: Float[np.ndarray, " I"]) -> float:
    """FAR where it equals 1 − TAR, linear between the points; in [0, 1], lower is better.

    >>> equal_error_rate(np.array([0.9, 0.4]), np.array([0.5, 0.1]))
    0.5
    """
    return roc(genuine, impostor).eer


def area(genuine: Float[np.ndarray, " G"], impostor: Float[np.ndarray, " I"]) -> float:
    """AUC, the chance that a genuine pair scores above an impostor pair, ties counting half.

    >>> area(np.array([0.9, 0.4]), np.array([0.5, 0.1]))
    0.75
    """
    return roc(genuine, impostor).auc
