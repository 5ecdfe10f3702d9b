"""One run over its epochs: every epoch's points on the same axes, and the numbers of each epoch.

Numbers are of the original space, never of the map. Points are the run's evaluation subset, means
those of its train split.

Letters: E epochs · N rows · C classes · D features · `dims` 2 or 3 · x raw, z unit features.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.axes import Axes, Drawing, as_it_is, by_lda, by_pca, by_two_centers
from centerviz.embedding.clustering import fisher
from centerviz.embedding.distances import nearest_other_means, radii, ratio_about
from centerviz.embedding.statistics import ClassStatistics
from centerviz.figures.colouring import Colouring, by_class
from centerviz.figures.maps import embedding_map, spread
from centerviz.language import _
from centerviz.problem import Problem
from centerviz.runs.store import EMBEDDINGS, Run, SnapshotRows
from centerviz.web import colours, session
from centerviz.web.embedding_view import Panel

MOST_NUMBERS = 15_000_000  # of a movie, 60 MB in memory; longer ones leave epochs out


@dataclass(frozen=True)
class Space:
    """The evaluation subset of one epoch in the original space."""

    x: np.ndarray  # (N, D) float64, raw or unit
    predicted: np.ndarray  # (N,) −1 without a classifier
    centers: np.ndarray | None  # (C, D) kept; None where center loss does not work in this space
    means: np.ndarray  # (C, D) true, NaN for absent classes

    def facts(self, labels: np.ndarray | None) -> np.ndarray:
        """Of each row, (N, 4) float32: its distance to its own class mean, to the nearest other
        one, the class of that, and the predicted class; NaN and −1 where there is none."""
        own, other = np.full((2, len(self.x)), np.nan)
        nearest = np.full(len(self.x), -1)
        if labels is not None:
            own = np.linalg.norm(self.x - self.means[labels], axis=1)
            other, nearest = nearest_other_means(self.x, labels, self.means)
        return np.stack([own, other, nearest, self.predicted], axis=1).astype(np.float32)


@dataclass(frozen=True)
class Reading:
    """What one epoch says in numbers; None where a number is undefined."""

    ratio: float | None  # intra / inter
    fisher: float | None
    accuracy: float | None  # of the classifier on the test split


@dataclass(frozen=True)
class Movie:
    """Points, centers and means of all epochs on the same axes."""

    epochs: tuple[int, ...]
    points: np.ndarray  # (E, N, dims) float32
    centers: np.ndarray | None  # (E, C, dims) float32
    means: np.ndarray  # (E, C, dims) float32
    radii: np.ndarray | None  # (E, C) mean distance to the mean, where the map is the space itself
    facts: np.ndarray  # (E, N, 4) float32, from `Space.facts`
    axes: tuple[str, ...]  # their names; of two centers, those of the classes
    drawing: Drawing | None  # that of all epochs; None where each has its own: two centers
    whole: bool  # the map is the space itself
    readings: tuple[Reading, ...]
    rows: SnapshotRows


def space(run: Run, epoch: int, unit: bool) -> Space:
    """Features, kept centers and true means of an epoch. Raises Problem without its snapshot.

    Centers and means live where center loss works. Seen from the other space there are no
    centers, and the means are those of the samples shown.
    """
    snapshot, config = run.snapshot(epoch), run.config
    x = unit_rows(snapshot.features) if unit else snapshot.features.astype(np.float64)
    if unit == config.normalize:
        centers = snapshot.centers.astype(np.float64) if config.center_weight else None
        return Space(x, snapshot.predicted, centers, snapshot.means.astype(np.float64))
    labels = run.rows().labels
    means = ClassStatistics.from_samples(x, labels, len(snapshot.means)).means
    return Space(x, snapshot.predicted, None, means)


def stamp(run: Run) -> int:
    """Changes whenever the run has a new epoch, and when it is done: part of every cache key."""
    times = 0
    for name in ("epochs.jsonl", EMBEDDINGS):
        path = run.path / name
        times += path.stat().st_mtime_ns if path.exists() else 0
    return times


@st.cache_resource(max_entries=12, show_spinner=False)
def movie(path: str, stamp: int, unit: bool, axes: Axes) -> Movie:
    """The epochs of a run on `axes`. Shared by all: do not write into its arrays.

    PCA and LDA are fitted once, to the last epoch, on the train split where the run has kept it,
    and draw all epochs; the axes of two centers move with them. Raises Problem for a run without
    epochs.
    """
    run = Run(Path(path))
    rows = run.rows()
    epochs = kept(run.snapshot_epochs(), len(rows.ids) * (axes.dims + 4))
    if not epochs:
        raise Problem("{run} has no finished epoch yet.", run=run.id)
    last = space(run, epochs[-1], unit)
    if axes.method == "centers":
        return film(run, epochs, unit, lambda part: two_centers(part, axes, rows.class_names))
    drawing = _drawing(run, last, unit, axes)
    dim = last.x.shape[1]
    return film(run, epochs, unit, drawing, axes.method == "raw" and dim <= axes.dims)


def usual_axes(dim: int, dims: int = 2) -> Axes:
    """What shows D features best: themselves, or of more a PCA."""
    return Axes("raw" if dim <= dims else "pca", dims)


def _drawing(run: Run, last: Space, unit: bool, axes: Axes) -> Drawing:
    if axes.method == "raw":
        return as_it_is(last.x.shape[1], axes, "z" if unit else "x")
    x, labels = _train(run, unit) or (last.x, run.rows().labels)
    return by_pca(x, axes.dims) if axes.method == "pca" else by_lda(x, labels, axes.dims)


def _train(run: Run, unit: bool) -> tuple[np.ndarray, np.ndarray] | None:
    """Features and labels of the train split after the last epoch; None while it isn't written."""
    try:
        found = run.embeddings()
    except Problem:
        return None
    rows = np.flatnonzero(np.equal(found.splits, "train"))
    x = unit_rows(found.x[rows]) if unit else found.x[rows]
    return (x, found.labels[rows]) if len(rows) else None


