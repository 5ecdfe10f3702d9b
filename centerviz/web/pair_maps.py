"""Two runs on the same axes, epoch by epoch.

With more than two features one PCA is fitted to the last epoch of both together; runs of
different dimension cannot share axes, and each then has its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from centerviz.embedding.axes import Axes, Drawing, as_it_is, by_pca
from centerviz.figures.maps import spread
from centerviz.language import _, worded
from centerviz.problem import Problem
from centerviz.runs.store import Run
from centerviz.web import comparing, movie, state, thumbs
from centerviz.web.embedding_view import Panel, embedding_view
from centerviz.web.naming import plain
from centerviz.web.results import run_at

DIMS = 2


@dataclass(frozen=True)
class PairMap:
    """Both runs over their common epochs."""

    films: tuple[movie.Movie, movie.Movie]
    shared: bool  # the same axes for both

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that are shown."""
        return self.films[0].epochs


@st.cache_resource(max_entries=8, show_spinner=False)
def pair_map(paths: tuple[str, str], stamps: tuple[int, int], unit: bool) -> PairMap:
    """Read and project the epochs of two runs. Shared by all: do not write into its arrays.

    Raises Problem where they have no epoch in common.
    """
    runs = [run_at(path) for path in paths]
    common = sorted(set.intersection(*(set(run.snapshot_epochs()) for run in runs)))
    if not common:
        raise Problem("These runs have no epoch in common, so there is nothing to play.")
    epochs = movie.kept(common, DIMS * max(len(run.rows().ids) for run in runs))
    last = [movie.space(run, epochs[-1], unit).x for run in runs]
    shared = last[0].shape[1] == last[1].shape[1]
    drawings = [_drawing(np.concatenate(last), unit)] * 2 if shared else []
    drawings = drawings or [_drawing(x, unit) for x in last]
    films = (
        _told_truly(_film(run, epochs, unit, own), unit == run.config.normalize)
        for run, own in zip(runs, drawings, strict=True)
    )
    return PairMap(tuple(films), shared)


def _drawing(x: np.ndarray, unit: bool) -> Drawing:
    """At most two features as they are, more of them by PCA."""
    if x.shape[1] <= DIMS:
        return as_it_is(x.shape[1], Axes("raw", DIMS), "z" if unit else "x")
    return by_pca(x, DIMS)


def _film(run: Run, epochs: Sequence[int], unit: bool, drawing: Drawing) -> movie.Movie:
    return movie.film(run, epochs, unit, drawing, drawing.share is None)


def _told_truly(film: movie.Movie, has_train_means: bool) -> movie.Movie:
    """Without the ratio where the means of train are not known in this space: taken from the
    samples shown it would differ a little from the one in the table."""
    if has_train_means:
        return film
    readings = tuple(replace(reading, ratio=None) for reading in film.readings)
    return replace(film, readings=readings)


def panels(pair: PairMap, names: Sequence[str], unit: bool) -> list[Panel]:
    """The two maps for the view, over the same range of the same axes where they share them."""
    clouds = [cloud for film in pair.films for cloud in (film.points, film.means)]
    extent = spread(*clouds) if pair.shared else None
    return [
        movie.panel(film, name, unit, rings=False, extent=extent)
        for film, name in zip(pair.films, names, strict=True)
    ]


def what_it_cannot_tell(pair: PairMap) -> str:
    """One sentence for under the maps."""
    n = len(pair.films[0].rows.ids)
    shares = [film.drawing.share for film in pair.films if film.drawing.share is not None]
    if not pair.shared:
        return _(
            "The runs have different dimensions, so each has axes of its own: compare the "
            "numbers, not the sizes."
        )
    if not shares:
        return _(
            "All there is: two features, drawn as they are, {n} samples. One training each: "
            "another seed would look different.",
            n=n,
        )
    return _(
        "One PCA for both runs shows {share} of their variance ({n} samples): what lies "
        "together here may be apart in other directions.",
        share=f"{shares[0]:.0%}",
        n=n,
    )


def show(runs: Sequence[Run], keys: Sequence[tuple], names: Sequence[str], unit: bool) -> None:
    """Both maps over the same axes, one play bar."""
    try:
        paths, stamps = [str(run.path) for run in runs], [movie.stamp(run) for run in runs]
        pair = pair_map(tuple(paths), tuple(stamps), unit)
    except Problem as problem:
        st.info(plain(worded(problem)), icon=":material/info:")
        return
    epochs = pair.epochs
    epoch = state.whole("epoch", epochs[0], epochs[-1], epochs[-1])
    drawn = panels(pair, names, unit)
    ids = np.unique(np.concatenate([panel.ids for panel in drawn]))
    view = embedding_view(
        drawn,
        "compare",
        epochs=epochs,
        epoch=epoch,
        height=340,
        sprite=thumbs.run_sprite(runs[0]),
        selected=state.picked("selected", ids),
    )
    state.remember(epoch=view.epoch if view.epoch != epochs[-1] else None)
    state.remember_picked("selected", ids, view.selected)
    st.caption(comparing.selection(keys, view.selected, names, unit))
    st.caption(what_it_cannot_tell(pair))
