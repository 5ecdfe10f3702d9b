"""The rules that move a center, one function each, for NumPy arrays and torch tensors alike.

Sources: Wen, Zhang, Li, Qiao, ECCV 2016 (Eq. 3 and 4); the article, section 3.6; for `gradient` and
`ema` the common programs named at `pull_weight`, which training uses as well.

Letters: `x` the samples of one class in a mini-batch (n, D), of all classes (m, D) · `y` their
classes 0…C−1 (m,) · `c` one center (D,), or all of them (C, D) · `α` center step · `s` the share of
the way to the batch mean that a center goes.
"""

from typing import Any

from jaxtyping import Float, Int

from centerviz.learning.formulas import pull_weight

RULES = ("minibatch", "gradient", "ema", "epoch-mean", "fixed")


def ways(x: Float[Any, "n D"], c: Float[Any, " D"]) -> Float[Any, "n D"]:
    """x_i − c, the way from the center to each sample, all taken from where the center stands.

    >>> import numpy as np
    >>> ways(np.array([[3.0, 4.0]]), np.array([1.0, 1.0]))
    array([[2., 3.]])
    """
    return x - c


def pulled(
    at: Float[Any, " D"], x: Float[Any, " D"], c: Float[Any, " D"], w: float
) -> Float[Any, " D"]:
    """at + w·(x − c): one more pull; it is measured from c, where the center stood at first.

    >>> import numpy as np
    >>> pulled(np.array([1.0, 1.0]), np.array([4.0, 2.0]), np.array([0.0, 0.0]), 0.5)
    array([3., 2.])
    """
    return at + w * (x - c)


def all_pulled(x: Float[Any, "n D"], c: Float[Any, " D"], w: float) -> Float[Any, " D"]:
    """c + w Σ_i (x_i − c), the center after every sample of the batch has pulled.

    >>> import numpy as np
    >>> all_pulled(np.array([[2.0], [4.0], [6.0]]), np.array([0.0]), 0.5)
    array([6.])
    """
    return c + w * (x - c).sum(0)


def batch_mean(x: Float[Any, "n D"]) -> Float[Any, " D"]:
    """x̄ = (1/n) Σ_i x_i; where epoch-mean puts the center, if these are all the samples (3.6).

    >>> import numpy as np
    >>> batch_mean(np.array([[2.0], [4.0], [6.0]]))
    array([4.])
    """
    return x.sum(0) / len(x)


def share_of_way(n: int, w: float) -> float:
    """s = n·w. 0: stays; 1: reaches the batch mean; above 1: past it; above 2: ends farther off.

    >>> share_of_way(3, 0.5)
    1.5
    """
    return n * w


def between(c: Float[Any, " D"], mean: Float[Any, " D"], s: float) -> Float[Any, " D"]:
    """(1 − s)·c + s·x̄, the center once it has gone the share s of the way to the mean.

    >>> import numpy as np
    >>> between(np.array([0.0, 4.0]), np.array([4.0, 0.0]), 0.25)
    array([1., 3.])
    """
    return (1 - s) * c + s * mean


def minibatch_center(x: Float[Any, "n D"], c: Float[Any, " D"], alpha: float) -> Float[Any, " D"]:
    """c − α Δc with Δc = Σ_i (c − x_i) / (1 + n) (Eq. 4).

    >>> import numpy as np
    >>> minibatch_center(np.array([[2.0], [4.0], [6.0]]), np.array([0.0]), 0.5)
    array([1.5])
    """
    delta = (c - x).sum(0) / (1 + len(x))
    return c - alpha * delta


def center_without_half(
    x: Float[Any, "n D"], c: Float[Any, " D"], alpha: float
) -> Float[Any, " D"]:
    """c − α·∂/∂c of (1/n) Σ_i ‖x_i − c‖², a mean without the ½: the 2 of the square stays.

    >>> import numpy as np
    >>> center_without_half(np.array([[2.0], [4.0], [6.0]]), np.array([0.0]), 0.5)
    array([4.])
    """
    gradient = 2 * (c - x).sum(0) / len(x)
    return c - alpha * gradient


