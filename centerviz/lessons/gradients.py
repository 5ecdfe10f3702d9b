"""Lesson: gradients (Eq. 3; softmax; through the normalisation), each with a second opinion.

The second opinion is counted, not derived: central differences of the loss itself. The third is
that of PyTorch's autograd on the same source functions, found when it is shown or taken home.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from centerviz.learning.formulas import (
    class_loss,
    class_mean,
    half_squared_distance,
    inner_product,
    norm,
    sample_gradient,
    unit_vector,
)
from centerviz.lessons.centroid import UNIT, centroids, mean_of, samples_and_centers
from centerviz.lessons.classifier import (
    PLANE,
    Scored,
    products,
    read_scored,
    row_marks,
    sample_marks,
    scored_sheet,
)
from centerviz.lessons.lesson import Lesson, Mark, Question, Step, worked
from centerviz.lessons.objective import (
    central_differences,
    class_scores,
    cross_entropy,
    score_gradient,
    shares,
    small_step,
    softmax_gradient,
    through_normalisation,
)
from centerviz.lessons.writing import RESIDUE, Line, plain, rowwise

DECIMALS = 4
PRECISE = 8  # of losses that are nearly equal
QUOTIENT = r"\frac{\ell(x + h e_d) - \ell(x - h e_d)}{2h}"


def own_loss(x: Any, w: Any, e: Any) -> Any:
    """−ln p of the class that e marks, for the scores of x.

    >>> round(float(own_loss(np.zeros(2), np.eye(2), np.array([1.0, 0.0]))), 4)
    0.6931
    """
    return cross_entropy(class_scores(x, w), int(e.argmax()))


def unit_loss(x: Any, mu: Any) -> Any:
    """½‖z − μ‖² of the unit vector of x.

    >>> float(unit_loss(np.array([0.0, 2.0]), np.array([0.0, 1.0])))
    0.0
    """
    return half_squared_distance(unit_vector(x), mu)


def steps(read: Scored) -> tuple[Step, ...]:
    """Three gradients of the sample's losses, each counted out once more."""
    return (*_center(read), *_shares(read), *_softmax(read), *_unit(read), *_through(read))


def _told(read: Scored, *marks: str) -> dict:
    """Words and marks of every step on the one sample."""
    return {"words": read.words, "focus": (f"sample {read.words['sample']}", *marks)}


def _counted(
    read: Scored, key: str, symbol: str, loss: Callable[[np.ndarray], float], line: tuple[str, str]
) -> Step:
    """The gradient once more, from values of the loss a little to either side of the sample.

    `line` gives the name of the copied line and the loss of a vector `v` in NumPy.
    """
    written, h = Line(PRECISE), small_step(read.x)
    rows = [
        rf"\dfrac{{{written(loss(read.x + e))} - {written.factor(loss(read.x - e))}}}"
        rf"{{{written(2 * h)}}}"
        for e in h * np.eye(len(read.x))
    ]
    quotients = "np.array([(f(v + e) - f(v - e)) / (2 * h) for e in h * np.eye(len(v))])"
    name, of_v = line
    return worked(
        key,
        symbol,
        QUOTIENT,
        rowwise(rows),
        written,
        (central_differences, loss, read.x, h),
        f"{name} = (lambda f, v, h: {quotients})(lambda v: {of_v}, x[sample - 1], {h:g})",
        words=read.words | {"h": plain(h, PRECISE)},
        focus=(f"sample {read.words['sample']}", "pull"),
    )


def _center(read: Scored) -> tuple[Step, ...]:
    """Eq. 3, counted with the center held still, and with the center moving along."""
    line, samples, label = Line(DECIMALS), read.samples, read.words["class"]
    c = class_mean(samples.x, samples.y, samples.own)

    def still(x: np.ndarray) -> float:
        return half_squared_distance(x, c)

    def along(x: np.ndarray) -> float:
        moved = samples.x.copy()
        moved[samples.sample] = x
        return class_loss(moved, centroids(moved, samples), samples.y, samples.own)

    changed = "np.where(np.arange(len(x))[:, None] == sample - 1, v, x)"
    spread = f"{changed}[y == {label}].var(0).sum() * (y == {label}).sum() / 2"
    mean = f"x[y == {label}].mean(0)"
    return (
        worked(
            "center",
            "g_C",
            rf"\nabla_x \tfrac{{1}}{{2}} \lVert x - c_{{{label}}} \rVert^2 = x - c_{{{label}}}",
            f"{line(read.x)} - {line(c)}",
            line,
            (sample_gradient, read.x, c),
            f"g_C = x[sample - 1] - {mean}",
            loss=(half_squared_distance, read.x, c),
            **_told(read, f"c_{label}", "pull"),
        ),
        _counted(
            read,
            "center-check",
            r"\tilde g_C",
            still,
            ("check_C", f"((v - {mean}) ** 2).sum() / 2"),
        ),
        _counted(read, "center-moving", r"\tilde g_{\mu}", along, ("check_moving", spread)),
    )


