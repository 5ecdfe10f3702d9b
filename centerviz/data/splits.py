"""Which sample goes into which split: stratified, seeded, and independent of the order of files.

Samples are ordered by a hash of seed and id, so that the same sample lands in the same split
however its folder was listed. Letters: `y` labels (N,) · N samples.
"""

import hashlib

import numpy as np

TEST_SHARE, VAL_SHARE = 0.2, 0.1  # of each class, for data that comes without splits


def hashed_order(y: np.ndarray, ids: np.ndarray, seed: int = 0) -> np.ndarray:
    """Row numbers (N,) ordered by class, and inside a class by a hash of seed and id.

    >>> hashed_order(np.array([1, 0, 1]), np.array(["a", "b", "c"])).tolist()
    [1, 0, 2]
    """
    digests = [hashlib.sha256(f"{seed}:{name}".encode("utf-8", "replace")).digest() for name in ids]
    ranks = np.argsort(np.array(digests, dtype="S32"), kind="stable")
    return ranks[np.argsort(y[ranks], kind="stable")]


def exact_splits(
    y: np.ndarray, ids: np.ndarray, *, val: int, test: int, seed: int = 0
) -> np.ndarray:
    """Split names (N,) with exactly `val` and `test` rows; every class within one of its share.

    Systematic sampling: along the class-ordered rows, a row is taken whenever its running share
    reaches the next whole number.

    >>> exact_splits(np.array([0, 0, 1, 1]), np.array(list("abcd")), val=0, test=2).tolist()
    ['train', 'test', 'test', 'train']
    """
    order = hashed_order(y, ids, seed)
    splits = np.full(len(y), "train", dtype="<U6")
    for name, count in (("test", test), ("val", val)):
        free = order[splits[order] == "train"]
        share = np.arange(len(free) + 1) * count // max(len(free), 1)
        splits[free[np.diff(share) > 0]] = name
    return splits


def shared_splits(y: np.ndarray, ids: np.ndarray, seed: int = 0) -> np.ndarray:
    """Split names (N,) for data without splits: in each class 20 % test and 10 % val, rounded.

    A class of one sample is in train only; one of two or more has a test sample.

    >>> splits = shared_splits(np.zeros(10, int), np.arange(10).astype(str))
    >>> [int((splits == name).sum()) for name in ("train", "val", "test")]
    [7, 1, 2]
    """
    order = hashed_order(y, ids, seed)
    splits = np.full(len(y), "train", dtype="<U6")
    for label in np.unique(y):
        rows = order[y[order] == label]
        test = max(round(TEST_SHARE * len(rows)), 1) if len(rows) > 1 else 0
        val = round(VAL_SHARE * len(rows))
        splits[rows[:test]] = "test"
        splits[rows[test : test + val]] = "val"
    return splits
