"""The points of the lesson `pairs`, with the distances, pairs and triplets that its steps name.

Letters: `x` samples (m, D) · `y` classes 0…C−1 (m,) · `d` distances (m, m) · `k` sample to look at.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from centerviz.language import N_
from centerviz.lessons.article import SAMPLE
from centerviz.lessons.inputs import Field, Samples, choice, read_samples, slider
from centerviz.lessons.pair_losses import Pair, Triplet, pair_distances, pairs, triplets
from centerviz.problem import Problem

MOST = 12  # samples whose pairs can be looked through
LOSSES = ("contrastive", "triplet")

MARGIN = Field("margin", "slider", "4", N_("Margin M"), 0.5, 10.0, 0.5)
LOSS = Field("loss", "choice", "contrastive", N_("Loss on pairs or triplets"), choices=LOSSES)
INPUTS = (
    Field("x", "table", "1, 1; 4, 5; 1, 5; 7, 1; 7, 5; 4, 1"),
    Field("y", "labels", "1, 1, 1, 2, 2, 2"),
    SAMPLE,
    MARGIN,
    LOSS,
)


@dataclass(frozen=True)
class Points:
    """Samples, a margin, and the loss that looks at their pairs."""

    samples: Samples
    margin: float
    loss: str

    @property
    def labels(self) -> tuple[int, ...]:
        """The classes as they were written."""
        return self.samples.labels

    @property
    def m(self) -> int:
        """Samples."""
        return len(self.samples.x)

    @cached_property
    def d(self) -> Float[np.ndarray, "m m"]:
        """The distances of all pairs."""
        return pair_distances(self.samples.x)

    @property
    def pair(self) -> Pair:
        """The pair to measure by hand: the first of one class, else the first of all."""
        return (pairs(self.samples.y, True) or [(0, 1)])[0]

    @property
    def nearest_strangers(self) -> Pair:
        """The two samples of different classes that are closest."""
        return min(pairs(self.samples.y, False), key=lambda pair: self.d[pair])

    @property
    def triplet(self) -> Triplet | None:
        """The triplet to work by hand: the semi-hard one that is worst, else the worst of all."""
        gaps = {(a, p, n): self.d[a, n] - self.d[a, p] for a, p, n in triplets(self.samples.y)}
        ordered = {triplet: gap for triplet, gap in gaps.items() if gap > 0}
        return min(ordered or gaps, key=(ordered or gaps).get, default=None)


def read(typed: dict[str, str]) -> Points:
    """Two to twelve samples of at least two classes, a margin, and a loss.

    >>> read({"x": "1, 0; 0, 1", "y": "1, 2", "margin": "2", "loss": "triplet"}).margin
    2.0
    """
    samples = read_samples(typed)
    if len(samples.x) > MOST:
        raise Problem(
            "{name} has {n} rows; this lesson works with at most {most}.",
            name="x",
            n=len(samples.x),
            most=MOST,
        )
    return Points(samples, slider(typed, MARGIN), choice(typed, LOSS))
