"""Is a training well? What was seen, why, and what to do."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from centerviz.language import N_


@dataclass(frozen=True)
class Vitals:
    """What the checks look at after one epoch."""

    epoch: int  # 1…
    rule: str  # center rule
    center_weight: float  # λ of the config
    base: str  # base loss
    classes: int
    share_entropy: float  # H of the class shares of the training split, nats
    largest_share: float  # of one class in the training split
    cross_entropy: float | None  # plain softmax cross-entropy on the training split; None: no head
    accuracy: float | None  # on the training split; None: no head
    rms_spread: float  # √ mean ‖x − mean(x)‖² of the training features
    rms_norm: float  # √ mean ‖x‖²
    effective_rank: float | None  # None: all features equal
    dim: int
    fisher: float | None
    nc1: float | None
    center_move: float  # largest ‖c_after − c_before‖ of the epoch
    drift_over_inter: float | None  # mean ‖c − μ‖ / mean ‖μ_a − μ_b‖
    center_norm: float  # max ‖c‖ now
    center_norm_start: float  # max ‖c‖ before the first step
    feature_norm: float  # max ‖x‖ seen in the epoch (of z when normalised)
    ema_log_gain: float | None  # mean log|1 − n_j(1 − retention)| over the epoch, for ema


@dataclass(frozen=True)
class Finding:
    """What was seen, why, and what to do: templates to translate, and what fills them."""

    code: str  # diverging, collapse, point, line, frozen, shrinkage, loosening
    seen: str
    cause: str
    cure: str
    values: dict[str, object] = field(default_factory=dict)


COLLAPSE_FROM = 4  # "after epoch 3"
FALLING = 0.005  # cross-entropy falling by this share in an epoch is still learning
RISING = 0.05  # so is Fisher rising by this share
WINDOW = 5  # epochs over which norms are watched
SHRINKING = 0.75  # norms below this share of those a window ago fall
STILL = 0.05  # a relative change below this does not move
LOOSE = 0.6  # of the best Fisher and NC1 of the run: beyond, classes are loose again
LASTING = 3  # epochs for which they must be


def findings(history: Sequence[Vitals]) -> tuple[Finding, ...]:
    """What is wrong as of the last epoch, gravest first; empty while the training is well.

    `history` holds the vitals of the epochs so far, in order. The gradient ratio is never judged,
    and a loss that is no longer finite ends a training with a sentence of its own.
    """
    if not history:
        return ()
    now = history[-1]
    checks = (
        _diverging(now),
        _collapse(history),
        _frozen(now),
        _shrinkage(history),
        _loosening(history),
    )
    return tuple(finding for finding in checks if finding is not None)


def _diverging(now: Vitals) -> Finding | None:
    """Centers far outside the features, or an ema step that grows each time it is taken."""
    limit = 2 * max(now.feature_norm, now.center_norm_start)
    gain = now.ema_log_gain
    if gain is not None and gain > 0:
        return Finding(
            "diverging",
            N_("Each batch multiplies a center's distance to its class by {factor:.2f}."),
            N_("Samples of one class add up: n_j·α is above 2, so a center jumps past its class."),
            N_("Lower α (for ema 1 − retention), take smaller batches, or use the rule minibatch."),
            {"factor": math.exp(gain)},
        )
    if not now.center_norm <= limit:  # also where it is infinite or not a number
        return Finding(
            "diverging",
            N_("A center lies at {center:.3g} from the origin, no feature beyond {feature:.3g}."),
            N_("The centers overshoot, or are pushed outwards without bound."),
            N_("Lower α, or use the rule minibatch, which cannot overshoot for α ≤ 1."),
            {"center": now.center_norm, "feature": now.feature_norm},
        )
    return None


def _collapse(history: Sequence[Vitals]) -> Finding | None:
    """To chance, to a point, or to a line."""
    now = history[-1]
    if now.epoch < COLLAPSE_FROM:
        return None
    if now.rms_spread <= 1e-4 * now.rms_norm:
        return Finding(
            "point",
            N_("All features lie within {spread:.1g} of one point, at {norm:.3g} from the origin."),
            N_("Center loss is smallest when everything is at one place, and nothing holds apart."),
            N_("Lower λ, let it rise over the first epochs, or add a base loss."),
            {"spread": now.rms_spread, "norm": now.rms_norm},
        )
    if _at_chance(now) and not _waking(history):
        return _chance(now)
    rank = now.effective_rank
    if rank is not None and rank < 1.1 and now.classes > 2 and now.dim >= 2:
        return Finding(
            "line",
            N_("The features use {rank:.2f} of {dim} dimensions: they lie on a line."),
            N_("{classes} classes on a line have two neighbours each at most."),
            N_("Lower λ or the learning rate, or start from another seed."),
            {"rank": rank, "dim": now.dim, "classes": now.classes},
        )
    return None


def _at_chance(now: Vitals) -> bool:
    """Cross-entropy near that of the class shares, and accuracy near the largest share.

    ln C alone misses collapsed runs, and margin losses exceed it while healthy: so both.
    """
    if now.cross_entropy is None or now.accuracy is None:
        return False
    share = now.largest_share
    limit = share + 0.05 if now.classes == 2 else 2 * share
    return now.cross_entropy > 0.98 * now.share_entropy and now.accuracy < limit


def _waking(history: Sequence[Vitals]) -> bool:
    """True while cross-entropy still falls or Fisher rises: a slow start looks like collapse.

    Measured on digits and faces-1: a healthy run on its way from chance gains 0.9 % of
    cross-entropy or 10 % of Fisher an epoch, a collapsed one stays within 0.2 % and 2 %.
    """
    if len(history) < 2:
        return False
    then, now = history[-2:]
    if then.cross_entropy is not None and now.cross_entropy < (1 - FALLING) * then.cross_entropy:
        return True
    return None not in (then.fisher, now.fisher) and now.fisher > (1 + RISING) * then.fisher


def _chance(now: Vitals) -> Finding:
    """The classifier guesses; without center loss it isn't to blame."""
    seen = N_("Cross-entropy is {entropy:.3f}; knowing only the class sizes gives {chance:.3f}.")
    cause = N_("Center loss has won: classes lie on each other and the classifier guesses.")
    cure = N_("Lower λ, let it rise over the first epochs, or raise D.")
    if now.center_weight == 0:
        cause = N_("The network has not begun to learn, and no center loss is in its way.")
        cure = N_("Train for more epochs, or change the learning rate.")
    values = {"entropy": now.cross_entropy, "chance": now.share_entropy, "accuracy": now.accuracy}
    return Finding("collapse", seen, cause, cure, values)


