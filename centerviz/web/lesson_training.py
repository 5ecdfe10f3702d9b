"""The lesson on the shortcut, on a real network: its literal form is trained in the page."""

import numpy as np
import streamlit as st

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.projection import project
from centerviz.figures.lesson_chart import chart_picture, maps_picture
from centerviz.language import _, worded
from centerviz.lessons.lesson import Chart, Lesson, Maps, Step
from centerviz.lessons.literal import EPOCHS, WISHES, Seen, seen
from centerviz.problem import Problem
from centerviz.runs import queue
from centerviz.runs.store import Run, create_run, list_runs, open_run
from centerviz.web import session, state
from centerviz.web.chart import chart
from centerviz.web.naming import STATES, plain
from centerviz.web.results import link, run_at
from centerviz.web.training import get_ready, same_wish

TICK = 0.7  # seconds between two looks while something is being trained
STEPS = ("held", "means")  # where the lesson follows the literal form downhill


def literal_training(of: Lesson, step: Step | None) -> None:
    """Train the literal form and watch what it does; the runs are kept and in the address."""
    if of.name != "shortcut" or step is None or step.key not in STEPS:
        return
    runs = _asked()
    with st.container(border=True):
        st.subheader(_("The same on a real network"))
        st.markdown(
            _(
                "A small network learns the digits three times, {epochs} epochs each: with the "
                "literal form and centers that stay fixed, with the literal form and class means "
                "taken anew after every epoch, and without it (λ = 0).",
                epochs=EPOCHS,
            )
        )
        if not runs:
            get_ready()
            st.button(
                _("Train all three"),
                key="train literal",
                type="primary",
                icon=":material/play_arrow:",
                on_click=_start,
            )
            if "literal problem" in st.session_state:
                st.error(plain(worded(st.session_state.pop("literal problem"))))
            return
        _watch(runs)


def _asked() -> dict[str, Run]:
    """The three runs that the address names, by setting; none unless all are what they claim."""
    found = {}
    for name in st.query_params.get("literal", "").split(",")[: len(WISHES)]:
        try:
            run = open_run(name)
            key = next((key for key, wish in WISHES.items() if same_wish(wish, run)), None)
        except Problem:
            continue
        if key:
            found[key] = run
    return {key: found[key] for key in WISHES} if len(found) == len(WISHES) else {}


def _start() -> None:
    """Queue what has not been trained before; equal settings give equal numbers."""
    try:
        known = [run for run in list_runs() if not run.problem]
        runs = [
            next((run for run in known if same_wish(wish, run)), None)
            or create_run(wish, name=f"literal {key}")
            for key, wish in WISHES.items()
        ]
        for run in runs:
            if run.status.state != "done":
                queue.submit(run)
    except Problem as problem:
        st.session_state["literal problem"] = problem
        return
    state.remember(literal=",".join(run.id for run in runs))


def _stop(runs: dict[str, Run]) -> None:
    """Stop what is under way and offer to begin again; another click takes the runs up."""
    try:
        queue.stop_all(list(runs.values()), patience=0.0)
    except Problem as problem:
        st.session_state["literal problem"] = problem
    state.remember(literal=None)


def _watch(runs: dict[str, Run]) -> None:
    """The three runs, fresh at every tick until all of them rest."""
    active = any(run.status.active for run in runs.values())

    @st.fragment(run_every=TICK if active else None)
    def look() -> None:
        statuses = {key: run.status for key, run in runs.items()}
        if active:
            share = sum(status.share for status in statuses.values()) / len(statuses)
            st.progress(share, _("Training…"))
            if st.button(_("Stop"), key="stop literal"):
                _stop(runs)
                st.rerun()
        for key, status in statuses.items():
            if status.state not in ("queued", "running", "done"):
                st.warning(f"{plain(key)}: {_(STATES[status.state][0])}")
        try:
            _draw(runs, {key: history(str(runs[key].path), s.epoch) for key, s in statuses.items()})
        except Problem as problem:
            st.warning(plain(worded(problem)))
        if active and not any(status.active for status in statuses.values()):
            st.rerun()

    look()


