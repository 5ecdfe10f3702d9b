"""Lesson: the centroid of a class (article 3.3 and 4.2). c_j = mean of its samples."""

import numpy as np

from centerviz.learning.formulas import (
    class_count,
    class_mean,
    class_sum,
    compactness_loss,
    norm,
    unit_vector,
)
from centerviz.lessons.article import TWELVE, is_article
from centerviz.lessons.inputs import Samples, read_samples
from centerviz.lessons.lesson import Correction, Lesson, Mark, Question, Step, worked
from centerviz.lessons.sheets import directions_sheet
from centerviz.lessons.writing import Line, about, latex, plain, rowwise

UNIT = "(x / (x * x).sum(1, keepdims=True) ** 0.5)"  # z in the lines to copy
WRITTEN_OUT = 8  # samples of a class that are written one by one; the rest becomes …


def centroids(x: np.ndarray, samples: Samples) -> np.ndarray:
    """The class means of `x` under the classes of `samples`, (C, D)."""
    return np.stack([class_mean(x, samples.y, j) for j in range(len(samples.labels))])


def added(rows: np.ndarray, line: Line) -> str:
    """The rows (or numbers) with a plus between them; beyond a few they become an ellipsis."""
    shown = [line(row) for row in rows[:WRITTEN_OUT]]
    return " + ".join([*shown, r"\cdots"] if len(rows) > WRITTEN_OUT else shown)


def mean_of(rows: np.ndarray, line: Line) -> str:
    """The mean of the rows as it is worked by hand; unlike a fraction it may break at its signs."""
    return rf"\tfrac{{1}}{{{len(rows)}}} ({added(rows, line)})"


def steps(samples: Samples) -> tuple[Step, ...]:
    """Sum and mean by class, then the same for unit vectors, and how long those means are."""
    return (
        _sum(samples),
        *(_mean(samples, j) for j in range(len(samples.labels))),
        _norms(samples),
        _unit_mean(samples),
        _lengths(samples),
        _compactness(samples),
    )


def _sum(samples: Samples) -> Step:
    line, label = Line(), samples.labels[0]
    return worked(
        "sum",
        f"s_{{{label}}}",
        rf"\sum_{{i:\, y_i = {label}}} x_i",
        added(samples.x[samples.y == 0], line),
        line,
        (class_sum, samples.x, samples.y, 0),
        f"s = x[y == {label}].sum(0)",
        words={"class": str(label)},
        focus=(f"class {label}",),
    )


def _mean(samples: Samples, j: int) -> Step:
    line, label = Line(), samples.labels[j]
    n = class_count(samples.y, j)
    return worked(
        "mean-second" if j == 1 and is_article(samples) else "mean",
        f"c_{{{label}}}",
        rf"\frac{{1}}{{n_{{{label}}}}} \sum_{{i:\, y_i = {label}}} x_i",
        mean_of(samples.x[samples.y == j], line),
        line,
        (class_mean, samples.x, samples.y, j),
        f"c{label} = x[y == {label}].mean(0)",
        words={"class": str(label), "n": str(n)},
        focus=(f"class {label}", f"c_{label}"),
    )


def _norms(samples: Samples) -> Step:
    lengths = norm(samples.x)
    correction = None
    if is_article(samples):
        ours = rf"{about(lengths.min())} \ldots {latex(lengths.max())}"
        correction = Correction("norms", r"\lVert x_i \rVert = 1", ours)
    return worked(
        "norms",
        r"\lVert x_i \rVert",
        r"\sqrt{\textstyle\sum_{d} x_{id}^2}",
        "",
        Line(),
        (norm, samples.x),
        "lengths = (x * x).sum(1) ** 0.5",
        words={"least": plain(lengths.min()), "most": plain(lengths.max())},
        correction=correction,
    )


