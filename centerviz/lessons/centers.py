"""Lesson: moving the centers (article 3.6; Eq. 4 of the paper): five rules on one mini-batch.

All of them are one sum of pulls with another weight: c + w Σ_i (x_i − c).
"""

from itertools import pairwise

import numpy as np

from centerviz.learning.formulas import pull_weight
from centerviz.lessons.conventions import (
    ADDED,
    DOUBLED,
    PAPER,
    ROUNDS,
    TIMES,
    bounds,
    conventions,
    lambdas,
    under_repetition,
    usual_batch,
)
from centerviz.lessons.lesson import Chart, Lesson, Mark, Question, Step, worked
from centerviz.lessons.one_batch import ALPHA, DECIMALS, INPUTS, SLOW, Batch, read
from centerviz.lessons.rules import (
    all_pulled,
    batch_mean,
    between,
    center_without_half,
    distance_left,
    minibatch_center,
    pulled,
    repeated,
    share_of_way,
    ways,
)
from centerviz.lessons.sheets import typed
from centerviz.lessons.writing import Line, plain

PULLS = tuple(f"c_{i}" for i in range(1, SLOW + 1))
WEIGHTS = {
    "minibatch": (r"\frac{\alpha}{1 + n}", "alpha / (1 + len(x))"),
    "gradient": (r"\frac{\alpha}{m}", "alpha / len(x)"),
    "ema": (r"\alpha", "alpha"),
    "epoch-mean": ("0", "0.0"),
    "fixed": ("0", "0.0"),
}


def steps(batch: Batch) -> tuple[Step, ...]:
    """The chosen rule in slow motion, three conventions side by side, and how far α may go."""
    return (
        _ways(batch),
        _weight(batch),
        *(_pull(batch, i) for i in range(1, batch.n + 1)),
        *_share(batch),
        *conventions(batch),
        usual_batch(batch),
        *bounds(batch),
        under_repetition(batch),
        lambdas(batch),
    )


def _ways(batch: Batch) -> Step:
    line = Line(DECIMALS)
    rows = r" \\ ".join(f"{{}}{line(row)} - {line(batch.c)}" for row in batch.x)
    return worked(
        "ways",
        "d_i",
        "x_i - c",
        rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}",
        line,
        (ways, batch.x, batch.c),
        "d = x - c",
        focus=("c", *(f"sample {i}" for i in range(1, batch.n + 1))),
    )


def _weight(batch: Batch) -> Step:
    line, alpha = Line(DECIMALS), batch.alpha
    formula, in_numpy = WEIGHTS[batch.rule]
    numbers = {
        "minibatch": rf"\frac{{{line(alpha)}}}{{1 + {batch.n}}}",
        "gradient": rf"\frac{{{line(alpha)}}}{{{batch.n}}}",
    }
    return worked(
        "weight",
        "w",
        formula,
        numbers.get(batch.rule, ""),
        line,
        (pull_weight, batch.rule, alpha, batch.n, batch.n),
        f"w = {in_numpy}",
        words={"rule": batch.rule},
    )


def _partial(batch: Batch, i: int) -> np.ndarray:
    """The center after the first i samples have pulled."""
    return all_pulled(batch.x[:i], batch.c, batch.weight)


def _pull(batch: Batch, i: int) -> Step:
    line, at = Line(DECIMALS), _partial(batch, i - 1)
    before = "c" if i == 1 else f"c_{{{i - 1}}}"
    in_numpy = "c" if i == 1 else f"c{i - 1}"
    way = batch.x[i - 1] - batch.c
    return worked(
        "pull",
        f"c_{{{i}}}",
        f"{before} + w \\, (x_{{{i}}} - c)",
        rf"{line(at)} + {line(batch.weight)} \cdot {line(way)}",
        line,
        (pulled, at, batch.x[i - 1], batch.c, batch.weight),
        f"c{i} = {in_numpy} + w * d[{i - 1}]",
        words={"sample": str(i)},
        focus=("c", f"sample {i}", f"c_{i}"),
    )


def _share(batch: Batch) -> tuple[Step, ...]:
    """The batch mean, the share of the way that the chosen rule goes, and where that ends."""
    mean, share, end = Line(DECIMALS), Line(DECIMALS), Line(DECIMALS)
    x_mean, s = batch_mean(batch.x), batch.share
    return (
        worked(
            "mean",
            r"\bar x",
            r"\frac{1}{n} \sum_{i} x_i",
            rf"\tfrac{{1}}{{{batch.n}}} ({' + '.join(mean(row) for row in batch.x)})",
            mean,
            (batch_mean, batch.x),
            "mean = x.mean(0)",
            focus=("x̄",),
        ),
        worked(
            "share",
            "s",
            r"n \cdot w",
            rf"{batch.n} \cdot {share(batch.weight)}",
            share,
            (share_of_way, batch.n, batch.weight),
            "s = len(x) * w",
            words={"rule": batch.rule},
            focus=("c", "c′", "x̄"),
        ),
        worked(
            "between",
            "c'",
            r"(1 - s)\, c + s\, \bar x",
            rf"(1 - {end(s)}) \cdot {end(batch.c)} + {end(s)} \cdot {end(x_mean)}",
            end,
            (between, batch.c, x_mean, s),
            "moved = (1 - s) * c + s * mean",
            focus=("c", "c′", "x̄"),
        ),
    )


