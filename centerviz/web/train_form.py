"""The training form, generated from TrainConfig: bounds, units, help and groups are the model's.

Only what the model does not know stands here: the label of each setting, the few that stand open
and the lists that help to fill in free text. A link may carry settings: `/train?preset=article&
center_weight=5`.
"""

import contextlib
import math
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Literal, get_args, get_origin

import streamlit as st
from pydantic.fields import FieldInfo

from centerviz.data.sources import DATASETS, check_spec
from centerviz.language import N_, _, worded
from centerviz.learning.config import TrainConfig, checked, flag_of
from centerviz.learning.presets import PRESETS
from centerviz.problem import Problem
from centerviz.web import continuing, face_strip, state, uploads
from centerviz.web.effects import EFFECTS
from centerviz.web.naming import data_name, plain

ROWS = (("dataset", "epochs"), ("dim", "center_weight"))  # with the preset: five controls
OPEN = tuple(name for row in ROWS for name in row)
FIRST_PRESET = "wen2016"
PRESET_BEFORE = "train preset before"  # of the session: the last one that was there
LABELS = {
    "dataset": N_("Data set"),
    "model": N_("Network"),
    "dim": N_("Dimensions, D"),
    "normalize": N_("Center loss on unit features z"),
    "base": N_("Base loss, L_S"),
    "scale": N_("Scale of the cosines, s"),
    "margin": N_("Margin, m"),
    "samples_per_class": N_("Of each class in a batch"),
    "center_weight": N_("Center weight, λ"),
    "center_form": N_("Form of center loss"),
    "center_rule": N_("How centers move"),
    "center_step": N_("Center step, α"),
    "center_start": N_("Where centers start"),
    "reduction": N_("Center loss over a batch"),
    "warmup_epochs": N_("Warm-up of λ"),
    "epochs": N_("Epochs"),
    "batch_size": N_("Batch size"),
    "optimizer": N_("Optimiser"),
    "learning_rate": N_("Learning rate"),
    "schedule": N_("Learning-rate schedule"),
    "momentum": N_("Momentum"),
    "weight_decay": N_("Weight decay"),
    "seed": N_("Seed"),
    "device": N_("Device"),
    "precision": N_("Precision"),
    "threads": N_("Threads"),
}
GROUPS = (  # the model's groups, in the order of the form
    N_("Data"),
    N_("Embedding"),
    N_("Base loss"),
    N_("Center loss"),
    N_("Optimisation"),
    N_("Run"),
)
UNITS = (N_("samples"), N_("epochs"))  # the others stand in the labels
SUGGESTED = {"device": ("auto", "cpu", "mps", "cuda"), "threads": ("auto", "1", "2", "4")}


@dataclass(frozen=True)
class Filled:
    """What the form holds: a config, or the problem and the field it is shown at."""

    config: TrainConfig | None
    problem: Problem | None
    field: str | None


def key(name: str) -> str:
    """The session key of a setting."""
    return f"train_{name}"


def prepare() -> None:
    """Fill the form once a session: from the link, else from the first preset.

    Right after a change of language the browser may send a preset by its title in the old one.
    """
    kept = st.session_state.get(key("preset"))
    if kept is not None:
        if kept not in PRESETS:
            st.session_state[key("preset")] = st.session_state[PRESET_BEFORE]
        st.session_state[PRESET_BEFORE] = st.session_state[key("preset")]
        return
    wanted = st.query_params.get("preset", FIRST_PRESET)
    st.session_state[key("preset")] = wanted if wanted in PRESETS else FIRST_PRESET
    st.session_state[PRESET_BEFORE] = st.session_state[key("preset")]
    take_preset()
    given = {
        name: st.query_params[name]
        for name in TrainConfig.model_fields
        if name in st.query_params and _linkable(name, st.query_params[name])
    }
    config = linked(PRESETS[st.session_state[key("preset")]].config, given)
    for name in given:
        st.session_state[key(name)] = _shown(TrainConfig.model_fields[name], getattr(config, name))


def take_preset() -> None:
    """Put the preset's settings into the form; a data set chosen by hand stays."""
    if st.session_state[key("preset")] not in PRESETS:
        return  # see `prepare`
    config = PRESETS[st.session_state[key("preset")]].config
    usual = TrainConfig.model_fields["dataset"].default
    for name, field in TrainConfig.model_fields.items():
        chosen = st.session_state.get(key(name))
        if name == "dataset" and chosen is not None and config.dataset == usual:
            continue
        st.session_state[key(name)] = _shown(field, getattr(config, name))


def remember() -> None:
    """Write the preset, and what the form says otherwise, into the address."""
    preset = st.session_state[key("preset")]
    codes = dict.fromkeys(TrainConfig.model_fields)
    for name, value in _differing().items():
        if _linkable(name, str(value)):
            codes[name] = str(value).lower() if isinstance(value, bool) else value
    state.remember(preset=preset if preset != FIRST_PRESET else None, **codes)


