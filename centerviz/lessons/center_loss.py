"""Lesson: center loss of a sample, a class and a batch (article 3.4; Eq. 2 and 3 of the paper)."""

import dataclasses

import numpy as np

from centerviz.learning.formulas import (
    center_loss,
    class_loss,
    class_mean,
    difference,
    half_squared_distance,
    loss_without_half,
    mean_center_loss,
    norm,
    sample_gradient,
    sample_losses,
    squared_distances,
    sum_of_squares,
    unit_vector,
)
from centerviz.lessons.article import SAMPLE, TWELVE, is_article
from centerviz.lessons.centroid import UNIT, added, centroids, mean_of, samples_and_centers
from centerviz.lessons.inputs import Samples, read_samples
from centerviz.lessons.lesson import Correction, Lesson, Mark, Question, Step, worked
from centerviz.lessons.sheets import samples_sheet
from centerviz.lessons.writing import Line, about, plain

DECIMALS = 5  # losses here are small


def steps(samples: Samples) -> tuple[Step, ...]:
    """From one sample to its class to the batch, then the other conventions and the gradient."""
    return (
        *_way(samples),
        *_own_loss(samples),
        *(_class(samples, j) for j in range(len(samples.labels))),
        *_batch(samples),
        _gradient(samples),
        _truly_unit(samples),
    )


def _names(samples: Samples) -> dict:
    """Words and marks of every step on the one sample and its center."""
    i, label = samples.sample + 1, samples.labels[samples.own]
    return {
        "words": {"sample": str(i), "class": str(label)},
        "focus": (f"sample {i}", f"c_{label}"),
    }


def _way(samples: Samples) -> tuple[Step, ...]:
    """The center of the sample to look at, and the way from there to the sample."""
    x, y, own = samples.x, samples.y, samples.own
    i, label = samples.sample + 1, samples.labels[own]
    c = class_mean(x, y, own)
    mean, subtraction = Line(DECIMALS), Line(DECIMALS)
    return (
        worked(
            "center",
            f"c_{{{label}}}",
            rf"\frac{{1}}{{n_{{{label}}}}} \sum_{{k:\, y_k = {label}}} x_k",
            mean_of(x[y == own], mean),
            mean,
            (class_mean, x, y, own),
            f"c = x[y == {label}].mean(0)",
            **_names(samples),
        ),
        worked(
            "difference",
            rf"x_{{{i}}} - c_{{{label}}}",
            rf"[x_{{{i},1}} - c_{{{label},1}},\, \ldots,\, x_{{{i},D}} - c_{{{label},D}}]",
            f"{subtraction(x[samples.sample])} - {subtraction(c)}",
            subtraction,
            (difference, x[samples.sample], c),
            "d = x[sample - 1] - c",
            **_names(samples),
        ),
    )


def _own_loss(samples: Samples) -> tuple[Step, ...]:
    """The squared length of that way, and half of it."""
    i, label = samples.sample + 1, samples.labels[samples.own]
    x, c = samples.x[samples.sample], class_mean(samples.x, samples.y, samples.own)
    way = difference(x, c)
    squares, half = Line(DECIMALS), Line(DECIMALS)
    squared = rf"\lVert x_{{{i}}} - c_{{{label}}} \rVert^2"
    return (
        worked(
            "squared",
            squared,
            rf"\sum_{{d}} (x_{{{i}d}} - c_{{{label}d}})^2",
            " + ".join(f"{squares.factor(entry)}^2" for entry in way),
            squares,
            (sum_of_squares, way),
            "q = (d * d).sum()",
            **_names(samples),
        ),
        worked(
            "half",
            rf"\ell_{{{i}}}",
            rf"\tfrac{{1}}{{2}} {squared}",
            rf"\tfrac{{1}}{{2}} \cdot {half(sum_of_squares(way))}",
            half,
            (half_squared_distance, x, c),
            "own = q / 2",
            **_names(samples),
        ),
    )


def _class(samples: Samples, j: int) -> Step:
    line, label = Line(DECIMALS), samples.labels[j]
    c = centroids(samples.x, samples)
    squares = squared_distances(samples.x, c, samples.y)[samples.y == j]
    return worked(
        "class",
        f"L_{{{label}}}",
        rf"\tfrac{{1}}{{2}} \sum_{{i:\, y_i = {label}}} \lVert x_i - c_{{{label}}} \rVert^2",
        rf"\tfrac{{1}}{{2}} ({added(squares, line)})",
        line,
        (class_loss, samples.x, c, samples.y, j),
        f"L{label} = ((x[y == {label}] - x[y == {label}].mean(0)) ** 2).sum() / 2",
        words={"class": str(label)},
        focus=(f"class {label}", f"c_{label}"),
    )


