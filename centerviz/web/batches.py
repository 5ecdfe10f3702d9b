"""A few samples of a run or a file as the numbers of a lesson, and links that carry them there.

Letters: `x` features (N, D) · `y` labels (N,) · `row` the sample to look at.
"""

import re
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Integer

from centerviz.lessons.inputs import COLUMNS, LARGEST
from centerviz.lessons.sheets import typed
from centerviz.runs.store import open_run
from centerviz.web.results import embeddings, link, opened

CLASSES, EACH = 3, 4  # of a batch, as in the article's example
DECIMALS = 3
_NUMBER = re.compile(r"0|[1-9][0-9]?")


def batch(
    x: Float[np.ndarray, "N D"],
    y: Integer[np.ndarray, " N"],
    row: int,
    class_names: Sequence[str] = (),
) -> dict[str, str] | None:
    """The sample, the three nearest to it of its class, and four of each of the two classes whose
    means are nearest, rounded to three decimals, as `x`, `y` and `sample` of a lesson. Classes
    keep their names where those are numbers, else they count from 1.

    None where a lesson cannot take them: one class, more than 16 features, or sizes beyond what
    can be typed.

    >>> x = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 4.0]])
    >>> batch(x, np.array([0, 0, 7, 7]), 2)
    {'x': '0, 1; 0, 4; 1, 0; 2, 0', 'y': '8, 8, 1, 1', 'sample': '1'}
    """
    if not 2 <= x.shape[1] <= COLUMNS or not np.isfinite(x[row]).all():
        return None
    x = np.asarray(x, dtype=np.float64)
    away = np.linalg.norm(x - x[row], axis=1)
    names, places, counts = np.unique(y, return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(places, column) for column in x.T], axis=1) / counts[:, None]
    near = names[np.argsort(np.linalg.norm(means - x[row], axis=1), kind="stable")]
    kinds = near[near != y[row]].tolist()
    rows = []
    for j in [y[row], *kinds[: CLASSES - 1]]:
        own = np.flatnonzero(y == j)
        rows += own[np.argsort(away[own], kind="stable")][:EACH].tolist()
    taken = np.round(x[rows], DECIMALS)
    labels = numbers_of(class_names, y)[y[rows]]
    usable = taken.any(axis=1) & (np.abs(taken).max(axis=1) <= LARGEST)
    if not usable[0] or len(np.unique(labels[usable])) < 2 or labels.max() > 99:
        return None
    return {
        "x": typed(taken[usable]),
        "y": ", ".join(map(str, labels[usable])),
        "sample": "1",
    }


def numbers_of(
    class_names: Sequence[str], y: Integer[np.ndarray, " N"]
) -> Integer[np.ndarray, " C"]:
    """What a lesson calls the classes: as they are named where those are numbers, else 1, 2, ….

    >>> numbers_of(("0", "7"), np.array([0, 1])), numbers_of(("cat", "7"), np.array([0, 1]))
    (array([0, 7]), array([1, 2]))
    """
    apart = len(set(class_names)) == len(class_names) > y.max()
    if apart and all(map(_NUMBER.fullmatch, class_names)):
        return np.array([int(name) for name in class_names])
    return np.arange(1, y.max() + 2)


def batch_of_run(run_id: str, turn: int) -> dict[str, str] | None:
    """Samples around one row of the run's test split, as a lesson's inputs, and their `w`.

    None where `batch` has none; without `w` where the run has no linear classifier.
    """
    found = embeddings(*opened(run_id))
    rows = np.arange(found.n) if found.splits is None else np.flatnonzero(found.splits == "test")
    x, y = found.x[rows], found.labels[rows]
    row = int(np.random.default_rng(turn).integers(len(rows)))
    taken = batch(x, y, row, found.class_names)
    w = open_run(run_id).classifier()
    if taken is None or w is None:
        return taken
    called = numbers_of(found.class_names, y)
    present = sorted({int(label) for label in taken["y"].split(", ")})
    places = [int(np.flatnonzero(called == label)[0]) for label in present]
    return taken | {"w": typed(np.round(w[places], DECIMALS))}


def twenty_pairs(
    genuine: Float[np.ndarray, " G"], impostor: Float[np.ndarray, " I"]
) -> dict[str, str]:
    """Eight pairs of one class and twelve of two, spread evenly over their scores.

    >>> twenty_pairs(np.array([0.5, 0.9]), np.array([-0.2, 0.2]))["scores"][:25]
    '0.525, 0.575, 0.625, 0.67'
    """
    shares = [(np.arange(n) + 0.5) / n for n in (8, 12)]
    taken = [np.quantile(of, at) for of, at in zip((genuine, impostor), shares, strict=True)]
    same = np.repeat([1, 0], [8, 12])
    return {
        "scores": typed(np.round(np.concatenate(taken), DECIMALS)[None]),
        "same": ", ".join(map(str, same)),
    }


def explain(lesson: str, label: str, numbers: dict[str, str] | None = None, step: int = 1) -> None:
    """A link to a step of a lesson, with numbers if there are some that it can take."""
    query = {"lesson": lesson, "step": str(step), **(numbers or {})}
    link("learn", label, query, ":material/school:")