def two_centers(part: Space, axes: Axes, class_names: Sequence[str]) -> Drawing:
    """The distances to the centers of two classes, kept ones or else means; named by the classes,
    as it is kept for every language: see `titles`."""
    places = part.means if part.centers is None else part.centers
    a, b = axes.classes
    if not (0 <= a < len(places) and 0 <= b < len(places)) or a == b:
        raise Problem("Two centers need two classes; choose two that differ.")
    if not np.isfinite(places[[a, b]]).all():
        raise Problem("One of the two classes has no samples; choose another.")
    return by_two_centers(places[a], places[b], (class_names[a], class_names[b]))


def titles(names: tuple[str, ...], of_centers: bool) -> tuple[str, ...]:
    """What stands on the axes with these names, in the language of the session."""
    if not of_centers:
        return names
    return tuple(_("distance to the center of {label}", label=label) for label in names)


def film(
    run: Run,
    epochs: Sequence[int],
    unit: bool,
    drawing: Drawing | Callable[[Space], Drawing],
    whole: bool = False,
) -> Movie:
    """The movie of the given epochs, all in one drawing or each in its own; `whole` says that the
    map is the space itself."""
    shared = drawing if isinstance(drawing, Drawing) else None
    rows, history = run.rows(), run.epochs().set_index("epoch")["accuracy_test"].to_dict()
    points, centers, means, sizes, facts, readings = [], [], [], [], [], []
    for epoch in epochs:
        part = space(run, epoch, unit)
        own = shared or drawing(part)
        points.append(own.place(part.x))
        means.append(own.place(part.means))
        centers.append(None if part.centers is None else own.place(part.centers))
        sizes.append(radii(part.x, rows.labels, part.means).mean)
        facts.append(part.facts(rows.labels))
        readings.append(reading(part, rows.labels, history.get(epoch)))
    return Movie(
        epochs=tuple(epochs),
        points=np.stack(points),
        centers=None if centers[-1] is None else np.stack(centers),
        means=np.stack(means),
        radii=np.stack(sizes) if whole else None,
        facts=np.stack(facts),
        axes=own.names,
        drawing=shared,
        whole=whole,
        readings=tuple(readings),
        rows=rows,
    )


