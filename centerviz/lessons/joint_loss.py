"""Lesson: the joint loss and λ (article 3.5; Eq. 5 of the paper). L = L_S + λ L_C.

Both terms are means over the batch, as in training here; the article sums L_C alone.
"""

import numpy as np

from centerviz.learning.formulas import (
    center_loss,
    mean_center_loss,
    norm,
    sample_gradient,
    sample_losses,
)
from centerviz.lessons.centroid import centroids, mean_of, samples_and_centers
from centerviz.lessons.classifier import (
    LAMBDA,
    PLANE,
    Scored,
    read_scored,
    scored_sheet,
    softmax_line,
)
from centerviz.lessons.lesson import Chart, Lesson, Mark, Question, Step, worked
from centerviz.lessons.objective import (
    class_scores,
    gradient_ratio,
    joint_gradient,
    joint_loss,
    shares,
    softmax_gradient,
    softmax_loss,
    softmax_losses,
)
from centerviz.lessons.writing import RESIDUE, Line, plain

DECIMALS = 4
WEIGHTS = np.linspace(LAMBDA.least, LAMBDA.most, 41)  # along the axis of λ


def steps(read: Scored) -> tuple[Step, ...]:
    """Both terms and their sum, what they do to one sample, and two conventions of λ."""
    return (*_terms(read), *_pulls(read), *_conventions(read))


def _losses(read: Scored) -> tuple[float, float]:
    """L_S and L_C of the batch, both as means."""
    x, y = read.samples.x, read.samples.y
    c = centroids(x, read.samples)
    return softmax_loss(x, read.w, y), mean_center_loss(x, c, y)


def _gradients(read: Scored, i: int) -> tuple[np.ndarray, np.ndarray]:
    """What each term asks of sample i, before λ."""
    x, j = read.samples.x[i], int(read.samples.y[i])
    c = centroids(read.samples.x, read.samples)[j]
    return softmax_gradient(x, read.w, np.eye(len(read.w))[j]), sample_gradient(x, c)


def _terms(read: Scored) -> tuple[Step, ...]:
    """L_S, L_C and L."""
    x, y = read.samples.x, read.samples.y
    c = centroids(x, read.samples)
    softmax, center, joint = Line(DECIMALS), Line(DECIMALS), Line(DECIMALS)
    own, all_means = _losses(read), "np.array([x[y == k].mean(0) for k in y])"
    return (
        worked(
            "softmax",
            "L_S",
            r"\frac{1}{m} \sum_{i} -\ln p_{y_i}",
            mean_of(softmax_losses(x, read.w, y), softmax),
            softmax,
            (softmax_loss, x, read.w, y),
            softmax_line("L_S"),
            focus=("push",),
        ),
        worked(
            "center",
            "L_C",
            r"\frac{1}{2m} \sum_{i} \lVert x_i - c_{y_i} \rVert^2",
            mean_of(sample_losses(x, c, y), center),
            center,
            (mean_center_loss, x, c, y),
            f"L_C = ((x - {all_means}) ** 2).sum() / 2 / len(x)",
            focus=("pull",),
        ),
        worked(
            "joint",
            "L",
            r"L_S + \lambda L_C",
            rf"{joint(own[0])} + {joint(read.lam)} \cdot {joint(own[1])}",
            joint,
            (joint_loss, *own, read.lam),
            "L = L_S + lam * L_C",
        ),
    )


def _pulls(read: Scored) -> tuple[Step, ...]:
    """The gradients of both terms at the sample, their sum, and how they compare."""
    i = read.words["sample"]
    push, pull, both = Line(DECIMALS), Line(DECIMALS), Line(DECIMALS)
    g_s, g_c = _gradients(read, read.samples.sample)
    c = centroids(read.samples.x, read.samples)[read.samples.own]
    label, row = read.words["class"], read.samples.own
    error = shares(class_scores(read.x, read.w)) - read.e
    weighted = " + ".join(
        rf"{push.factor(share)} \cdot {push(w)}" for share, w in zip(error, read.w, strict=True)
    )
    told = {"words": read.words}
    return (
        worked(
            "push",
            "g_S",
            rf"\nabla_{{x_{{{i}}}}} (-\ln p_{{{label}}}) = W^\top (p - e_{{{label}}})",
            weighted,
            push,
            (softmax_gradient, read.x, read.w, read.e),
            f"g_S = (lambda u: w.T @ (u / u.sum()) - w[{row}])"
            f"(np.exp((w - w[{row}]) @ x[sample - 1]))",
            focus=("push", f"sample {i}"),
            **told,
        ),
        worked(
            "pull",
            "g_C",
            rf"x_{{{i}}} - c_{{{label}}}",
            f"{pull(read.x)} - {pull(c)}",
            pull,
            (sample_gradient, read.x, c),
            f"g_C = x[sample - 1] - x[y == {label}].mean(0)",
            focus=("pull", f"sample {i}", f"c_{label}"),
            **told,
        ),
        worked(
            "both",
            "g",
            r"g_S + \lambda g_C",
            rf"{both(g_s)} + {both(read.lam)} \cdot {both(g_c)}",
            both,
            (joint_gradient, g_s, g_c, read.lam),
            "g = g_S + lam * g_C",
            focus=("push", "pull", f"sample {i}"),
            **told,
        ),
        *([_ratio(read, g_s, g_c)] if norm(g_s) > RESIDUE else []),
    )


