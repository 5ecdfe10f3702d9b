"""Lesson: the inner-product shortcut (article 2.3, 3.4 and 4.1): what holds and what fails.

For unit z and any c: ½‖z − c‖² = ½ + ½‖c‖² − z·c. The article keeps only −z·c, and then squares it.
"""

import numpy as np

from centerviz.learning.formulas import (
    article_literal_loss,
    article_literal_losses,
    center_loss,
    class_mean,
    cosine_loss,
    gradient_through_normalisation,
    half_squared_distance,
    inner_product,
    mean_inner_product,
    negative_inner_product,
    norm,
    sum_of_squares,
    through_inner_product,
    unit_vector,
)
from centerviz.lessons import descent
from centerviz.lessons.article import SAMPLE, TWELVE, is_article
from centerviz.lessons.centroid import UNIT, centroids, mean_of, samples_and_centers
from centerviz.lessons.inputs import Samples, read_samples
from centerviz.lessons.lesson import Chart, Correction, Lesson, Mark, Question, Step, worked
from centerviz.lessons.sheets import directions_sheet
from centerviz.lessons.writing import RESIDUE, Line, equality, is_exact, latex

DECIMALS = 5
PRECISE = 7  # where nearly equal numbers are subtracted
PULL = 3.0  # the arrow of the gradient is drawn so many times as long
ANGLES = np.arange(0.0, 181.0, 30.0)  # degrees between a sample and its center


def steps(samples: Samples) -> tuple[Step, ...]:
    """The identity on one sample, what the article makes of it, and where that leads."""
    z = unit_vector(samples.x)
    mu = class_mean(z, samples.y, samples.own)
    downhill = descent.steps(samples)
    return (
        *_pair(samples, mu),
        *_identity(samples, z[samples.sample], mu),
        _claim(samples, z[samples.sample], mu),
        _gradient(samples, mu),
        *([_cosine(samples, z[samples.sample], mu)] if norm(mu) > RESIDUE else []),
        _literal(samples),
        _angles(),
        *([downhill["held"]] if downhill else []),
        _vanishing(samples, z, mu),
        *([downhill["means"]] if downhill else []),
    )


def _names(samples: Samples) -> dict:
    """Words and marks of every step on the one sample and its center."""
    i, label = samples.sample + 1, samples.labels[samples.own]
    return {
        "words": {"sample": str(i), "class": str(label)},
        "focus": (f"sample {i}", f"c_{label}", "z", "c"),
    }


def _pair(samples: Samples, c: np.ndarray) -> tuple[Step, ...]:
    """The two vectors everything else is about: the unit sample and its center."""
    unit, mean = Line(DECIMALS), Line(DECIMALS)
    i, label = samples.sample + 1, samples.labels[samples.own]
    x, z = samples.x[samples.sample], unit_vector(samples.x)
    own = z[samples.y == samples.own]
    return (
        worked(
            "unit",
            "z",
            rf"\frac{{x_{{{i}}}}}{{\lVert x_{{{i}}} \rVert}}",
            rf"\frac{{{unit(x)}}}{{{unit(norm(x))}}}",
            unit,
            (unit_vector, x),
            "z = x[sample - 1] / (x[sample - 1] ** 2).sum() ** 0.5",
            **_names(samples),
        ),
        worked(
            "center",
            "c",
            rf"\frac{{1}}{{n_{{{label}}}}} \sum_{{i:\, y_i = {label}}} z_i",
            mean_of(own, mean),
            mean,
            (class_mean, z, samples.y, samples.own),
            f"c = {UNIT}[y == {label}].mean(0)",
            **_names(samples),
        ),
    )


def _identity(samples: Samples, z: np.ndarray, c: np.ndarray) -> tuple[Step, ...]:
    """Inner product, distance counted out, and the distance through the inner product."""
    product, distance, through = Line(PRECISE), Line(PRECISE), Line(PRECISE)
    half = r"\tfrac{1}{2} \lVert z - c \rVert^2"
    return (
        worked(
            "inner",
            r"z \cdot c",
            r"\sum_{d} z_d c_d",
            _products(z, c, product),
            product,
            (inner_product, z, c),
            "p = z @ c",
            **_names(samples),
        ),
        worked(
            "distance",
            half,
            r"\tfrac{1}{2} \sum_{d} (z_d - c_d)^2",
            rf"\tfrac{{1}}{{2}} ({_squares(z - c, distance)})",
            distance,
            (half_squared_distance, z, c),
            "half = ((z - c) ** 2).sum() / 2",
            **_names(samples),
        ),
        worked(
            "identity",
            half,
            r"\tfrac{1}{2} + \tfrac{1}{2} \lVert c \rVert^2 - z \cdot c",
            rf"\tfrac{{1}}{{2}} + \tfrac{{1}}{{2}} \cdot {through(sum_of_squares(c))}"
            f" - {through.factor(inner_product(z, c))}",
            through,
            (through_inner_product, z, c),
            "through = 0.5 + c @ c / 2 - p",
            **_names(samples),
        ),
    )


