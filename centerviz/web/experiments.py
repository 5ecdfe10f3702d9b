"""An experiment under way: how far all its runs are, each of them, and what they found so far.

Code in the address: `experiment=ID`.
"""

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from centerviz.language import _, ngettext, worded
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs import experiment, queue
from centerviz.runs.cluster import workers
from centerviz.runs.status import Status
from centerviz.runs.store import Run, open_run
from centerviz.web import experiment_results, live, mending, training
from centerviz.web.naming import STATES, SYMBOLS, plain, setting
from centerviz.web.results import run_at
from centerviz.web.run_page import look_into

TICK = 1.5  # seconds between two looks while something goes on
MOST_TOLD = 5  # failed runs whose reasons are shown


def runs_of(name: str) -> list[Run]:
    """The runs of an experiment that are still there."""
    return [run for run in map(run_at, _paths(name)) if run.path.is_dir()] if name else []


def open_runs(runs: Sequence[Run]) -> None:
    """Put runs into the address: a run or a pair is watched itself, more are an experiment."""
    if len(runs) > training.MOST_RUNS:
        st.query_params["experiment"] = experiment.experiment_of(runs[0])
        st.query_params.pop("run", None)
    else:
        st.query_params["run"] = ",".join(run.id for run in runs)
        st.query_params.pop("experiment", None)


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def _paths(name: str) -> list[str]:
    return [str(run.path) for run in experiment.runs_of(name)]


def page(name: str) -> None:
    """The experiment of the address."""
    runs = runs_of(name)
    if not runs:
        _paths.clear()
        problem = Problem(
            "There is no experiment {name}; look at the list of runs.", name=name[:120]
        )
        st.error(plain(worded(problem)), icon=":material/search_off:")
        return
    st.header(_heading(runs))
    active = any(run.status.active for run in runs)

    @st.fragment(run_every=TICK if active else None)
    def look() -> None:
        training.unfinished_ids()  # finds runs whose queue is gone: they were interrupted
        statuses = [run.status for run in runs]
        _progress(runs, statuses)
        more, picked = experiment_results.show(runs)
        _table(runs, statuses)
        mended = _failures(runs, statuses)
        if picked:
            _watch(picked, runs)
        changed = any(status.active for status in statuses) != active
        if picked or mended or changed or (more and not active):
            st.rerun()  # one full run starts or stops the timer

    look()
    _one(runs)


def back(runs: Sequence[Run]) -> None:
    """From runs that are watched to the experiment, where it has more of them."""
    name = experiment.experiment_of(runs[0])
    if len(runs_of(name)) > len(runs):
        st.button(
            _("All runs of the experiment"),
            key="experiment_back",
            icon=":material/arrow_back:",
            type="tertiary",
            on_click=live.show_experiment,
            args=(name,),
        )


def _heading(runs: Sequence[Run]) -> str:
    """What is varied over what."""
    configs = [config for run in runs if (config := _config(run)) is not None]
    seeds = len({config.seed for config in configs})
    names = [name for name in experiment.varying(configs) if name != "seed"]
    over = ngettext("{n} seed", "{n} seeds", seeds)
    if not names:
        return _("The same training with {seeds}", seeds=over)
    settings = len({tuple(getattr(config, name) for name in names) for config in configs})
    return _(
        "{n} settings of {names}, {seeds} each",
        n=settings,
        names=plain(", ".join(SYMBOLS.get(name, name.replace("_", "-")) for name in names)),
        seeds=over,
    )


def _config(run: Run) -> TrainConfig | None:
    try:
        return run.config
    except Problem:
        return None


def _progress(runs: Sequence[Run], statuses: Sequence[Status]) -> None:
    """How far everything is, with what can be done about all of it."""
    clicked = False
    states = Counter(status.state for status in statuses)
    text = _("{done} of {n} runs done", done=states["done"], n=len(runs))
    if states["failed"]:
        text = _("{text}, {n} failed", text=text, n=states["failed"])
    left = time_left(statuses)
    if left is not None:
        text = _("{text}, about {time} left", text=text, time=training.duration(left))
    if set(states) - {"done", "failed"}:
        st.progress(sum(status.share for status in statuses) / len(statuses), text=text)
    else:
        st.caption(text)
    with st.container(horizontal=True):
        if any(status.active for status in statuses):
            stop = {"key": "experiment_stop", "icon": ":material/stop:"}
            clicked = st.button(_("Stop all"), on_click=_stop, args=(runs,), **stop)
        pairs = list(zip(runs, statuses, strict=True))
        resting = [run for run, status in pairs if mending.can_go_on(status)]
        if resting:
            clicked |= st.button(
                ngettext("Resume {n} run", "Resume {n} runs", len(resting)),
                key="experiment_resume",
                icon=":material/play_arrow:",
                on_click=_resume,
                args=([*resting, *(r for r, s in pairs if s.state == "queued")],),
            )
    if clicked:
        st.rerun()  # what it did shows in all the page


