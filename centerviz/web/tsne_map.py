"""Explore by t-SNE: the map on its way, with a way to stop it, then the map and what it says.

The drawing itself happens elsewhere (`tsne_job`).
"""

import numpy as np
import streamlit as st

from centerviz.language import _
from centerviz.web import map_limits, picking, state, tsne_job
from centerviz.web.embedding_view import Panel, Sprite, ViewState, embedding_view
from centerviz.web.map_choice import MapChoice
from centerviz.web.naming import plain
from centerviz.web.still import panel_of_tsne
from centerviz.web.subject import Shown
from centerviz.web.tsne_job import Job, Wish

TICK = 0.5  # seconds between two looks at a map under way


def show_tsne(
    shown: Shown,
    epoch: int | None,
    choice: MapChoice,
    height: int,
    sprite: Sprite | None,
) -> ViewState:
    """The t-SNE map of the rows; `epoch` is that of a run."""
    settings = choice.axes.dims, choice.seed, choice.perplexity
    wish = Wish(shown.key, shown.data, *settings, shown.name, epoch)
    job = tsne_job.job(wish, shown.space.x, shown.ids)
    selected = picking.selected(shown.code, shown.ids)
    if not job.done:
        _watch(shown, job, height, choice.colour)
        return ViewState(None, picking.pinned(), selected)
    if job.problem is not None:
        raise job.problem
    view = embedding_view(
        [_panel(shown, job, choice.colour)],
        f"explore t-SNE {shown.code}",
        height=height,
        sprite=sprite,
        selected=selected,
        pinned=picking.pinned(),
        legend=st.query_params.get("legend", ""),
    )
    state.remember_legend(view.legend)
    said = [map_limits.tsne_limits(shown.only(job.rows), job.frame, wish.seed)]
    said += _way(job, shown.name)
    st.caption(" ".join(said))
    if job.cut_short:
        with st.container(horizontal=True, vertical_alignment="center"):
            at = {"n": job.frame.iteration, "all": job.frame.iterations}
            st.caption(_("Stopped after {n} of {all} iterations: it is not finished.", **at))
            again = _("Draw it to the end")
            st.button(again, key="tsne_again", on_click=tsne_job.again, args=(wish,))
    return view


def _watch(shown: Shown, job: Job, height: int, colour: str) -> None:
    """The frames as they come, a bar, and a way to stop."""

    @st.fragment(run_every=TICK)
    def watch() -> None:
        if job.done:
            st.rerun()
        if job.frame is not None:
            embedding_view([_panel(shown, job, colour)], "explore t-SNE under way", height=height)
        words = _("Drawing the t-SNE map…") if job.frame else _("Waiting for t-SNE to begin…")
        if job.placing:
            words = _("Placing the other samples among them…")
        if job.stop.is_set():
            words = _("Stopping…")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(job.share, text=words)
            st.button(
                _("Stop"), key="tsne_stop", icon=":material/stop_circle:", on_click=job.stop.set
            )

    watch()


def _panel(shown: Shown, job: Job, colour: str) -> Panel:
    """The rows that have a place."""
    points = job.points
    rows = np.flatnonzero(np.isfinite(points).all(axis=1))
    return panel_of_tsne(shown.only(rows), points[rows], colour)


def _way(job: Job, file: str) -> list[str]:
    """Where the map started, and which rows did not form it; `file` names what is not of a run."""
    said = []
    others = len(job.placed) - len(job.rows)
    if others:
        said.append(_("{n} more were placed among them afterwards.", n=others))
    if job.origin is not None:
        name = plain(file)
        if job.origin.epoch is not None:
            name = plain(job.origin.name)
            name = _("{run}, epoch {epoch}", run=name, epoch=job.origin.epoch)
        said.append(
            _(
                "It started from the map of {name}, so that classes stay in place; another seed "
                "starts from the PCA.",
                name=name,
            )
        )
    return said
