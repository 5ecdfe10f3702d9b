"""The map of Explore: of a run over its epochs, or of a file; and the strip under it."""

import numpy as np
import streamlit as st

from centerviz.data.embeddings import Embeddings, unit_rows
from centerviz.language import _, worded
from centerviz.problem import Problem
from centerviz.runs.store import Run
from centerviz.web import map_limits, picking, session, state, still, thumbs
from centerviz.web.batches import explain
from centerviz.web.embedding_view import Sprite, ViewState, embedding_view
from centerviz.web.map_choice import MapChoice
from centerviz.web.movie import Movie, movie, run_panel, stamp, two_centers, usual_axes
from centerviz.web.naming import plain
from centerviz.web.subject import Shown, code_of, shown_file, shown_run
from centerviz.web.tsne_map import show_tsne

HEIGHT = 470  # pixels


def run_map(run: Run, choice: MapChoice) -> tuple[Shown, ViewState, int]:
    """Draw a run; returns what is shown, what the browser says, and the epoch that stands still."""
    path, usual = str(run.path), usual_axes(run.config.dim)
    still_one, trouble = choice.axes.method == "tsne", None
    try:
        film = movie(path, stamp(run), choice.unit, usual if still_one else choice.axes)
    except Problem as problem:
        film, trouble = movie(path, stamp(run), choice.unit, usual), problem
    if still_one or trouble is not None:
        epoch = _epoch_picker(film.epochs)
        shown = shown_run(run, epoch, choice.unit)
        sprite = thumbs.run_sprite(run)
        view = _without_map(shown, trouble) if trouble else _tsne(shown, epoch, choice, sprite)
    else:
        view = _play(run, film, choice)
        epoch = view.epoch
        shown = shown_run(run, epoch, choice.unit)
        drawing = film.drawing or two_centers(shown.space, choice.axes, shown.class_names)
        st.caption(map_limits.limits(shown, drawing, choice.axes.method, played=True))
        explain("maps", _("What a map can hide"))
    state.remember(epoch=epoch if epoch != film.epochs[-1] else None)
    return shown, view, epoch


def _play(run: Run, film: Movie, choice: MapChoice) -> ViewState:
    first, last = film.epochs[0], film.epochs[-1]
    look = session.look()
    what = choice.unit, choice.axes, choice.rings, choice.colour
    drawn = run_panel(str(run.path), stamp(run), *what, look)
    wanted = state.whole("epoch", first, last, last)
    view = embedding_view(
        [drawn],
        f"explore {run.id}",
        epochs=film.epochs,
        epoch=min(film.epochs, key=lambda epoch: abs(epoch - wanted)),
        height=HEIGHT,
        sprite=thumbs.run_sprite(run),
        selected=picking.selected(code_of(str(run.path)), film.rows.ids),
        pinned=picking.pinned(),
        legend=st.query_params.get("legend", ""),
    )
    state.remember_legend(view.legend)
    return view


def _epoch_picker(epochs: tuple[int, ...]) -> int:
    """The epoch of a map that has no play bar."""
    if st.session_state.get("explore_epoch") not in epochs:
        st.session_state["explore_epoch"] = state.whole("epoch", epochs[0], epochs[-1], epochs[-1])
    if st.session_state["explore_epoch"] not in epochs or len(epochs) == 1:
        st.session_state["explore_epoch"] = epochs[-1]
        return epochs[-1]
    return st.select_slider(_("Epoch"), epochs, key="explore_epoch")


def file_map(
    key: str, e: Embeddings, split: str | None, choice: MapChoice
) -> tuple[Shown, ViewState]:
    """Draw an embedding file; returns what is shown and what the browser says."""
    shown = shown_file(key, e, split, choice.unit)
    sprite = thumbs.file_sprite(key, e)
    if choice.axes.method == "tsne":
        return shown, _tsne(shown, None, choice, sprite)
    try:
        drawing = still.drawing_of(shown.key, choice.axes, shown, _train(e, split, choice.unit))
    except Problem as problem:
        return shown, _without_map(shown, problem)
    what = shown.key, choice, session.look(), shown, drawing
    view = embedding_view(
        [still.panel_on_axes(*what, (e, split))],
        f"explore {shown.code}",
        height=HEIGHT,
        sprite=sprite,
        selected=picking.selected(shown.code, shown.ids),
        pinned=picking.pinned(),
        legend=st.query_params.get("legend", ""),
    )
    state.remember_legend(view.legend)
    said = map_limits.limits(shown, drawing, choice.axes.method, played=False)
    st.caption(f"{said} {still.what_is_drawn(shown, drawing.dims)}")
    explain("maps", _("What a map can hide"))
    return shown, view


def _tsne(shown: Shown, epoch: int | None, choice: MapChoice, sprite: Sprite | None) -> ViewState:
    try:
        view = show_tsne(shown, epoch, choice, HEIGHT, sprite)
    except Problem as problem:
        return _without_map(shown, problem)
    explain("maps", _("What a map can hide"))
    return view


def _without_map(shown: Shown, problem: Problem) -> ViewState:
    """Why there is no map; what is picked stays, and so do the numbers beside it."""
    st.info(plain(worded(problem)), icon=":material/visibility_off:")
    return ViewState(None, picking.pinned(), picking.selected(shown.code, shown.ids))


def _train(e: Embeddings, split: str | None, unit: bool) -> tuple | None:
    """Features and labels of the split called train, to fit axes to; None without one, and where
    that or everything is what is shown."""
    if e.splits is None or split in (None, "train"):
        return None
    rows = np.flatnonzero(np.equal(e.splits, "train"))
    x = unit_rows(e.x[rows]) if unit else e.x[rows]
    return (x, None if e.labels is None else e.labels[rows]) if len(rows) else None
