"""Formulas, one function each, for NumPy arrays and torch tensors alike: what trains is what the
lessons show.

Sources: the article, sections 3.2 to 3.4 and 4; Wen, Zhang, Li, Qiao, ECCV 2016 (Eq. 2 and 3);
the identity of the inner product is worked out in the lesson `shortcut`.

Letters: `x` features (N, D) or (D,) · `z` unit features · `y` class of each sample, 0…C−1 (N,) ·
`c` centers (C, D), or one center (D,) · `j` one class. Only operators that NumPy and torch share
are used, so that the source a lesson shows can be run, and differentiated, as it stands.
"""

from typing import Any

from jaxtyping import Float, Int


def sum_of_squares(x: Float[Any, "*rows D"]) -> Any:
    """Σ_d x_d² of each vector.

    >>> import numpy as np
    >>> float(sum_of_squares(np.array([3.0, 4.0])))
    25.0
    """
    return (x * x).sum(-1)


def norm(x: Float[Any, "*rows D"]) -> Any:
    """‖x‖ = √Σ_d x_d², the length of each vector (article 4.1).

    >>> import numpy as np
    >>> float(norm(np.array([3.0, 4.0])))
    5.0
    """
    return sum_of_squares(x) ** 0.5


def unit_vector(x: Float[Any, "*rows D"]) -> Float[Any, "*rows D"]:
    """z = x / ‖x‖: the same direction, length 1 (article 3.2). A zero vector has none: NaN.

    >>> import numpy as np
    >>> unit_vector(np.array([3.0, 4.0]))
    array([0.6, 0.8])
    """
    return x / (x * x).sum(-1, keepdims=True) ** 0.5


def class_count(y: Int[Any, " N"], j: int) -> Any:
    """n_j, the samples of class j.

    >>> import numpy as np
    >>> int(class_count(np.array([0, 1, 1]), 1))
    2
    """
    return (y == j).sum()


def class_sum(x: Float[Any, "N D"], y: Int[Any, " N"], j: int) -> Float[Any, " D"]:
    """Σ_{i: y_i = j} x_i, the vectors of class j added entry by entry.

    >>> import numpy as np
    >>> class_sum(np.array([[1.0, 2.0], [3.0, 2.0], [9.0, 9.0]]), np.array([0, 0, 1]), 0)
    array([4., 4.])
    """
    return x[y == j].sum(0)


def class_mean(x: Float[Any, "N D"], y: Int[Any, " N"], j: int) -> Float[Any, " D"]:
    """c_j = (1/n_j) Σ_{i: y_i = j} x_i, the centroid of class j (article 3.3).

    >>> import numpy as np
    >>> class_mean(np.array([[1.0, 2.0], [3.0, 2.0], [9.0, 9.0]]), np.array([0, 0, 1]), 0)
    array([2., 2.])
    """
    return class_sum(x, y, j) / class_count(y, j)


def compactness_loss(mu: Float[Any, "*rows D"]) -> Any:
    """½(1 − ‖μ‖²): the mean of ½‖z − μ‖² over unit vectors whose mean is μ. 0 is tightest.

    >>> import numpy as np
    >>> float(compactness_loss(np.array([0.6, 0.0])))
    0.32
    """
    return (1 - sum_of_squares(mu)) / 2


def difference(x: Float[Any, " D"], c: Float[Any, " D"]) -> Float[Any, " D"]:
    """x − c, the way from a center to its sample.

    >>> import numpy as np
    >>> difference(np.array([3.0, 4.0]), np.array([3.0, 1.0]))
    array([0., 3.])
    """
    return x - c


def squared_distances(
    x: Float[Any, "N D"], c: Float[Any, "C D"], y: Int[Any, " N"]
) -> Float[Any, " N"]:
    """‖x_i − c_{y_i}‖² of every sample to the center of its own class.

    >>> import numpy as np
    >>> squared_distances(np.array([[3.0, 4.0]]), np.zeros((1, 2)), np.array([0]))
    array([25.])
    """
    return sum_of_squares(x - c[y])


