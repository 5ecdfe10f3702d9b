"""Lesson: an epoch by hand (article 3.3 to 3.6; Eq. 2 to 4 of the paper): two mini-batches.

The samples are free points here: there is no network, and of the loss only L_C, so that each step
is a subtraction. Rows 1, 3, 5 … are the first batch, rows 2, 4, 6 … the second.
"""

import numpy as np

from centerviz.embedding.distances import drift
from centerviz.learning.formulas import center_loss, class_loss, pull_weight, squared_distances
from centerviz.lessons.centroid import added, centroids
from centerviz.lessons.lesson import Lesson, Mark, Question, Step, worked
from centerviz.lessons.rules import (
    all_pulled,
    loss_about_means,
    loss_after_step,
    moved_centers,
    stepped,
)
from centerviz.lessons.sheets import samples_sheet
from centerviz.lessons.two_batches import INPUTS, Epoch, read
from centerviz.lessons.writing import Line, plain

DECIMALS = 5
SHEET_RULES = (("minibatch", (0.3, 0.6)), ("gradient", (0.4, 0.8)))
PRIMES = ("", "′", "″")  # of a center before, between and after the batches
PRIMES_LATEX = ("", "'", "''")
# A line to copy per rule: what the summed ways of a class are divided by.
DIVISORS = {"minibatch": "(1 + ({y} == j).sum())", "gradient": "len({y})", "ema": "1"}


def steps(epoch: Epoch) -> tuple[Step, ...]:
    """Centers and loss at the start, two batches, and what stands at the end."""
    return (*_start(epoch), *_batch(epoch, 1), *_batch(epoch, 2), *_end(epoch))


def _start(epoch: Epoch) -> tuple[Step, ...]:
    """The centers start as class means, and center loss about them."""
    line, samples, c = Line(DECIMALS), epoch.samples, epoch.centers[0]
    losses = [class_loss(samples.x, c, samples.y, j) for j in range(len(c))]
    return (
        worked(
            "start",
            "c_j",
            r"\frac{1}{n_j} \sum_{i:\, y_i = j} x_i",
            "",
            Line(DECIMALS),
            (centroids, samples.x, samples),
            "c = np.array([x[y == j].mean(0) for j in np.unique(y)])",
            focus=tuple(f"c_{label}" for label in epoch.labels),
        ),
        worked(
            "loss-before",
            "L_C",
            r"\tfrac{1}{2} \sum_{i} \lVert x_i - c_{y_i} \rVert^2",
            added(np.array(losses), line),
            line,
            (center_loss, samples.x, c, samples.y),
            f"L = (({_ways('x', 'y', 'c')}) ** 2).sum() / 2",
        ),
    )


def _ways(x: str, y: str, c: str) -> str:
    """x − c[y] in NumPy, for labels as they were written."""
    return f"{x} - ({_column(y)} == np.unique(y)) @ {c}"


def _column(y: str) -> str:
    return f"{y.removesuffix(']')}, None]" if y.endswith("]") else f"{y}[:, None]"


def _batch(epoch: Epoch, b: int) -> tuple[Step, ...]:
    """Loss, the step of one point and of all, the loss again, one center and all."""
    return (
        _batch_loss(epoch, b),
        _point(epoch, b),
        _points(epoch, b),
        _batch_after(epoch, b),
        _center(epoch, b),
        _centers(epoch, b),
    )


def _names(epoch: Epoch, b: int) -> dict:
    """Words and marks of the steps of batch b; its first row is the one worked by hand."""
    label = epoch.labels[int(epoch.y(b)[0])]
    return {
        "words": {"batch": str(b), "sample": str(b), "class": str(label)},
        "focus": (f"batch {b}", *(f"c_{j}{PRIMES[b - 1]}" for j in epoch.labels)),
    }


def _in_numpy(b: int) -> tuple[str, str, str]:
    """x, y and c of batch b in the lines to copy."""
    return f"x[{b - 1}::2]", f"y[{b - 1}::2]", ("c", "c1")[b - 1]


def _batch_loss(epoch: Epoch, b: int) -> Step:
    x, y, c = epoch.x(b), epoch.y(b), epoch.centers[b - 1]
    line = Line(DECIMALS)
    return worked(
        "batch-loss",
        f"L_{{B{b}}}",
        rf"\tfrac{{1}}{{2}} \sum_{{i \in B{b}}} \lVert x_i - c_{{y_i}} \rVert^2",
        rf"\tfrac{{1}}{{2}} ({added(squared_distances(x, c, y), line)})",
        line,
        (center_loss, x, c, y),
        f"L{b} = (({_ways(*_in_numpy(b))}) ** 2).sum() / 2",
        **_names(epoch, b),
    )


def _point(epoch: Epoch, b: int) -> Step:
    line, names = Line(DECIMALS), _names(epoch, b)
    x, j = epoch.x(b)[0], int(epoch.y(b)[0])
    c = epoch.centers[b - 1][j]
    return worked(
        "point",
        f"x'_{{{b}}}",
        rf"x_{{{b}}} - \eta\, (x_{{{b}}} - c_{{{names['words']['class']}}})",
        rf"{line(x)} - {line(epoch.rate)} \cdot {line(x - c)}",
        line,
        (stepped, x, c, epoch.rate),
        f"p{b} = x[{b - 1}] - rate * (x[{b - 1}] - {_in_numpy(b)[2]}[{j}])",
        **names,
    )


