"""Watching runs: progress, curves, map and health, read from the run directory at every tick."""

import contextlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.projection import project
from centerviz.figures import curves
from centerviz.figures.maps import embedding_map
from centerviz.language import _, ngettext, worded
from centerviz.problem import Problem
from centerviz.runs import queue
from centerviz.runs.experiment import experiment_of
from centerviz.runs.status import Status
from centerviz.runs.store import Run, open_run
from centerviz.web import health_card, mending, session, training
from centerviz.web.batches import explain
from centerviz.web.chart import chart
from centerviz.web.embedding_view import Panel, embedding_view
from centerviz.web.naming import STATES, plain, titles
from centerviz.web.results import PAGES, link, run_at
from centerviz.web.run_page import look_into

TICK = 0.7  # seconds between two looks while something goes on
MAP_HEIGHT = 300
MOST_UNFINISHED = 6
COMPARE = {"type": "primary", "icon": ":material/compare:"}


def heading(runs: Sequence[Run]) -> None:
    """What is seen: who is training, or who has."""
    names = [plain(name) for name in titles(runs)]
    states = {run.status.state for run in runs}
    if len(names) == 2:
        both = {"one": names[0], "other": names[1]}
        if states == {"done"}:
            st.header(_("Trained twice: {one}, and {other}", **both))
        else:
            st.header(_("The same training twice: {one}, and {other}", **both))
    else:
        st.header(_("Run {name}", name=names[0]))


def onwards(runs: Sequence[Run]) -> None:
    """Where to go with runs that are done: one click, both runs in the address."""
    if not all(run.status.state == "done" for run in runs):
        return
    ids = ",".join(run.id for run in runs)
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(runs) == 2 and st.button(_("Compare the two"), key="to_compare", **COMPARE):
            st.switch_page(PAGES / "compare.py", query_params={"run": ids})
        for run, name in zip(runs, titles(runs), strict=True):
            label = _("Explore {name}", name=plain(name)) if len(runs) > 1 else _("Explore it")
            link("explore", label, {"run": run.id}, ":material/scatter_plot:")


def nothing_yet() -> None:
    """Before any run: what the button does, and what can be looked at without waiting."""
    st.header(_("Nothing is training yet"))
    st.markdown(
        _(
            "**Start** trains the settings on the left, and beside them the same network without "
            "center loss. Curves and the map move while it learns; digits take a few seconds."
        )
    )
    link("compare", _("Look at a finished pair instead"), {}, ":material/compare:")


def unfinished(shown: Sequence[Run]) -> None:
    """Runs that wait, or were interrupted by a restart, each with the next step."""
    shown_ids = {run.id for run in shown}
    waiting = [run_id for run_id in training.unfinished_ids() if run_id not in shown_ids]
    if not waiting:
        return
    st.subheader(_("Unfinished runs"))
    alone, together = [], Counter()
    for run_id in waiting:
        with contextlib.suppress(Problem):
            run = open_run(run_id)
            name = experiment_of(run)
            together.update([name] if name else [])
            alone += [] if name else [run]
    for name, n in list(together.items())[:MOST_UNFINISHED]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(name), width="content")
            st.caption(ngettext("{n} run unfinished", "{n} runs unfinished", n))
            words = {"key": f"take up {name}", "type": "tertiary"}
            st.button(_("Show"), on_click=show_experiment, args=(name,), **words)
    for run in alone[:MOST_UNFINISHED]:
        _unfinished_one(run)


def _unfinished_one(run: Run) -> None:
    status = run.status
    words, colour, icon = STATES[status.state]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(run.id), width="content")
        st.badge(_(words), icon=icon, color=colour)
        st.caption(_("Epoch {epoch} of {epochs}", epoch=status.epoch, epochs=status.epochs))
        label, act = (_("Show"), _show) if status.active else (_("Resume"), resume)
        st.button(label, key=f"take up {run.id}", on_click=act, args=(run.id,), type="tertiary")


def show_experiment(name: str) -> None:
    """Callback: put an experiment into the address."""
    st.query_params["experiment"] = name
    st.query_params.pop("run", None)


def _show(run_id: str) -> None:
    st.query_params["run"] = run_id


def watch(runs: Sequence[Run]) -> None:
    """The runs side by side, fresh at every tick until all of them rest."""
    active = any(run.status.active for run in runs)

    @st.fragment(run_every=TICK if active else None)
    def look() -> None:
        statuses = [run.status for run in runs]
        _draw(runs, statuses)
        if any(status.active for status in statuses) != active:
            st.rerun()  # one full run starts or stops the timer and offers what comes next

    look()


