"""Lesson: intra and inter, scatter, Fisher and NC1, and why shrinking is not compactness.

All vectors are multiplied by `scale` first: L_C and the distances follow it, the scale-free
numbers do not. The numbers are those that judge an embedding everywhere in the app.

Letters: `x` features (N, D) · `y` class of each sample, 0…C−1 (N,) · `mu` class means (C, D) ·
S_W, S_B scatter within and between the classes.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from centerviz.embedding.distances import distances_to_means, inter_matrix, radii, ratio
from centerviz.language import N_
from centerviz.learning.formulas import center_loss, class_loss
from centerviz.lessons.article import TWELVE
from centerviz.lessons.centroid import added, centroids, samples_and_centers
from centerviz.lessons.compactness import (
    between_trace,
    fisher,
    inter_mean,
    intra_mean,
    nc1,
    statistics,
    within_trace,
)
from centerviz.lessons.inputs import Field, Samples, read_samples, slider
from centerviz.lessons.lesson import Chart, Lesson, Mark, Question, Step, worked
from centerviz.lessons.sheets import samples_sheet
from centerviz.lessons.writing import Line, plain
from centerviz.problem import Problem

DECIMALS = 5
SCALE = Field("scale", "slider", "0.5", N_("Scale s"), least=0.1, most=4.0, step=0.1)
SCALES = np.linspace(0.2, 2.0, 19)  # of the chart
COUNTS = "np.unique(y, return_counts=True)[1]"  # n_j in the lines to copy

Rows = Float[np.ndarray, "N D"]
Classes = Int[np.ndarray, " N"]


@dataclass(frozen=True)
class Scaled:
    """Samples, and what all of them are multiplied by."""

    samples: Samples
    scale: float

    @property
    def x(self) -> Rows:
        """The samples after scaling."""
        return self.scale * self.samples.x

    @property
    def y(self) -> Classes:
        """The class of each sample, 0…C−1."""
        return self.samples.y

    @property
    def mu(self) -> Float[np.ndarray, "C D"]:
        """The class means after scaling."""
        return centroids(self.x, self.samples)

    @property
    def labels(self) -> tuple[int, ...]:
        """The classes as they were written."""
        return self.samples.labels


def read(typed: dict[str, str]) -> Scaled:
    """Samples and scale; what would divide by zero is refused."""
    samples = read_samples(typed)
    found = Scaled(samples, slider(typed, SCALE))
    if statistics(samples.x, samples.y).fisher is None:
        raise Problem(
            "In every class of {name} all samples are the same, so there is no scatter to divide "
            "by. Change one of its numbers.",
            name="x",
        )
    if not inter_mean(found.mu) or nc1(samples.x, samples.y) is None:
        raise Problem(
            "The class means of {name} are all in one place, so there is no distance between "
            "classes to divide by. Change one of its numbers.",
            name="x",
        )
    return found


def steps(scaled: Scaled) -> tuple[Step, ...]:
    """Distances, scatter, what is made of them, and the same before scaling."""
    return (
        *_distances(scaled),
        *_ratio(scaled),
        *_scatter(scaled),
        *_scale_free(scaled),
        *_losses(scaled),
        _fisher_before(scaled),
    )


def _distances(scaled: Scaled) -> tuple[Step, ...]:
    """The class means, and how far every sample is from its own."""
    means = Line(DECIMALS)
    c = centroids(scaled.samples.x, scaled.samples)
    return (
        worked(
            "means",
            r"\mu_j",
            r"\frac{1}{n_j} \sum_{i:\, y_i = j} s\, x_i",
            rf"{means(scaled.scale)} \cdot {means(c)}",
            means,
            (centroids, scaled.x, scaled.samples),
            "mu = np.array([(scale * x)[y == j].mean(0) for j in np.unique(y)])",
            words={"classes": ", ".join(map(str, scaled.labels))},
            focus=tuple(f"c_{label}" for label in scaled.labels),
        ),
        worked(
            "distances",
            "d_i",
            r"\lVert s\, x_i - \mu_{y_i} \rVert",
            "",
            Line(DECIMALS),
            (distances_to_means, scaled.x, scaled.y, scaled.mu),
            "d = ((scale * x - mu[np.searchsorted(np.unique(y), y)]) ** 2).sum(1) ** 0.5",
        ),
    )


def _ratio(scaled: Scaled) -> tuple[Step, ...]:
    """Intra, inter, and one over the other."""
    tight, apart, share = Line(DECIMALS), Line(DECIMALS), Line(DECIMALS)
    found = radii(scaled.x, scaled.y, scaled.mu)
    each = found.mean[found.counts > 1]
    gaps = inter_matrix(scaled.mu)[np.triu_indices(len(scaled.mu), 1)]
    values = intra_mean(scaled.x, scaled.y, scaled.mu), inter_mean(scaled.mu)
    return (
        worked(
            "intra",
            r"\mathrm{intra}",
            r"\frac{1}{C'} \sum_{j:\, n_j \geq 2} \frac{1}{n_j} \sum_{i:\, y_i = j} d_i",
            rf"\tfrac{{1}}{{{len(each)}}} ({added(each, tight)})",
            tight,
            (intra_mean, scaled.x, scaled.y, scaled.mu),
            f"intra = np.mean([d[y == j].mean() for j in np.unique(y)[{COUNTS} > 1]])",
        ),
        worked(
            "inter",
            r"\mathrm{inter}",
            r"\frac{2}{C (C - 1)} \sum_{a < b} \lVert \mu_a - \mu_b \rVert",
            rf"\tfrac{{1}}{{{len(gaps)}}} ({added(gaps, apart)})",
            apart,
            (inter_mean, scaled.mu),
            "inter = np.mean([((a - b) ** 2).sum() ** 0.5 for i, a in enumerate(mu) "
            "for b in mu[:i]])",
        ),
        worked(
            "ratio",
            r"\rho",
            r"\frac{\mathrm{intra}}{\mathrm{inter}}",
            rf"\frac{{{share(values[0])}}}{{{share(values[1])}}}",
            share,
            (ratio, *values),
            "ratio = intra / inter",
        ),
    )


def _scatter(scaled: Scaled) -> tuple[Step, ...]:
    """tr S_W and tr S_B, class by class."""
    within, between = Line(DECIMALS), Line(DECIMALS)
    found = statistics(scaled.x, scaled.y)
    gaps = ((found.means - found.mean) ** 2).sum(axis=1)
    weighted = [
        rf"{n} \cdot {between(gap)}" for n, gap in zip(found.counts.tolist(), gaps, strict=True)
    ]
    return (
        worked(
            "within",
            r"\operatorname{tr} S_W",
            r"\sum_{j} \sum_{i:\, y_i = j} \lVert s\, x_i - \mu_j \rVert^2",
            added(found.within, within),
            within,
            (within_trace, scaled.x, scaled.y),
            "S_W = (d**2).sum()",
        ),
        worked(
            "between",
            r"\operatorname{tr} S_B",
            r"\sum_{j} n_j \lVert \mu_j - s\, \bar x \rVert^2",
            " + ".join(weighted),
            between,
            (between_trace, scaled.x, scaled.y),
            f"S_B = {COUNTS} @ ((mu - scale * x.mean(0)) ** 2).sum(1)",
        ),
    )


def _scale_free(scaled: Scaled) -> tuple[Step, ...]:
    """Fisher and NC1."""
    share, found = Line(DECIMALS), statistics(scaled.x, scaled.y)
    return (
        worked(
            "fisher",
            "F",
            r"\frac{\operatorname{tr} S_B}{\operatorname{tr} S_W}",
            rf"\frac{{{share(found.between_trace)}}}{{{share(found.within_trace)}}}",
            share,
            (fisher, scaled.x, scaled.y),
            "F = S_B / S_W",
        ),
        worked(
            "nc1",
            r"\mathrm{NC1}",
            r"\tfrac{1}{C} \operatorname{tr} \left( \Sigma_W \Sigma_B^{+} \right)",
            "",
            Line(DECIMALS),
            (nc1, scaled.x, scaled.y),
            "NC1 = np.trace(sum(np.cov((scale * x)[y == j].T, bias=True) for j in np.unique(y)) "
            "@ np.linalg.pinv(np.cov(mu.T, bias=True), 1e-10)) / len(mu) ** 2",
            given=True,
        ),
    )


def _losses(scaled: Scaled) -> tuple[Step, ...]:
    """Center loss with the scale and without it."""
    half, before = Line(DECIMALS), Line(DECIMALS)
    x, y, c = scaled.samples.x, scaled.y, centroids(scaled.samples.x, scaled.samples)
    losses = np.array([class_loss(x, c, y, j) for j in range(len(c))])
    return (
        worked(
            "loss",
            r"L_C(s\,x)",
            r"\tfrac{1}{2} \operatorname{tr} S_W",
            rf"\tfrac{{1}}{{2}} \cdot {half(within_trace(scaled.x, y))}",
            half,
            (center_loss, scaled.x, scaled.mu, y),
            "L = S_W / 2",
        ),
        worked(
            "loss-before",
            "L_C(x)",
            r"\tfrac{1}{2} \sum_{j} \sum_{i:\, y_i = j} \lVert x_i - c_j \rVert^2",
            added(losses, before),
            before,
            (center_loss, x, c, y),
            "L_before = sum(((x[y == j] - x[y == j].mean(0)) ** 2).sum() "
            "for j in np.unique(y)) / 2",
            words={"scale": plain(scaled.scale), "square": plain(scaled.scale**2)},
        ),
    )


def _fisher_before(scaled: Scaled) -> Step:
    line, x, y = Line(DECIMALS), scaled.samples.x, scaled.y
    return worked(
        "fisher-before",
        "F(x)",
        r"\frac{\operatorname{tr} S_B(x)}{2\, L_C(x)}",
        rf"\frac{{{line(between_trace(x, y))}}}"
        rf"{{2 \cdot {line(center_loss(x, centroids(x, scaled.samples), y))}}}",
        line,
        (fisher, x, y),
        "F_before = sum((y == j).sum() * ((x[y == j].mean(0) - x.mean(0)) ** 2).sum() "
        "for j in np.unique(y)) / (2 * L_before)",
    )


def question(scaled: Scaled) -> Question:
    """What does the Fisher ratio become when every vector is halved?"""
    x, y = scaled.samples.x, scaled.y
    before = fisher(x, y)
    return Question(
        expected=before,
        slips={"quarter": before / 4, "half": before / 2, "double": 2 * before, "four": 4 * before},
        words={
            "loss": plain(center_loss(x, centroids(x, scaled.samples), y)),
            "fisher": plain(before),
        },
    )


def result(scaled: Scaled) -> dict:
    """All of these numbers after scaling, and center loss before it."""
    x, y, mu = scaled.x, scaled.y, scaled.mu
    tight, apart = intra_mean(x, y, mu), inter_mean(mu)
    raw = scaled.samples
    return {
        "classes": list(scaled.labels),
        "intra_mean": tight,
        "inter_mean": apart,
        "ratio": ratio(tight, apart),
        "within_trace": within_trace(x, y),
        "between_trace": between_trace(x, y),
        "fisher": fisher(x, y),
        "nc1": nc1(x, y),
        "center_loss": float(center_loss(x, mu, y)),
        "center_loss_before": float(center_loss(raw.x, centroids(raw.x, raw), y)),
    }


def picture(scaled: Scaled, key: str) -> tuple[Mark, ...] | Chart:
    """The scaled samples; between the means where inter is asked for; all numbers over s."""
    if key in ("loss", "loss-before", "fisher-before"):
        return _over_scales(scaled)
    drawn = samples_and_centers(scaled.samples, scaled.x, scaled.mu)
    if key not in ("inter", "between"):
        return drawn
    mu = scaled.mu
    ways = [(a, b) for a in range(len(mu)) for b in range(a)]
    if key == "between":
        middle = scaled.x.mean(axis=0)
        links = [Mark("between", "link", row, middle) for row in mu]
    else:
        links = [Mark("between", "link", mu[a], mu[b]) for a, b in ways]
    return (*(mark for mark in drawn if mark.kind != "link"), *links)


def _over_scales(scaled: Scaled) -> Chart:
    """Every number as a multiple of what it is at s = 1."""
    x, y, samples = scaled.samples.x, scaled.y, scaled.samples

    def numbers(s: float) -> tuple[float, ...]:
        mu = centroids(s * x, samples)
        tight = intra_mean(s * x, y, mu)
        loss = float(center_loss(s * x, mu, y))
        return loss, tight, ratio(tight, inter_mean(mu)), fisher(s * x, y), nc1(s * x, y)

    names = ("L_C", "intra", "intra / inter", "F", "NC1")
    table = np.array([numbers(s) for s in SCALES]) / np.array(numbers(1.0))
    series = {name: tuple(column.tolist()) for name, column in zip(names, table.T, strict=True)}
    return Chart("lines", tuple(SCALES.tolist()), series, "s", "q(s) / q(1)", at=scaled.scale)


def sheet(rng: np.random.Generator) -> dict[str, str]:
    """Two classes of four samples in the plane, halved or doubled."""
    return samples_sheet(rng) | {"scale": f"{rng.choice((0.5, 2.0)):g}"}


LESSON = Lesson("scatter", (*TWELVE, SCALE), read, question, steps, result, picture, sheet)