def take_config(config: TrainConfig) -> None:
    """Put the settings of a run into the form, to change one and start again."""
    if key("preset") not in st.session_state:
        st.session_state[key("preset")] = st.session_state[PRESET_BEFORE] = FIRST_PRESET
    for name, field in TrainConfig.model_fields.items():
        st.session_state[key(name)] = _shown(field, getattr(config, name))


def filled() -> Filled:
    """The form's settings, checked; the same check that the command line makes.

    The data set is looked at too, unless it would have to come over the network.
    """
    values = {name: st.session_state[key(name)] for name in TrainConfig.model_fields}
    if str(values["threads"]).isdigit():
        values["threads"] = int(values["threads"])
    try:
        config = checked(values)
    except Problem as problem:
        return Filled(None, problem, problem_field(problem))
    problem = dataset_problem(config.dataset)
    if problem is not None:
        return Filled(None, problem, "dataset")
    problem = continuing.problem(config)
    return Filled(None, problem, problem_field(problem)) if problem else Filled(config, None, None)


def dataset_problem(spec: str) -> Problem | None:
    """Why a data set cannot be used, or None; those that come over the network are believed."""
    if spec in DATASETS:
        return None
    problem = uploads.refused(spec)
    if problem is not None:
        return problem
    changed = 0.0
    with contextlib.suppress(OSError, ValueError):
        changed = Path(spec).expanduser().stat().st_mtime
    return _read(spec, changed)


@st.cache_data(max_entries=16, show_spinner=False)
def _read(spec: str, changed: float) -> Problem | None:
    """The problem with reading `spec`, kept until what it names is changed."""
    try:
        check_spec(spec)
    except Problem as problem:
        return problem
    return None


def changed_from_preset() -> dict[str, object]:
    """What the form says otherwise than its preset: label -> value; the data set is no change."""
    return {_(LABELS[name]): value for name, value in _differing().items() if name != "dataset"}


def _differing() -> dict[str, object]:
    """The settings that are not as the preset has them: name -> value."""
    config = PRESETS[st.session_state[key("preset")]].config
    return {
        name: st.session_state[key(name)]
        for name, field in TrainConfig.model_fields.items()
        if st.session_state[key(name)] != _shown(field, getattr(config, name))
    }


def problem_hidden(form: Filled) -> bool:
    """True when the field to mend is among those under More."""
    return form.field is not None and form.field not in OPEN


def problem_field(problem: Problem) -> str | None:
    """The setting at which a problem is shown: the last one its sentence names.

    The last, because sentences end with what to do.
    """
    named = [name for _, name, *_ in Formatter().parse(problem.template) if name]
    fields = [_named(name, problem.values[name]) for name in named]
    return next(filter(None, reversed(fields)), None)


def by_labels(problem: Problem) -> str:
    """The sentence with the labels of the form where the command line has its flags."""
    fields = {name: _named(name, value) for name, value in problem.values.items()}
    labels = {name: f"“{_(LABELS[field])}”" for name, field in fields.items() if field}
    return worded(Problem(problem.template, **{**problem.values, **labels}))


def _named(name: str, value: object) -> str | None:
    """The setting that a value of a problem stands for: `{dim}` or `{flag}` filled with a flag."""
    field = str(value).replace("-", "_") if name == "flag" else name
    return field if field in LABELS and str(value) == flag_of(field) else None


def open_fields(problem: Filled) -> None:
    """The few settings that matter, two beside each other."""
    for names in ROWS:
        for name, column in zip(names, st.columns([3, 2] if "epochs" in names else 2), strict=True):
            with column:
                _widget(name, TrainConfig.model_fields[name])
        for name in names:
            _say(name, problem)
    face_strip.strip(st.session_state[key("dataset")])


def fields(names: tuple[str, ...], problem: Filled) -> None:
    """The widgets of some settings, with the problem under the field it belongs to."""
    for name in names:
        _widget(name, TrainConfig.model_fields[name])
        _say(name, problem)


def _say(name: str, problem: Filled) -> None:
    if problem.problem is None or problem.field != name:
        return
    st.error(plain(by_labels(problem.problem)), icon=":material/error:")
    if "--label-column" in problem.problem.template:
        st.caption(
            _(
                "Training asks nothing about a table: give it a first line that names the columns, "
                "one of them label; or open it on Explore, say there what is what, and download it "
                "as Parquet to train on."
            )
        )


def grouped() -> dict[str, tuple[str, ...]]:
    """The settings under "More": group -> names, in the model's order."""
    rest = dict.fromkeys(GROUPS, ())
    for name, field in TrainConfig.model_fields.items():
        if name not in OPEN:
            rest[field.json_schema_extra["group"]] += (name,)
    return {group: names for group, names in rest.items() if names}


