"""What a reader types into a lesson, checked: `2, 3, 5`, and tables with rows split by `;`.

Letters: `x` one vector (D,) or samples (N, D) · `y` the class written beside each sample (N,).
Every refusal is a Problem: where, what was given, what is allowed.
"""

import re
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from centerviz.problem import Problem

SMALLEST, LARGEST = 0.001, 1_000_000  # in size; 0 is allowed as well
ROWS, COLUMNS, CLASSES, LABEL = 64, 16, 8, 99  # most of each
TEXT = 20_000  # characters of one input
ALIKE = str.maketrans("，、；\n−", ",,;;-", "[](){}（）【】\r")


@dataclass(frozen=True)
class Field:
    """One input of a lesson: its name, its form and what stands there at first.

    vector: one row of numbers · table: samples as rows, `y` beside them · labels: their classes ·
    matrix: rows of numbers without classes · sample: which row to look at, from 1 ·
    slider: one number from `least` to `most` · choice: one of `choices`.
    """

    name: str
    form: str
    default: str
    label: str = ""  # what the page writes beside it, marked for translation; else the name
    least: float = 0.0
    most: float = 1.0
    step: float = 0.01
    choices: tuple[str, ...] = ()

    def numbers(self, typed: str) -> list | float | int | str:
        """What was typed as numbers, once the lesson has read and accepted it.

        >>> Field("x", "vector", "2, 3").numbers("3 4")
        [3.0, 4.0]
        """
        if self.form == "choice":
            return typed
        if self.form == "slider":
            return float(typed)
        if self.form == "sample":
            return int(typed)
        rows = cells(typed)
        if self.form == "labels":
            return [int(cell) for row in rows for cell in row]
        values = [[float(cell) for cell in row] for row in rows]
        return values[0] if self.form == "vector" else values


@dataclass(frozen=True)
class Samples:
    """Vectors of several classes, and the one sample to look at closely."""

    x: Float[np.ndarray, "N D"]
    y: Int[np.ndarray, " N"]  # 0…C−1
    labels: tuple[int, ...]  # the C classes as they were written, in rising order
    sample: int  # row of the sample, from 0

    @property
    def own(self) -> int:
        """The class, 0…C−1, of the sample to look at."""
        return int(self.y[self.sample])


def cells(typed: str) -> list[list[str]]:
    """The rows and cells of a text, as typed: rows end with `;` or a new line.

    >>> cells("2, 3, 5"), cells("1 2; 3 4;") == cells("[[1,2],[3,4]]")
    ([['2', '3', '5']], True)
    """
    typed = re.sub(r"\]\s*,\s*\[", ";", typed)
    rows = typed.translate(ALIKE).split(";")
    while rows and not rows[-1].strip():
        rows.pop()
    return [
        [cell.strip() for cell in row.split(",")] if "," in row else row.split() or [""]
        for row in rows
    ]


def answer(typed: str) -> float:
    """A typed answer to a question.

    >>> answer(" 0.5 ")
    0.5
    """
    try:
        return float(typed.strip().replace("_", "?").replace("−", "-"))
    except ValueError:
        raise Problem(
            "“{cell}” is not a number; type one number, such as 0.5.", cell=typed.strip()[:24]
        ) from None


def number(cell: str, name: str, row: int = 1, place: int = 1) -> float:
    """The number in one cell; `row` and `place`, from 1, say where it stands in the input.

    >>> number("0.5", "x")
    0.5
    """
    where = {"name": name, "cell": cell[:24], "row": row, "place": place}
    if not cell:
        raise Problem("{name}, row {row}: number {place} is missing; type it.", **where)
    try:
        value = float(cell.replace("_", "?"))  # 1_000 is Python's spelling, not a reader's
    except ValueError:
        raise Problem(
            "{name}, row {row}, number {place}: “{cell}” is not a number; use digits and a point, "
            "such as 0.5.",
            **where,
        ) from None
    if not (value == 0 or SMALLEST <= abs(value) <= LARGEST):
        raise Problem(
            "{name}, row {row}, number {place}: “{cell}” cannot be used; a number here is 0 or "
            "between {least} and {most} in size.",
            **where,
            least=SMALLEST,
            most=f"{LARGEST:,}",
        )
    return value