def _unit_mean(samples: Samples) -> Step:
    line, label = Line(), samples.labels[0]
    z = unit_vector(samples.x)
    correction = None
    if is_article(samples):
        article, ours = class_mean(samples.x, samples.y, 0), class_mean(z, samples.y, 0)
        correction = Correction("not-unit", about(article), about(ours))
    return worked(
        "unit-mean",
        rf"\mu_{{{label}}}",
        rf"\frac{{1}}{{n_{{{label}}}}} \sum_{{i:\, y_i = {label}}} z_i",
        mean_of(z[samples.y == 0], line),
        line,
        (class_mean, z, samples.y, 0),
        f"m = {UNIT}[y == {label}].mean(0)",
        words={"class": str(label)},
        correction=correction,
        focus=(f"class {label}", f"c_{label}"),
    )


def _lengths(samples: Samples) -> Step:
    line, mu = Line(), centroids(unit_vector(samples.x), samples)
    return worked(
        "lengths",
        r"\lVert \mu_j \rVert",
        r"\sqrt{\textstyle\sum_{d} \mu_{jd}^2}",
        rowwise(rf"\lVert {line(row)} \rVert" for row in mu),
        line,
        (norm, mu),
        f"R = np.array([({UNIT}[y == j].mean(0) ** 2).sum() ** 0.5 for j in np.unique(y)])",
        words={"classes": ", ".join(map(str, samples.labels))},
        focus=tuple(f"c_{label}" for label in samples.labels),
    )


def _compactness(samples: Samples) -> Step:
    line, mu = Line(5), centroids(unit_vector(samples.x), samples)
    return worked(
        "compactness",
        r"\ell_j",
        r"\tfrac{1}{n_j} \textstyle\sum_{i:\, y_i = j} \tfrac{1}{2} \lVert z_i - \mu_j \rVert^2 = "
        r"\tfrac{1}{2} (1 - \lVert \mu_j \rVert^2)",
        rowwise(rf"\tfrac{{1}}{{2}} (1 - {line(norm(row))}^2)" for row in mu),
        line,
        (compactness_loss, mu),
        "loss = (1 - R**2) / 2",
        focus=tuple(f"c_{label}" for label in samples.labels),
    )


def question(samples: Samples) -> Question:
    """What is the first entry of the second class's centroid?"""
    own = samples.x[samples.y == 1]
    slips = {
        "sum": class_sum(samples.x, samples.y, 1)[0],
        "everything": samples.x[:, 0].mean(),
        "axis": own[0].mean(),
    }
    return Question(
        expected=float(class_mean(samples.x, samples.y, 1)[0]),
        slips={key: float(value) for key, value in slips.items()},
        words={"class": str(samples.labels[1]), "entries": plain(own[:, 0]).strip("[]")},
    )


def result(samples: Samples) -> dict:
    """Centroids as given and of the unit vectors, and their lengths, in the order of `classes`."""
    unit = centroids(unit_vector(samples.x), samples)
    return {
        "classes": list(samples.labels),
        "counts": np.bincount(samples.y).tolist(),
        "centroids": centroids(samples.x, samples).tolist(),
        "norms": norm(samples.x).tolist(),
        "centroids_unit": unit.tolist(),
        "lengths_unit": norm(unit).tolist(),
    }


def picture(samples: Samples, key: str) -> tuple[Mark, ...]:
    """Every sample, a link to the centroid of its class, and the centroids."""
    x = unit_vector(samples.x) if key in ("unit-mean", "lengths", "compactness") else samples.x
    return samples_and_centers(samples, x, centroids(x, samples))


def samples_and_centers(samples: Samples, x: np.ndarray, c: np.ndarray) -> tuple[Mark, ...]:
    """Samples, the links to their centers, and the centers, named for the steps to point at."""
    own = [(f"class {samples.labels[j]}", int(j)) for j in samples.y]
    return (
        *(Mark(name, "link", x[i], c[j], j) for i, (name, j) in enumerate(own)),
        *(Mark(name, "sample", x[i], None, j) for i, (name, j) in enumerate(own)),
        *(Mark(f"c_{label}", "center", c[j], None, j) for j, label in enumerate(samples.labels)),
    )


LESSON = Lesson(
    "centroid", TWELVE, read_samples, question, steps, result, picture, directions_sheet
)
