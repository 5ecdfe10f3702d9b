"""Steps of the lesson `pairs`: contrastive loss, triplet loss, and what each does to one sample."""

import numpy as np

from centerviz.lessons.centroid import added
from centerviz.lessons.lesson import Step, worked
from centerviz.lessons.pair_losses import (
    active_pair_counts,
    active_pairs,
    contrastive_loss,
    contrastive_pulls,
    negative_part,
    negative_term,
    positive_part,
    semihard_triplets,
    step_by_pulls,
    triplet_kinds,
    triplet_loss,
    triplet_pulls,
    triplet_term,
)
from centerviz.lessons.six_points import Points
from centerviz.lessons.writing import Line

DECIMALS = 3
TRIPLETS = (
    "for a in range(len(y)) for p in range(len(y)) for n in range(len(y)) "
    "if a != p and y[a] == y[p] != y[n]"
)
SEMIHARD = f"{TRIPLETS} and 0 < d[a, n] - d[a, p] < margin"


def contrastive_steps(points: Points) -> tuple[Step, ...]:
    """Pull on pairs of one class, push on near pairs of two, and their sum."""
    d, y, margin = points.d, points.samples.y, points.margin
    positive, push, negative, total = (Line(DECIMALS) for _ in range(4))
    near, far = active_pairs(d, y, margin)
    i, j = points.nearest_strangers
    gaps = [rf"({negative(margin)} - {negative(d[pair])})" for pair in far[:8]]
    gaps += [r"\cdots"] if len(far) > 8 else []
    return (
        worked(
            "positive",
            "L_P",
            r"\frac{1}{|P_{+}|} \sum_{(i,j) \in P_{+}} d_{ij}",
            _mean(added(np.array([d[pair] for pair in near]), positive), len(near)),
            positive,
            (positive_part, d, y),
            _mean_in_numpy("positive", "d", "(y[:, None] == y) & (d > 0)", near),
            focus=("positive", *everyone(points)),
        ),
        worked(
            "negative-pair",
            rf"\ell_{{{i + 1},{j + 1}}}",
            rf"[\,M - d_{{{i + 1},{j + 1}}}]_+",
            rf"[{push(margin)} - {push(d[i, j])}]_+",
            push,
            (negative_term, d[i, j], margin),
            f"push = max(0, margin - d[{i}, {j}])",
            words={"first": str(i + 1), "second": str(j + 1)},
            focus=("d", f"sample {i + 1}", f"sample {j + 1}"),
        ),
        worked(
            "negative",
            "L_Q",
            r"\frac{1}{|Q_{+}|} \sum_{(i,j) \in Q_{+}} (M - d_{ij})",
            _mean(" + ".join(gaps), len(far)),
            negative,
            (negative_part, d, y, margin),
            _mean_in_numpy("negative", "(margin - d)", "(y[:, None] != y) & (d < margin)", far),
            focus=("negative", *everyone(points)),
        ),
        worked(
            "active",
            r"[\,|P_{+}|,\, |Q_{+}|\,]",
            r"\left[\,|\{i < j: d_{ij} > 0\}|,\; |\{i < j: d_{ij} < M\}|\,\right]",
            "",
            Line(DECIMALS),
            (active_pair_counts, d, y, margin),
            "active = np.array([((y[:, None] == y) & (d > 0)).sum(), "
            "((y[:, None] != y) & (d < margin)).sum()]) / 2",
            focus=("positive", "negative", *everyone(points)),
        ),
        worked(
            "contrastive",
            "L",
            "L_P + L_Q",
            f"{total(positive_part(d, y))} + {total(negative_part(d, y, margin))}",
            total,
            (contrastive_loss, d, y, margin),
            "total = positive + negative",
            focus=("positive", "negative", *everyone(points)),
        ),
    )


def _mean(sum_of_terms: str, n: int) -> str:
    return rf"\tfrac{{1}}{{{n}}} ({sum_of_terms})" if n else ""


def _mean_in_numpy(name: str, terms: str, where: str, found: list) -> str:
    """The line of a mean over what is active; without any it is 0."""
    return f"{name} = {terms}[{where}].mean()" if found else f"{name} = 0.0"