def _batch(samples: Samples) -> tuple[Step, ...]:
    """The sum over classes, its mean over the batch, and the form without the ½."""
    x, y, c = samples.x, samples.y, centroids(samples.x, samples)
    total, mean, doubled = Line(DECIMALS), Line(DECIMALS), Line(DECIMALS)
    losses = [class_loss(x, c, y, j) for j in range(len(samples.labels))]
    squares = r"\textstyle\sum_{i} \lVert x_i - c_{y_i} \rVert^2"
    words = {"m": str(len(x))}
    return (
        worked(
            "total",
            "L_C",
            rf"\tfrac{{1}}{{2}} {squares} = "
            + " + ".join(f"L_{{{label}}}" for label in samples.labels),
            " + ".join(total(loss) for loss in losses),
            total,
            (center_loss, x, c, y),
            "L = " + " + ".join(f"L{label}" for label in samples.labels),
        ),
        worked(
            "mean",
            r"\tfrac{1}{m} L_C",
            rf"\tfrac{{1}}{{2m}} {squares}",
            rf"\frac{{{mean(center_loss(x, c, y))}}}{{{len(x)}}}",
            mean,
            (mean_center_loss, x, c, y),
            "L_mean = L / len(x)",
            words=words,
        ),
        worked(
            "without-half",
            "2 L_C",
            squares,
            rf"2 \cdot {doubled(center_loss(x, c, y))}",
            doubled,
            (loss_without_half, x, c, y),
            "L_double = 2 * L",
        ),
    )


def _gradient(samples: Samples) -> Step:
    line, i, label = Line(DECIMALS), samples.sample + 1, samples.labels[samples.own]
    x, c = samples.x[samples.sample], class_mean(samples.x, samples.y, samples.own)
    return worked(
        "gradient",
        rf"\frac{{\partial L_C}}{{\partial x_{{{i}}}}}",
        rf"x_{{{i}}} - c_{{{label}}}",
        f"{line(x)} - {line(c)}",
        line,
        (sample_gradient, x, c),
        "g = x[sample - 1] - c",
        words={"sample": str(i), "class": str(label)},
        focus=(f"sample {i}", f"c_{label}", "pull"),
    )


def _truly_unit(samples: Samples) -> Step:
    line, z = Line(DECIMALS), unit_vector(samples.x)
    mu, y = centroids(z, samples), samples.y
    lengths = norm(samples.x)
    losses = [class_loss(z, mu, y, j) for j in range(len(samples.labels))]
    correction = None
    if is_article(samples):
        as_given = center_loss(samples.x, centroids(samples.x, samples), y)
        ours = center_loss(z, mu, y)
        correction = Correction("not-unit", about(as_given, DECIMALS), about(ours, DECIMALS))
    return worked(
        "truly-unit",
        r"L_C(z)",
        r"\tfrac{1}{2} \textstyle\sum_{i} \lVert z_i - \mu_{y_i} \rVert^2",
        " + ".join(line(loss) for loss in losses),
        line,
        (center_loss, z, mu, y),
        f"L_unit = sum({UNIT}[y == j].var(0).sum() * sum(y == j) / 2 for j in np.unique(y))",
        words={"least": plain(lengths.min()), "most": plain(lengths.max())},
        correction=correction,
    )


def question(samples: Samples) -> Question:
    """What does the first class add to L_C, given its squared distances?"""
    x, y, c = samples.x, samples.y, centroids(samples.x, samples)
    squares = squared_distances(x, c, y)[y == 0]
    slips = {
        "half": squares.sum(),
        "mean": squares.mean() / 2,
        "root": np.sqrt(squares).sum() / 2,
    }
    return Question(
        expected=float(class_loss(x, c, y, 0)),
        slips={key: float(value) for key, value in slips.items()},
        words={
            "class": str(samples.labels[0]),
            "squares": plain(squares, DECIMALS).strip("[]"),
        },
    )


def result(samples: Samples) -> dict:
    """Losses of samples, classes and the batch in each convention; classes as in `classes`."""
    x, y, c = samples.x, samples.y, centroids(samples.x, samples)
    z = unit_vector(x)
    return {
        "classes": list(samples.labels),
        "centroids": c.tolist(),
        "squared_distances": squared_distances(x, c, y).tolist(),
        "loss_per_sample": sample_losses(x, c, y).tolist(),
        "loss_per_class": [float(class_loss(x, c, y, j)) for j in range(len(c))],
        "total": float(center_loss(x, c, y)),
        "mean": float(mean_center_loss(x, c, y)),
        "without_half": float(loss_without_half(x, c, y)),
        "total_unit": float(center_loss(z, centroids(z, samples), y)),
    }


def picture(samples: Samples, key: str) -> tuple[Mark, ...]:
    """Samples tied to their centers; where the gradient is taken, the pull on one sample."""
    x = unit_vector(samples.x) if key == "truly-unit" else samples.x
    c = centroids(x, samples)
    drawn = list(samples_and_centers(samples, x, c))
    i = samples.sample
    for k in (i, len(x) + i):  # the link and the dot of the sample to look at
        drawn[k] = dataclasses.replace(drawn[k], name=f"sample {i + 1}")
    if key == "gradient":
        drawn.append(Mark("pull", "accent", c[samples.own], x[i]))
    return tuple(drawn)


LESSON = Lesson(
    "center-loss", (*TWELVE, SAMPLE), read_samples, question, steps, result, picture, samples_sheet
)
