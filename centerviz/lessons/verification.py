"""Lesson: same or different? A threshold, FAR and TAR, the ROC curve, EER and AUC on twenty pairs.

Every pair has a score s, its cosine, and y = 1 if both samples are of one class (genuine), else 0
(impostor). A threshold t accepts the pairs with s ≥ t. Definitions as on the page verify, from
`centerviz.embedding.verification`.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from centerviz.embedding.verification import FEW, Roc, roc
from centerviz.language import N_
from centerviz.lessons.inputs import ROWS, Field, cells, slider, table, whole
from centerviz.lessons.lesson import Chart, Lesson, Question, Step, worked
from centerviz.lessons.rates import (
    acceptance_rate,
    accepted,
    area,
    around_eer,
    equal_error_rate,
    false_acceptance_rates,
    pairs_needed,
    refusal_rate,
    tar_at_far,
    true_acceptance_rates,
)
from centerviz.lessons.writing import Line, plain
from centerviz.problem import Problem

SCORES = (
    "0.91, 0.86, 0.82, 0.75, 0.72, 0.68, 0.61, 0.54, 0.52, 0.44, "
    "0.41, 0.38, 0.36, 0.33, 0.28, 0.22, 0.15, 0.09, 0.02, -0.11"
)
SAME = "1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0"
THRESHOLD = Field("threshold", "slider", "0.5", N_("Threshold t"), least=-1.0, most=1.0, step=0.01)
FAR, TINY_FAR = 0.1, 0.001  # at which TAR is asked for
AROUND = ("around", "eer")

Scores = Float[np.ndarray, " P"]


@dataclass(frozen=True)
class Trial:
    """Scores of pairs, which of them are genuine, and a threshold."""

    scores: Scores
    same: Float[np.ndarray, " P"]  # 1 or 0
    threshold: float

    @property
    def genuine(self) -> Scores:
        """The scores of the pairs of one class."""
        return self.scores[self.same == 1]

    @property
    def impostor(self) -> Scores:
        """The scores of the pairs of different classes."""
        return self.scores[self.same == 0]

    @property
    def roc(self) -> Roc:
        """FAR and TAR at every threshold."""
        return roc(self.genuine, self.impostor)


def read(typed: dict[str, str]) -> Trial:
    """Scores, 1 or 0 for each of them, and the threshold."""
    rows = table(typed["scores"], "scores", ROWS)
    if len(rows) != 1:
        raise Problem("{name} has {n} rows; it takes one.", name="scores", n=len(rows))
    if np.abs(rows).max() > 1:
        raise Problem(
            "{name} holds {value}; a score here is a cosine, a number from -1 to 1.",
            name="scores",
            value=f"{rows.ravel()[np.abs(rows).argmax()]:g}",
        )
    marks = table(typed["same"], "same", ROWS)
    same = [whole(cell, "same", 0, 1) for row in cells(typed["same"]) for cell in row]
    if marks.shape != rows.shape:
        raise Problem(
            "Pairs in same: {given}; scores: {n}. Give each score a 1 (same class) or a 0.",
            given=len(same),
            n=rows.size,
        )
    if len(set(same)) < 2:
        raise Problem(
            "{name} holds only {cell}; the rates need pairs of both kinds, 1 and 0.",
            name="same",
            cell=same[0],
        )
    return Trial(rows[0], np.array(same, dtype=np.float64), slider(typed, THRESHOLD))


def steps(trial: Trial) -> tuple[Step, ...]:
    """From counting at one threshold to the rates, all thresholds, EER and AUC."""
    return (*_counts(trial), *_rates(trial), *_curve(trial), *_at_far(trial), *_errors(trial))


def _words(trial: Trial) -> dict[str, str]:
    return {
        "threshold": plain(trial.threshold),
        "genuine": str(len(trial.genuine)),
        "impostor": str(len(trial.impostor)),
    }


def _counts(trial: Trial) -> tuple[Step, ...]:
    """How many pairs of each kind the threshold accepts."""
    kinds = (
        ("accepted-same", "TA", 1, trial.genuine),
        ("accepted-different", "FA", 0, trial.impostor),
    )
    return tuple(
        worked(
            key,
            rf"\mathrm{{{name}}}",
            rf"\#\{{i:\; y_i = {kind},\; s_i \geq t\}}",
            _set(scores[scores >= trial.threshold]),
            Line(),
            (accepted, scores, trial.threshold),
            f"{name} = (scores[same == {kind}] >= threshold).sum()",
            words=_words(trial),
        )
        for key, name, kind, scores in kinds
    )


def _set(scores: Scores) -> str:
    return r"\#\{" + r",\, ".join(Line()(score) for score in np.sort(scores)[::-1]) + r"\}"


def _rates(trial: Trial) -> tuple[Step, ...]:
    """The same as shares of the pairs of each kind."""
    taken = [int(accepted(scores, trial.threshold)) for scores in (trial.genuine, trial.impostor)]
    refused = Line()
    rate = refused(acceptance_rate(trial.genuine, trial.threshold))
    return (
        worked(
            "tar",
            r"\mathrm{TAR}",
            r"\frac{\mathrm{TA}}{n_1}",
            rf"\frac{{{taken[0]}}}{{{len(trial.genuine)}}}",
            Line(),
            (acceptance_rate, trial.genuine, trial.threshold),
            "TAR = TA / (same == 1).sum()",
            words=_words(trial),
        ),
        worked(
            "far",
            r"\mathrm{FAR}",
            r"\frac{\mathrm{FA}}{n_0}",
            rf"\frac{{{taken[1]}}}{{{len(trial.impostor)}}}",
            Line(),
            (acceptance_rate, trial.impostor, trial.threshold),
            "FAR = FA / (same == 0).sum()",
            words=_words(trial),
        ),
        worked(
            "frr",
            r"\mathrm{FRR}",
            r"1 - \mathrm{TAR}",
            f"1 - {rate}",
            refused,
            (refusal_rate, trial.genuine, trial.threshold),
            "FRR = 1 - TAR",
        ),
    )


def _curve(trial: Trial) -> tuple[Step, ...]:
    """Both rates at every threshold that makes a difference."""
    pairs = trial.genuine, trial.impostor
    thresholds = "[np.inf, *np.unique(scores)[::-1]]"
    return tuple(
        worked(
            key,
            rf"\mathrm{{{rate}}}(t)",
            rf"\tfrac{{1}}{{n_{kind}}} \#\{{i:\; y_i = {kind},\; s_i \geq t\}},\quad "
            r"t = \infty, s_{(1)}, s_{(2)}, \ldots",
            "",
            Line(),
            (rates, *pairs),
            f"{key} = np.array([(scores[same == {kind}] >= t).mean() for t in {thresholds}])",
            words=_words(trial),
        )
        for key, rate, kind, rates in (
            ("fars", "FAR", 0, false_acceptance_rates),
            ("tars", "TAR", 1, true_acceptance_rates),
        )
    )


def _at_far(trial: Trial) -> tuple[Step, ...]:
    """TAR where few errors are allowed, and what twenty pairs cannot tell."""
    return (
        worked(
            "tar-at-far",
            rf"\mathrm{{TAR}}(\mathrm{{FAR}} \leq {FAR})",
            rf"\max \{{\mathrm{{TAR}}(t):\; \mathrm{{FAR}}(t) \leq {FAR}\}}",
            "",
            Line(),
            (tar_at_far, trial.genuine, trial.impostor, FAR),
            f"TAR_at_FAR = tars[fars <= {FAR}].max()",
            words=_words(trial),
        ),
        worked(
            "needed",
            r"n_0^{\min}",
            rf"\frac{{{FEW}}}{{\mathrm{{FAR}}}}",
            rf"\frac{{{FEW}}}{{{TINY_FAR}}}",
            Line(),
            (pairs_needed, TINY_FAR),
            f"needed = {FEW} / {TINY_FAR}",
            words=_words(trial),
        ),
    )


def _errors(trial: Trial) -> tuple[Step, ...]:
    """The equal error rate between its neighbours, and the area under the curve."""
    pairs = trial.genuine, trial.impostor
    line, (before, after) = Line(), around_eer(trial.genuine, trial.impostor)
    part = rf"\frac{{1 - {line(before.sum())}}}{{{line(after.sum())} - {line(before.sum())}}}"
    return (
        worked(
            "around",
            "P",
            r"\begin{bmatrix} \mathrm{FAR}_a & \mathrm{TAR}_a \\ "
            r"\mathrm{FAR}_b & \mathrm{TAR}_b \end{bmatrix},\quad "
            r"\mathrm{FAR}_a + \mathrm{TAR}_a < 1 \leq \mathrm{FAR}_b + \mathrm{TAR}_b",
            "",
            Line(),
            (around_eer, *pairs),
            "around = np.array([fars, tars]).T"
            "[np.argmax(fars + tars - 1 >= 0) + np.array([-1, 0])]",
        ),
        worked(
            "eer",
            r"\mathrm{EER}",
            r"\mathrm{FAR}_a + \frac{1 - (\mathrm{FAR} + \mathrm{TAR})_a}"
            r"{(\mathrm{FAR} + \mathrm{TAR})_b - (\mathrm{FAR} + \mathrm{TAR})_a}"
            r" (\mathrm{FAR}_b - \mathrm{FAR}_a)",
            rf"{line(before[0])} + {part} ({line(after[0])} - {line(before[0])})",
            line,
            (equal_error_rate, *pairs),
            "EER = around[0, 0] + (1 - around[0].sum()) / (around[1] - around[0]).sum() "
            "* (around[1, 0] - around[0, 0])",
        ),
        worked(
            "auc",
            r"\mathrm{AUC}",
            r"\frac{\#\{s_i > s_k\} + \frac{1}{2} \#\{s_i = s_k\}}{n_1 n_0},\quad "
            r"y_i = 1,\; y_k = 0",
            rf"\frac{{{plain(area(*pairs) * trial.genuine.size * trial.impostor.size)}}}"
            rf"{{{trial.genuine.size} \cdot {trial.impostor.size}}}",
            Line(),
            (area, *pairs),
            "AUC = np.mean([(a > b) + (a == b) / 2 for a in scores[same == 1] "
            "for b in scores[same == 0]])",
            words=_words(trial),
        ),
    )


def question(trial: Trial) -> Question:
    """Which share of the impostor pairs does the threshold accept?"""
    wrong = int(accepted(trial.impostor, trial.threshold))
    every = int(accepted(trial.scores, trial.threshold))
    slips = {
        "count": wrong,
        "all": wrong / len(trial.scores),
        "accepted": wrong / max(every, 1),
        "tar": acceptance_rate(trial.genuine, trial.threshold),
        "refused": refusal_rate(trial.impostor, trial.threshold),
    }
    return Question(
        expected=float(acceptance_rate(trial.impostor, trial.threshold)),
        slips={key: float(value) for key, value in slips.items()},
        words={
            "threshold": plain(trial.threshold),
            "scores": plain(np.sort(trial.impostor)[::-1]).strip("[]"),
        },
    )


def result(trial: Trial) -> dict:
    """The rates at the threshold, and what describes all thresholds at once."""
    curve = trial.roc
    return {
        "genuine": curve.genuine,
        "impostor": curve.impostor,
        "tar": float(acceptance_rate(trial.genuine, trial.threshold)),
        "far": float(acceptance_rate(trial.impostor, trial.threshold)),
        "tar_at_far_0.1": curve.tar_at_far(FAR),
        "eer": curve.eer,
        "auc": curve.auc,
        "fars": curve.far.tolist(),
        "tars": curve.tar.tolist(),
    }


def picture(trial: Trial, key: str) -> Chart:
    """Scores as dots with the threshold; from the curve on, the ROC with what is asked of it."""
    if key in ("fars", "tars", "tar-at-far", "needed", "around", "eer", "auc"):
        curve = trial.roc
        series = {"TAR": tuple(curve.tar.tolist())}
        if key in AROUND:
            series["1 − FAR"] = tuple((1 - curve.far).tolist())
        places = dict.fromkeys(AROUND, curve.eer) | {"tar-at-far": FAR, "needed": TINY_FAR}
        return Chart("lines", tuple(curve.far.tolist()), series, "FAR", "TAR", places.get(key))
    rows = [
        tuple(kind if mark == kind else None for mark in trial.same.tolist()) for kind in (1, 0)
    ]
    series = {"y = 1": rows[0], "y = 0": rows[1]}
    return Chart("dots", tuple(trial.scores.tolist()), series, "s", "y", trial.threshold)


def sheet(rng: np.random.Generator) -> dict[str, str]:
    """Twenty different scores in hundredths, eight or ten of them genuine, and a threshold."""
    drawn = rng.choice(np.arange(-10, 96), 20, replace=False) / 100
    luck = drawn + rng.normal(0, 0.25, 20)  # high scores are genuine, most of them
    same = (luck >= np.sort(luck)[-rng.choice((8, 10))]).astype(int)
    order = rng.permutation(20)
    return {
        "scores": ", ".join(f"{score:g}" for score in drawn[order]),
        "same": ", ".join(map(str, same[order])),
        "threshold": f"{rng.integers(3, 7) / 10:g}",
    }


INPUTS = (
    Field("scores", "vector", SCORES, N_("Scores of the pairs")),
    Field("same", "vector", SAME, N_("1: same class, 0: different")),
    THRESHOLD,
)
LESSON = Lesson("verification", INPUTS, read, question, steps, result, picture, sheet)