def _points(epoch: Epoch, b: int) -> Step:
    x, y, c = epoch.x(b), epoch.y(b), epoch.centers[b - 1]
    ours = _in_numpy(b)
    return worked(
        "points",
        f"x'_{{B{b}}}",
        rf"x_i - \eta\, (x_i - c_{{y_i}}),\; i \in B{b}",
        "",
        Line(DECIMALS),
        (stepped, x, c[y], epoch.rate),
        f"x{b} = {ours[0]} - rate * ({_ways(*ours)})",
        **_names(epoch, b),
    )


def _batch_after(epoch: Epoch, b: int) -> Step:
    line = Line(DECIMALS)
    loss = float(center_loss(epoch.x(b), epoch.centers[b - 1], epoch.y(b)))
    return worked(
        "batch-after",
        f"L'_{{B{b}}}",
        rf"(1 - \eta)^2\, L_{{B{b}}}",
        rf"(1 - {line(epoch.rate)})^2 \cdot {line(loss)}",
        line,
        (loss_after_step, loss, epoch.rate),
        f"L{b}_after = (1 - rate) ** 2 * L{b}",
        **_names(epoch, b),
    )


def _center(epoch: Epoch, b: int) -> Step:
    """One center by hand: that of the class of the batch's first row."""
    line, names = Line(DECIMALS), _names(epoch, b)
    x, y, j = epoch.x(b), epoch.y(b), int(epoch.y(b)[0])
    c, own, label = epoch.centers[b - 1][j], x[y == j], names["words"]["class"]
    w = pull_weight(epoch.rule, epoch.alpha, len(own), len(x))
    rows, labels, kept = _in_numpy(b)
    divisor = {"minibatch": f" / (1 + {len(own)})", "gradient": f" / {len(x)}", "ema": ""}
    weight = f"alpha{divisor[epoch.rule]}" if epoch.rule in divisor else "0.0"
    old = f"c_{{{label}}}{PRIMES_LATEX[b - 1]}"
    return worked(
        "center",
        f"c_{{{label}}}{PRIMES_LATEX[b]}",
        rf"{old} + w \sum_{{i \in B{b},\, y_i = {label}}} (x_i - {old})",
        rf"{line(c)} + {line(w)} \cdot ({added(own - c, line)})",
        line,
        (all_pulled, own, c, w),
        f"k{b} = {kept}[{j}] + {weight} * ({rows}[{labels} == {label}] - {kept}[{j}]).sum(0)",
        words=names["words"] | {"rule": epoch.rule},
        focus=_center_focus(epoch, b),
    )


def _center_focus(epoch: Epoch, b: int) -> tuple[str, ...]:
    before, after = PRIMES[b - 1], PRIMES[b]
    moved = (f"c_{label}{prime}" for label in epoch.labels for prime in (before, after))
    return (f"batch {b}", *moved)


def _centers(epoch: Epoch, b: int) -> Step:
    rows, labels, kept = _in_numpy(b)
    line = f"c{b} = {kept} + 0.0"
    if epoch.rule in DIVISORS:
        ways = f"({rows}[{labels} == j] - v).sum(0)"
        pull = f"alpha * {ways} / {DIVISORS[epoch.rule].format(y=labels)}"
        line = f"c{b} = np.array([v + {pull} for j, v in zip(np.unique(y), {kept})])"
    old = PRIMES_LATEX[b - 1]
    return worked(
        "centers",
        f"c_j{PRIMES_LATEX[b]}",
        rf"c_j{old} + w_j \sum_{{i \in B{b},\, y_i = j}} (x_i - c_j{old})",
        "",
        Line(DECIMALS),
        (moved_centers, epoch.rule, epoch.x(b), epoch.centers[b - 1], epoch.y(b), epoch.alpha),
        line,
        words={"batch": str(b), "rule": epoch.rule},
        focus=_center_focus(epoch, b),
    )