def sample_losses(
    x: Float[Any, "N D"], c: Float[Any, "C D"], y: Int[Any, " N"]
) -> Float[Any, " N"]:
    """½‖x_i − c_{y_i}‖², what each sample adds to center loss (Eq. 2).

    >>> import numpy as np
    >>> sample_losses(np.array([[3.0, 4.0]]), np.zeros((1, 2)), np.array([0]))
    array([12.5])
    """
    return squared_distances(x, c, y) / 2


def class_loss(x: Float[Any, "N D"], c: Float[Any, "C D"], y: Int[Any, " N"], j: int) -> Any:
    """½ Σ_{i: y_i = j} ‖x_i − c_j‖², what class j adds to center loss.

    >>> import numpy as np
    >>> float(class_loss(np.array([[3.0, 4.0], [1.0, 0.0]]), np.zeros((2, 2)), np.array([0, 1]), 1))
    0.5
    """
    return sample_losses(x, c, y)[y == j].sum()


def center_loss(x: Float[Any, "N D"], c: Float[Any, "C D"], y: Int[Any, " N"]) -> Any:
    """L_C = ½ Σ_i ‖x_i − c_{y_i}‖² (Eq. 2; article 3.4). Smaller is nearer, not yet more compact.

    >>> import numpy as np
    >>> float(center_loss(np.array([[3.0, 4.0], [1.0, 0.0]]), np.zeros((2, 2)), np.array([0, 1])))
    13.0
    """
    return sample_losses(x, c, y).sum()


def mean_center_loss(x: Float[Any, "N D"], c: Float[Any, "C D"], y: Int[Any, " N"]) -> Any:
    """L_C / m, the mean over the m samples of a batch: what training here uses.

    >>> import numpy as np
    >>> c, y = np.zeros((2, 2)), np.array([0, 1])
    >>> float(mean_center_loss(np.array([[3.0, 4.0], [1.0, 0.0]]), c, y))
    6.5
    """
    return sample_losses(x, c, y).mean()


def loss_without_half(x: Float[Any, "N D"], c: Float[Any, "C D"], y: Int[Any, " N"]) -> Any:
    """Σ_i ‖x_i − c_{y_i}‖²: the form of many programs, twice the paper's.

    >>> import numpy as np
    >>> float(loss_without_half(np.array([[3.0, 4.0]]), np.zeros((1, 2)), np.array([0])))
    25.0
    """
    return squared_distances(x, c, y).sum()


def sample_gradient(x: Float[Any, " D"], c: Float[Any, " D"]) -> Float[Any, " D"]:
    """∂L_C/∂x = x − c with the center held still (Eq. 3). Training steps the opposite way.

    >>> import numpy as np
    >>> sample_gradient(np.array([3.0, 4.0]), np.array([3.0, 1.0]))
    array([0., 3.])
    """
    return x - c


def inner_product(z: Float[Any, "*rows D"], c: Float[Any, "*centers D"]) -> Any:
    """z·c = Σ_d z_d c_d.

    >>> import numpy as np
    >>> float(inner_product(np.array([3.0, 4.0]), np.array([1.0, 2.0])))
    11.0
    """
    return (z * c).sum(-1)


def half_squared_distance(z: Float[Any, "*rows D"], c: Float[Any, "*centers D"]) -> Any:
    """½‖z − c‖², counted out from the difference.

    >>> import numpy as np
    >>> float(half_squared_distance(np.array([1.0, 0.0]), np.array([0.0, 1.0])))
    1.0
    """
    return sum_of_squares(z - c) / 2


def through_inner_product(z: Float[Any, "*rows D"], c: Float[Any, "*centers D"]) -> Any:
    """½ + ½‖c‖² − z·c: equal to ½‖z − c‖² for unit z and any c.

    >>> import numpy as np
    >>> float(through_inner_product(np.array([1.0, 0.0]), np.array([0.0, 1.0])))
    1.0
    """
    return 0.5 + sum_of_squares(c) / 2 - inner_product(z, c)


