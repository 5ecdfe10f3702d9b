"""Two classes along the axis between their means.

t = (x − μ_a)·(μ_b − μ_a) / ‖μ_b − μ_a‖² is 0 at the mean of a and 1 at that of b. Since
‖x − μ_a‖² − ‖x − μ_b‖² = ‖μ_b − μ_a‖²·(2t − 1), a sample lies nearer to b exactly where t > ½:
the axis loses nothing of the question which of the two means is nearer.

Letters: `x` features (N, D) · `a`, `b` means (D,) · t places on the axis.
"""

import numpy as np
from jaxtyping import Float

BINS = 40


def along(
    x: Float[np.ndarray, "N D"], a: Float[np.ndarray, " D"], b: Float[np.ndarray, " D"]
) -> Float[np.ndarray, " N"] | None:
    """t of each sample, without unit: 0 at a, 1 at b, ½ where both are as near. None for a = b.

    >>> along(np.array([[0.0, 7.0], [3.0, 0.0]]), np.zeros(2), np.array([4.0, 0.0]))
    array([0.  , 0.75])
    """
    axis = b - a
    largest = float(np.abs(axis).max(initial=0.0))
    if not largest > 0:
        return None
    axis = axis / largest  # so that the square neither overflows nor vanishes
    return ((x - a) / largest) @ (axis / (axis @ axis))


def shared_edges(
    one: Float[np.ndarray, " A"], other: Float[np.ndarray, " B"]
) -> Float[np.ndarray, " _"]:
    """Bin edges over both classes and their means, ½ being one of them.

    >>> edges = shared_edges(np.array([-1.0, 0.2]), np.array([1.0]))
    >>> bool(0.5 in edges), bool(edges[0] <= -1), bool(edges[-1] >= 1)
    (True, True, True)
    """
    values = np.concatenate([one, other, [0.0, 1.0]])
    low, high = float(values.min()), float(values.max())
    width = (high - low) / (BINS - 1)
    left = int(np.ceil((0.5 - low) / width - 1e-9))
    right = int(np.ceil((high - 0.5) / width - 1e-9))
    return 0.5 + width * np.arange(-left, right + 1)


def overlap(
    one: Float[np.ndarray, " A"], other: Float[np.ndarray, " B"], edges: Float[np.ndarray, " _"]
) -> float | None:
    """The share of each histogram that the other one covers too, in [0, 1]; 0: apart.

    None without samples on both sides.

    >>> overlap(np.array([0.1, 0.6]), np.array([0.7, 0.9]), np.array([0.0, 0.5, 1.0]))
    0.5
    """
    if not (len(one) and len(other)):
        return None
    shares = [np.histogram(values, edges)[0] / len(values) for values in (one, other)]
    return float(np.minimum(*shares).sum())
