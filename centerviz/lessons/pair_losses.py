"""Losses on pairs and triplets of samples, for NumPy arrays and torch tensors alike.

Sources: contrastive loss after Hadsell, Chopra, LeCun, CVPR 2006; triplet loss and semi-hard
triplets after Schroff, Kalenichenko, Philbin (FaceNet), CVPR 2015; both in the form of
pytorch-metric-learning: distances not squared, no ½, means over the terms above 0.

Letters: `x` samples (m, D) · `y` their classes 0…C−1 (m,) · `d` distances (m, m) · `a`, `p`, `n`
anchor, positive (its class), negative (another class) · `k` the sample to look at.
"""

from typing import Any

from jaxtyping import Float, Int

Pair = tuple[int, int]
Triplet = tuple[int, int, int]


def pair_distances(x: Float[Any, "m D"]) -> Float[Any, "m m"]:
    """‖x_i − x_j‖ of every two samples, in the unit of the features.

    >>> import numpy as np
    >>> pair_distances(np.array([[0.0, 0.0], [3.0, 4.0]]))
    array([[0., 5.],
           [5., 0.]])
    """
    way = x[:, None] - x
    return (way * way).sum(-1) ** 0.5


def distance(x: Float[Any, " D"], other: Float[Any, " D"]) -> Any:
    """‖x_i − x_j‖ of two samples.

    >>> import numpy as np
    >>> float(distance(np.array([0.0, 0.0]), np.array([3.0, 4.0])))
    5.0
    """
    way = x - other
    return (way * way).sum() ** 0.5


def pairs(y: Int[Any, " m"], same: bool) -> list[Pair]:
    """The pairs i < j of one class (positive), or of two classes (negative).

    >>> import numpy as np
    >>> pairs(np.array([0, 0, 1]), True), pairs(np.array([0, 0, 1]), False)
    ([(0, 1)], [(0, 2), (1, 2)])
    """
    m = len(y)
    return [(i, j) for i in range(m) for j in range(i + 1, m) if bool(y[i] == y[j]) == same]


def triplets(y: Int[Any, " m"]) -> list[Triplet]:
    """Every anchor with each other sample of its class and each sample of another class.

    >>> import numpy as np
    >>> triplets(np.array([0, 0, 1]))
    [(0, 1, 2), (1, 0, 2)]
    """
    m = range(len(y))
    return [(a, p, n) for a in m for p in m for n in m if a != p and y[a] == y[p] and y[a] != y[n]]


def counts(y: Int[Any, " m"]) -> list[int]:
    """How many positive pairs, negative pairs and triplets there are; center loss has m terms.

    >>> import numpy as np
    >>> counts(np.array([0, 0, 0, 1, 1, 1]))
    [6, 9, 36]
    """
    return [len(pairs(y, True)), len(pairs(y, False)), len(triplets(y))]