def negative_inner_product(z: Float[Any, "*rows D"], c: Float[Any, "*centers D"]) -> Any:
    """−z·c: what the article puts in place of the distance (article 2.3 and 3.4).

    >>> import numpy as np
    >>> float(negative_inner_product(np.array([3.0, 4.0]), np.array([1.0, 2.0])))
    -11.0
    """
    return -(z * c).sum(-1)


def gradient_through_normalisation(x: Float[Any, " D"], c: Float[Any, " D"]) -> Float[Any, " D"]:
    """−(1/‖x‖)(I − zzᵀ)c, the gradient by x of ½‖z − c‖² and of −z·c, with c held still.

    >>> import numpy as np
    >>> gradient_through_normalisation(np.array([2.0, 0.0]), np.array([1.0, 1.0]))
    array([ 0. , -0.5])
    """
    z = unit_vector(x)
    return (z * inner_product(z, c) - c) / norm(x)


def cosine_loss(z: Float[Any, "*rows D"], c: Float[Any, "*centers D"]) -> Any:
    """1 − cos θ = 1 − z·ĉ with ĉ = c/‖c‖, for unit z: ½‖z − ĉ‖². From 0 (same way) to 2.

    >>> import numpy as np
    >>> float(cosine_loss(np.array([1.0, 0.0]), np.array([0.0, 7.0])))
    1.0
    """
    return 1 - inner_product(z, unit_vector(c))


def article_literal_losses(
    x: Float[Any, "N D"], c: Float[Any, "C D"], y: Int[Any, " N"]
) -> Float[Any, " N"]:
    """½(x_i·c_{y_i})² of every sample, the article's "simplified" form as it is printed (3.4).

    >>> import numpy as np
    >>> article_literal_losses(np.array([[0.0, 2.0]]), np.array([[3.0, 0.0]]), np.array([0]))
    array([0.])
    """
    return inner_product(x, c[y]) ** 2 / 2


def article_literal_loss(x: Float[Any, "N D"], c: Float[Any, "C D"], y: Int[Any, " N"]) -> Any:
    """½ Σ_i (x_i·c_{y_i})². Least where samples stand at right angles to their center.

    >>> import numpy as np
    >>> float(article_literal_loss(np.array([[0.0, 2.0]]), np.array([[3.0, 4.0]]), np.array([0])))
    32.0
    """
    return article_literal_losses(x, c, y).sum()


def mean_inner_product(z: Float[Any, "n D"], mu: Float[Any, " D"]) -> Any:
    """(1/n) Σ_i z_i·μ: equal to ‖μ‖² when μ is the mean of the z.

    >>> import numpy as np
    >>> float(mean_inner_product(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.5, 0.5])))
    0.5
    """
    return inner_product(z, mu).mean()


def pull_weight(rule: str, alpha: float, n: Any, m: int) -> Any:
    """The share of its way by which one sample pulls its center, n of m samples being its class's.

    minibatch (Eq. 4): α/(1+n) · gradient (the centers' own SGD on the mean loss, as in Zhou's
    PyTorch code): α/m · ema (as in facenet): α = 1 − retention, duplicates add up · epoch-mean
    waits for the end of the epoch and fixed never moves: 0.

    >>> rules = ("minibatch", "gradient", "ema", "epoch-mean", "fixed")
    >>> [pull_weight(rule, 0.5, 4, 5) for rule in rules]
    [0.1, 0.1, 0.5, 0.0, 0.0]
    """
    if rule == "minibatch":
        return alpha / (1 + n)
    if rule == "gradient":
        return alpha / m
    if rule == "ema":
        return alpha
    if rule in ("epoch-mean", "fixed"):
        return 0.0
    raise ValueError(f"there is no center rule {rule!r}")
