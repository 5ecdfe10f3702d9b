"""What the drawn data sets of faces share: the words of their spec, the order of their pictures."""

from collections.abc import Mapping

import numpy as np

from centerviz.data.dataset import Dataset
from centerviz.problem import Problem


def strengths(name: str, given: str, usual: Mapping[str, float]) -> dict[str, float]:
    """The strength of each nuisance from the part of a spec behind the colon.

    Raises Problem for names that `usual` does not have and for values outside 0…1.

    >>> strengths("faces-1", "pose=0", {"pose": 0.5, "light": 0.5})
    {'pose': 0.0, 'light': 0.5}
    """
    chosen = dict(usual)
    for word, value in words(given).items():
        if word not in usual:
            raise Problem(
                "{dataset} has no parameter {name}; there are: {names}.",
                dataset=name,
                name=word,
                names=", ".join(usual),
            )
        chosen[word] = _number(value)
        if not 0 <= chosen[word] <= 1:
            raise Problem(
                "The strength {name} of {dataset} was given as {value}; it must be a number from "
                "0 to 1.",
                name=word,
                dataset=name,
                value=value or "''",
            )
    return chosen


def words(given: str) -> dict[str, str]:
    """`pose=0, light=1` by name.

    >>> words("pose=0, light")
    {'pose': '0', 'light': ''}
    """
    pairs = (part.partition("=") for part in given.split(",") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def arrangement(
    trained: int, verified: int, images: Mapping[str, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Person, number of the picture and split of every picture, each (N,), person after person.

    `images` says how many of each split a person has; those that are only verified come last.

    >>> arrangement(1, 1, {"train": 2, "val": 0, "test": 1, "verify": 1})[2].tolist()
    ['train', 'train', 'test', 'verify']
    """
    known = [split for split in ("train", "val", "test") for _ in range(images[split])]
    new = ["verify"] * images["verify"]
    persons = np.repeat(
        np.arange(trained + verified), [len(known)] * trained + [len(new)] * verified
    )
    numbers = [*range(len(known))] * trained + [*range(len(new))] * verified
    return persons, np.array(numbers), np.array(known * trained + new * verified, dtype="<U6")


def drawn_dataset(
    name: str, pictures: np.ndarray, persons, numbers, splits, digits: int
) -> Dataset:
    """Pictures (N, S, S, 3) uint8 of an `arrangement`, with the numbers of persons as names."""
    return Dataset(
        name=name,
        inputs=pictures,
        labels=persons.astype(np.int64),
        class_names=tuple(f"person {number:0{digits}d}" for number in range(persons.max() + 1)),
        splits=splits,
        ids=np.array(
            [f"face-{p:0{digits}d}-{i:02d}" for p, i in zip(persons, numbers, strict=True)]
        ),
        source="Drawn by CenterViz; no person's picture",
        licence="free to use",
    )
