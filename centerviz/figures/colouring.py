"""What the colours of a map mean: classes, other groups, or a number of each sample.

Colours of classes are for classes only; other groups have the same colours in an order of their
own, and then means and centers are drawn in ink.

Letters: N points · F frames, 1 or one for each epoch · G groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from plotly.colors import sample_colorscale

from centerviz.figures.theme import SEQUENTIAL, colour, symbol

MOST_TRACES = 200  # groups above which the view draws the points itself
SHADES = 64  # of a colour bar
FEW_NUMBERS = 100  # that fill the bar from end to end


@dataclass(frozen=True)
class Colouring:
    """A group for each point, and a number too where colours are those of a bar."""

    groups: np.ndarray  # (F, N) int, 0…G−1
    names: Sequence[str]  # (G,)
    title: str = ""  # of the colour bar
    values: np.ndarray | None = None  # (F, N) float, NaN: not known; None: colours are of groups
    of_classes: bool = True  # the groups are the classes
    colours: Sequence[str] = ()  # (G,) where they are not the usual ones
    marks: Sequence[str] = ()  # (G,) likewise

    def colour(self, group: int) -> str:
        """The colour of a group.

        >>> Colouring(np.zeros((1, 2), int), ("a",)).colour(0)
        '#3f90da'
        """
        return self.colours[group] if self.colours else colour(group)

    def symbol(self, group: int, dims: int) -> str:
        """The mark of a group; of numbers all are alike, so that shades can be compared."""
        if self.values is not None:
            return "circle"
        return self.marks[group] if self.marks else symbol(group, len(self.names), dims)

    @property
    def span(self) -> tuple[float, float]:
        """The ends of the bar: of many numbers the 1st and 99th percentile, so that a few far out
        do not leave one shade to the others."""
        known = self.values[np.isfinite(self.values)]
        if not len(known):
            return 0.0, 0.0
        low, high = np.percentile(known, (1, 99) if len(known) > FEW_NUMBERS else (0, 100))
        return float(low), float(high)

    @property
    def beyond(self) -> tuple[bool, bool]:
        """Are there numbers below and above the bar?"""
        (low, high), known = self.span, self.values[np.isfinite(self.values)]
        return bool((known < low).any()), bool((known > high).any())


def shades() -> list[str]:
    """The colours of a bar from low to high, as #rrggbb.

    >>> shades()[0], len(shades())
    ('#00224e', 64)
    """
    found = sample_colorscale(SEQUENTIAL, SHADES)
    parts = (text[4:-1].split(",") for text in found)
    return ["#" + "".join(f"{round(float(part)):02x}" for part in rgb) for rgb in parts]


def by_class(
    labels: np.ndarray | None, class_names: Sequence[str], n: int = 0, all_of_them: str = ""
) -> Colouring:
    """The usual colouring; without labels one group of `n` called `all_of_them`."""
    if labels is None:
        return Colouring(np.zeros((1, n), dtype=np.int64), (all_of_them,))
    return Colouring(np.asarray(labels)[None], class_names)