def _shares(read: Scored) -> tuple[Step, ...]:
    """What softmax gives each class, and what it should have given."""
    line, error, own = Line(DECIMALS), Line(DECIMALS), read.samples.own
    i, label = read.words["sample"], read.words["class"]
    s = class_scores(read.x, read.w)
    p = shares(s)
    rows = tuple(f"w_{label}" for label in read.labels)
    return (
        worked(
            "shares",
            "p",
            rf"\mathrm{{softmax}}(W x_{{{i}}}), \quad "
            r"p_j = \tfrac{e^{s_j}}{\sum_k e^{s_k}}, \quad s_j = w_j \cdot x",
            rf"\mathrm{{softmax}}({line(s)})",
            line,
            (shares, s),
            "p = 1 / np.array([np.exp((w - row) @ x[sample - 1]).sum() for row in w])",
            **_told(read, *rows),
        ),
        worked(
            "error",
            r"\frac{\partial \ell}{\partial s}",
            rf"p - e_{{{label}}}",
            f"{error(p)} - {error(read.e)}",
            error,
            (score_gradient, p, read.e),
            f"error = p - np.eye(len(p))[{own}]",
            **_told(read, *rows),
        ),
    )


def _softmax(read: Scored) -> tuple[Step, ...]:
    """From the scores back to the sample, and the same counted."""
    line = Line(DECIMALS)
    error = score_gradient(shares(class_scores(read.x, read.w)), read.e)
    terms = zip(error, read.w, strict=True)

    def loss(x: np.ndarray) -> float:
        return own_loss(x, read.w, read.e)

    return (
        worked(
            "softmax",
            "g_S",
            rf"W^\top (p - e_{{{read.words['class']}}}) = \sum_j (p_j - e_j)\, w_j",
            " + ".join(rf"{line.factor(share)} \cdot {line(w)}" for share, w in terms),
            line,
            (softmax_gradient, read.x, read.w, read.e),
            "g_S = w.T @ error",
            loss=(own_loss, read.x, read.w, read.e),
            **_told(read, *(f"w_{label}" for label in read.labels), "pull"),
        ),
        _counted(
            read,
            "softmax-check",
            r"\tilde g_S",
            loss,
            ("check_S", f"np.log(np.exp((w - w[{read.samples.own}]) @ v).sum())"),
        ),
    )


def _unit(read: Scored) -> tuple[Step, ...]:
    """The unit sample, its center, and how z answers to x."""
    division, mean, matrix = Line(DECIMALS), Line(DECIMALS), Line(DECIMALS)
    samples, i, label = read.samples, read.words["sample"], read.words["class"]
    z, x = unit_vector(samples.x), read.x
    own, identity = unit_vector(x), np.eye(len(x))
    return (
        worked(
            "unit",
            "z",
            rf"\frac{{x_{{{i}}}}}{{\lVert x_{{{i}}} \rVert}}",
            rf"\frac{{{division(x)}}}{{{division(norm(x))}}}",
            division,
            (unit_vector, x),
            "z = x[sample - 1] / (x[sample - 1] ** 2).sum() ** 0.5",
            **_told(read),
        ),
        worked(
            "unit-center",
            r"\mu",
            rf"\frac{{1}}{{n_{{{label}}}}} \sum_{{k:\, y_k = {label}}} z_k",
            mean_of(z[samples.y == samples.own], mean),
            mean,
            (class_mean, z, samples.y, samples.own),
            f"mu = {UNIT}[y == {label}].mean(0)",
            **_told(read, f"c_{label}"),
        ),
        worked(
            "jacobian",
            "J",
            r"\frac{\partial z}{\partial x} = \frac{1}{\lVert x \rVert} (I - z z^\top)",
            rf"\tfrac{{1}}{{{matrix(norm(x))}}} \left( {matrix(identity)} - "
            rf"{matrix(np.outer(own, own))} \right)",
            matrix,
            (through_normalisation, x, identity),
            "J = (np.eye(len(z)) - np.outer(z, z)) / (x[sample - 1] ** 2).sum() ** 0.5",
            **_told(read),
        ),
    )


