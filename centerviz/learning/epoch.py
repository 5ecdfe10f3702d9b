"""What a training tells while it runs: Progress at least once a second, Epoch once an epoch.

Plain NumPy: pages and files read these without torch.
Letters: C classes, D features, E rows of the fixed evaluation subset.
"""

from dataclasses import dataclass

import numpy as np

from centerviz.embedding.health import Vitals
from centerviz.language import N_

# How a training ends that the same settings would end again.
LOSS_NOT_FINITE = N_(
    "The loss became infinite or not a number at step {step} of epoch {epoch}; earlier epochs are "
    "kept. Lower λ or the learning rate, or choose another center rule."
)
FEATURES_NOT_FINITE = N_(
    "The features became infinite or not a number after step {step} of epoch {epoch}; earlier "
    "epochs are kept. Lower λ or the learning rate, or choose another center rule."
)


@dataclass(frozen=True)
class Progress:
    """Where a training stands inside an epoch."""

    epoch: int  # 1…epochs
    step: int  # batches done in this epoch
    steps: int  # batches of an epoch
    seconds: float  # since this process began to train


@dataclass(frozen=True)
class Epoch:
    """One finished epoch. Losses are means over its training samples unless said otherwise."""

    epoch: int  # 1…epochs
    seconds: float  # this epoch took
    learning_rate: float  # at its last step
    center_weight: float  # λ in force (warm-up included)
    base_loss: float  # L_S; NaN without a base loss
    center_loss: float  # L_C, unweighted, ½ included, in the chosen reduction
    weighted_center_loss: float  # λ L_C
    base_loss_by_class: np.ndarray  # (C,) NaN where the class was absent or has no base loss
    center_loss_by_class: np.ndarray  # (C,) always the mean of a class, NaN where absent
    gradient_ratio: float  # ‖λ ∂L_C/∂x‖ / ‖∂L_S/∂x‖, mean over the epoch's batches; NaN if none
    accuracy: dict[str, float | None]  # train, val, test; None without a classifier or the split
    centers: np.ndarray  # (C, D) kept, after the last step and before an epoch-end rule moves them
    means: np.ndarray  # (C, D) true class means of the training split; NaN rows for absent classes
    drift: np.ndarray  # (C,) ‖c − μ‖
    features: np.ndarray  # (E, D) float32 raw features of the evaluation subset
    predicted: np.ndarray  # (E,) int64 predicted class; −1 without a classifier
    vitals: Vitals  # what the health checks look at
    state: dict[str, np.ndarray]  # all tensors that a resume needs: model., optimizer., centers.