def table(typed: str, name: str, columns: int = COLUMNS) -> Float[np.ndarray, "N D"]:
    """A table of numbers with rows of one length, at most `columns` in each.

    >>> table("1, 2; 3, 4", "x")
    array([[1., 2.],
           [3., 4.]])
    """
    if len(typed) > TEXT:
        raise Problem("{name} is too long; at most {most} characters.", name=name, most=TEXT)
    rows = cells(typed)
    if not rows:
        raise Problem("{name} is empty; type numbers split by commas, such as 2, 3, 5.", name=name)
    if len(rows) > ROWS:
        raise Problem(
            "{name} has {n} rows; a lesson works with at most {most}.",
            name=name,
            n=len(rows),
            most=ROWS,
        )
    for i, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise Problem(
                "The rows of {name} differ in length: {first} in row 1, {n} in row {row}. Give "
                "every row as many numbers.",
                name=name,
                first=len(rows[0]),
                n=len(row),
                row=i,
            )
    values = [
        [number(cell, name, i, j) for j, cell in enumerate(row, 1)] for i, row in enumerate(rows, 1)
    ]
    if not 2 <= len(rows[0]) <= columns:
        raise Problem(
            "A vector in {name} has 2 to {most} numbers; given: {n}.",
            name=name,
            most=columns,
            n=len(rows[0]),
        )
    return np.array(values)


def has_direction(x: Float[np.ndarray, "N D"], name: str) -> Float[np.ndarray, "N D"]:
    """The same rows, none of them all zeros: a vector of length 0 has no direction.

    >>> has_direction(np.array([[3.0, 4.0]]), "x").shape
    (1, 2)
    """
    zero = np.flatnonzero(~x.any(axis=1))
    if len(zero):
        raise Problem(
            "{name} has only zeros in row {row}: a vector of length 0 has no direction and cannot "
            "be normalised. Change one of its numbers.",
            name=name,
            row=int(zero[0]) + 1,
        )
    return x


def whole(cell: str, name: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`.

    >>> whole("3", "sample", 1, 12)
    3
    """
    if not re.fullmatch(r"\s*\d{1,9}\s*", cell) or not least <= int(cell) <= most:
        raise Problem(
            "{name} holds “{cell}”; use a whole number from {least} to {most}.",
            name=name,
            cell=cell.strip()[:24],
            least=least,
            most=most,
        )
    return int(cell)


def slider(typed: dict[str, str], field: Field) -> float:
    """The number of a slider, within its bounds.

    >>> slider({"alpha": "0.5"}, Field("alpha", "slider", "0.5"))
    0.5
    """
    cell = typed[field.name]
    try:
        value = float(cell.strip().replace("_", "?").replace("\u2212", "-"))
    except ValueError:
        value = float("nan")
    if not field.least <= value <= field.most:
        raise Problem(
            "{name} holds “{cell}”; use a number from {least} to {most}.",
            name=field.name,
            cell=cell.strip()[:24],
            least=f"{field.least:g}",
            most=f"{field.most:g}",
        )
    return value


def choice(typed: dict[str, str], field: Field) -> str:
    """One of the field's choices.

    >>> choice({"rule": "ema"}, Field("rule", "choice", "ema", choices=("ema", "fixed")))
    'ema'
    """
    if typed[field.name] not in field.choices:
        raise Problem(
            "{name} holds “{cell}”; use one of {allowed}.",
            name=field.name,
            cell=typed[field.name].strip()[:24],
            allowed=", ".join(field.choices),
        )
    return typed[field.name]


def read_vector(typed: dict[str, str]) -> Float[np.ndarray, " D"]:
    """The one vector of a lesson, not all zeros.

    >>> read_vector({"x": "2, 3, 5"})
    array([2., 3., 5.])
    """
    x = has_direction(table(typed["x"], "x"), "x")
    if len(x) != 1:
        raise Problem("{name} has {n} rows; this lesson takes one vector.", name="x", n=len(x))
    return x[0]


def read_samples(typed: dict[str, str]) -> Samples:
    """Vectors `x`, their classes `y` and the number of the `sample` to look at, from 1.

    >>> read_samples({"x": "1, 0; 0, 1; 1, 1", "y": "7, 3, 7", "sample": "2"}).y
    array([1, 0, 1])
    """
    x = has_direction(table(typed["x"], "x"), "x")
    if len(typed["y"]) > TEXT:
        raise Problem("{name} is too long; at most {most} characters.", name="y", most=TEXT)
    given = [whole(cell, "y", 0, LABEL) for row in cells(typed["y"]) for cell in row]
    if len(given) != len(x):
        raise Problem(
            "Labels in y: {given}; rows in x: {rows}. Give one label for each row.",
            given=len(given),
            rows=len(x),
        )
    labels = tuple(sorted(set(given)))
    if not 2 <= len(labels) <= CLASSES:
        raise Problem(
            "Different classes in y: {n}. This lesson compares 2 to {most}; change a label.",
            n=len(labels),
            most=CLASSES,
        )
    sample = whole(typed.get("sample", "1"), "sample", 1, len(x))
    return Samples(x, np.array([labels.index(label) for label in given]), labels, sample - 1)