def shares(alpha: float, n: float, m: int) -> list[float]:
    """s = n·w of minibatch, gradient and ema, n of the m samples of a batch being of the class.

    >>> shares(0.5, 4.0, 8)
    [0.4, 0.25, 2.0]
    """
    return [alpha * n / (1 + n), alpha * n / m, alpha * n]


def distance_left(s: Any) -> Any:
    """|1 − s|: the share of its distance from the batch mean that a center keeps. Above 1 it grows.

    >>> distance_left(0.25), distance_left(3.0)
    (0.75, 2.0)
    """
    return abs(1 - s)


def minibatch_bound(n: int) -> float:
    """2(1+n)/n: the α below which minibatch, repeated, comes ever nearer to the mean.

    >>> minibatch_bound(4)
    2.5
    """
    return 2 * (1 + n) / n


def ema_bound(n: int) -> float:
    """2/n: the same for ema. Beyond it each repetition throws the center farther off.

    >>> ema_bound(4)
    0.5
    """
    return 2 / n


def repeated(
    c: Float[Any, " D"], mean: Float[Any, " D"], s: float, times: int
) -> list[Float[Any, " D"]]:
    """x̄ + (1 − s)^k (c − x̄) for k = 1…times: the center under the same batch again and again.

    >>> import numpy as np
    >>> [float(at[0]) for at in repeated(np.array([0.0]), np.array([4.0]), 0.5, 3)]
    [2.0, 3.0, 3.5]
    """
    return [mean + (1 - s) ** k * (c - mean) for k in range(1, times + 1)]


def paper_lambdas(weight: float, m: int, d: int) -> list[float]:
    """λ of the paper to which a weight amounts, by how the program takes L_C beside a mean L_S.

    In turn: mean without ½: 2λ · mean over all m·D entries without ½: 2λ/D · sum with ½: λm ·
    sum without ½: 2λm.

    >>> paper_lambdas(0.5, 4, 2)
    [1.0, 0.5, 2.0, 4.0]
    """
    return [2 * weight, 2 * weight / d, weight * m, 2 * weight * m]


def stepped(
    x: Float[Any, "*rows D"], c: Float[Any, "*rows D"], rate: float
) -> Float[Any, "*rows D"]:
    """x − η(x − c): a step against the gradient of L_C (Eq. 3), as a free point.

    `c` is the center of the sample's class; both may be rows of many.

    >>> import numpy as np
    >>> stepped(np.array([3.0, 4.0]), np.array([1.0, 0.0]), 0.5)
    array([2., 2.])
    """
    return x - rate * (x - c)


def loss_after_step(loss: float, rate: float) -> float:
    """(1 − η)²·L: center loss of a batch whose samples went the share η of their way.

    >>> loss_after_step(8.0, 0.5)
    2.0
    """
    return (1 - rate) ** 2 * loss


def moved_centers(
    rule: str, x: Float[Any, "m D"], c: Float[Any, "C D"], y: Int[Any, " m"], alpha: float
) -> Float[Any, "C D"]:
    """All centers after a mini-batch; a class that is absent from it keeps its own.

    >>> import numpy as np
    >>> x, y = np.array([[2.0], [4.0], [6.0]]), np.array([0, 0, 0])
    >>> moved_centers("minibatch", x, np.array([[0.0], [7.0]]), y, 0.5).tolist()
    [[1.5], [7.0]]
    """
    moved = 1.0 * c
    for j in range(len(c)):
        own = x[y == j]
        moved[j] = all_pulled(own, c[j], pull_weight(rule, alpha, len(own), len(x)))
    return moved


def loss_about_means(loss: float, n: Float[Any, " C"], d: Float[Any, " C"]) -> Any:
    """L_C − ½ Σ_j n_j d_j²: what is left once each center, d_j off, is set to its class mean.

    >>> import numpy as np
    >>> float(loss_about_means(10.0, np.array([2.0]), np.array([3.0])))
    1.0
    """
    return loss - (n * d * d).sum() / 2
