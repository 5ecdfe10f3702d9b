"""How tight classes are and how far apart, as one number each.

By the functions that judge every embedding of the app, here on samples that are all at hand.

Letters: `x` features (N, D) · `y` class of each sample, 0…C−1 (N,) · `mu` class means (C, D).
"""

import numpy as np
from jaxtyping import Float, Int

from centerviz.embedding import collapse
from centerviz.embedding.distances import inter, radii
from centerviz.embedding.statistics import ClassStatistics


def statistics(x: Float[np.ndarray, "N D"], y: Int[np.ndarray, " N"]) -> ClassStatistics:
    """Counts, means and scatter of the classes.

    >>> statistics(np.array([[0.0], [2.0], [7.0]]), np.array([0, 0, 1])).within.tolist()
    [2.0, 0.0]
    """
    return ClassStatistics.from_samples(x, y, int(y.max()) + 1)


def intra_mean(
    x: Float[np.ndarray, "N D"], y: Int[np.ndarray, " N"], mu: Float[np.ndarray, "C D"]
) -> float | None:
    """Mean distance to the own class mean, every class of two or more samples counting once.

    >>> intra_mean(np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([0, 0]), np.zeros((1, 2)))
    2.5
    """
    return radii(x, y, mu).macro


def inter_mean(mu: Float[np.ndarray, "C D"]) -> float | None:
    """Mean of ‖μ_a − μ_b‖ over the pairs a < b.

    >>> inter_mean(np.array([[0.0, 0.0], [3.0, 4.0]]))
    5.0
    """
    return inter(mu).mean


def within_trace(x: Float[np.ndarray, "N D"], y: Int[np.ndarray, " N"]) -> float:
    """tr S_W = Σ_i ‖x_i − μ_{y_i}‖², the scatter inside the classes.

    >>> within_trace(np.array([[0.0], [2.0], [7.0]]), np.array([0, 0, 1]))
    2.0
    """
    return statistics(x, y).within_trace


def between_trace(x: Float[np.ndarray, "N D"], y: Int[np.ndarray, " N"]) -> float:
    """tr S_B = Σ_j n_j ‖μ_j − x̄‖², the scatter of the class means, each with its samples' weight.

    >>> between_trace(np.array([[0.0], [2.0], [7.0]]), np.array([0, 0, 1]))
    24.0
    """
    return statistics(x, y).between_trace


def fisher(x: Float[np.ndarray, "N D"], y: Int[np.ndarray, " N"]) -> float | None:
    """F = tr S_B / tr S_W: scale-free, higher is better.

    >>> fisher(np.array([[0.0], [2.0], [7.0]]), np.array([0, 0, 1]))
    12.0
    """
    return statistics(x, y).fisher


def nc1(x: Float[np.ndarray, "N D"], y: Int[np.ndarray, " N"]) -> float | None:
    """NC1 = tr(Σ_W Σ_B⁺)/C, each class counting once: scale-free, 0 is full collapse.

    >>> nc1(np.array([[-1.0], [1.0], [9.0], [11.0]]), np.array([0, 0, 1, 1])).__round__(6)
    0.02
    """
    return collapse.nc1(x, y)
