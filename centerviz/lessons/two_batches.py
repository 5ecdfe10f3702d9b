"""The twelve points of the lesson `epoch`, before, between and after its two mini-batches.

Rows 1, 3, 5 … of the table are batch 1, rows 2, 4, 6 … batch 2. The points step against the
gradient of L_C alone; the centers follow by their rule, on the points as they came in.
"""

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from centerviz.language import N_
from centerviz.lessons.article import TWELVE
from centerviz.lessons.centroid import centroids
from centerviz.lessons.inputs import Field, Samples, choice, read_samples, slider
from centerviz.lessons.one_batch import ALPHA as ALPHA_OF_CENTERS
from centerviz.lessons.one_batch import RULE
from centerviz.lessons.rules import moved_centers, stepped

ALPHA = dataclasses.replace(ALPHA_OF_CENTERS, default="0.6")  # two of a class: 0.6 / (1 + 2)
RATE = Field("rate", "slider", "0.5", N_("Learning rate η of the points"), 0.05, 1.0, 0.05)
INPUTS = (*TWELVE, RATE, ALPHA, RULE)


@dataclass(frozen=True)
class Epoch:
    """The samples before, between and after the two batches, and the centers likewise."""

    samples: Samples
    rate: float
    alpha: float
    rule: str

    @property
    def labels(self) -> tuple[int, ...]:
        """The classes as they were written."""
        return self.samples.labels

    def rows(self, b: int) -> slice:
        """Which rows of the table are batch b, 1 or 2."""
        return slice(b - 1, None, 2)

    def x(self, b: int) -> Float[np.ndarray, "m D"]:
        """The samples of batch b as they come in; no earlier batch has moved them."""
        return self.samples.x[self.rows(b)]

    def y(self, b: int) -> Int[np.ndarray, " m"]:
        """Their classes."""
        return self.samples.y[self.rows(b)]

    @cached_property
    def centers(self) -> list[Float[np.ndarray, "C D"]]:
        """The kept centers at the start (class means), after batch 1 and after batch 2."""
        kept = [centroids(self.samples.x, self.samples)]
        for b in (1, 2):
            kept.append(moved_centers(self.rule, self.x(b), kept[-1], self.y(b), self.alpha))
        return kept

    def moved(self, b: int) -> Float[np.ndarray, "m D"]:
        """The samples of batch b after their step."""
        return stepped(self.x(b), self.centers[b - 1][self.y(b)], self.rate)

    @cached_property
    def end(self) -> Float[np.ndarray, "N D"]:
        """All samples after both batches."""
        x = self.samples.x.copy()
        for b in (1, 2):
            x[self.rows(b)] = self.moved(b)
        return x

    @cached_property
    def means(self) -> Float[np.ndarray, "C D"]:
        """The class means after both batches."""
        return centroids(self.end, self.samples)


def read(typed: dict[str, str]) -> Epoch:
    """Samples of at least two classes, the steps of points and centers, and the rule.

    >>> read({"x": "1, 0; 0, 1", "y": "1, 2", "rate": "0.5", "alpha": "0.5", "rule": "ema"}).rule
    'ema'
    """
    return Epoch(
        read_samples(typed), slider(typed, RATE), slider(typed, ALPHA), choice(typed, RULE)
    )
