"""Lesson: what a map can hide. The same samples in truth, under PCA and under t-SNE.

Three classes of which the widest has `fold` times the spread of the tightest. t-SNE is the one of
the explore page (`centerviz.embedding.projection`, in a process of its own); its maps are kept,
rounded to three decimals, so that the lesson and the line to copy compute with the same numbers.

Letters: `x` features (N, 3) · `p`, `t` the maps by PCA and t-SNE (N, 2) · `y` classes (N,).
"""

import functools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from centerviz.embedding.distances import fold_of_radii, inter_matrix, radii
from centerviz.embedding.pca import PcaMap
from centerviz.embedding.projection import project
from centerviz.language import N_
from centerviz.lessons.compactness import statistics
from centerviz.lessons.inputs import Field, choice, slider
from centerviz.lessons.lesson import Lesson, Maps, Mark, Question, Step, worked
from centerviz.lessons.writing import Line, plain

SIZE = 20  # samples of each class
MIDDLES = ((0, 0, 0), (1.5, 0, 0), (0, 4, 0))  # where the classes stand
SPREAD = 0.05  # of the tightest class, in each direction
PERPLEXITIES = ("4", "10", "19")  # of 60 rows 19.7 is the most
SHEET_FOLDS = (5, 7, 9)  # few, since each has to be drawn by t-SNE
FOLD = Field("fold", "slider", "9", N_("Spread of class 3 (class 1: 1)"), 1.0, 9.0, 1.0)
SCALE = Field("scale", "slider", "1", N_("Scale s"), 0.1, 10.0, 0.01)
PERPLEXITY = Field("perplexity", "choice", "10", N_("Perplexity"), choices=PERPLEXITIES)
SEED = Field("seed", "slider", "0", N_("Seed of t-SNE's start"), 0.0, 9.0, 1.0)
DATA = (
    f"scale * (np.array({[list(row) for row in MIDDLES]})[:, None] "
    f"+ {SPREAD} * fold ** np.array([0, 0.5, 1])[:, None, None] "
    f"* np.random.default_rng(0).normal(size=(3, {SIZE}, 3)))"
)

Classes = Int[np.ndarray, " N"]


@dataclass(frozen=True)
class View:
    """The samples and how t-SNE was asked to draw them."""

    fold: float
    scale: float
    perplexity: str
    seed: int
    labels: tuple[int, ...] = (1, 2, 3)

    @property
    def y(self) -> Classes:
        """The class of each sample, 0…2."""
        return np.repeat(np.arange(3), SIZE)

    @property
    def x(self) -> Float[np.ndarray, "N 3"]:
        """The samples as they are."""
        return self.scale * clusters(self.fold)

    @property
    def pca(self) -> Float[np.ndarray, "N 2"]:
        """Their map by PCA, at full precision."""
        axes = PcaMap.fit(self.x, 2)
        return (self.x - axes.mean) @ axes.axes.T

    @property
    def tsne(self) -> Float[np.ndarray, "N 2"]:
        """Their map by t-SNE."""
        return tsne_map(self.fold, self.perplexity, self.seed)


def clusters(fold: float) -> Float[np.ndarray, "N 3"]:
    """Three classes of 20 samples, the same noise for every fold; the widest stands last.

    >>> clusters(9.0).shape
    (60, 3)
    """
    noise = np.random.default_rng(0).normal(size=(3, SIZE, 3))
    wide = SPREAD * fold ** np.array([0, 0.5, 1])
    return (np.array(MIDDLES)[:, None] + wide[:, None, None] * noise).reshape(-1, 3)


@functools.lru_cache(maxsize=256)
def tsne_map(fold: float, perplexity: str, seed: int) -> Float[np.ndarray, "N 2"]:
    """t-SNE of the clusters from a random start; a second of work for each new map.

    Scale has no part in it: t-SNE here divides the rows by their spread first.
    """
    x = clusters(fold)
    start = np.random.default_rng(seed).normal(size=(len(x), 2))
    drawn = project(x, "tsne", 2, seed, float(perplexity), start=start)
    points = np.round(drawn.points.astype(np.float64), 3)
    points.flags.writeable = False
    return points


def mean_radii(x: Float[np.ndarray, "N D"], y: Classes) -> Float[np.ndarray, " C"]:
    """r_j, the mean distance of the samples of each class to the mean of that class.

    >>> mean_radii(np.array([[0.0], [2.0], [5.0], [11.0]]), np.array([0, 0, 1, 1]))
    array([1., 3.])
    """
    return radii(x, y, statistics(x, y).means).mean


def relative_gaps(x: Float[np.ndarray, "N D"], y: Classes) -> Float[np.ndarray, " K"]:
    """‖μ_a − μ_b‖ of the pairs a < b, as multiples of the smallest of them.

    >>> relative_gaps(np.array([[0.0], [1.0], [4.0]]), np.array([0, 1, 2]))
    array([1., 4., 3.])
    """
    gaps = inter_matrix(statistics(x, y).means)[np.triu_indices(int(y.max()) + 1, 1)]
    return gaps / gaps.min()


def read(typed: dict[str, str]) -> View:
    """The choices, within their bounds."""
    return View(
        slider(typed, FOLD),
        slider(typed, SCALE),
        choice(typed, PERPLEXITY),
        round(slider(typed, SEED)),
    )


def steps(view: View) -> tuple[Step, ...]:
    """Radii and gaps in truth, under PCA and under t-SNE."""
    seen = (
        ("", "", view.x),
        ("-pca", r"_{\mathrm{PCA}}", view.pca),
        ("-tsne", r"_{\mathrm{tSNE}}", view.tsne),
    )
    widths = [step for which in seen for step in _widths(view, *which)]
    return (*widths, *(_gaps(view, *which) for which in seen))


