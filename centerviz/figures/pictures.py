"""What a lesson's picture is made of, as the lessons describe it: marks, a chart, or maps."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float


@runtime_checkable
class Mark(Protocol):
    """One thing in the picture, as `centerviz.lessons.lesson.Mark` describes it."""

    name: str
    kind: str
    end: Float[np.ndarray, " D"]
    start: Float[np.ndarray, " D"] | None
    group: int | None
    times: float


@runtime_checkable
class Chart(Protocol):
    """Numbers over one axis, as `centerviz.lessons.lesson.Chart` describes them."""

    kind: str
    x: tuple
    series: Mapping[str, tuple]
    x_title: str
    y_title: str
    at: float | None
    groups: Mapping[str, int]


@runtime_checkable
class Maps(Protocol):
    """Maps of the same samples, as `centerviz.lessons.lesson.Maps` describes them."""

    titles: tuple[str, ...]
    points: tuple[Float[np.ndarray, "N 2"], ...]
    groups: tuple[int, ...]
