"""Some rows of many, of each class its share."""

import numpy as np
from jaxtyping import Integer


def stratified(
    y: Integer[np.ndarray, " N"] | None,
    rows: Integer[np.ndarray, " n"],
    some: int,
    seed: int,
) -> Integer[np.ndarray, " some"]:
    """`some` of the row numbers `rows`, in order: of n_j rows of a class n_j · some / n of them,
    up or down by one. Without labels `y` all rows are one class.

    >>> rows = stratified(np.array([0] * 6 + [1] * 3), np.arange(9), some=3, seed=0)
    >>> int((rows < 6).sum()), int((rows >= 6).sum())
    (2, 1)
    """
    rng = np.random.default_rng(seed)
    rows = rows[rng.permutation(len(rows))]
    if y is not None:
        rows = rows[np.argsort(y[rows], kind="stable")]  # class by class, shuffled within
    picked = (np.arange(some) + rng.random()) * len(rows) / some
    return np.sort(rows[picked.astype(np.int64)])
