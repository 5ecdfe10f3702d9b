"""Train with and without center loss and watch; look through all runs; open a saved model."""

import streamlit as st

from centerviz.language import N_, _, worded
from centerviz.learning.presets import PRESETS
from centerviz.web import (
    continuing,
    experiments,
    live,
    opening,
    plan_form,
    run_list,
    starting,
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
    starting.pair_and_start(form)


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