def kept(epochs: list[int], numbers: int) -> list[int]:
    """All epochs, or evenly some of them with the last one, when all would be too many to hold."""
    most = max(MOST_NUMBERS // max(numbers, 1), 2)
    if len(epochs) <= most:
        return epochs
    places = np.linspace(0, len(epochs) - 1, most).round().astype(int)
    return [epochs[place] for place in places]


def reading(part: Space, labels: np.ndarray, accuracy: float | None) -> Reading:
    """The numbers of one epoch, defined as `measure` defines them."""
    known = accuracy is not None and np.isfinite(accuracy)
    return Reading(
        ratio_about(part.x, labels, part.means),
        fisher(part.x, labels),
        float(accuracy) if known else None,
    )


@st.cache_resource(max_entries=24, show_spinner=False)
def run_panel(
    path: str,
    stamp: int,
    unit: bool,
    axes: Axes,
    rings: bool,
    colour: str,
    look: tuple[str, bool, bool],
) -> Panel:
    """The epochs of a run as a panel without a title; `look` is from `session`."""
    film = movie(path, stamp, unit, axes)
    more = metadata(path, stamp) if colour.startswith(colours.META) else None
    of = film.rows.labels, film.rows.class_names, film.facts, film.rows.splits, more
    coloured = colours.colouring(colour, *of)
    return panel(film, "", unit, rings=rings, colouring=coloured)


@st.cache_resource(max_entries=8, show_spinner=False)
def metadata(path: str, stamp: int) -> pd.DataFrame:
    """What is known besides about each row of the movie; no columns while it isn't written."""
    run = Run(Path(path))
    try:
        kept = run.embeddings()
    except Problem:
        return pd.DataFrame()
    row_of = {name: row for row, name in enumerate(kept.ids.tolist())}
    rows = [row_of.get(name, -1) for name in run.rows().ids.tolist()]
    if not len(kept.metadata.columns) or min(rows, default=-1) < 0:
        return pd.DataFrame()
    return kept.metadata.iloc[rows].reset_index(drop=True)


def panel(
    film: Movie,
    title: str,
    unit: bool,
    *,
    rings: bool = True,
    legend: bool = True,
    extent: tuple[np.ndarray, np.ndarray] | None = None,
    colouring: Colouring | None = None,
) -> Panel:
    """The movie as a panel of `embedding_view`, its axes fixed over all epochs."""
    radii = film.radii if rings else None
    colouring = colouring or by_class(film.rows.labels, film.rows.class_names)
    figure = embedding_map(
        film.points[-1],
        film.rows.labels,
        film.rows.class_names,
        colouring=colouring,
        centers=None if film.centers is None else film.centers[-1],
        means=film.means[-1],
        radii=None if radii is None else radii[-1],
        unit_circle=unit and film.whole,
        equal_line=film.drawing is None,
        extent=extent or spread(film.points, film.means),
        axes=titles(film.axes, film.drawing is None),
        legend=legend,
        lecture=session.lecture(),
        dark=session.dark(),
    )
    said = {
        "n": len(film.rows.ids),
        "classes": len(np.unique(film.rows.labels)),
        "epochs": len(film.epochs),
    }
    if title:
        alt = _(
            "Map of {n} samples in {classes} classes over {epochs} epochs, {title}.",
            **said,
            title=title,
        )
    else:
        alt = _("Map of {n} samples in {classes} classes over {epochs} epochs.", **said)
    return Panel(
        title,
        figure,
        film.rows.ids,
        frames=film.points,
        labels=film.rows.labels,
        class_names=film.rows.class_names,
        colouring=colouring,
        facts=film.facts,
        centers=film.centers,
        means=film.means,
        radii=radii,
        readouts=[_read_out(found) for found in film.readings],
        alt=alt,
    )


def _read_out(found: Reading) -> list[str]:
    """The numbers of an epoch as they stand under its map."""
    said = []
    if found.ratio is not None:
        said.append(_("intra / inter {value}", value=f"{found.ratio:.3f}"))
    if found.fisher is not None:
        said.append(_("Fisher {value}", value=f"{found.fisher:.1f}"))
    if found.accuracy is not None:
        said.append(_("accuracy {value}", value=f"{found.accuracy:.3f}"))
    return said