def counts_of_even_batch(m: int, n: int) -> list[int]:
    """Center terms, pairs and triplets of m samples with n of each class: m, m(m−1)/2, m(n−1)(m−n).

    >>> counts_of_even_batch(6, 3)
    [6, 15, 36]
    """
    return [m, m * (m - 1) // 2, m * (n - 1) * (m - n)]


def mean_of_active(terms: list) -> Any:
    """The mean of the terms above 0; 0 where there is none.

    >>> mean_of_active([0.0, 1.0, 3.0]), mean_of_active([0.0])
    (2.0, 0.0)
    """
    active = [term for term in terms if term > 0]
    return sum(active) / len(active) if active else 0.0


def above_zero(value: Any) -> Any:
    """[value]₊: the value itself if it is above 0, else 0.

    >>> above_zero(2.5), above_zero(-1.0)
    (2.5, 0.0)
    """
    return value if value > 0 else 0.0


def negative_term(d: Any, margin: float) -> Any:
    """[margin − d]₊ of one negative pair: 0 once it is a margin apart.

    >>> negative_term(3.0, 4.0), negative_term(5.0, 4.0)
    (1.0, 0.0)
    """
    return above_zero(margin - d)


def positive_part(d: Float[Any, "m m"], y: Int[Any, " m"]) -> Any:
    """The mean distance of the positive pairs that are apart at all; ≥ 0, 0 is tightest.

    >>> import numpy as np
    >>> float(positive_part(np.array([[0.0, 5.0], [5.0, 0.0]]), np.array([0, 0])))
    5.0
    """
    return mean_of_active([d[i, j] for i, j in pairs(y, True)])


def negative_part(d: Float[Any, "m m"], y: Int[Any, " m"], margin: float) -> Any:
    """The mean of [margin − d]₊ over the negative pairs that are nearer than the margin.

    >>> import numpy as np
    >>> float(negative_part(np.array([[0.0, 5.0], [5.0, 0.0]]), np.array([0, 1]), 6.0))
    1.0
    """
    return mean_of_active([negative_term(d[i, j], margin) for i, j in pairs(y, False)])


def contrastive_loss(d: Float[Any, "m m"], y: Int[Any, " m"], margin: float) -> Any:
    """Mean over the active positive pairs plus mean over the active negative ones; ≥ 0.

    >>> import numpy as np
    >>> d = np.array([[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])
    >>> float(contrastive_loss(d, np.array([0, 0, 1]), 5.0))
    4.0
    """
    return positive_part(d, y) + negative_part(d, y, margin)


def active_pairs(d: Float[Any, "m m"], y: Int[Any, " m"], margin: float) -> list[list[Pair]]:
    """The positive pairs that are apart and the negative pairs nearer than the margin.

    >>> import numpy as np
    >>> active_pairs(np.array([[0.0, 5.0], [5.0, 0.0]]), np.array([0, 1]), 6.0)
    [[], [(0, 1)]]
    """
    positive = [(i, j) for i, j in pairs(y, True) if d[i, j] > 0]
    negative = [(i, j) for i, j in pairs(y, False) if d[i, j] < margin]
    return [positive, negative]


def active_pair_counts(d: Float[Any, "m m"], y: Int[Any, " m"], margin: float) -> list[int]:
    """How many positive and negative pairs pull or push at all.

    >>> import numpy as np
    >>> active_pair_counts(np.array([[0.0, 5.0], [5.0, 0.0]]), np.array([0, 1]), 6.0)
    [0, 1]
    """
    return [len(found) for found in active_pairs(d, y, margin)]


def triplet_term(d_ap: Any, d_an: Any, margin: float) -> Any:
    """[d_ap − d_an + margin]₊: 0 once the negative is a margin farther off than the positive.

    >>> triplet_term(3.0, 4.0, 2.0), triplet_term(3.0, 5.0, 2.0)
    (1.0, 0.0)
    """
    return above_zero(d_ap - d_an + margin)


def semihard_triplets(d: Float[Any, "m m"], y: Int[Any, " m"], margin: float) -> list[Triplet]:
    """The triplets whose negative is farther off than the positive, but not by a full margin.

    >>> import numpy as np
    >>> d = np.array([[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])
    >>> semihard_triplets(d, np.array([0, 0, 1]), 2.0)
    [(0, 1, 2)]
    """
    return [(a, p, n) for a, p, n in triplets(y) if 0 < d[a, n] - d[a, p] < margin]


def triplet_kinds(d: Float[Any, "m m"], y: Int[Any, " m"], margin: float) -> list[int]:
    """How many triplets are easy (a margin or more in order), semi-hard, and hard (the wrong way).

    >>> import numpy as np
    >>> d = np.array([[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])
    >>> triplet_kinds(d, np.array([0, 0, 1]), 2.0)
    [1, 1, 0]
    """
    gaps = [d[a, n] - d[a, p] for a, p, n in triplets(y)]
    easy = sum(bool(gap > 0 and gap >= margin) for gap in gaps)
    hard = sum(bool(gap <= 0) for gap in gaps)
    return [easy, len(gaps) - easy - hard, hard]


def triplet_loss(d: Float[Any, "m m"], y: Int[Any, " m"], margin: float) -> Any:
    """The mean of d_ap − d_an + margin over the semi-hard triplets, 0 without any; 0 to margin.

    >>> import numpy as np
    >>> d = np.array([[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])
    >>> float(triplet_loss(d, np.array([0, 0, 1]), 2.0))
    1.0
    """
    found = semihard_triplets(d, y, margin)
    return mean_of_active([triplet_term(d[a, p], d[a, n], margin) for a, p, n in found])


def contrastive_pulls(
    d: Float[Any, "m m"], y: Int[Any, " m"], k: int, margin: float
) -> list[float]:
    """How strongly each other sample pulls sample k (above 0) or pushes it (below 0).

    One over the number of active positive pairs, minus one over that of active negative ones.

    >>> import numpy as np
    >>> d = np.array([[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])
    >>> contrastive_pulls(d, np.array([0, 0, 1]), 0, 5.0)
    [0.0, 1.0, -1.0]
    """
    positive, negative = active_pairs(d, y, margin)
    pulls = [0.0] * len(y)
    for found, sign in ((positive, 1), (negative, -1)):
        for pair in found:
            if k in pair:
                pulls[sum(pair) - k] = sign / len(found)
    return pulls


def triplet_pulls(d: Float[Any, "m m"], y: Int[Any, " m"], k: int, margin: float) -> list[float]:
    """How strongly each other sample pulls sample k (above 0) or pushes it (below 0).

    Each semi-hard triplet draws its positive and its anchor together and drives its negative and
    its anchor apart; the mean over these triplets.

    >>> import numpy as np
    >>> d = np.array([[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])
    >>> triplet_pulls(d, np.array([0, 0, 1]), 0, 2.0)
    [0.0, 1.0, -1.0]
    """
    found = semihard_triplets(d, y, margin)
    return [
        sum(({a, p} == {k, j}) - ({a, n} == {k, j}) for a, p, n in found) / max(1, len(found))
        for j in range(len(y))
    ]


def step_by_pulls(x: Float[Any, "m D"], k: int, pulls: list[float]) -> Float[Any, " D"]:
    """Σ_j s_j (x_j − x_k) / ‖x_j − x_k‖: minus the gradient of the loss by sample k.

    Every pull has the same strength near and far; samples at one place give none.

    >>> import numpy as np
    >>> step_by_pulls(np.array([[0.0, 0.0], [3.0, 4.0]]), 0, [0.0, 1.0])
    array([0.6, 0.8])
    """
    total = 0 * x[k]
    for other, s in zip(x, pulls, strict=True):
        far = distance(other, x[k])
        if far > 0:
            total = total + s * (other - x[k]) / far
    return total