def _squares(entries: np.ndarray, line: Line) -> str:
    return " + ".join(f"{line.factor(entry)}^2" for entry in entries)


def _products(a: np.ndarray, b: np.ndarray, line: Line) -> str:
    pairs = zip(a, b, strict=True)
    return " + ".join(rf"{line.factor(left)} \cdot {line.factor(right)}" for left, right in pairs)


def _equation(symbol: str, value: float) -> str:
    sign = equality(is_exact(value, DECIMALS))
    return f"{symbol} {sign} {latex(value, DECIMALS)}"


def _claim(samples: Samples, z: np.ndarray, c: np.ndarray) -> Step:
    """The article's −z·c beside the distance it is meant to be."""
    line = Line(DECIMALS)
    minus, half = negative_inner_product(z, c), half_squared_distance(z, c)
    return worked(
        "claim",
        r"-z \cdot c",
        r"-\sum_{d} z_d c_d",
        rf"-({_products(z, c, line)})",
        line,
        (negative_inner_product, z, c),
        "claim = -(z @ c)",
        correction=Correction(
            "claim",
            _equation(r"-z \cdot c", minus),
            _equation(r"\tfrac{1}{2} \lVert z - c \rVert^2", half),
        ),
        **_names(samples),
    )


def _gradient(samples: Samples, c: np.ndarray) -> Step:
    line, x = Line(DECIMALS), samples.x[samples.sample]
    z = unit_vector(x)
    along = rf"{line.factor(inner_product(z, c))} \cdot {line(z)}"
    names = _names(samples)
    return worked(
        "gradient",
        "g",
        r"\nabla_{x} \tfrac{1}{2} \lVert z - c \rVert^2 = \nabla_{x} (-z \cdot c) = "
        r"\frac{(z \cdot c)\, z - c}{\lVert x \rVert}",
        rf"\tfrac{{1}}{{{line(norm(x))}}} ({along} - {line(c)})",
        line,
        (gradient_through_normalisation, x, c),
        "g = (p * z - c) / (x[sample - 1] ** 2).sum() ** 0.5",
        words=names["words"],
        focus=(*names["focus"], "pull"),
    )


def _cosine(samples: Samples, z: np.ndarray, c: np.ndarray) -> Step:
    line = Line(PRECISE)
    return worked(
        "cosine",
        r"\tfrac{1}{2} \lVert z - \hat c \rVert^2",
        r"1 - z \cdot \hat c = 1 - \cos\theta",
        rf"1 - \frac{{{line(inner_product(z, c))}}}{{{line(norm(c))}}}",
        line,
        (cosine_loss, z, c),
        "cosine = 1 - p / (c @ c) ** 0.5",
        **_names(samples),
    )


def _literal(samples: Samples) -> Step:
    line = Line(DECIMALS)
    x, y, c = samples.x, samples.y, centroids(samples.x, samples)
    losses = article_literal_losses(x, c, y)
    correction = None
    if is_article(samples):
        literal, ours = article_literal_loss(x, c, y), center_loss(x, c, y)
        correction = Correction(
            "literal",
            _equation(r"\tfrac{1}{2} \textstyle\sum_i (x_i \cdot c_{y_i})^2", literal),
            _equation(r"\tfrac{1}{2} \textstyle\sum_i \lVert x_i - c_{y_i} \rVert^2", ours),
        )
    return worked(
        "literal",
        r"\tfrac{1}{2} \textstyle\sum_{i} (x_i \cdot c_{y_i})^2",
        r"\sum_{j} \tfrac{1}{2} \sum_{i:\, y_i = j} (x_i \cdot c_j)^2",
        " + ".join(line(losses[y == j].sum()) for j in range(len(c))),
        line,
        (article_literal_loss, x, c, y),
        "literal = sum(((x[y == j] @ x[y == j].mean(0)) ** 2).sum() / 2 for j in np.unique(y))",
        correction=correction,
    )