def linked(config: TrainConfig, given: dict[str, str]) -> TrainConfig:
    """A preset's config with the settings of a link; where they do not all fit, with those that do.

    >>> config = linked(TrainConfig(), {"center_form": "article-dot", "normalize": "true"})
    >>> config.center_form, config.normalize
    ('article-dot', True)
    >>> linked(TrainConfig(), {"dim": "-4", "seed": "7"}).caption()
    'seed=7'
    """
    try:
        return checked({**config.model_dump(), **given})
    except Problem:
        for name, text in (*given.items(), *given.items()):  # twice: one may need a later one
            with contextlib.suppress(Problem):
                config = checked({**config.model_dump(), name: text})
        return config


def _linkable(name: str, text: str) -> bool:
    """Anybody can make a link, so it names data sets and never a file of this machine."""
    return name != "dataset" or text.partition(":")[0] in DATASETS


def _shown(field: FieldInfo, value: object) -> object:
    """A value as its widget holds it: what can be typed freely is text."""
    return str(value) if _kind(field) == "text" else value


def _kind(field: FieldInfo) -> str:
    """`bool`, `int`, `float`, `choice` or `text`."""
    kinds = {bool: "bool", int: "int", float: "float"}
    if get_origin(field.annotation) is Literal:
        return "choice"
    return kinds.get(field.annotation, "text")


def _widget(name: str, field: FieldInfo) -> None:
    label, kind = _label(name, field), _kind(field)
    words = {"key": key(name), "help": _help(name, field), "persist_state": "session"}
    if kind == "bool":
        st.toggle(label, **words)
    elif kind in ("int", "float"):
        low, high = _bounds(field, int if kind == "int" else float)
        step = 1 if kind == "int" else _step(field.default)
        number = {"step": step, "format": "%d" if kind == "int" else "%g"}
        st.number_input(label, min_value=low, max_value=high, **number, **words)
    elif kind == "choice":
        st.selectbox(label, get_args(field.annotation), **words)
    else:
        _free(name, label, words)


def _free(name: str, label: str, words: dict) -> None:
    """A list that also takes what is typed: a path, cuda:1, a number of threads."""
    options = list(DATASETS) if name == "dataset" else list(SUGGESTED[name])
    chosen = st.session_state[key(name)]
    if chosen not in options:
        options.append(chosen)
    if name == "dataset":
        words["format_func"] = data_name  # of an upload without where it lies
        words["help"] += " " + _("Your own data: upload it under More.")
    st.selectbox(label, options, accept_new_options=True, **words)


def upload() -> None:
    """One's own data, which becomes the data set of the form."""
    st.file_uploader(
        _("Your own data"),
        list(uploads.SUFFIXES),
        key="train_upload",
        on_change=_take_upload,
        help=_(
            "A zip with one folder of images per class, or a table of vectors with labels. A path "
            "of this machine can be typed as data set only when the server was started with "
            "CENTERVIZ_DATA, and only inside the folder that it names."
        ),
    )
    st.caption(_(uploads.STAYS))
    if st.session_state.get("train_upload_trouble"):
        st.error(plain(st.session_state["train_upload_trouble"]), icon=":material/error:")


def _take_upload() -> None:
    st.session_state.pop("train_upload_trouble", None)
    given = st.session_state["train_upload"]
    if given is None:
        return
    try:
        st.session_state[key("dataset")] = str(uploads.stored(given.name, given.getvalue()))
    except Problem as problem:
        st.session_state["train_upload_trouble"] = worded(problem)


def _label(name: str, field: FieldInfo) -> str:
    unit, label = field.json_schema_extra["unit"], _(LABELS[name])
    needed = unit in UNITS and name not in OPEN
    return f"{label} ({_(unit)})" if needed else label


def _help(name: str, field: FieldInfo) -> str:
    """What the setting is, what a change will do, and its bounds."""
    low, high = _bounds(field, float)
    between = "" if low is None or high is None else f"\n\n{low:g} … {high:g}"
    return f"{_(field.description)} {_(EFFECTS[name])}{between}"


def _bounds(field: FieldInfo, kind: type) -> tuple[int | float | None, int | float | None]:
    """Lowest and highest value; an open bound is left to the check, which says so in words."""
    low = high = None
    for bound in field.metadata:
        low = next((getattr(bound, a) for a in ("ge", "gt") if hasattr(bound, a)), low)
        high = next((getattr(bound, a) for a in ("le", "lt") if hasattr(bound, a)), high)
    return (None if low is None else kind(low)), (None if high is None else kind(high))


def _step(default: float) -> float:
    """The step of a number field: the leading digit of the default, at most 1.

    >>> _step(0.05), _step(16.0), _step(0.0005)
    (0.01, 1.0, 0.0001)
    """
    return min(10.0 ** math.floor(math.log10(default)), 1.0)
