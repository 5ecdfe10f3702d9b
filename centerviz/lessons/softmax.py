"""Lesson: softmax cross-entropy by hand (article 3.5; Eq. 1 of the paper, without the bias)."""

import numpy as np

from centerviz.lessons.centroid import mean_of
from centerviz.lessons.classifier import (
    PLANE,
    Scored,
    products,
    read_scored,
    row_marks,
    sample_marks,
    scored_sheet,
    softmax_line,
)
from centerviz.lessons.lesson import Chart, Lesson, Mark, Question, Step, worked
from centerviz.lessons.objective import (
    class_scores,
    cross_entropy,
    equal_scores_loss,
    exponential,
    shares,
    shares_of,
    shifted_scores,
    softmax_loss,
    softmax_losses,
    surprise,
    unit_floor,
)
from centerviz.lessons.writing import RESIDUE, Line, plain, rowwise

DECIMALS = 4
SHARES = np.array([0.99, 0.9, 0.5, 0.1, 0.01, 0.001])  # of the true class
SCALES = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
TEN = 10  # classes for which the floor is shown
CLASSES = tuple(range(2, 21))  # along the axis of ln C


def steps(read: Scored) -> tuple[Step, ...]:
    """Scores, shares and loss of one sample; the batch; and three losses to compare with."""
    return (
        *_scores(read),
        *_shares(read),
        *_loss(read),
        _batch(read),
        _equal(read),
        _sure(),
        _floor(),
    )


def _names(read: Scored) -> dict:
    rows = (f"w_{label}" for label in read.labels)
    return {"words": read.words, "focus": (f"sample {read.words['sample']}", "x", *rows)}


def _scores(read: Scored) -> tuple[Step, ...]:
    """One inner product for each class, and how far each lies below the largest."""
    scores, shifted, i = Line(DECIMALS), Line(DECIMALS), read.words["sample"]
    s = class_scores(read.x, read.w)
    return (
        worked(
            "scores",
            "s",
            rf"W x_{{{i}}}, \quad s_j = w_j \cdot x_{{{i}}}",
            rowwise([products(row, read.x, scores) for row in read.w]),
            scores,
            (class_scores, read.x, read.w),
            "s = w @ x[sample - 1]",
            **_names(read),
        ),
        worked(
            "shifted",
            "t",
            r"s - \max_k s_k",
            f"{shifted(s)} - {shifted.factor(s.max())}",
            shifted,
            (shifted_scores, s),
            "t = s - s.max()",
            **_names(read),
        ),
    )


def _shares(read: Scored) -> tuple[Step, ...]:
    """Powers of e, and each over their sum."""
    powers, division = Line(DECIMALS), Line(DECIMALS)
    t = shifted_scores(class_scores(read.x, read.w))
    numbers = exponential(t)
    return (
        worked(
            "powers",
            "u",
            r"e^{t}, \quad u_j = e^{t_j}",
            "[" + r",\, ".join(f"e^{{{powers(entry)}}}" for entry in t) + "]",
            powers,
            (exponential, t),
            "u = np.exp(t)",
        ),
        worked(
            "shares",
            "p",
            r"\frac{u}{\sum_k u_k}",
            rf"\frac{{{division(numbers)}}}{{{' + '.join(division(entry) for entry in numbers)}}}",
            division,
            (shares_of, numbers),
            "p = u / u.sum()",
        ),
    )


def _loss(read: Scored) -> tuple[Step, ...]:
    """−ln of the true class's share, and the same without ever forming that share."""
    loss, direct, own = Line(DECIMALS), Line(DECIMALS), read.samples.own
    i, label = read.words["sample"], read.words["class"]
    s = class_scores(read.x, read.w)
    p, t = shares(s), shifted_scores(s)
    numbers = " + ".join(direct(entry) for entry in exponential(t))
    return (
        worked(
            "loss",
            rf"\ell_{{{i}}}",
            rf"-\ln p_{{{label}}}",
            rf"-\ln {loss(p[own])}",
            loss,
            (surprise, p[own]),
            f"own = -np.log(p[{own}])",
            words=read.words,
        ),
        worked(
            "direct",
            rf"\ell_{{{i}}}",
            rf"\ln \textstyle\sum_k e^{{t_k}} - t_{{{label}}}",
            rf"\ln ({numbers}) - {direct.factor(t[own])}",
            direct,
            (cross_entropy, s, own),
            f"direct = np.log(np.exp(t).sum()) - t[{own}]",
            words=read.words,
        ),
    )


