"""Lesson: contrastive and triplet loss on the points of center loss (article 2.2).

In the form of pytorch-metric-learning: distances as they are, means over the terms above 0.
"""

import numpy as np

from centerviz.learning.formulas import center_loss, difference, squared_distances
from centerviz.lessons.centroid import added, centroids
from centerviz.lessons.lesson import Chart, Lesson, Mark, Question, Step, worked
from centerviz.lessons.pair_losses import (
    active_pairs,
    contrastive_loss,
    counts,
    counts_of_even_batch,
    distance,
    pair_distances,
    semihard_triplets,
    step_by_pulls,
    triplet_kinds,
    triplet_loss,
)
from centerviz.lessons.pair_steps import (
    DECIMALS,
    contrastive_steps,
    everyone,
    pull_steps,
    pulls,
    triplet_steps,
)
from centerviz.lessons.sheets import typed
from centerviz.lessons.six_points import INPUTS, Points, read
from centerviz.lessons.writing import Line, plain

LONGER = 3.0  # times its length the pull is drawn
BATCH, EACH = 120, 12  # a usual batch: ten classes of twelve


def steps(points: Points) -> tuple[Step, ...]:
    """Distances and counts, the chosen loss and what it pulls, and center loss beside it."""
    chosen = contrastive_steps(points) if points.loss == "contrastive" else triplet_steps(points)
    return (*_distances(points), _counts(points), *chosen, *pull_steps(points), *_center(points),
            _large())  # fmt: skip


def _distances(points: Points) -> tuple[Step, ...]:
    """One distance by hand, and all of them."""
    line, x, (i, j) = Line(DECIMALS), points.samples.x, points.pair
    squares = " + ".join(f"{line.factor(entry)}^2" for entry in x[i] - x[j])
    return (
        worked(
            "distance",
            f"d_{{{i + 1},{j + 1}}}",
            rf"\lVert x_{{{i + 1}}} - x_{{{j + 1}}} \rVert",
            rf"\sqrt{{{squares}}}",
            line,
            (distance, x[i], x[j]),
            f"d{i + 1}_{j + 1} = ((x[{i}] - x[{j}]) ** 2).sum() ** 0.5",
            words={"first": str(i + 1), "second": str(j + 1)},
            focus=("d", f"sample {i + 1}", f"sample {j + 1}"),
        ),
        worked(
            "distances",
            "d_{ij}",
            r"\lVert x_i - x_j \rVert",
            "",
            Line(DECIMALS),
            (pair_distances, x),
            "d = ((x[:, None] - x) ** 2).sum(2) ** 0.5",
        ),
    )


def _counts(points: Points) -> Step:
    y = points.samples.y
    n = np.bincount(y)
    positive, negative, triples = (
        r"\tfrac{1}{2} \textstyle\sum_j n_j (n_j - 1)",
        r"\tfrac{1}{2} \textstyle\sum_j n_j (m - n_j)",
        r"\textstyle\sum_j n_j (n_j - 1)(m - n_j)",
    )
    m, by_class = points.m, n.tolist()
    same = " + ".join(rf"{k} \cdot {k - 1}" for k in by_class)
    other = " + ".join(rf"{k} \cdot {m - k}" for k in by_class)
    three = " + ".join(rf"{k} \cdot {k - 1} \cdot {m - k}" for k in by_class)
    return worked(
        "counts",
        r"[P,\, Q,\, T]",
        rf"\left[{positive},\; {negative},\; {triples}\right]",
        rf"\left[\tfrac{{1}}{{2}} ({same}),\; \tfrac{{1}}{{2}} ({other}),\; {three}\right]",
        Line(DECIMALS),
        (counts, y),
        "count = np.array([(k * (k - 1) / 2, k * (len(y) - k) / 2, k * (k - 1) * (len(y) - k)) "
        "for k in np.unique(y, return_counts=True)[1]]).sum(0)",
        words={"m": str(m), "counts": ", ".join(map(str, by_class))},
    )


def _center(points: Points) -> tuple[Step, ...]:
    """Center loss on the same points, and its pull on the same sample."""
    samples, k, total, way = points.samples, points.samples.sample, Line(5), Line(DECIMALS)
    x, y, c = samples.x, samples.y, centroids(samples.x, samples)
    own, label = c[samples.own], samples.labels[samples.own]
    return (
        worked(
            "center",
            "L_C",
            r"\tfrac{1}{2} \sum_{i} \lVert x_i - c_{y_i} \rVert^2",
            rf"\tfrac{{1}}{{2}} ({added(squared_distances(x, c, y), total)})",
            total,
            (center_loss, x, c, y),
            "center = sum(((x[y == j] - x[y == j].mean(0)) ** 2).sum() / 2 for j in np.unique(y))",
            words={"m": str(points.m)},
        ),
        worked(
            "center-pull",
            rf"-\frac{{\partial L_C}}{{\partial x_{{{k + 1}}}}}",
            rf"c_{{{label}}} - x_{{{k + 1}}}",
            f"{way(own)} - {way(x[k])}",
            way,
            (difference, own, x[k]),
            f"home = x[y == {label}].mean(0) - x[{k}]",
            words={"sample": str(k + 1), "class": str(label)},
            focus=(f"sample {k + 1}", f"c_{label}", "pull"),
        ),
    )


