"""Which sample goes into which split: stratified, seeded, and independent of the order of files.

Samples are ordered by a hash of seed and id, so that the same sample lands in the same split
however its folder was listed. Letters: `y` labels (N,) · N samples.
"""

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from centerviz.data.dataset import SPLITS
from centerviz.problem import Problem

SPLIT_WORDS = {  # other people's names of splits -> ours
    "training": "train",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "testing": "test",
}
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


def by_folder(paths: Sequence[PurePosixPath]) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Class of each file by its folder (None where one lies in none), and split (or None).

    A folder that only wraps all the others says nothing; train, val, test and verify above the
    classes are splits.

    >>> by_folder([PurePosixPath("a/test/cat/1.png"), PurePosixPath("a/train/dog/2.png")])
    (array(['cat', 'dog'], dtype='<U3'), array(['test', 'train'], dtype='<U6'))
    """
    parts = [path.parts for path in paths]
    while len({one[0] for one in parts}) == 1 and min(len(one) for one in parts) > 2:
        parts = [one[1:] for one in parts]
    shortest = min(len(one) for one in parts)
    if shortest < 2:
        return None, None
    upper = [SPLIT_WORDS.get(one[0].lower(), one[0].lower()) for one in parts]
    if set(upper) <= set(SPLITS) and shortest > 2:
        return np.array([one[1] for one in parts]), np.array(upper, dtype="<U6")
    return np.array([one[0] for one in parts]), None


def trained_first(
    y: np.ndarray, splits: np.ndarray, class_names: tuple[str, ...], name: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels and class names with the classes of train in front, those only verified behind.

    Raises Problem when train is empty, when a class is tested that train lacks, or when a class
    of verify is trained.

    >>> trained_first(np.array([0, 1]), np.array(["verify", "train"]), ("ann", "bob"), "t.csv")
    (array([1, 0]), ('bob', 'ann'))
    """
    trained = np.unique(y[splits == "train"])
    tested = np.unique(y[(splits == "val") | (splits == "test")])
    verified = np.unique(y[splits == "verify"])
    if not len(trained):
        raise Problem("{name} has nothing in the split train, which training needs.", name=name)
    if len(odd := np.setdiff1d(tested, trained)):
        raise Problem(
            "{name} tests the class {label}, which has nothing in the split train; give it some.",
            name=name,
            label=class_names[odd[0]],
        )
    if len(odd := np.intersect1d(verified, trained)):
        raise Problem(
            "{name} trains the class {label} of the split verify, which is only for classes that "
            "are not trained; take it out of one of them.",
            name=name,
            label=class_names[odd[0]],
        )
    order = np.concatenate([trained, verified])
    place = np.zeros(len(class_names), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place[y], tuple(class_names[j] for j in order)
