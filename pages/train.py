"""Train with and without center loss and watch; look through all runs; open a saved model."""

import streamlit as st

from centerviz.language import N_, _, worded
from centerviz.learning.presets import PRESETS
from centerviz.problem import Problem
from centerviz.runs import queue
from centerviz.web import (
    continuing,
    experiments,
    live,
    opening,
    plan_form,
    run_list,
    state,
    train_form,
    training,
)
from centerviz.web.batches import explain
from centerviz.web.naming import plain, written

WAYS = {
    "train": N_("Train"),
    "runs": N_("Runs"),
    "open": N_("Open a saved model"),
}


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


def settings() -> None:
    """Preset, the few settings that matter, everything else under More, Start."""
    training.get_ready()
    train_form.prepare()
    continuing.prepare()
    continuing.notice()
    st.selectbox(
        _("Preset"),
        list(PRESETS),
        key=train_form.key("preset"),
        format_func=lambda name: f"{_(PRESETS[name].title)} ({name})",
        on_change=train_form.take_preset,
        persist_state="session",
    )
    preset = PRESETS[st.session_state[train_form.key("preset")]]
    if st.session_state[train_form.key("dataset")] == preset.config.dataset:
        st.caption(_("What to expect: {sentence}", sentence=_(preset.expect)))
    explain(preset.lesson, _("The lesson behind it"))
    form = train_form.filled()
    train_form.remember()
    train_form.open_fields(form)
    changed = train_form.changed_from_preset()
    with st.expander(_("More"), icon=":material/tune:", expanded=train_form.problem_hidden(form)):
        for group, names in train_form.grouped().items():
            st.markdown(f"**{_(group)}**")
            train_form.fields(names, form)
            if group == "Data":
                train_form.upload()
    if changed:
        listed = ", ".join(f"{name} {written(value)}" for name, value in changed.items())
        st.caption(_("Changed from the preset: {settings}.", settings=plain(listed)))
    plan_form.choose()
    pair_and_start(form)


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


def picture() -> None:
    """The experiment or the runs of the address, or what can be done without any."""
    if st.query_params.get("experiment"):
        experiments.page(st.query_params["experiment"])
        return
    runs, problems = training.watched(st.query_params.get("run", ""))
    for problem in problems:
        st.error(plain(worded(problem)), icon=":material/search_off:")
    if not runs:
        live.nothing_yet()
    else:
        experiments.back(runs)
        live.heading(runs)
        live.onwards(runs)
        live.watch(runs)
    live.unfinished(runs)


state.seed_choice("train_way", "way", list(WAYS), "train")
way = st.segmented_control(
    _("What to do"),
    list(WAYS),
    key="train_way",
    format_func=lambda way: _(WAYS[way]),
    required=True,
    label_visibility="collapsed",
)
state.remember(way=None if way == "train" else way)
if way == "open":
    opening.page()
elif way == "runs":
    run_list.page()
else:
    form_side, picture_side = st.columns([1, 2], gap="large")
    with form_side:
        settings()
    with picture_side:
        picture()