def _large() -> Step:
    """The three counts for a batch of usual size."""
    return worked(
        "large",
        r"[m,\, P + Q,\, T]",
        r"\left[m,\; \tfrac{m(m-1)}{2},\; m(n-1)(m-n)\right]",
        rf"\left[{BATCH},\; \tfrac{{{BATCH} \cdot {BATCH - 1}}}{{2}},\; "
        rf"{BATCH} \cdot {EACH - 1} \cdot {BATCH - EACH}\right]",
        Line(DECIMALS),
        (counts_of_even_batch, BATCH, EACH),
        f"large = np.array([{BATCH}, {BATCH} * {BATCH - 1} // 2, "
        f"{BATCH} * {EACH - 1} * {BATCH - EACH}])",
        words={"m": str(BATCH), "n": str(EACH)},
    )


def question(points: Points) -> Question:
    """How many triplets can be made of these samples?"""
    n, m = np.bincount(points.samples.y), points.m
    triples = counts(points.samples.y)[2]
    slips = {
        "pairs": m * (m - 1) / 2,
        "once": triples / 2,
        "itself": int((n * n * (m - n)).sum()),
        "any": m * (m - 1) * (m - 2),
    }
    return Question(
        expected=float(triples),
        slips={key: float(value) for key, value in slips.items()},
        words={"m": str(m), "counts": plain(n).strip("[]")},
    )


def result(points: Points) -> dict:
    """Counts, both losses and center loss, and the pull of the chosen loss on the sample."""
    samples, d, margin = points.samples, points.d, points.margin
    x, y, c = samples.x, samples.y, centroids(samples.x, samples)
    positive, negative, triples = counts(y)
    return {
        "positive_pairs": positive,
        "negative_pairs": negative,
        "triplets": triples,
        "triplet_kinds": triplet_kinds(d, y, margin),
        "contrastive": float(contrastive_loss(d, y, margin)),
        "triplet": float(triplet_loss(d, y, margin)),
        "center_loss": float(center_loss(x, c, y)),
        "pull": step_by_pulls(x, samples.sample, pulls(points)).tolist(),
        "center_pull": (c[samples.own] - x[samples.sample]).tolist(),
    }


def picture(points: Points, key: str) -> tuple[Mark, ...] | Chart:
    """The samples and what ties them at the step: pairs, a triplet, or their centers."""
    if key == "large":
        names = ("m", "m(m−1)/2", "m(n−1)(m−n)")
        return Chart("bars", names, {"": tuple(counts_of_even_batch(BATCH, EACH))}, "", "")
    samples, k = points.samples, points.samples.sample
    x, y = samples.x, samples.y.tolist()
    marks = _center_ties(points) if key.startswith("center") else _ties(points, key)
    marks += [Mark(name, "sample", x[i], None, y[i]) for i, name in enumerate(everyone(points))]
    if key == "pull":
        pull = LONGER * step_by_pulls(x, k, pulls(points))
        marks.append(Mark("pull", "accent", x[k] + pull, x[k], times=LONGER))
    if key == "center-pull":
        marks.append(Mark("pull", "accent", centroids(x, samples)[samples.own], x[k]))
    return tuple(marks)


def _ties(points: Points, key: str) -> list[Mark]:
    """The pairs of one class and those that push; thick what is worked by hand."""
    x, y, d = points.samples.x, points.samples.y, points.d
    positive, negative = active_pairs(d, y, points.margin)
    if points.loss == "triplet":
        negative = [(a, n) for a, _, n in semihard_triplets(d, y, points.margin)]
    marks = [Mark("positive", "link", x[j], x[i], int(y[i])) for i, j in positive]
    by_hand = {"distance": [points.pair], "negative-pair": [points.nearest_strangers]}
    if key == "one-triplet":
        anchor, *others = points.triplet
        by_hand[key] = [(anchor, other) for other in others]
    thick = by_hand.get(key, [])
    if not thick:
        once = sorted({(min(pair), max(pair)) for pair in negative})
        marks += [Mark("negative", "link", x[j], x[i]) for i, j in once]
    return marks + [Mark("d", "arrow", x[j], x[i], int(y[j])) for i, j in thick]


def _center_ties(points: Points) -> list[Mark]:
    """Each sample tied to the center of its class."""
    x, c, y = points.samples.x, centroids(points.samples.x, points.samples), points.samples.y
    names = everyone(points)
    marks = [Mark(names[i], "link", x[i], c[j], int(j)) for i, j in enumerate(y)]
    return marks + [Mark(f"c_{of}", "center", c[j], None, j) for j, of in enumerate(points.labels)]


SHEET_Y = ("1, 1, 1, 2, 2, 2", "1, 1, 2, 2, 2, 2", "1, 1, 2, 2, 3, 3")


def sheet(rng: np.random.Generator) -> dict[str, str]:
    """Six points of a grid with steps of 3 and 4, so that most distances are whole numbers.

    >>> sheet(np.random.default_rng(0))["y"]
    '1, 1, 2, 2, 2, 2'
    """
    grid = np.array([(3 * i, 4 * j) for i in range(3) for j in range(2)])
    x = rng.permutation(grid)[:, rng.permutation(2)] + rng.integers(1, 5, size=2)
    return {
        "x": typed(x),
        "y": str(rng.choice(SHEET_Y)),
        "sample": str(rng.integers(1, 7)),
        "margin": str(rng.integers(4, 7)),
        "loss": str(rng.choice(["contrastive", "triplet"])),
    }


LESSON = Lesson("pairs", INPUTS, read, question, steps, result, picture, sheet)