def _ratio(read: Scored, g_s: np.ndarray, g_c: np.ndarray) -> Step:
    line = Line(DECIMALS)
    return worked(
        "ratio",
        r"\rho",
        r"\frac{\lVert \lambda g_C \rVert}{\lVert g_S \rVert}",
        rf"\frac{{{line(read.lam)} \cdot {line(norm(g_c))}}}{{{line(norm(g_s))}}}",
        line,
        (gradient_ratio, g_s, g_c, read.lam),
        "ratio = lam * (g_C @ g_C) ** 0.5 / (g_S @ g_S) ** 0.5",
        words=read.words,
        focus=("push", "pull"),
    )


def _conventions(read: Scored) -> tuple[Step, ...]:
    """λ = 0, and L_C as a sum beside the mean L_S."""
    x, y = read.samples.x, read.samples.y
    zero, summed = Line(DECIMALS), Line(DECIMALS)
    softmax, center = _losses(read)
    total = center_loss(x, centroids(x, read.samples), y)
    return (
        worked(
            "zero",
            r"L_{\lambda = 0}",
            r"L_S + 0 \cdot L_C",
            rf"{zero(softmax)} + 0 \cdot {zero(center)}",
            zero,
            (joint_loss, softmax, center, 0.0),
            "L_zero = L_S + 0 * L_C",
        ),
        worked(
            "sum",
            r"L_{\Sigma}",
            r"L_S + \lambda \textstyle\sum_{i} \tfrac{1}{2} \lVert x_i - c_{y_i} \rVert^2",
            rf"{summed(softmax)} + {summed(read.lam)} \cdot {summed(total)}",
            summed,
            (joint_loss, softmax, total, read.lam),
            "L_sum = L_S + lam * L_C * len(x)",
            words={"m": str(len(x)), "times": plain(read.lam * len(x), DECIMALS)},
        ),
    )


def question(read: Scored) -> Question:
    """L from L_S, L_C and λ."""
    softmax, center = _losses(read)
    slips = {
        "equal": softmax + center,
        "both": read.lam * (softmax + center),
        "sum": softmax + read.lam * center * len(read.samples.x),
        "first": softmax,
    }
    return Question(
        expected=float(joint_loss(softmax, center, read.lam)),
        slips={key: float(value) for key, value in slips.items()},
        words={
            "softmax": plain(softmax, DECIMALS),
            "center": plain(center, DECIMALS),
            "weight": plain(read.lam, DECIMALS),
        },
    )


def result(read: Scored) -> dict:
    """Both terms and L, as means and with L_C summed, and the gradients at every sample."""
    softmax, center = _losses(read)
    pairs = [_gradients(read, i) for i in range(len(read.samples.x))]
    return {
        "classes": list(read.labels),
        "softmax_loss": float(softmax),
        "center_loss_mean": float(center),
        "joint": float(joint_loss(softmax, center, read.lam)),
        "joint_sum": float(joint_loss(softmax, center * len(pairs), read.lam)),
        "softmax_gradients": [push.tolist() for push, _pull in pairs],
        "center_gradients": [pull.tolist() for _push, pull in pairs],
    }


def picture(read: Scored, key: str) -> tuple[Mark, ...] | Chart:
    """At every sample the steps that both terms ask for, or L over λ where λ is the matter."""
    if key in ("joint", "zero", "sum"):
        return _over_lambda(read, key)
    x = read.samples.x
    drawn = list(samples_and_centers(read.samples, x, centroids(x, read.samples)))
    drawn[len(x) + read.samples.sample] = Mark(
        f"sample {read.words['sample']}", "sample", read.x, None, read.samples.own
    )
    for i, at in enumerate(x):
        g_s, g_c = _gradients(read, i)
        for name, kind, g in (("push", "arrow", g_s), ("pull", "accent", read.lam * g_c)):
            if norm(g) > RESIDUE:
                drawn.append(Mark(name, kind, at - g, at))
    return tuple(drawn)


def _over_lambda(read: Scored, key: str) -> Chart:
    softmax, center = _losses(read)
    series = {"L": joint_loss(softmax, center, WEIGHTS), "L_S": np.full_like(WEIGHTS, softmax)}
    if key == "sum":
        series["L_Σ"] = joint_loss(softmax, center * len(read.samples.x), WEIGHTS)
    at = 0.0 if key == "zero" else read.lam
    values = {symbol: tuple(row.tolist()) for symbol, row in series.items()}
    return Chart("lines", tuple(WEIGHTS.tolist()), values, "λ", "L", at)


LESSON = Lesson(
    "joint-loss", (*PLANE, LAMBDA), read_scored, question, steps, result, picture, scored_sheet
)
