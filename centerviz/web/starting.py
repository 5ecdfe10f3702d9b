"""The end of the training form: the pair switch, what all of it amounts to, and Start."""

import streamlit as st

from centerviz.language import _
from centerviz.problem import Problem
from centerviz.runs import queue
from centerviz.web import continuing, experiments, plan_form, state, train_form, training
from centerviz.web.naming import plain


def pair_and_start(form: train_form.Filled) -> None:
    """The pair switch, what all of it amounts to, and the button, with what is wrong beside it."""
    _pair(form)
    problem = form.problem if form.field is None else None
    configs = ()
    if form.config is not None:
        try:
            configs = plan_form.plan(form.config, st.session_state["train_pair"]).configs()
        except Problem as found:
            problem = found
    if problem is not None:
        st.error(plain(train_form.by_labels(problem)), icon=":material/error:")
    if configs:
        plan_form.amount(configs)
    st.button(
        _("Start"),
        key="train_start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=start,
        disabled=not configs,
        width="stretch",
    )
    if st.session_state.get("train_trouble"):
        st.error(plain(st.session_state["train_trouble"]), icon=":material/error:")


def _pair(form: train_form.Filled) -> None:
    """Train the same without center loss too? Kept in the address."""
    state.seed("train_pair", st.query_params.get("pair") != "false")
    without = form.config is not None and form.config.center_weight == 0
    nothing_to_pair = without and "center_weight" not in st.session_state["train_vary"]
    st.toggle(
        _("Pair with λ = 0"),
        key="train_pair",
        help=_(
            "Trains the same without center loss too: the same seed, so the same initial weights "
            "and batches; only λ differs."
        ),
        disabled=nothing_to_pair,
        persist_state="session",
    )
    state.remember(pair=None if st.session_state["train_pair"] else "false")


def start() -> None:
    """Callback of Start: queue what the form says and put the runs into the address.

    One run, or a pair, is watched by itself; more are an experiment.
    """
    st.session_state.pop("train_trouble", None)
    form = train_form.filled()
    if form.config is None:
        return
    try:
        plan = plan_form.plan(form.config, st.session_state["train_pair"])
        known = experiments.runs_of(st.query_params.get("experiment", ""))
        known = known or training.watched(st.query_params.get("run", ""))[0]
        runs = training.start(plan, known, continuing.parent())
        experiments.open_runs(runs)  # whatever the queue takes of them
        queue.submit_all([run for run in runs if run not in known])
    except Problem as problem:
        st.session_state["train_trouble"] = train_form.by_labels(problem)
    training.unfinished_ids.clear()
