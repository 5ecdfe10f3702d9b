"""One run over its epochs: every epoch's points on the same axes, and the numbers of each epoch.

Numbers are of the original space, never of the map. Points are the run's evaluation subset, means
those of its train split.

Letters: E epochs · N rows · C classes · D features · `dims` 2 or 3 · x raw, z unit features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.clustering import fisher
from centerviz.embedding.distances import radii, ratio_about
from centerviz.embedding.pca import PcaMap
from centerviz.embedding.statistics import ClassStatistics
from centerviz.figures.maps import embedding_map, spread
from centerviz.language import _
from centerviz.problem import Problem
from centerviz.runs.store import Run, SnapshotRows
from centerviz.web import session
from centerviz.web.embedding_view import Panel

MOST_NUMBERS = 3_000_000  # of a movie, about 16 MB on its way; longer ones leave epochs out


@dataclass(frozen=True)
class Space:
    """The evaluation subset of one epoch in the original space."""

    x: np.ndarray  # (N, D) float64, raw or unit
    predicted: np.ndarray  # (N,) −1 without a classifier
    centers: np.ndarray | None  # (C, D) kept; None where center loss does not work in this space
    means: np.ndarray  # (C, D) true, NaN for absent classes


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
    explained: tuple[float, ...]  # share of the variance on each axis; () when drawn as it is
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
    """Changes whenever the run has a new epoch: part of every cache key."""
    try:
        return (run.path / "epochs.jsonl").stat().st_mtime_ns
    except OSError:
        return 0


@st.cache_resource(max_entries=12, show_spinner=False)
def movie(path: str, stamp: int, unit: bool, dims: int) -> Movie:
    """The epochs of a run in `dims` dimensions. Shared by all: do not write into its arrays.

    At most `dims` features are drawn as they are; of more, one PCA, fitted to the last epoch,
    draws all epochs. Raises Problem for a run without epochs.
    """
    run = Run(Path(path))
    rows = run.rows()
    epochs = kept(run.snapshot_epochs(), len(rows.ids) * dims)
    if not epochs:
        raise Problem("{run} has no finished epoch yet.", run=run.id)
    spaces = [space(run, epoch, unit) for epoch in epochs]
    last = spaces[-1]
    axes = PcaMap.fit(last.x, dims) if last.x.shape[1] > dims else None
    return film(run, epochs, spaces, axes, dims)


def film(
    run: Run, epochs: Sequence[int], spaces: Sequence[Space], axes: PcaMap | None, dims: int
) -> Movie:
    """The movie of the given epochs on the given axes; None draws features as they are."""
    place = _as_it_is(dims) if axes is None else axes.transform
    flat = axes is None and dims == 2
    rows = run.rows()
    return Movie(
        epochs=tuple(epochs),
        points=np.stack([place(part.x) for part in spaces]),
        centers=None
        if spaces[-1].centers is None
        else np.stack([place(part.centers) for part in spaces]),
        means=np.stack([place(part.means) for part in spaces]),
        radii=np.stack([radii(p.x, rows.labels, p.means).mean for p in spaces]) if flat else None,
        explained=() if axes is None else tuple(map(float, axes.explained)),
        readings=_readings(run, epochs, spaces, rows.labels),
        rows=rows,
    )


def kept(epochs: list[int], numbers: int) -> list[int]:
    """All epochs, or evenly some of them with the last one, when all would be too many to send."""
    most = max(MOST_NUMBERS // max(numbers, 1), 2)
    if len(epochs) <= most:
        return epochs
    places = np.linspace(0, len(epochs) - 1, most).round().astype(int)
    return [epochs[place] for place in places]


def _as_it_is(dims: int):
    return lambda x: np.pad(x.astype(np.float32), ((0, 0), (0, dims - x.shape[1])))


def _readings(
    run: Run, epochs: Sequence[int], spaces: Sequence[Space], labels: np.ndarray
) -> tuple[Reading, ...]:
    history = run.epochs().set_index("epoch")["accuracy_test"].to_dict()
    return tuple(
        reading(part, labels, history.get(epoch))
        for part, epoch in zip(spaces, epochs, strict=True)
    )


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
    path: str, stamp: int, unit: bool, dims: int, rings: bool, look: tuple[str, bool, bool]
) -> Panel:
    """The epochs of a run as a panel without a title; `look` is from `session`."""
    return panel(movie(path, stamp, unit, dims), "", unit, rings=rings)


def panel(
    film: Movie,
    title: str,
    unit: bool,
    *,
    rings: bool = True,
    legend: bool = True,
    extent: tuple[np.ndarray, np.ndarray] | None = None,
) -> Panel:
    """The movie as a panel of `embedding_view`, its axes fixed over all epochs."""
    dims, letter = film.points.shape[2], "z" if unit else "x"
    names = ("PCA 1", "PCA 2", "PCA 3") if film.explained else _letters(letter)
    radii = film.radii if rings else None
    figure = embedding_map(
        film.points[-1],
        film.rows.labels,
        film.rows.class_names,
        centers=None if film.centers is None else film.centers[-1],
        means=film.means[-1],
        radii=None if radii is None else radii[-1],
        unit_circle=unit and not film.explained,
        ids=film.rows.ids,
        extent=extent or spread(film.points, film.means),
        axes=names[:dims],
        legend=legend,
        lecture=session.lecture(),
        dark=session.dark(),
    )
    return Panel(
        title,
        figure,
        film.rows.ids,
        frames=film.points,
        labels=film.rows.labels,
        centers=film.centers,
        means=film.means,
        radii=radii,
        readouts=[_read_out(found) for found in film.readings],
        alt=_(
            "Map of {n} samples in {classes} classes over {epochs} epochs, {title}.",
            n=len(film.rows.ids),
            classes=len(np.unique(film.rows.labels)),
            epochs=len(film.epochs),
            title=title,
        ),
    )


def _letters(letter: str) -> tuple[str, ...]:
    return tuple(f"{letter}{index}" for index in "₁₂₃")


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