def _draw(runs: Sequence[Run], statuses: Sequence[Status]) -> None:
    names, columns = titles(runs), st.columns(len(runs), gap="medium")
    for run, name, status, column in zip(runs, names, statuses, columns, strict=True):
        with column:
            _progress(run, name if len(runs) > 1 else "", status)
    try:
        histories = {
            name: history(str(run.path), status.epoch, status.state)
            for run, name, status in zip(runs, names, statuses, strict=True)
        }
    except Problem as problem:
        st.error(plain(worded(problem)), icon=":material/broken_image:")
        return
    for run, name, status, column in zip(runs, names, statuses, columns, strict=True):
        with column:
            health(run, name, status)
    if any(len(found) for found in histories.values()):
        _map(runs, names, statuses)
        _curves(runs, histories)


def _progress(run: Run, name: str, status: Status) -> None:
    words, colour, icon = STATES[status.state]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="left"):
        if name:
            st.markdown(f"**{plain(name)}**", width="content")
        st.badge(_(words), icon=icon, color=colour)
        if status.active:
            stop = {"args": (run.id,), "key": f"stop {run.id}", "icon": ":material/stop:"}
            _leave(st.button(_("Stop"), on_click=_stop, type="tertiary", **stop))
        elif mending.can_go_on(status):
            again = {"args": (run.id,), "key": f"resume {run.id}", "icon": ":material/play_arrow:"}
            _leave(st.button(_("Resume"), on_click=resume, type="tertiary", **again))
        if status.state in ("failed", "stopped"):
            mend = {"args": (run.config,), "key": f"mend {run.id}", "icon": ":material/edit:"}
            label = _("Change settings")
            _leave(st.button(label, on_click=mending.take, type="tertiary", **mend))
        about = {"args": (run.id,), "key": f"about {run.id}", "icon": ":material/info:"}
        _leave(st.button(_("Settings and files"), on_click=look_into, type="tertiary", **about))
    st.progress(status.share, text=_standing(run, status))
    if status.message:
        st.error(plain(status.message), icon=":material/error:")
        _leave(mending.offer(run, status))


def _leave(clicked: bool) -> None:
    """After a click in the part that is drawn at every tick: what it did shows in all the page."""
    if clicked:
        st.rerun()


def _standing(run: Run, status: Status) -> str:
    """Where a run stands, in words."""
    if status.state == "queued":
        place = queue.queue_position(run)
        if place:
            return _("Number {place} in the queue.", place=place)
        return _("The training process is starting.")
    text = _("Epoch {epoch} of {epochs}", epoch=status.epoch, epochs=status.epochs)
    left = training.time_left(status)
    if left is not None:
        return _("{epoch}, about {time} left", epoch=text, time=training.duration(left))
    if status.seconds:
        return _("{epoch}, {time} of training", epoch=text, time=training.duration(status.seconds))
    return text


def _stop(run_id: str) -> None:
    with training.trouble_told():
        queue.request_stop(open_run(run_id))


def resume(run_id: str) -> None:
    """Callback: queue a run that was stopped, interrupted or failed, and show it."""
    with training.trouble_told():
        queue.submit(open_run(run_id))
    shown = [run.id for run in training.watched(st.query_params.get("run", ""))[0]]
    if run_id not in shown:
        st.query_params["run"] = run_id
    training.unfinished_ids.clear()


@st.cache_data(max_entries=32, show_spinner=False)
def history(path: str, epoch: int, state: str) -> pd.DataFrame:
    """The epochs of a run as its figures need them; `epoch` and `state` say when it grew."""
    found = run_at(path).epochs()
    return found[found["epoch"] <= epoch] if epoch else found.iloc[:0]


def _map(runs: Sequence[Run], names: Sequence[str], statuses: Sequence[Status]) -> None:
    """The evaluation subset after the last finished epoch, one panel a run."""
    shown = [
        _panel(run, name, status.epoch)
        for run, name, status in zip(runs, names, statuses, strict=True)
        if status.epoch
    ]
    known = [found for found in shown if found is not None]
    if known:
        panels = [panel for panel, _share in known]
        embedding_view(panels, key=f"live map {len(runs)}", height=MAP_HEIGHT)
        st.caption(map_limits(len(panels[0].ids), [share for _panel, share in known]))


