"""Starting, stopping and finding runs, and how long they still take. The directory is the truth."""

import contextlib
from collections.abc import Iterator, Sequence

import streamlit as st

from centerviz.language import _, ngettext, worded
from centerviz.learning.config import TrainConfig
from centerviz.learning.plan import Plan
from centerviz.problem import Problem
from centerviz.runs import experiment, queue
from centerviz.runs.status import Status
from centerviz.runs.store import Run, create_run, list_runs, open_run

AUTO = ("model", "device", "precision", "threads")  # filled in when a run begins
MOST_RUNS = 2  # watched at once: a pair


@contextlib.contextmanager
def trouble_told() -> Iterator[None]:
    """In a callback: its problem shows beside Start, in the place of an earlier one."""
    st.session_state.pop("train_trouble", None)
    try:
        yield
    except Problem as problem:
        st.session_state["train_trouble"] = worded(problem)


def get_ready() -> None:
    """Start the workers while a person still reads the form, once a server.

    Only for a browser: a page that is run without one trains nothing.
    """
    if st.context.url:
        _workers()


@st.cache_resource(show_spinner=False)
def _workers() -> None:
    queue.warm()


def start(plan: Plan, known: Sequence[Run], parent: Run | None = None) -> list[Run]:
    """The runs of a plan, those without center loss first; new ones wait to be submitted.

    `known` are the runs being watched: those that are still under way with the same settings are
    taken instead of new ones, so that a second click finds what the first began. With `parent`
    all begin with the weights of that run.
    """
    configs = plan.configs()
    under_way = [run for run in known if not run.problem]
    same = len(under_way) == len(configs) and all(
        same_wish(config, run, parent) for config, run in zip(configs, under_way, strict=True)
    )
    if same and any(run.status.active for run in under_way):
        return under_way
    if len(configs) > 1:
        runs = experiment.start(plan, parent=parent)
    else:
        runs = [create_run(config, parent=parent) for config in configs]
    return runs


def same_wish(config: TrainConfig, run: Run, parent: Run | None = None) -> bool:
    """Does `run` train what `config` asks for, from the weights of `parent` or from fresh ones?

    What is auto may have been filled in since.
    """
    if (run.provenance().get("parent") or "") != (parent.id if parent else ""):
        return False
    stored = run.config
    names = config.differences(stored)
    return all(name in AUTO and getattr(config, name) == "auto" for name in names)


def watched(text: str) -> tuple[list[Run], list[Problem]]:
    """The runs that a link names, `a` or `a,b`, and what is wrong with the others."""
    runs, problems = [], []
    for name in list(dict.fromkeys(filter(None, text.split(","))))[:MOST_RUNS]:
        try:
            runs.append(open_run(name))
        except Problem as problem:
            problems.append(problem)
    return runs, problems


@st.cache_data(ttl=5, max_entries=1, show_spinner=False)
def unfinished_ids() -> list[str]:
    """Ids of the runs that can be taken up again or are still under way, newest first."""
    queue.recover()
    return [
        run.id for run in list_runs() if run.status.state in ("queued", "running", "interrupted")
    ]


def time_left(status: Status) -> float | None:
    """Seconds that a running one still takes if it goes on as so far; None before it is known.

    >>> time_left(Status("running", epoch=1, epochs=4, seconds=2.0))
    6.0
    """
    share = status.share
    if status.state != "running" or share <= 0 or status.seconds <= 0:
        return None
    return status.seconds * (1 - share) / share


def duration(seconds: float) -> str:
    """A time that people can read: seconds, then minutes, then hours.

    >>> duration(0.4), duration(42.0), duration(200.0), duration(8000.0)
    ('1 second', '42 seconds', '4 minutes', '2.2 hours')
    """
    if seconds < 90:
        return ngettext("{n} second", "{n} seconds", max(round(seconds), 1))
    if seconds < 5400:
        return ngettext("{n} minute", "{n} minutes", -int(-seconds // 60))
    return _("{hours} hours", hours=f"{seconds / 3600:.1f}")
