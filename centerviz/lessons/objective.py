"""Softmax cross-entropy, the joint loss and their gradients, for NumPy arrays and torch tensors.

Sources: Wen, Zhang, Li, Qiao, ECCV 2016 (Eq. 1, 3 and 5); the article, section 3.5. Scores are
w·x without a bias. The natural logarithm throughout, so losses are in nats.

Letters: `x` one sample (D,) or samples (N, D) · `w` one row for each class (C, D) · `s` scores ·
`p` shares, of one sample (C,) · `j` its class, 0…C−1 · `y` classes (N,) · `e` row j of the C×C
identity · `g` a gradient (D,) · `lam` λ, the weight of center loss.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from centerviz.learning.formulas import norm, unit_vector


def exponential(v: Any) -> Any:
    """e^v, entry by entry; the one thing besides `logarithm` and `largest` that is no operator.

    >>> float(exponential(0.0))
    1.0
    """
    return v.exp() if hasattr(v, "exp") else np.exp(v)


def logarithm(v: Any) -> Any:
    """ln v, entry by entry.

    >>> float(logarithm(1.0))
    0.0
    """
    return v.log() if hasattr(v, "log") else np.log(v)


def largest(s: Float[Any, "*rows C"]) -> Float[Any, "*rows 1"]:
    """The largest entry of each row.

    >>> largest(np.array([3.0, 4.0, -5.0]))
    array([4.])
    """
    return s.amax(-1, keepdim=True) if hasattr(s, "amax") else s.max(-1, keepdims=True)


def class_scores(x: Float[Any, "*rows D"], w: Float[Any, "C D"]) -> Float[Any, "*rows C"]:
    """s_j = w_j·x: one number for each class, without a bias; large speaks for the class.

    >>> class_scores(np.array([3.0, 4.0]), np.array([[1.0, 0.0], [1.0, 1.0]]))
    array([3., 7.])
    """
    return x @ w.T


def shifted_scores(s: Float[Any, "*rows C"]) -> Float[Any, "*rows C"]:
    """t = s − max s: 0 for the largest score, below 0 for the others; the shares stay the same.

    >>> shifted_scores(np.array([3.0, 4.0, -5.0]))
    array([-1.,  0., -9.])
    """
    return s - largest(s)


def shares_of(powers: Float[Any, "*rows C"]) -> Float[Any, "*rows C"]:
    """Each number over the sum of its row; all positive, so shares between 0 and 1, sum 1.

    >>> shares_of(np.array([3.0, 1.0]))
    array([0.75, 0.25])
    """
    return powers / powers.sum(-1, keepdims=True)


def shares(s: Float[Any, "*rows C"]) -> Float[Any, "*rows C"]:
    """p_j = e^{s_j} / Σ_k e^{s_k}, softmax, with the largest score subtracted first.

    >>> shares(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    return shares_of(exponential(shifted_scores(s)))


def surprise(p: Any) -> Any:
    """−ln p: what a share p for the truth costs, in nats. 0 for p = 1, without bound towards 0.

    >>> round(float(surprise(0.5)), 4)
    0.6931
    """
    return -logarithm(p)


def cross_entropy(s: Float[Any, " C"], j: int) -> Any:
    """ln Σ_k e^{t_k} − t_j: −ln p_j (Eq. 1) without forming p_j, so no score is too far apart.

    >>> float(cross_entropy(np.array([0.0, -800.0]), 1))
    800.0
    """
    t = shifted_scores(s)
    return logarithm(exponential(t).sum()) - t[j]


def cross_entropies(s: Float[Any, "N C"], y: Int[Any, " N"]) -> Float[Any, " N"]:
    """The same for every sample: ln Σ_k e^{t_k} − t_y.

    >>> cross_entropies(np.array([[0.0, -800.0], [0.0, -800.0]]), np.array([0, 1]))
    array([  0., 800.])
    """
    t = shifted_scores(s)
    return logarithm(exponential(t).sum(-1)) - t[range(len(y)), y]


def softmax_losses(
    x: Float[Any, "N D"], w: Float[Any, "C D"], y: Int[Any, " N"]
) -> Float[Any, " N"]:
    """The softmax cross-entropy of every sample, from its vector.

    >>> x, w = np.array([[3.0, 4.0]]), np.array([[4.0, -3.0], [8.0, -6.0]])
    >>> round(float(softmax_losses(x, w, np.array([1]))[0]), 4)
    0.6931
    """
    return cross_entropies(class_scores(x, w), y)


def softmax_loss(x: Float[Any, "N D"], w: Float[Any, "C D"], y: Int[Any, " N"]) -> Any:
    """L_S, the mean over the batch (Eq. 1, divided by m). 0 or more, small is right and sure.

    >>> x, w = np.array([[3.0, 4.0]]), np.zeros((2, 2))
    >>> round(float(softmax_loss(x, w, np.array([1]))), 4)
    0.6931
    """
    return softmax_losses(x, w, y).mean()


def equal_scores_loss(classes: Any) -> Any:
    """ln C: the loss of somebody who knows nothing and gives C classes the same share.

    >>> round(float(equal_scores_loss(2)), 4)
    0.6931
    """
    return logarithm(classes)


def unit_floor(scale: Any, classes: int) -> Any:
    """ln(1 + (C−1) e^{−sC/(C−1)}): the least mean loss of C classes of one size with scores s z·w.

    Both z and w have length 1 (NormFace); it is reached when the w point as far apart as they can
    and every sample lies on its own.

    >>> round(float(unit_floor(1.0, 10)), 3)
    1.377
    """
    return logarithm(1 + (classes - 1) * exponential(-scale * classes / (classes - 1)))


def joint_loss(softmax: Any, center: Any, lam: Any) -> Any:
    """L = L_S + λ L_C (Eq. 5; article 3.5).

    >>> joint_loss(3.0, 4.0, 0.5)
    5.0
    """
    return softmax + lam * center


def score_gradient(p: Float[Any, " C"], e: Float[Any, " C"]) -> Float[Any, " C"]:
    """∂(−ln p_j)/∂s = p − e: the shares, less 1 at the true class. Its entries add up to 0.

    >>> score_gradient(np.array([0.25, 0.75]), np.array([1.0, 0.0]))
    array([-0.75,  0.75])
    """
    return p - e


def softmax_gradient(
    x: Float[Any, " D"], w: Float[Any, "C D"], e: Float[Any, " C"]
) -> Float[Any, " D"]:
    """∂(−ln p_j)/∂x = Wᵀ(p − e): away from the own row of W, towards the others' by their shares.

    >>> w = np.array([[3.0, 4.0], [-3.0, 4.0]])
    >>> softmax_gradient(np.array([0.0, 5.0]), w, np.array([1.0, 0.0]))
    array([-3.,  0.])
    """
    return score_gradient(shares(class_scores(x, w)), e) @ w


def joint_gradient(
    softmax: Float[Any, " D"], center: Float[Any, " D"], lam: float
) -> Float[Any, " D"]:
    """∂L/∂x of one sample's own terms: g_S + λ g_C.

    >>> joint_gradient(np.array([3.0, 0.0]), np.array([0.0, 2.0]), 2.0)
    array([3., 4.])
    """
    return softmax + lam * center


def gradient_ratio(softmax: Float[Any, " D"], center: Float[Any, " D"], lam: float) -> Any:
    """‖λ g_C‖ / ‖g_S‖: how strongly center loss pulls beside softmax. Neither end is good.

    >>> float(gradient_ratio(np.array([3.0, 4.0]), np.array([0.0, 2.0]), 0.5))
    0.2
    """
    return lam * norm(center) / norm(softmax)


def through_normalisation(x: Float[Any, " D"], g: Float[Any, "*rows D"]) -> Float[Any, "*rows D"]:
    """(1/‖x‖)(I − zzᵀ) g: a gradient by z = x/‖x‖ as one by x; what points along z is lost.

    Given the identity, it returns the whole matrix, ∂z/∂x.

    >>> through_normalisation(np.array([0.0, 2.0]), np.array([3.0, 4.0]))
    array([1.5, 0. ])
    """
    z = unit_vector(x)
    return (g - (g * z).sum(-1, keepdims=True) * z) / norm(x)


def small_step(x: Float[np.ndarray, " D"]) -> float:
    """h, a ten-thousandth of the power of ten at or below ‖x‖: small beside x, easy to write.

    >>> small_step(np.array([3.0, 4.0]))
    0.0001
    """
    return float(10.0 ** (np.floor(np.log10(norm(x))) - 4))


def central_differences(
    loss: Callable[[Float[np.ndarray, " D"]], Any], x: Float[np.ndarray, " D"], h: float
) -> Float[np.ndarray, " D"]:
    """(ℓ(x + h e_d) − ℓ(x − h e_d)) / 2h for every entry d: a gradient without any calculus.

    Off by about h², and exact for squares.

    >>> central_differences(lambda x: (x * x).sum(), np.array([3.0, 4.0]), 0.5)
    array([6., 8.])
    """
    steps = h * np.eye(len(x))
    return np.array([(loss(x + step) - loss(x - step)) / (2 * h) for step in steps])