def question(batch: Batch) -> Question:
    """Where does the paper's rule put the first entry of the center?"""
    c, first = batch.c[0], batch.x[:, 0]
    total = (first - c).sum()
    slips = {
        "n": c + batch.alpha * total / batch.n,
        "alpha": c + total / (1 + batch.n),
        "sum": c + batch.alpha * total,
        "mean": first.mean(),
        "sign": c - batch.alpha * total / (1 + batch.n),
    }
    return Question(
        expected=float(minibatch_center(batch.x, batch.c, batch.alpha)[0]),
        slips={key: float(value) for key, value in slips.items()},
        words={
            "c": plain(c),
            "x": plain(first).strip("[]"),
            "n": str(batch.n),
            "alpha": plain(batch.alpha),
        },
    )


def result(batch: Batch) -> dict:
    """Where the chosen rule and each convention put the center; `converges` if repeated."""
    x, c, alpha = batch.x, batch.c, batch.alpha
    return {
        "weight": batch.weight,
        "share": batch.share,
        "moved": all_pulled(x, c, batch.weight).tolist(),
        "mean": batch_mean(x).tolist(),
        "paper": minibatch_center(x, c, alpha).tolist(),
        "without_half": center_without_half(x, c, alpha).tolist(),
        "added": all_pulled(x, c, alpha).tolist(),
        "converges": bool(distance_left(batch.share) < 1),
    }


def picture(batch: Batch, key: str) -> tuple[Mark, ...] | Chart:
    """The samples, the center and its ways to them, and where the step takes it."""
    if key.startswith("bound"):
        return _left_by_alpha(batch)
    x, c = batch.x, batch.c
    names = [f"sample {i}" for i in range(1, batch.n + 1)]
    marks = [Mark(name, "link", row, c, 0) for name, row in zip(names, x, strict=True)]
    marks += [Mark(name, "sample", row, None, 0) for name, row in zip(names, x, strict=True)]
    if key == "pull":
        marks += _trail([_partial(batch, i) for i in range(batch.n + 1)], PULLS)
    elif key == "repeated":
        path = [c, *repeated(c, batch_mean(x), batch.share, TIMES)]
        marks += [*_trail(path, ROUNDS), _mean(batch)]
    elif key in ("mean", "share", "between"):
        end = all_pulled(x, c, batch.weight)
        marks += [Mark("x̄", "link", batch_mean(x), c), _mean(batch)]
        marks.append(Mark("c′", "center", end, None, 0))
    elif key in ("paper", "without-half", "added"):
        ends = {
            PAPER: minibatch_center(x, c, batch.alpha),
            DOUBLED: center_without_half(x, c, batch.alpha),
            ADDED: all_pulled(x, c, batch.alpha),
        }
        marks += [Mark(name, "dot", end, None, 0) for name, end in ends.items()]
    return (*marks, Mark("c", "center", c, None, 0))


def _mean(batch: Batch) -> Mark:
    return Mark("x̄", "dot", batch_mean(batch.x), None, 0)


def _trail(places: list[np.ndarray], names: tuple[str, ...]) -> list[Mark]:
    """The ways from each place of the center to the next, each with its name at its end."""
    marks = []
    for name, (before, after) in zip(names, pairwise(places), strict=False):
        marks.append(Mark(name, "link", after, before))
        marks.append(Mark(name, "dot", after, None, 0))
    return marks


def _left_by_alpha(batch: Batch) -> Chart:
    """How much of the distance from the mean a batch leaves, by α: below 1 it converges."""
    alphas, n = np.linspace(ALPHA.least, ALPHA.most, 60), batch.n
    named = {"minibatch": r"|1 − αn/(1+n)|", "gradient": "|1 − αn/m|", "ema": "|1 − αn|"}
    series = {
        symbol: tuple(
            float(distance_left(share_of_way(n, pull_weight(rule, float(alpha), n, n))))
            for alpha in alphas
        )
        for rule, symbol in named.items()
    }
    series["1"] = (1.0,) * len(alphas)
    return Chart("lines", tuple(alphas.tolist()), series, "α", "|1 − s|", at=batch.alpha)


def sheet(rng: np.random.Generator) -> dict[str, str]:
    """Four samples and a center of whole numbers: every division comes out even.

    >>> sheet(np.random.default_rng(0))
    {'x': '8, 6; 5, 3; 3, 1; 1, 1', 'c': '-2, 2', 'alpha': '0.5', 'rule': 'ema'}
    """
    return {
        "x": typed(rng.integers(1, 10, size=(4, 2))),
        "c": typed(rng.integers(-3, 4, size=(1, 2))),
        "alpha": str(rng.choice([0.2, 0.4, 0.5, 0.8])),
        "rule": str(rng.choice(["minibatch", "gradient", "ema"])),
    }


LESSON = Lesson("centers", INPUTS, read, question, steps, result, picture, sheet)