def _end(epoch: Epoch) -> tuple[Step, ...]:
    """The loss after the epoch, the means and the drift, and what epoch-mean makes of them."""
    samples, x, c, mu = epoch.samples, epoch.end, epoch.centers[2], epoch.means
    after, left = Line(DECIMALS), Line(DECIMALS)
    halves = [center_loss(x[epoch.rows(b)], c, epoch.y(b)) for b in (1, 2)]
    before = float(center_loss(samples.x, epoch.centers[0], samples.y))
    loss, off, n = sum(halves), drift(c, mu), np.bincount(samples.y).astype(np.float64)
    squares = [rf"{left(count)} \cdot {left(d)}^2" for count, d in zip(n, off, strict=True)]
    rows = "x1[y[0::2] == j], x2[y[1::2] == j]"
    kept, means = (tuple(f"{letter}_{label}{prime}" for label in epoch.labels)
                   for letter, prime in (("c", PRIMES[2]), ("μ", "")))  # fmt: skip
    return (
        worked(
            "loss-after",
            "L_C''",
            r"\tfrac{1}{2} \sum_{i} \lVert x'_i - c''_{y_i} \rVert^2",
            added(np.array(halves), after),
            after,
            (center_loss, x, c, samples.y),
            f"L_end = ((({_ways('x1', 'y[0::2]', 'c2')}) ** 2).sum() + "
            f"(({_ways('x2', 'y[1::2]', 'c2')}) ** 2).sum()) / 2",
            words={"before": plain(before, DECIMALS)},
            focus=kept,
        ),
        worked(
            "means",
            r"\mu_j",
            r"\frac{1}{n_j} \sum_{i:\, y_i = j} x'_i",
            "",
            Line(DECIMALS),
            (centroids, x, samples),
            f"mu = np.array([np.concatenate([{rows}]).mean(0) for j in np.unique(y)])",
            focus=means,
        ),
        worked(
            "drift",
            "d_j",
            r"\lVert c''_j - \mu_j \rVert",
            "",
            Line(DECIMALS),
            (drift, c, mu),
            "d = ((c2 - mu) ** 2).sum(1) ** 0.5",
            words={"rule": epoch.rule},
            focus=(*kept, *means),
        ),
        worked(
            "epoch-mean",
            r"L_C(\mu)",
            r"L_C'' - \tfrac{1}{2} \sum_{j} n_j d_j^2",
            rf"{left(loss)} - \tfrac{{1}}{{2}} ({' + '.join(squares)})",
            left,
            (loss_about_means, float(loss), n, off),
            "L_mean = L_end - sum((y == j).sum() * r**2 for j, r in zip(np.unique(y), d)) / 2",
            focus=means,
        ),
    )


def question(epoch: Epoch) -> Question:
    """What is left of the first batch's loss when its samples go the share η of their way?"""
    loss = float(center_loss(epoch.x(1), epoch.centers[0], epoch.y(1)))
    eta = epoch.rate
    return Question(
        expected=loss_after_step(loss, eta),
        slips={
            "linear": (1 - eta) * loss,
            "difference": (1 - eta**2) * loss,
            "unchanged": loss,
        },
        words={"loss": plain(loss, DECIMALS), "rate": plain(eta)},
    )


def result(epoch: Epoch) -> dict:
    """Losses, centers and drift along the epoch; classes as in `classes`."""
    samples, (start, between, end) = epoch.samples, epoch.centers
    return {
        "classes": list(epoch.labels),
        "loss_before": float(center_loss(samples.x, start, samples.y)),
        "loss_after": float(center_loss(epoch.end, end, samples.y)),
        "loss_about_means": float(center_loss(epoch.end, epoch.means, samples.y)),
        "samples": epoch.end.tolist(),
        "centers_start": start.tolist(),
        "centers_between": between.tolist(),
        "centers_end": end.tolist(),
        "means": epoch.means.tolist(),
        "drift": drift(end, epoch.means).tolist(),
    }


def picture(epoch: Epoch, key: str) -> tuple[Mark, ...]:
    """Samples and centers where they stand at the step; arrows where one of them moves."""
    samples, y = epoch.samples, epoch.samples.y
    ended = key in ("loss-after", "means", "drift", "epoch-mean")
    moving = {"batch-loss": "links", "point": "points", "points": "points"}
    moving |= {"batch-after": "points", "center": "centers", "centers": "centers"}
    what = moving.get(key, "")
    x, stage = (epoch.end, 2) if ended else (samples.x, 0)
    marks = []
    for i, j in enumerate(y.tolist()):
        b = i % 2 + 1
        home = epoch.centers[b - 1 if what else stage][j]
        if what == "points":
            marks.append(Mark(f"batch {b}", "arrow", epoch.end[i], x[i], j))
        else:
            marks.append(Mark(f"batch {b}", "link", x[i], home, j))
        marks.append(Mark(f"batch {b}", "sample", x[i], None, j))
    for j, label in enumerate(epoch.labels):
        places = {b: epoch.centers[b][j] for b in ((0, 1, 2) if what else (stage,))}
        marks += [Mark(f"c_{label}{PRIMES[b]}", "center", c, None, j) for b, c in places.items()]
        if what == "centers":
            marks += [
                Mark(f"c_{label}{PRIMES[b]}", "arrow", places[b], places[b - 1], j) for b in (1, 2)
            ]
        if ended and key != "loss-after":
            marks.append(Mark(f"μ_{label}", "dot", epoch.means[j], None, j))
    return tuple(marks)


def sheet(rng: np.random.Generator) -> dict[str, str]:
    """Two classes of four samples in tenths, a step of a half or a fifth, and one of two rules.

    With two samples of a class in a batch of four, one pull weighs a tenth or two.
    """
    rule, alphas = SHEET_RULES[rng.integers(len(SHEET_RULES))]
    return samples_sheet(rng) | {
        "rate": str(rng.choice([0.2, 0.5])),
        "alpha": str(rng.choice(alphas)),
        "rule": rule,
    }


LESSON = Lesson("epoch", INPUTS, read, question, steps, result, picture, sheet)
