"""t-SNE by openTSNE in a process of its own, so that no data can hurt the caller (MATH 8).

Letters: `x` features (N, D).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Frame:
    """A state of the map on its way."""

    iteration: int
    iterations: int
    points: np.ndarray  # (N, dims) float32
    perplexity: float


def fit(x, start, seed: int, perplexity: float, on_frame: Callable | None) -> Frame:
    raise NotImplementedError