def _widths(view: View, key: str, index: str, points: np.ndarray) -> tuple[Step, Step]:
    """How wide the classes are on one map, and the widest over the tightest."""
    line, found = Line(), mean_radii(points, view.y)
    name = key.replace("-", "_")
    truth, drawn = (plain(fold_of_radii(rows, view.y)) for rows in (view.x, points))
    words = {"perplexity": view.perplexity, "fold": truth, "drawn": drawn}
    way = {"": "x_i", "-pca": "p_i", "-tsne": "t_i"}[key]
    return (
        worked(
            f"radii{key}",
            f"r{index}",
            rf"\frac{{1}}{{n_j}} \sum_{{i:\, y_i = j}} \lVert {way} - \mu_j \rVert",
            "",
            Line(),
            (mean_radii, points, view.y),
            f"r{name} = ((({_points(view, key)} - {way[0]}.mean(1, keepdims=True)) ** 2)"
            ".sum(2) ** 0.5).mean(1)",
            words=words,
            given=True,
        ),
        worked(
            f"fold{key}",
            rf"\varrho{index}",
            r"\frac{\max_j r_j}{\min_j r_j}",
            rf"\frac{{{line(found.max())}}}{{{line(found.min())}}}",
            line,
            (fold_of_radii, points, view.y),
            f"rho{name} = r{name}.max() / r{name}.min()",
            words=words,
        ),
    )


def _points(view: View, key: str) -> str:
    """The samples or a map of them in NumPy, (3, 20, …), named on the way; t-SNE as data."""
    if key == "":
        return f"(x := {DATA})"
    if key == "-pca":
        axes = "np.linalg.svd(q, full_matrices=False)[2][:2].T"
        return f"(p := ((q := x.reshape(-1, 3) - x.mean((0, 1))) @ {axes}).reshape(3, {SIZE}, 2))"
    return f"(t := np.array({view.tsne.tolist()}).reshape(3, {SIZE}, 2))"


def _gaps(view: View, key: str, index: str, points: np.ndarray) -> Step:
    """How far apart the classes are on one map, the nearest two taken as 1."""
    name, letter = key.replace("-", "_"), {"": "x", "-pca": "p", "-tsne": "t"}[key]
    return worked(
        f"gaps{key}",
        f"g{index}",
        r"\frac{\lVert \mu_a - \mu_b \rVert}{\min_{a' < b'} \lVert \mu_{a'} - \mu_{b'} \rVert}"
        r",\quad a < b",
        "",
        Line(),
        (relative_gaps, points, view.y),
        f"g{name} = (d := np.array([((({letter}[a] - {letter}[b]).mean(0)) ** 2).sum() ** 0.5 "
        "for a, b in ((0, 1), (0, 2), (1, 2))])) / d.min()",
        words={"seed": str(view.seed), "next": str(view.seed + 1)},
        given=True,
    )


def question(view: View) -> Question:
    """How many times as wide as the tightest class is the widest, in truth?"""
    found = mean_radii(view.x, view.y)
    return Question(
        expected=fold_of_radii(view.x, view.y),
        slips={
            "drawn": view.fold,
            "map": fold_of_radii(view.tsne, view.y),
            "difference": float(found.max() - found.min()),
            "inverse": float(found.min() / found.max()),
        },
        words={"radii": plain(found).strip("[]")},
    )


def result(view: View) -> dict:
    """Radii, their fold and the gaps, in truth and on both maps."""
    seen = {"true": view.x, "pca": view.pca, "tsne": view.tsne}
    return {
        name: {
            "radii": mean_radii(points, view.y).tolist(),
            "fold": fold_of_radii(points, view.y),
            "gaps": relative_gaps(points, view.y).tolist(),
        }
        for name, points in seen.items()
    }


def picture(view: View, key: str) -> Maps | tuple[Mark, ...]:
    """In truth in three dimensions; both maps; t-SNE by perplexity, and by seed."""
    groups = tuple(view.y.tolist())
    if key in ("radii", "fold", "gaps"):
        rows = zip(view.x, groups, strict=True)
        return tuple(Mark(f"class {view.labels[j]}", "sample", row, None, j) for row, j in rows)
    if key == "fold-tsne":
        drawn = _tsne_maps(view, {f"P = {p}": (p, view.seed) for p in PERPLEXITIES})
    elif key == "gaps-tsne":
        seeds = (view.seed, view.seed + 1)
        drawn = _tsne_maps(view, {f"#{seed}": (view.perplexity, seed) for seed in seeds})
    else:
        drawn = {"PCA": view.pca, "t-SNE": view.tsne}
    return Maps(tuple(drawn), tuple(drawn.values()), groups)


def _tsne_maps(view: View, asked: dict[str, tuple[str, int]]) -> dict[str, np.ndarray]:
    """Several maps by their titles, from (perplexity, seed); drawn at the same time."""
    with ThreadPoolExecutor() as pool:
        drawn = pool.map(lambda how: tsne_map(view.fold, *how), asked.values())
        return dict(zip(asked, drawn, strict=True))


def sheet(rng: np.random.Generator) -> dict[str, str]:
    """Another fold, in other units."""
    return {"fold": str(rng.choice(SHEET_FOLDS)), "scale": f"{rng.integers(10, 1000) / 100:g}"}


LESSON = Lesson(
    "maps", (FOLD, SCALE, PERPLEXITY, SEED), read, question, steps, result, picture, sheet
)