def turned(degrees: np.ndarray) -> np.ndarray:
    """Unit vectors in the plane at these angles from the center [1, 0]."""
    return np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)


def literal_by_angle(degrees: np.ndarray) -> np.ndarray:
    """½(z·c)² of unit vectors at these angles from their unit center."""
    y = np.zeros(len(degrees), dtype=np.int64)
    return article_literal_losses(turned(degrees), np.array([[1.0, 0.0]]), y)


def _angles() -> Step:
    line = Line()
    return worked(
        "angles",
        r"\tfrac{1}{2} (z \cdot c)^2",
        r"\tfrac{1}{2} \cos^2\theta",
        r"\tfrac{1}{2} \cos^2 [" + r",\, ".join(rf"{angle:g}^\circ" for angle in ANGLES) + "]",
        line,
        (literal_by_angle, ANGLES),
        f"angles = np.cos(np.radians({ANGLES.tolist()})) ** 2 / 2",
    )


def _vanishing(samples: Samples, z: np.ndarray, mu: np.ndarray) -> Step:
    line, label = Line(DECIMALS), samples.labels[samples.own]
    return worked(
        "vanishing",
        rf"\tfrac{{1}}{{n_{{{label}}}}} \textstyle\sum_{{i:\, y_i = {label}}} z_i \cdot c",
        r"\lVert c \rVert^2",
        _squares(mu, line),
        line,
        (mean_inner_product, z[samples.y == samples.own], mu),
        f"vanishing = ({UNIT}[y == {label}] @ c).mean()",
        words={"class": str(label)},
        focus=(f"class {label}", f"c_{label}"),
    )


def question(samples: Samples) -> Question:
    """At which angle to its center is the article's literal loss least?"""
    fine = np.arange(0.0, 181.0)
    z, c = turned(fine), np.array([1.0, 0.0])
    return Question(
        expected=float(fine[literal_by_angle(fine).argmin()]),
        slips={
            "same-way": float(fine[half_squared_distance(z, c).argmin()]),
            "opposite": float(fine[half_squared_distance(z, c).argmax()]),
        },
    )


def result(samples: Samples) -> dict:
    """Both sides of the identity for the sample; the literal loss beside center loss."""
    x, y, c = samples.x, samples.y, centroids(samples.x, samples)
    z = unit_vector(x)
    mu = centroids(z, samples)
    own = mu[samples.own]
    return {
        "half_squared_distance": float(half_squared_distance(z[samples.sample], own)),
        "through_inner_product": float(through_inner_product(z[samples.sample], own)),
        "inner_product": float(inner_product(z[samples.sample], own)),
        "gradient": gradient_through_normalisation(x[samples.sample], own).tolist(),
        "center_loss": float(center_loss(x, c, y)),
        "literal": float(article_literal_loss(x, c, y)),
        "center_loss_unit": float(center_loss(z, mu, y)),
        "literal_unit": float(article_literal_loss(z, mu, y)),
    }


def picture(samples: Samples, key: str) -> tuple[Mark, ...] | Chart:
    """Unit samples and centers, the arrows to the sample and its center, and the pull on it."""
    if key in ("held", "means"):
        return descent.chart(samples, key)
    if key == "angles":
        c = Mark("c", "center", np.array([1.0, 0.0]), None, 0)
        around = zip(ANGLES, turned(ANGLES), strict=True)
        return (*(Mark(f"{angle:g}°", "dot", z, None, 0) for angle, z in around), c)
    x = samples.x if key == "literal" else unit_vector(samples.x)
    c = centroids(x, samples)
    own, i = samples.own, samples.sample
    origin = np.zeros(x.shape[1])
    name = "x" if key == "literal" else "z"
    arrows = [Mark(name, "arrow", x[i], origin, own), Mark("c", "arrow", c[own], origin, own)]
    if key == "gradient":
        pull = -PULL * gradient_through_normalisation(samples.x[i], c[own])
        arrows.append(Mark("pull", "accent", x[i] + pull, x[i], times=PULL))
    return (*samples_and_centers(samples, x, c), *arrows)


LESSON = Lesson(
    "shortcut", (*TWELVE, SAMPLE), read_samples, question, steps, result, picture, directions_sheet
)
