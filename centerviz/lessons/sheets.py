"""Other numbers for the lessons, drawn by a seed so that they come out readable by hand."""

import numpy as np

EXACT = ((9, 12, 20), (12, 15, 16))  # of length 25: the unit vectors end after two decimals
SCALES = (1, 2, 4, 5, 10, 20, 25, 50)  # what they are divided by
PYTHAGOREAN = ((25, 0), (24, 7), (20, 15), (15, 20), (7, 24), (0, 25))  # all of length 25
DIRECTIONS = ((1, 3), (3, 1), (3, 3), (1, 1), (2, 4), (4, 2))  # where classes may stand


def vector_sheet(rng: np.random.Generator) -> dict[str, str]:
    """One vector of three numbers whose unit vector needs no rounding.

    >>> vector_sheet(np.random.default_rng(0))
    {'x': '-16, -12, -15'}
    """
    entries = rng.permutation(EXACT[rng.integers(len(EXACT))]) * rng.choice([-1, 1], 3)
    return {"x": typed(entries[None] / rng.choice(SCALES))}


def samples_sheet(rng: np.random.Generator) -> dict[str, str]:
    """Two classes of four samples in the plane, in tenths, and one of them to look at.

    The means of the classes are in tenths too.

    >>> samples_sheet(np.random.default_rng(0))["y"]
    '1, 1, 1, 1, 2, 2, 2, 2'
    """
    first, second = rng.choice(len(DIRECTIONS), 2, replace=False)
    middles = np.repeat(np.array([DIRECTIONS[first], DIRECTIONS[second]]), 4, axis=0)
    around = rng.integers(-7, 8, size=(2, 4, 2))
    around[:, 3] -= (around.sum(axis=1) + 2) % 4 - 2
    x = (10 * middles + around.reshape(8, 2)) / 10
    return {"x": typed(x), "y": "1, 1, 1, 1, 2, 2, 2, 2", "sample": str(rng.integers(1, 9))}


def directions_sheet(rng: np.random.Generator) -> dict[str, str]:
    """Two classes of four samples whose unit vectors, and the means of these, end soon.

    >>> directions_sheet(np.random.default_rng(0))["y"]
    '1, 1, 1, 1, 2, 2, 2, 2'
    """
    first, second = (rng.permutation(PYTHAGOREAN)[:4] * side for side in ((1, 1), (-1, 1)))
    x = np.concatenate([first, second]) * rng.choice((1, 2), size=(8, 1)) / 10
    return {"x": typed(x), "y": "1, 1, 1, 1, 2, 2, 2, 2", "sample": str(rng.integers(1, 9))}


def typed(rows: np.ndarray) -> str:
    """Rows of numbers as they would be typed.

    >>> typed(np.array([[1.0, 0.5], [2.0, -3.0]]))
    '1, 0.5; 2, -3'
    """
    return "; ".join(", ".join(f"{entry:g}" for entry in row) for row in rows)
