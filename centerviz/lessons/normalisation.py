"""Lesson: feature normalisation (article 3.2 and 4.1). z = x / ‖x‖."""

import numpy as np
from jaxtyping import Float

from centerviz.language import N_
from centerviz.learning.formulas import norm, sum_of_squares, unit_vector
from centerviz.lessons.article import VECTOR
from centerviz.lessons.inputs import Field, read_vector, table
from centerviz.lessons.lesson import Correction, Lesson, Mark, Question, Step, worked
from centerviz.lessons.sheets import vector_sheet
from centerviz.lessons.writing import RESIDUE, Line, about, latex, plain

Vector = Float[np.ndarray, " D"]


def steps(x: Vector) -> tuple[Step, ...]:
    """Squares, length, unit vector, its length, and what normalising loses."""
    return (*_length(x), *_direction(x), _twice(x))


def _length(x: Vector) -> tuple[Step, ...]:
    squares, root = Line(), Line()
    return (
        worked(
            "squares",
            r"\lVert x \rVert^2",
            r"\sum_{d} x_d^2",
            " + ".join(f"{squares.factor(entry)}^2" for entry in x),
            squares,
            (sum_of_squares, x),
            "q = (x * x).sum()",
            focus=("x",),
        ),
        worked(
            "norm",
            r"\lVert x \rVert",
            r"\sqrt{\textstyle\sum_{d} x_d^2}",
            rf"\sqrt{{{root(sum_of_squares(x))}}}",
            root,
            (norm, x),
            "length = q ** 0.5",
            focus=("x",),
        ),
    )


def _direction(x: Vector) -> tuple[Step, ...]:
    division, check, z = Line(), Line(), unit_vector(x)
    return (
        worked(
            "unit",
            "z",
            r"\frac{x}{\lVert x \rVert}",
            rf"\frac{{{division(x)}}}{{{division(norm(x))}}}",
            division,
            (unit_vector, x),
            "z = x / length",
            correction=_cut(x, z),
            focus=("x", "z"),
        ),
        worked(
            "check",
            r"\lVert z \rVert",
            r"\sqrt{\textstyle\sum_{d} z_d^2}",
            rf"\sqrt{{{' + '.join(f'{check.factor(entry)}^2' for entry in z)}}}",
            check,
            (norm, z),
            "check = (z * z).sum() ** 0.5",
            focus=("z",),
        ),
    )


def _twice(x: Vector) -> Step:
    line = Line()
    return worked(
        "lost",
        "z(2x)",
        r"\frac{2x}{\lVert 2x \rVert}",
        rf"\frac{{{line(2 * x)}}}{{{line(norm(2 * x))}}}",
        line,
        (unit_vector, 2 * x),
        "lost = 2 * x / ((2 * x) ** 2).sum() ** 0.5",
        focus=("2x", "z"),
    )


def _cut(x: Vector, z: Vector) -> Correction | None:
    """Slip 1: the article cuts 3/√38 where it should round it."""
    if not np.array_equal(x, table(VECTOR, "x")[0]):
        return None
    cut = np.floor(z * 1000) / 1000
    return Correction("cut", rf"\approx {latex(cut)}", about(z))


def question(x: Vector) -> Question:
    """What does the entry that is largest in size become?"""
    largest = int(np.abs(x).argmax())
    shares = {"square": x[largest] / sum_of_squares(x), "largest": np.sign(x[largest])}
    if abs(x.sum()) > RESIDUE:
        shares["sum"] = x[largest] / x.sum()
    return Question(
        expected=float(unit_vector(x)[largest]),
        slips={key: float(value) for key, value in shares.items()},
        words={"x": plain(x), "entry": plain(x[largest])},
    )


def result(x: Vector) -> dict:
    """The length and the unit vector."""
    return {"norm": float(norm(x)), "z": unit_vector(x).tolist()}


def picture(x: Vector, key: str) -> tuple[Mark, ...]:
    """The vector and its unit vector, and twice the vector where a step asks for it."""
    origin = np.zeros_like(x)
    twice = (Mark("2x", "arrow", 2 * x, origin),) if key == "lost" else ()
    return (
        *twice,
        Mark("x", "arrow", x, origin),
        Mark("z", "accent", unit_vector(x), origin),
    )


LESSON = Lesson(
    "normalisation",
    (Field("x", "vector", VECTOR, N_("Vector x")),),
    read_vector,
    question,
    steps,
    result,
    picture,
    vector_sheet,
)