def triplet_steps(points: Points) -> tuple[Step, ...]:
    """One triplet by hand, how many are easy, semi-hard and hard, and the mean over the middle."""
    d, y, margin = points.d, points.samples.y, points.margin
    kinds = f"[0 if d[a, n] - d[a, p] >= margin else 1 {TRIPLETS} and d[a, n] > d[a, p]]"
    hard = f"sum(d[a, n] <= d[a, p] {TRIPLETS})"
    found, loss = semihard_triplets(d, y, margin), Line(DECIMALS)
    terms = np.array([triplet_term(d[a, p], d[a, n], margin) for a, p, n in found])
    listed = f"np.mean([d[a, p] - d[a, n] + margin {SEMIHARD}])" if found else "0.0"
    return (
        *_one_triplet(points),
        worked(
            "kinds",
            r"[T_1,\, T_2,\, T_3]",
            r"\left[\,|\{d_{an} - d_{ap} \ge M\}|,\; |\{0 < d_{an} - d_{ap} < M\}|,\; "
            r"|\{d_{an} \le d_{ap}\}|\,\right]",
            "",
            Line(DECIMALS),
            (triplet_kinds, d, y, margin),
            f"kinds = np.array([*np.bincount(np.array({kinds}, int), minlength=2), {hard}])",
        ),
        worked(
            "triplet",
            "L",
            r"\frac{1}{T_2} \sum_{(a,p,n)} (d_{ap} - d_{an} + M)",
            _mean(added(terms, loss), len(found)),
            loss,
            (triplet_loss, d, y, margin),
            f"total = {listed}",
        ),
    )


def _one_triplet(points: Points) -> tuple[Step, ...]:
    if points.triplet is None:  # every class has one sample
        return ()
    line, d, (a, p, n) = Line(DECIMALS), points.d, points.triplet
    return (
        worked(
            "one-triplet",
            rf"\ell_{{{a + 1},{p + 1},{n + 1}}}",
            r"[\,d_{ap} - d_{an} + M]_+",
            rf"[{line(d[a, p])} - {line(d[a, n])} + {line(points.margin)}]_+",
            line,
            (triplet_term, d[a, p], d[a, n], points.margin),
            f"one = max(0, d[{a}, {p}] - d[{a}, {n}] + margin)",
            words={"anchor": str(a + 1), "positive": str(p + 1), "negative": str(n + 1)},
            focus=("d", *(f"sample {i + 1}" for i in (a, p, n))),
        ),
    )


def everyone(points: Points) -> tuple[str, ...]:
    """The names of all samples in the picture."""
    return tuple(f"sample {i}" for i in range(1, points.m + 1))


def pulls(points: Points) -> list[float]:
    """What every other sample does to the one to look at, under the chosen loss."""
    law = contrastive_pulls if points.loss == "contrastive" else triplet_pulls
    return law(points.d, points.samples.y, points.samples.sample, points.margin)


def pull_steps(points: Points) -> tuple[Step, ...]:
    """How strongly the other samples pull and push one of them, and where that moves it."""
    k, samples, step = points.samples.sample, points.samples, Line(DECIMALS)
    contrastive = points.loss == "contrastive"
    seen = (points.d, samples.y, k, points.margin)
    found = semihard_triplets(points.d, samples.y, points.margin)
    if contrastive:
        line = (
            f"pulls = ((y == y[{k}]) & (d[{k}] > 0)) / max(1, active[0]) - "
            f"((y != y[{k}]) & (d[{k}] < margin)) / max(1, active[1])"
        )
    else:
        each = f"({{a, p}} == {{{k}, j}}) - 1.0 * ({{a, n}} == {{{k}, j}})"
        line = f"pulls = np.array([np.mean([{each} {SEMIHARD}]) for j in range(len(y))])"
        line = line if found else "pulls = 0.0 * d[0]"
    names = {"words": {"sample": str(k + 1)}, "focus": (f"sample {k + 1}", "pull")}
    terms = [
        rf"{step.factor(s)} \cdot \tfrac{{{step(samples.x[j] - samples.x[k])}}}"
        rf"{{{step(points.d[k, j])}}}"
        for j, s in enumerate(pulls(points))
        if s and points.d[k, j]
    ]
    return (
        worked(
            "pulls-contrastive" if contrastive else "pulls-triplet",
            f"s_{{{k + 1},j}}",
            r"\frac{1}{|P_{+}|},\; -\frac{1}{|Q_{+}|},\; 0"
            if contrastive
            else r"\tfrac{1}{T_2} \sum_{(a,p,n)} ([\{a, p\} = \{k, j\}] - [\{a, n\} = \{k, j\}])",
            "",
            Line(DECIMALS),
            (contrastive_pulls if contrastive else triplet_pulls, *seen),
            line,
            **names,
        ),
        worked(
            "pull",
            rf"-\frac{{\partial L}}{{\partial x_{{{k + 1}}}}}",
            rf"\sum_j s_{{{k + 1},j}} \frac{{x_j - x_{{{k + 1}}}}}{{d_{{{k + 1},j}}}}",
            " + ".join(terms),
            step,
            (step_by_pulls, samples.x, k, pulls(points)),
            f"pull = pulls @ ((x - x[{k}]) / (d[{k}] + (d[{k}] == 0))[:, None])",
            **names,
        ),
    )