def _through(read: Scored) -> tuple[Step, ...]:
    """Center loss on z as a gradient by x, the same counted, and its right angle to z."""
    line, check, z = Line(DECIMALS), Line(DECIMALS), unit_vector(read.x)
    samples = read.samples
    mu = class_mean(unit_vector(samples.x), samples.y, samples.own)
    g = through_normalisation(read.x, z - mu)
    jacobian = through_normalisation(read.x, np.eye(len(z)))

    def loss(x: np.ndarray) -> float:
        return unit_loss(x, mu)

    return (
        worked(
            "through",
            "g_z",
            r"J (z - \mu) = -\frac{1}{\lVert x \rVert} (I - z z^\top)\, \mu",
            f"{line(jacobian)} ({line(z)} - {line(mu)})",
            line,
            (through_normalisation, read.x, z - mu),
            "g_z = J @ (z - mu)",
            loss=(unit_loss, read.x, mu),
            **_told(read, f"c_{read.words['class']}", "pull"),
        ),
        _counted(
            read,
            "through-check",
            r"\tilde g_z",
            loss,
            ("check_z", "((v / (v @ v) ** 0.5 - mu) ** 2).sum() / 2"),
        ),
        worked(
            "tangent",
            r"z \cdot g_z",
            r"\sum_d z_d\, g_{z,d}",
            products(z, g, check),
            check,
            (inner_product, z, g),
            "tangent = z @ g_z",
            **_told(read, "pull"),
        ),
    )


def question(read: Scored) -> Question:
    """The gradient of −ln p by the true class's score, from its share."""
    p = shares(class_scores(read.x, read.w))[read.samples.own]
    slips = {"sign": 1 - p, "share": p, "chain": -1 / p}
    return Question(
        expected=float(p - 1),
        slips={key: float(value) for key, value in slips.items()},
        words=read.words | {"share": plain(p, DECIMALS)},
    )


def result(read: Scored) -> dict:
    """The three gradients of the sample's losses."""
    samples, z = read.samples, unit_vector(read.samples.x)
    c, mu = (class_mean(rows, samples.y, samples.own) for rows in (samples.x, z))
    return {
        "classes": list(read.labels),
        "shares": shares(class_scores(read.x, read.w)).tolist(),
        "center_gradient": sample_gradient(read.x, c).tolist(),
        "softmax_gradient": softmax_gradient(read.x, read.w, read.e).tolist(),
        "center_gradient_through_normalisation": through_normalisation(
            read.x, z[samples.sample] - mu
        ).tolist(),
    }


def picture(read: Scored, key: str) -> tuple[Mark, ...]:
    """The step against the gradient, on the sample or, where it was normalised, on z."""
    i, samples = read.samples.sample, read.samples
    if key in ("shares", "error", "softmax", "softmax-check"):
        g = softmax_gradient(read.x, read.w, read.e)
        return (*sample_marks(read), *row_marks(read), *_pull(read.x, g))
    on_sphere = key in ("unit", "unit-center", "jacobian", "through", "through-check", "tangent")
    x = unit_vector(samples.x) if on_sphere else samples.x
    c = centroids(x, samples)
    drawn = list(samples_and_centers(samples, x, c))
    drawn[len(x) + i] = Mark(f"sample {i + 1}", "sample", x[i], None, samples.own)
    g = x[i] - c[samples.own]
    return (*drawn, *_pull(x[i], through_normalisation(read.x, g) if on_sphere else g))


def _pull(start: np.ndarray, g: np.ndarray) -> tuple[Mark, ...]:
    return (Mark("pull", "accent", start - g, start),) if norm(g) > RESIDUE else ()


LESSON = Lesson("gradients", PLANE, read_scored, question, steps, result, picture, scored_sheet)