def _frozen(now: Vitals) -> Finding | None:
    """No center moved although they are not where they should be."""
    if now.rule == "fixed" or now.center_weight == 0 or now.center_move > 0:
        return None
    if now.drift_over_inter is None or now.drift_over_inter <= 0.3:
        return None
    return Finding(
        "frozen",
        N_("No center moved in epoch {epoch}, yet they lie {drift:.0%} of a class distance off."),
        N_("The centers are not updated: their step is too small or their rule is not run."),
        N_("Raise α, or choose another center rule."),
        {"epoch": now.epoch, "drift": now.drift_over_inter},
    )


def _shrinkage(history: Sequence[Vitals]) -> Finding | None:
    """Norms fall while Fisher and NC1, which do not depend on scale, stay."""
    if len(history) <= WINDOW:
        return None
    then, now = history[-1 - WINDOW], history[-1]
    if not now.rms_norm < SHRINKING * then.rms_norm:
        return None
    if not (_still(then.fisher, now.fisher) and _still(then.nc1, now.nc1)):
        return None
    return Finding(
        "shrinkage",
        N_("Feature norms fell by {fall:.0%} in {epochs} epochs; the classes are no tighter."),
        N_("Scaling everything down makes center loss smaller without separating anything."),
        N_("Judge by intra/inter or Fisher, and let center loss see unit features z."),
        {"fall": 1 - now.rms_norm / then.rms_norm, "epochs": WINDOW},
    )


def _loosening(history: Sequence[Vitals]) -> Finding | None:
    """With center loss the classes were tight, and have been loose again for some epochs."""
    now = history[-1]
    known = [one for one in history if None not in (one.fisher, one.nc1)]
    if len(known) <= LASTING or now.center_weight == 0:
        return None
    best, tightest = max(one.fisher for one in known), min(one.nc1 for one in known)
    for one in known[-LASTING:]:
        if one.fisher >= LOOSE * best or LOOSE * one.nc1 <= tightest:
            return None
    return Finding(
        "loosening",
        N_("Fisher fell from {best:.3g} to {fisher:.3g}: classes spread as training goes on."),
        N_("Center loss pulls the wrong way, as its short form does, or its centers are far off."),
        N_("Choose the squared form, lower λ, or choose the rule minibatch."),
        {"best": best, "fisher": known[-1].fisher},
    )


def _still(then: float | None, now: float | None) -> bool:
    """True where a number is known at both times and changed by less than `STILL`."""
    return then is not None and now is not None and abs(now - then) < STILL * abs(then)