def time_left(statuses: Sequence[Status]) -> float | None:
    """Seconds until all active runs are done, at the pace of the epochs so far; None without any.

    >>> statuses = [Status("done", epoch=4, epochs=4, seconds=8.0), Status("queued", epochs=4)]
    >>> time_left(statuses)
    8.0
    """
    spent = sum(status.seconds for status in statuses)
    epochs = sum(status.share * status.epochs for status in statuses)
    rest = [s.epochs * (1 - s.share) for s in statuses if s.active]
    if not rest or not epochs or not spent:
        return None
    return spent / epochs * max(sum(rest) / min(workers(), len(rest)), *rest)


def _table(runs: Sequence[Run], statuses: Sequence[Status]) -> None:
    """Every run with where it stands."""
    titles, places = names(runs), _places(runs, statuses)
    rows = []
    for run, title, status in zip(runs, titles, statuses, strict=True):
        left = training.time_left(status)
        standing = ""
        if run.id in places:
            place = places[run.id]
            standing = _("number {place}", place=place) if place else _("starting")
        if left is not None:
            standing = _("about {time} left", time=training.duration(left))
        share = 100 * status.share
        rows.append((title, _(STATES[status.state][0]), share, standing))
    frame = pd.DataFrame(rows, columns=[_("Run"), _("State"), _("Progress"), _("Standing")])
    bar = st.column_config.ProgressColumn(
        format="%.0f %%", min_value=0, max_value=100, width="small"
    )
    columns = {_("State"): st.column_config.TextColumn(width="small"), _("Progress"): bar}
    if not any(row[-1] for row in rows):
        frame = frame.drop(columns=_("Standing"))
    st.dataframe(frame, hide_index=True, column_config=columns, alt=_("The runs."))


def _places(runs: Sequence[Run], statuses: Sequence[Status]) -> dict[str, int]:
    """Places in the queue of the runs that wait: one question for all."""
    waiting = {run.id for run, s in zip(runs, statuses, strict=True) if s.state == "queued"}
    known = queue.queue_places(runs[0].path.parent) if waiting else {}
    return {name: place for name, place in known.items() if name in waiting}


def names(runs: Sequence[Run]) -> list[str]:
    """What each run is called: by what differs within the experiment."""
    configs = [_config(run) for run in runs]
    fields = experiment.varying([config for config in configs if config is not None])
    return [
        run.id
        if config is None or not fields
        else ", ".join(setting(name, getattr(config, name)) for name in fields)
        for run, config in zip(runs, configs, strict=True)
    ]


def _failures(runs: Sequence[Run], statuses: Sequence[Status]) -> bool:
    """Why runs failed and what to change; True after a click on a change."""
    told = [found for found in zip(runs, names(runs), statuses, strict=True) if found[2].message]
    configs = [config for run in runs if (config := _config(run)) is not None]
    offered, mended = set(), False
    for run, name, status in told[:MOST_TOLD]:
        text = _("{name}: {reason}", name=plain(name), reason=plain(status.message))
        st.error(text, icon=":material/error:")
        config = _config(run)
        of_all_seeds = config and config.model_copy(update={"seed": 0})
        if of_all_seeds is not None and of_all_seeds not in offered:
            offered.add(of_all_seeds)
            mended |= mending.offer(run, status, configs)
    if len(told) > MOST_TOLD:
        n = len(told) - MOST_TOLD
        st.caption(ngettext("{n} more run failed.", "{n} more runs failed.", n))
    return mended


def _one(runs: Sequence[Run]) -> None:
    """One of the runs: watch it, stop it, take it up again, look into it."""
    titles = dict(zip([run.id for run in runs], names(runs), strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("One run"), list(titles), key="experiment_run", format_func=titles.get
        )
        if chosen not in titles:
            return
        watch = {"key": "experiment_watch", "icon": ":material/monitoring:"}
        st.button(_("Watch its curves"), on_click=_watch, args=(chosen, runs), **watch)
        status = open_run(chosen).status
        if status.active:
            stop = {"key": "experiment_stop_one", "icon": ":material/stop:"}
            st.button(_("Stop"), on_click=_stop, args=([open_run(chosen)],), **stop)
        elif mending.can_go_on(status):
            again = {"key": "experiment_resume_one", "icon": ":material/play_arrow:"}
            st.button(_("Resume"), on_click=_resume, args=([open_run(chosen)],), **again)
        about = {"key": "experiment_about", "icon": ":material/info:"}
        st.button(_("Settings and files"), on_click=look_into, args=(chosen,), **about)


def _watch(run_id: str, runs: Sequence[Run]) -> None:
    """Callback: the run, beside that of the same seed with λ = 0 if there is one."""
    shown = [run_id]
    config = _config(open_run(run_id))
    known = {found: run.id for run in runs if (found := _config(run)) is not None}
    without = experiment.baseline(config, known) if config is not None else None
    if without is not None and known[without] != run_id:
        shown.insert(0, known[without])
    st.query_params["run"] = ",".join(shown)
    st.query_params.pop("experiment", None)


def _stop(runs: Sequence[Run]) -> None:
    """Callback: ask all of them; the page shows when they have stopped."""
    with training.trouble_told():
        queue.stop_all(runs, patience=0.0)


def _resume(runs: Sequence[Run]) -> None:
    """Callback: queue them again; those that are known to the queue stay where they are."""
    with training.trouble_told():
        queue.submit_all(runs)
    training.unfinished_ids.clear()