@st.cache_data(max_entries=128, show_spinner=False)
def history(path: str, epoch: int) -> Seen:
    """What the run in a directory has shown up to an epoch."""
    return seen(run_at(path))


def _draw(runs: dict[str, Run], histories: dict[str, Seen]) -> None:
    """Three charts over the epochs, the last maps, and what is seen in a sentence each."""
    longest = max((h.epochs for h in histories.values()), key=len)
    if not longest:
        return
    look = {"dark": session.dark(), "lecture": session.lecture()}
    titles = (
        ("angles", "θ / °", _("Angle between a feature and its center")),
        ("lengths", "‖μ‖", _("Length of the class mean")),
        ("spreads", "‖z − μ‖", _("Distance of a feature from its class mean")),
    )
    for column, (name, symbol, words) in zip(st.columns(3), titles, strict=True):
        series = {
            key: getattr(h, name) + (None,) * (len(longest) - len(h.epochs))
            for key, h in histories.items()
        }
        with column:
            st.caption(words)
            drawn = chart_picture(Chart("lines", longest, series, _("epoch"), symbol), **look)
            chart(drawn, f"literal {name}", alt=words, height=260)
    if all(h.epochs and h.epochs[-1] == EPOCHS for h in histories.values()):
        for sentence in told(histories):
            st.markdown(f"- {sentence}")
        _maps(runs, look)


def told(histories: dict[str, Seen]) -> tuple[str, str]:
    """What the runs ended with, and whether that is what the lesson says."""
    fixed, means, without = (histories[key] for key in WISHES)
    first = _(
        "Fixed centers: features end at a mean angle of {angle}° to their center. The literal form "
        "is smallest at 90°.",
        angle=f"{fixed.angles[-1]:.0f}",
    )
    numbers = {
        "length": f"{means.lengths[-1]:.2f}",
        "plain_length": f"{without.lengths[-1]:.2f}",
        "spread": f"{means.spreads[-1]:.2f}",
        "plain_spread": f"{without.spreads[-1]:.2f}",
    }
    if means.lengths[-1] < without.lengths[-1] and means.spreads[-1] > without.spreads[-1]:
        return first, _(
            "Class means: the means end {length} long instead of {plain_length}, and features "
            "{spread} from theirs instead of {plain_spread}. The centers shrink and the classes "
            "spread, the opposite of the aim.",
            **numbers,
        )
    return first, _(
        "Class means: the means end {length} long, {plain_length} without the form, and features "
        "{spread} from theirs, {plain_spread} without it. This time the classes did not spread.",
        **numbers,
    )


def _maps(runs: dict[str, Run], look: dict[str, bool]) -> None:
    """The test samples after the last epoch, each run by its own PCA."""
    rows = next(iter(runs.values())).rows()
    points = tuple(pca(str(run.path), EPOCHS) for run in runs.values())
    drawn = maps_picture(
        Maps(tuple(runs), points, tuple(rows.labels.tolist())), rows.class_names, **look
    )
    words = _("The unit features of the test samples at the end, each map by a PCA of its own.")
    with st.expander(_("Maps"), icon=":material/scatter_plot:"):
        chart(drawn, "literal maps", alt=words, height=640)
        st.caption(words)
        with st.container(horizontal=True):
            for key, run in runs.items():
                label = _("Explore {name}", name=plain(key))
                link("explore", label, {"run": run.id}, ":material/scatter_plot:")


@st.cache_data(max_entries=32, show_spinner=False)
def pca(path: str, epoch: int) -> np.ndarray:
    """The unit features of an epoch on their first two principal axes, (N, 2)."""
    return project(unit_rows(run_at(path).snapshot(epoch).features)).points.astype(np.float64)
