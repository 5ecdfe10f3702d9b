"""Embeddings to judge by: made by seed, with every awkwardness that files have."""

import numpy as np
from hypothesis import strategies as st

ARTICLE = np.array(
    [[.5, .6, .7], [.4, .5, .8], [.6, .7, .6], [.5, .5, .8],
     [.8, .2, .3], [.7, .3, .4], [.6, .4, .5], [.7, .2, .6],
     [.1, .9, .2], [.2, .8, .3], [.3, .7, .4], [.1, .8, .5]]
)  # fmt: skip
ARTICLE_LABELS = np.repeat([0, 1, 2], 4)


def clusters(seed: int, n: int, classes: int, dim: int, apart: float = 2.0):
    """Gaussian clusters of random sizes: x (n, dim), y (n,); some classes may be absent."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, n)
    return rng.normal(size=(classes, dim))[y] * apart + rng.normal(size=(n, dim)), y


@st.composite
def embeddings(draw, most: int = 40, whole: bool = False):
    """x (N, D) and y (N,) in 0…C−1, with duplicates, singletons and absent classes.

    `whole` numbers make ties exact.
    """
    n, dim, classes = draw(st.integers(1, most)), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    y = rng.integers(0, classes, n)
    if whole:
        return rng.integers(-2, 3, (n, dim)).astype(float), y
    x = rng.normal(size=(n, dim)) + rng.normal(size=(classes, dim))[y] * draw(st.floats(0, 5))
    if draw(st.booleans()):
        x[rng.integers(0, n, n // 2)] = x[0]
    return x, y