def _batch(read: Scored) -> Step:
    line, samples = Line(DECIMALS), read.samples
    losses = softmax_losses(samples.x, read.w, samples.y)
    return worked(
        "batch",
        "L_S",
        r"\frac{1}{m} \sum_{i} \ell_i",
        mean_of(losses, line),
        line,
        (softmax_loss, samples.x, read.w, samples.y),
        softmax_line("L_S"),
        words={"m": str(len(losses))},
    )


def _equal(read: Scored) -> Step:
    line, classes = Line(DECIMALS), len(read.w)
    return worked(
        "equal",
        r"\ell_{=}",
        r"-\ln \frac{1}{C} = \ln C",
        rf"\ln {classes}",
        line,
        (equal_scores_loss, classes),
        "equal = np.log(len(w))",
        words={"classes": str(classes)},
    )


def _sure() -> Step:
    line = Line(DECIMALS)
    listed = ", ".join(f"{p:g}" for p in SHARES)
    return worked(
        "sure",
        r"\ell",
        r"-\ln p",
        rf"-\ln {line(SHARES)}",
        line,
        (surprise, SHARES),
        f"cost = -np.log(np.array([{listed}]))",
    )


def _floor() -> Step:
    line = Line(3)
    listed = ", ".join(f"{s:g}" for s in SCALES)
    return worked(
        "floor",
        r"\ell_{\min}",
        r"\ln\left(1 + (C - 1)\, e^{-sC/(C-1)}\right)",
        rf"\ln\left(1 + {TEN - 1}\, e^{{-{line(SCALES)} \cdot {TEN}/{TEN - 1}}}\right)",
        line,
        (unit_floor, SCALES, TEN),
        f"floor = np.log(1 + {TEN - 1} * np.exp(-np.array([{listed}]) * {TEN} / {TEN - 1}))",
    )


def question(read: Scored) -> Question:
    """Which share does softmax give the class of the sample, from its scores?"""
    s, own = class_scores(read.x, read.w), read.samples.own
    p = shares(s)
    slips = {"power": exponential(shifted_scores(s))[own], "loss": surprise(p[own])}
    if abs(s.sum()) > RESIDUE:
        slips["linear"] = s[own] / s.sum()
    return Question(
        expected=float(p[own]),
        slips={key: float(value) for key, value in slips.items()},
        words=read.words
        | {"scores": plain(s, DECIMALS), "classes": ", ".join(map(str, read.labels))},
    )


def result(read: Scored) -> dict:
    """Scores, shares and loss of the sample; the loss of every sample and of the batch."""
    samples, s = read.samples, class_scores(read.x, read.w)
    return {
        "classes": list(read.labels),
        "scores": s.tolist(),
        "shares": shares(s).tolist(),
        "loss": float(cross_entropy(s, samples.own)),
        "loss_per_sample": softmax_losses(samples.x, read.w, samples.y).tolist(),
        "softmax_loss": float(softmax_loss(samples.x, read.w, samples.y)),
        "equal_scores": float(equal_scores_loss(len(read.w))),
        "floor_ten_classes": float(unit_floor(1.0, TEN)),
    }


def picture(read: Scored, key: str) -> tuple[Mark, ...] | Chart:
    """The sample among the rows of W; shares as bars; the losses to compare with as curves."""
    if key in ("powers", "shares", "direct"):
        t = shifted_scores(class_scores(read.x, read.w))
        numbers = shares(t) if key == "shares" else exponential(t)
        names = tuple(str(label) for label in read.labels)
        letter = "p" if key == "shares" else "u"
        return Chart("bars", names, {letter: tuple(numbers.tolist())}, "j", letter)
    if key == "equal":
        losses = equal_scores_loss(np.array(CLASSES))
        return Chart(
            "dots", CLASSES, {"ln C": tuple(losses.tolist())}, "C", "ln C", float(len(read.w))
        )
    if key in ("loss", "sure"):
        p = np.linspace(0.005, 1, 200)
        at = float(shares(class_scores(read.x, read.w))[read.samples.own])
        return _curve(p, surprise(p), "−ln p", "p", at)
    if key == "floor":
        scales = np.linspace(0.25, 16, 64)
        return _curve(scales, unit_floor(scales, TEN), "ℓ", "s", 1.0)
    x = Mark("x", "arrow", read.x, np.zeros_like(read.x), read.samples.own)
    return (*sample_marks(read), *row_marks(read), x)


def _curve(x: np.ndarray, values: np.ndarray, symbol: str, title: str, at: float) -> Chart:
    return Chart("lines", tuple(x.tolist()), {symbol: tuple(values.tolist())}, title, symbol, at)


LESSON = Lesson("softmax", PLANE, read_scored, question, steps, result, picture, scored_sheet)