def map_limits(n: int, shares: Sequence[float | None]) -> str:
    """How many samples the maps show, and how much of them: None is all there is."""
    if all(share is None for share in shares):
        return _("{n} samples after the last finished epoch, drawn as they are.", n=n)
    return _(
        "{n} samples after the last finished epoch. The PCA of this epoch shows {share} of their "
        "variance; its axes may turn from one epoch to the next.",
        n=n,
        share=" / ".join(dict.fromkeys(f"{1 if share is None else share:.0%}" for share in shares)),
    )


def _panel(run: Run, name: str, epoch: int) -> tuple[Panel, float | None] | None:
    """The map of a run after an epoch, and the share of the variance that it shows."""
    try:
        snapshot, rows, config = run.snapshot(epoch), run.rows(), run.config
    except Problem:
        return None  # it is being written anew
    features = unit_rows(snapshot.features) if config.normalize else snapshot.features
    count = len(features)
    together = np.concatenate([features, snapshot.centers, snapshot.means])
    known = np.isfinite(together).all(axis=1)
    method = "raw" if together.shape[1] <= 2 else "pca"
    points = np.full((len(together), 2), np.nan, dtype=np.float32)
    found = project(together[known], method, fit_rows=np.arange(known[:count].sum()))
    points[known] = found.points
    classes = len(snapshot.centers)
    letter = "z" if config.normalize else "x"
    figure = embedding_map(
        points[:count],
        rows.labels,
        rows.class_names,
        centers=points[count : count + classes] if config.center_weight else None,
        means=points[count + classes :],
        unit_circle=config.normalize and config.dim == 2,
        axes=(f"{letter}₁", f"{letter}₂") if method == "raw" else ("PCA 1", "PCA 2"),
        lecture=session.lecture(),
        dark=session.dark(),
    )
    title = _("{name}, epoch {epoch}", name=name, epoch=epoch)
    alt = _("Map of the test samples of {name} after epoch {epoch}.", name=name, epoch=epoch)
    share = None if found.explained is None else float(found.explained.sum())
    return Panel(title, figure, rows.ids, alt=alt), share


def _curves(runs: Sequence[Run], histories: dict[str, pd.DataFrame]) -> None:
    look = {"dark": session.dark(), "lecture": session.lecture()}
    last = next(reversed(histories.values()))
    classes = int(last["vitals_classes"].iloc[-1]) if len(last) else None
    has_head = not np.isnan(last["vitals_cross_entropy"]).all() if len(last) else False
    losses, accuracy = st.columns(2, gap="medium")
    with losses:
        figure = curves.losses(histories, classes if has_head else None, **look)
        chart(figure, "live losses", alt=_("Losses over the epochs."), height=340)
    with accuracy:
        figure = curves.accuracies(histories, **look)
        chart(figure, "live accuracy", alt=_("Accuracy over the epochs."), height=340)
    st.caption(
        _(
            "L_S keeps classes apart, L_C pulls every sample to its center, λ·L_C is what L_C adds "
            "to the sum. A smaller L_C alone may be mere shrinking."
        )
    )
    with st.container(horizontal=True):
        bases = {run.config.base for run in runs}
        if bases & {"contrastive", "triplet"}:
            explain("pairs", _("How pairs and triplets pull, step by step"))
        elif bases != {"none"}:
            explain("softmax", _("How L_S is worked out, step by step"))
        explain("joint-loss", _("How the two losses add up, step by step"))
        explain("epoch", _("A whole epoch by hand"))
    with st.expander(_("Who pulls how hard, and how far centers lag")):
        left, right = st.columns(2, gap="medium")
        with left:
            figure = curves.gradient_ratios(histories, **look)
            chart(figure, "live ratio", alt=_("Gradient ratio over the epochs."), height=280)
        with right:
            figure = curves.drifts(histories, **look)
            chart(figure, "live drift", alt=_("Drift of the centers over the epochs."), height=280)
        st.caption(
            _(
                "Neither end of the gradient ratio is good: healthy runs span from 0.0001 to 13. "
                "Drift is the distance between the centers that the rule keeps and the true means."
            )
        )
        with st.container(horizontal=True):
            explain("gradients", _("Where the gradients come from, step by step"))
            explain("centers", _("How a rule moves a center, step by step"))


def health(run: Run, name: str, status: Status) -> None:
    """What the last epoch's checks found; one quiet line when all is well."""
    if not status.epoch:
        return
    found = health_card.findings(str(run.path), status.epoch)
    health_card.cards(found, name, run.id)
    if not found and status.state == "done":
        health_card.quiet(name)
