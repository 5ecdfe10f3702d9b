"""One run: settings, the line that repeats it, files, where it comes from, and what can be done.

Codes in the address: `way=runs&show=ID`.
"""

import io
import shlex
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import streamlit as st

from centerviz.embedding.metrics import METRICS
from centerviz.language import N_, _, worded
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.experiment import experiment_of
from centerviz.runs.export import KINDS, export_run
from centerviz.runs.notes import (
    LONGEST_NAME,
    LONGEST_NOTE,
    annotate,
    contents,
    name_of,
    note_of,
)
from centerviz.runs.store import SHIPPED, Run, open_run
from centerviz.runs.trash import delete_run
from centerviz.web import continuing, results, train_form
from centerviz.web.comparing import digits
from centerviz.web.naming import STATES, data_name, plain, told, written

TROUBLE = "run page trouble"  # of the session: what the last click could not do
DELETED = "run page deleted"  # of the session: where the last deleted runs lie
NUMBERS = ("ratio", "fisher", "nearest_mean_accuracy")
ORIGIN = (  # keys of provenance.json, with their words
    ("created", N_("Created")),
    ("started", N_("Started")),
    ("parent", N_("Weights from")),
    ("experiment", N_("Experiment")),
    ("device", N_("Device")),
    ("system", N_("System")),
    ("data", N_("Data set")),
    ("versions", N_("Versions")),
)
PARTS = {  # of the data set in provenance.json
    "name": N_("name"),
    "samples": N_("samples"),
    "source": N_("source"),
    "licence": N_("licence"),
}


def show(run: Run) -> None:
    """Everything about one run."""
    words, colour, icon = STATES[run.status.state]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(plain(name_of(run)), width="content")
        st.badge(_(words), icon=icon, color=colour)
    if run.problem is not None:
        st.error(plain(worded(run.problem)), icon=":material/broken_image:")
    else:
        summary = told(run.config) or _("all settings at their defaults")
        st.caption(plain(f"{run.id} · {data_name(run.config.dataset)} · {summary}"))
    if note_of(run):
        st.markdown(plain(note_of(run)))
    if st.session_state.get(TROUBLE):
        st.error(plain(st.session_state.pop(TROUBLE)), icon=":material/error:")
    _actions(run)
    left, right = st.columns(2, gap="large")
    with left:
        if run.problem is None:
            _numbers(run)
            _settings(run.config, str(run.provenance().get("parent") or ""))
    with right:
        _files(run)
        _origin(run)
        _name_and_note(run)


