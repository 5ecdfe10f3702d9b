"""Is a training well? What was seen, why, and what to do (MATH: health checks)."""

from dataclasses import dataclass


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
    effective_rank: float
    dim: int
    fisher: float | None
    nc1: float | None
    center_move: float  # largest ‖c_after − c_before‖ of the epoch
    drift_over_inter: float | None  # mean ‖c − μ‖ / mean ‖μ_a − μ_b‖
    center_norm: float  # max ‖c‖ now
    center_norm_start: float  # max ‖c‖ before the first step
    feature_norm: float  # max ‖x‖ seen in the epoch (of z when normalised)
    ema_log_gain: float | None  # mean log|1 − n_j(1 − retention)| over the epoch, for ema
    non_finite: str  # "" or where the first NaN or Inf was met: "step 17"
