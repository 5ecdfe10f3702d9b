"""The article's literal form trained on a real network: three settings, and what each run shows.

Letters: `z` unit features (N, D) · `y` classes (N,) · `c` kept centers (C, D) · `μ` class means.
"""

from dataclasses import dataclass

import numpy as np

from centerviz.learning.config import TrainConfig
from centerviz.learning.formulas import class_mean, norm, unit_vector
from centerviz.lessons.descent import mean_angles
from centerviz.runs.store import Run, Snapshot

EPOCHS = 20
LITERAL = TrainConfig(
    dim=16,
    normalize=True,
    base="normface",
    center_form="article-dot",
    center_weight=10.0,
    center_rule="epoch-mean",
    epochs=EPOCHS,
)
WISHES = {
    "fixed": LITERAL.model_copy(update={"center_rule": "fixed"}),
    "epoch-mean": LITERAL,
    "λ = 0": LITERAL.model_copy(update={"center_weight": 0.0}),
}


@dataclass(frozen=True)
class Seen:
    """Means over the classes after every epoch that is there, of the test samples."""

    epochs: tuple[int, ...]
    angles: tuple[float, ...]  # degrees between z and the kept center of its class
    lengths: tuple[float, ...]  # ‖μ‖: 1 where a class is one direction, near 0 where it is spread
    spreads: tuple[float, ...]  # mean ‖z − μ‖


def seen(run: Run) -> Seen:
    """What a run has shown so far; every class has a test sample. Raises Problem without them."""
    epochs = run.snapshot_epochs()
    y = run.rows().labels if epochs else None
    found = [_means(run.snapshot(epoch), y) for epoch in epochs]
    return Seen(tuple(epochs), *(zip(*found, strict=True) if found else ((), (), ())))


def _means(snapshot: Snapshot, y: np.ndarray) -> tuple[float, float, float]:
    """Angle, length and spread of one epoch."""
    c = snapshot.centers.astype(np.float64)
    z = unit_vector(snapshot.features.astype(np.float64))
    mu = np.stack([class_mean(z, y, j) for j in range(len(c))])
    away = norm(z - mu[y])
    spreads = [away[y == j].mean() for j in range(len(c))]
    return float(mean_angles(z, c, y).mean()), float(norm(mu).mean()), float(np.mean(spreads))