def _actions(run: Run) -> None:
    """What can be done next."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.status.epoch:
            results.link("explore", _("Explore it"), {"run": run.id}, ":material/scatter_plot:")
        if run.problem is None:
            _settings_actions(run)
        together = experiment_of(run)
        if together:
            st.button(
                _("Its experiment"),
                key="run_experiment",
                icon=":material/science:",
                on_click=_experiment,
                args=(together,),
            )
        if run.status.state == "done":
            st.button(
                _("Go on with other settings"),
                key="run_go_on",
                icon=":material/subdirectory_arrow_right:",
                on_click=_go_on,
                args=(run,),
                help=_("Puts its settings into the form; a new run begins with its weights."),
            )
        if run.path.parent != SHIPPED:
            st.button(
                _("Delete"),
                key="run_delete",
                icon=":material/delete:",
                on_click=delete,
                args=([run.id],),
                help=_("It can be brought back from the list of runs."),
            )


def _settings_actions(run: Run) -> None:
    """What needs nothing but its settings."""
    st.button(
        _("Watch its curves"),
        key="run_watch",
        icon=":material/monitoring:",
        on_click=_watch,
        args=(run.id,),
    )
    st.button(
        _("Train with other settings"),
        key="run_again",
        icon=":material/tune:",
        on_click=_again,
        args=(run,),
        help=_("Puts its settings into the form, to change some and start a new run."),
    )


def look_into(run_id: str) -> None:
    """Callback: show the page of a run."""
    st.session_state["train_way"] = "runs"
    st.query_params["show"] = run_id


def _watch(run_id: str) -> None:
    st.session_state["train_way"] = "train"
    st.query_params["run"] = run_id
    st.query_params.pop("experiment", None)


def _again(run: Run) -> None:
    train_form.take_config(run.config)
    continuing.take("")
    st.session_state["train_way"] = "train"
    st.query_params.pop("run", None)


def _go_on(run: Run) -> None:
    _again(run)
    continuing.take(run.id)


def _experiment(name: str) -> None:
    st.session_state["train_way"] = "train"
    st.query_params["experiment"] = name
    st.query_params.pop("run", None)


def delete(ids: list[str]) -> None:
    """Callback: move runs to the trash and remember where they lie, for an undo."""
    gone = []
    for run_id in ids:
        try:
            gone.append(str(delete_run(open_run(run_id))))
        except Problem as problem:
            st.session_state[TROUBLE] = worded(problem)
    if gone:
        st.session_state[DELETED] = gone
        st.query_params.pop("show", None)


def _numbers(run: Run) -> None:
    """The three numbers that matter, of the view that its center loss sees."""
    try:
        found = results.measured(*results.opened(run.id), None)
    except Problem:
        return  # it isn't done
    view = "unit" if run.config.normalize else "raw"
    for column, key in zip(st.columns(len(NUMBERS)), NUMBERS, strict=True):
        metric = METRICS[key]
        column.metric(_(metric.name), digits(found[view][key]), help=_(metric.meaning))


def _settings(config: TrainConfig, parent: str) -> None:
    """Those that differ from the defaults, all on demand; and the line that repeats the run."""
    st.subheader(_("Settings"))
    everything = st.toggle(
        _("All settings"),
        key="run_all_settings",
        help=_("Off: only what differs from the defaults."),
    )
    changed = config.differences(TrainConfig())
    names = [name for name in TrainConfig.model_fields if everything or name in changed]
    usual = TrainConfig()
    rows = [
        (
            _(train_form.LABELS[name]),
            written(getattr(config, name)),
            written(getattr(usual, name)),
        )
        for name in names
    ]
    if rows:
        frame = pd.DataFrame(rows, columns=[_("Setting"), _("Here"), _("Default")])
        st.dataframe(frame, hide_index=True, alt=_("Settings of the run."))
    else:
        st.caption(_("All settings are at their defaults."))
    line = config.command_line()
    if parent:
        line += f" --parent {shlex.quote(parent)}"
        words = _(
            "This line repeats the run exactly, with the same versions and data, where {run} is, "
            "whose weights it begins with:",
            run=plain(parent),
        )
    else:
        words = _("This line repeats the run exactly, with the same versions and data:")
    st.markdown(words)
    st.code(line, language="bash", wrap_lines=True)


def _files(run: Run) -> None:
    """What lies in its directory, and what can be taken elsewhere."""
    st.subheader(_("Files"))
    sizes = contents(run)
    rows = [(name, size(count)) for name, count in sizes.items()]
    frame = pd.DataFrame(rows, columns=[_("File"), _("Size")])
    st.dataframe(frame, hide_index=True, alt=_("Files of the run."))
    if run.status.state != "done":
        st.caption(_("A run can be exported when it is done."))
        return
    kind = st.selectbox(
        _("Export"), list(KINDS), key="run_export", format_func=lambda kind: _(KINDS[kind])
    )
    if kind in KINDS:  # right after a change of language it may be a title of the old one
        st.download_button(
            _("Download"),
            data=lambda: packed(run, kind),
            file_name=f"{run.id}-projector.zip" if kind == "projector" else f"{run.id}.{kind}",
            icon=":material/download:",
            key=f"run_download_{kind}",
            on_click="ignore",
        )


def packed(run: Run, kind: str) -> bytes:
    """An export as one file: a folder of several comes as a zip."""
    with tempfile.TemporaryDirectory() as folder:
        files = export_run(run, kind, Path(folder))
        if len(files) == 1:
            return files[0].read_bytes()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
        return stream.getvalue()


def size(count: int) -> str:
    """A number of bytes for people.

    >>> size(900), size(12_345), size(3_200_000)
    ('900 B', '12.3 kB', '3.2 MB')
    """
    for unit, worth in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= worth:
            return f"{count / worth:.1f} {unit}"
    return f"{count} B"


def _origin(run: Run) -> None:
    """Where it comes from: times, versions, device, data."""
    st.subheader(_("Where it comes from"))
    known = run.provenance()
    rows = [row for key, words in ORIGIN for row in told_origin(_(words), known.get(key))]
    if rows:
        frame = pd.DataFrame(rows, columns=[_("What"), _("Known")])
        st.dataframe(frame, hide_index=True, alt=_("Where the run comes from."))
    else:
        st.caption(_("Nothing is known about it."))


def told_origin(words: str, value: object) -> list[tuple[str, str]]:
    """A value of provenance.json in rows: one, or one for each part that has a value.

    >>> told_origin("Data set", {"name": "digits", "licence": ""})
    [('Data set, name', 'digits')]
    """
    if isinstance(value, dict):
        named = {key: _(PARTS.get(key, key)) for key in value}
        return [(f"{words}, {named[key]}", str(part)) for key, part in value.items() if part]
    return [(words, str(value))] if value else []


def _name_and_note(run: Run) -> None:
    """What people call it; links use the id, which stays."""
    if run.path.parent == SHIPPED:
        return
    st.subheader(_("Name and note"))
    with st.form(f"name of {run.id}", border=False):
        name = st.text_input(_("Name"), name_of(run), max_chars=LONGEST_NAME, key=f"name {run.id}")
        note = st.text_area(_("Note"), note_of(run), max_chars=LONGEST_NOTE, key=f"note {run.id}")
        if st.form_submit_button(_("Save"), icon=":material/save:"):
            try:
                annotate(run, "" if name == run.id else name, note)
            except Problem as problem:
                st.session_state[TROUBLE] = worded(problem)
            st.rerun()
