"""Train with and without center loss and watch; look through all runs; open a saved model."""

import streamlit as st

from centerviz.language import N_, _, worded
from centerviz.learning.presets import PRESETS
from centerviz.problem import Problem
from centerviz.web import live, opening, run_list, state, train_form, training
from centerviz.web.batches import explain
from centerviz.web.naming import plain, written

WAYS = {
    "train": N_("Train"),
    "runs": N_("Runs"),
    "open": N_("Open a saved model"),
}


def start() -> None:
    """Callback of Start: queue what the form says and put the runs into the address."""
    st.session_state.pop("train_trouble", None)
    form = train_form.filled()
    if form.config is None:
        return
    try:
        configs = training.planned(form.config, st.session_state["train_pair"])
        known = training.watched(st.query_params.get("run", ""))[0]
        runs = training.start(configs, known)
    except Problem as problem:
        st.session_state["train_trouble"] = worded(problem)
        return
    st.query_params["run"] = ",".join(run.id for run in runs)
    training.unfinished_ids.clear()


def settings() -> None:
    """Preset, the few settings that matter, everything else under More, Start."""
    training.get_ready()
    train_form.prepare()
    st.selectbox(
        _("Preset"),
        list(PRESETS),
        key=train_form.key("preset"),
        format_func=lambda name: f"{_(PRESETS[name].title)} ({name})",
        on_change=train_form.take_preset,
        persist_state="session",
    )
    preset = PRESETS[st.session_state[train_form.key("preset")]]
    st.caption(_("What to expect: {sentence}", sentence=_(preset.expect)))
    explain(preset.lesson, _("The lesson behind it"))
    form = train_form.filled()
    train_form.remember()
    train_form.fields(train_form.OPEN, form)
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
    pair_and_start(form)


def pair_and_start(form: train_form.Filled) -> None:
    """The pair switch and the button, with what is wrong beside it."""
    state.seed("train_pair", st.query_params.get("pair") != "false")
    st.toggle(
        _("Pair with λ = 0"),
        key="train_pair",
        help=_("Trains the same run without center loss too: same seed, only λ differs."),
        disabled=form.config is not None and form.config.center_weight == 0,
        persist_state="session",
    )
    state.remember(pair=None if st.session_state["train_pair"] else "false")
    if form.problem is not None and form.field is None:
        st.error(plain(worded(form.problem)), icon=":material/error:")
    st.button(
        _("Start"),
        key="train_start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=start,
        disabled=form.config is None,
        width="stretch",
    )
    if st.session_state.get("train_trouble"):
        st.error(plain(st.session_state["train_trouble"]), icon=":material/error:")


def picture() -> None:
    """The runs of the address, or what can be done without any."""
    runs, problems = training.watched(st.query_params.get("run", ""))
    for problem in problems:
        st.error(plain(worded(problem)), icon=":material/search_off:")
    if not runs:
        live.nothing_yet()
    else:
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
