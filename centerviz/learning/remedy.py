"""Remedy: what to change where a training was no longer finite, the likeliest cause first."""

from centerviz.learning.config import TrainConfig

USUAL_RATE = {"sgd": 0.05, "adam": 0.001}
MOST = 3


def remedies(config: TrainConfig) -> list[dict[str, object]]:
    """Changes to try, each one by itself: setting -> value.

    Centers that run away, a form that pulls outwards, a rate far above the usual one and a sum
    over the batch come before a smaller λ, which helps against none of them.

    >>> remedies(TrainConfig(center_weight=100.0))[0], remedies(TrainConfig(center_rule="ema"))[0]
    ({'center_weight': 1.0}, {'center_rule': 'minibatch'})
    """
    lam, rate, usual = config.center_weight, config.learning_rate, USUAL_RATE[config.optimizer]
    found: list[dict[str, object]] = []
    if lam and config.center_rule in ("ema", "gradient"):
        found.append({"center_rule": "minibatch"})
    if lam and config.center_form == "article-dot":
        found.append({"center_form": "squared"})
    if rate > 2 * usual:
        found.append({"learning_rate": usual})
    if lam and config.reduction == "sum":
        found.append({"reduction": "mean"})
    if lam:
        found.append({"center_weight": _less(lam, 10) if lam <= 10 else 1.0})
    if rate <= 2 * usual:
        found.append({"learning_rate": _less(rate, 5)})
    return found[:MOST]


def _less(value: float, times: int) -> float:
    """A fraction of a setting as people would write it.

    >>> _less(0.05, 5), _less(0.3, 10)
    (0.01, 0.03)
    """
    return float(f"{value / times:.2g}")
