"""Seeds and sweep of an experiment, and what it amounts to: how many runs, how long.

Codes in the address: `seeds=5&sweep=center_weight=0,0.1;dim=2,16`.
"""

import math
from collections.abc import Sequence
from typing import get_args

import streamlit as st

from centerviz.language import _, ngettext
from centerviz.learning.config import TrainConfig, flag_of
from centerviz.learning.plan import MOST_SEEDS, SWEEPABLE, Plan, read_sweep
from centerviz.problem import Problem
from centerviz.runs import probe
from centerviz.runs.cluster import workers
from centerviz.web import state, train_form, training
from centerviz.web.naming import plain

MOST_FIELDS = 3  # more make too many runs, and a table that nobody reads
USUAL = {  # values to begin with
    "center_weight": "0.01, 0.1, 1",
    "center_step": "0.1, 0.5, 1",
    "dim": "2, 8, 32",
    "learning_rate": "0.01, 0.05",
    "batch_size": "32, 128",
    "epochs": "10, 30",
}


def choose() -> None:
    """How many seeds, and which settings vary over which values."""
    _prepare()
    several = st.session_state["train_seeds"] > 1 or bool(st.session_state["train_vary"])
    with st.expander(_("Several seeds or values"), icon=":material/science:", expanded=several):
        st.number_input(
            _("Seeds"),
            1,
            MOST_SEEDS,
            key="train_seeds",
            help=_(
                "Each setting is trained with as many seeds, from that of the form on. Five show "
                "what is the setting's doing and what is chance."
            ),
            persist_state="session",
        )
        names = st.multiselect(
            _("Vary"),
            SWEEPABLE,
            key="train_vary",
            format_func=called,
            max_selections=MOST_FIELDS,
            help=_("Settings of which several values are trained, in every combination."),
            persist_state="session",
        )
        for name in names:
            state.seed(_key(name), usual(name))
            st.text_input(
                called(name), key=_key(name), help=_allowed(name), persist_state="session"
            )
    swept = ";".join(f"{name}={st.session_state[_key(name)]}" for name in names)
    seeds = st.session_state["train_seeds"]
    state.remember(seeds=seeds if seeds > 1 else None, sweep=swept or None)


def _prepare() -> None:
    """Fill the widgets once a session, from the link."""
    state.seed("train_seeds", state.whole("seeds", 1, MOST_SEEDS, 1))
    if "train_vary" in st.session_state:
        return
    names = []
    for part in st.query_params.get("sweep", "").split(";")[:MOST_FIELDS]:
        try:
            name, values = read_sweep(part)
        except Problem:
            continue
        names.append(name)
        st.session_state[_key(name)] = ", ".join(values)
    st.session_state["train_vary"] = list(dict.fromkeys(names))


def _key(name: str) -> str:
    return f"train_values_{name}"


def called(name: str) -> str:
    """A setting by its label in the form.

    >>> called("center_weight")
    'Center weight, λ'
    """
    return _(train_form.LABELS[name])


def usual(name: str) -> str:
    """The values that a sweep begins with: all that there are, or a few.

    >>> usual("center_form"), usual("normalize"), usual("momentum")
    ('squared, cosine, article-dot', 'false, true', '0.9')
    """
    field = TrainConfig.model_fields[name]
    if field.annotation is bool:
        return "false, true"
    return USUAL.get(name) or ", ".join(_choices(name)) or f"{field.default:g}"


def _choices(name: str) -> list[str]:
    """All values that there are, if they can be listed; auto is one of the others."""
    known = map(str, get_args(TrainConfig.model_fields[name].annotation))
    return [choice for choice in known if choice != "auto"]


def _allowed(name: str) -> str:
    choices = _choices(name)
    if not choices:
        return _("Values with commas between them, as in {example}.", example=usual(name))
    return _("Values with commas between them; there are {choices}.", choices=", ".join(choices))


def plan(config: TrainConfig, pair: bool) -> Plan:
    """What Start trains. Raises Problem for values that cannot be read."""
    seeds = range(config.seed, config.seed + st.session_state["train_seeds"])
    texts = {
        name: st.session_state[_key(name)]
        for name in st.session_state["train_vary"]
        if name in SWEEPABLE and _key(name) in st.session_state
    }
    sweep = dict(_values(name, text) for name, text in texts.items())
    return Plan(config, pair, tuple(seeds), sweep)


def _values(name: str, text: str) -> tuple[str, tuple[str, ...]]:
    """`read_sweep` of a field; a value left out is told without the syntax of the flag."""
    if not all(map(str.strip, text.split(","))):
        raise Problem(
            "{flag} lacks a value; write values with commas between them, as in {example}.",
            flag=flag_of(name),
            example=usual(name),
        )
    return read_sweep(f"{name}={text}")


def amount(configs: Sequence[TrainConfig]) -> None:
    """How many runs these are, and how long they take; measured, or a button that measures."""
    runs = ngettext("{n} run", "{n} runs", len(configs))
    known = known_seconds()
    seconds = [known.get(probe.cost(config)) for config in configs]
    first = next((value for value in seconds if value is not None), None)
    if first is None:
        st.caption(_("{runs}; how long they take here is not known yet.", runs=runs))
        _offer_to_measure(configs[-1])
        return
    st.caption(
        _(
            "{runs}, about {time} here, {together} at a time; measured on like runs.",
            runs=runs,
            time=training.duration(together(configs, seconds, first)),
            together=min(workers(), len(configs)),
        )
    )


def together(
    configs: Sequence[TrainConfig], seconds: Sequence[float | None], otherwise: float
) -> float:
    """Seconds until all runs are done, when as many train at once as there are workers."""
    each = [
        (otherwise if of_epoch is None else of_epoch) * config.epochs
        for config, of_epoch in zip(configs, seconds, strict=True)
    ]
    side_by_side = min(workers(), len(each))
    return max(math.fsum(each) / side_by_side, *each)


def known_seconds() -> dict[tuple, float]:
    """Seconds of an epoch by cost: of runs that are here, and of what was measured."""
    return {**_of_runs(), **_measured()}


@st.cache_data(ttl=30, max_entries=1, show_spinner=False)
def _of_runs() -> dict[tuple, float]:
    return probe.known_seconds()


@st.cache_resource(show_spinner=False)
def _measured() -> dict[tuple, float]:
    """What was measured since the server began."""
    return {}


def _offer_to_measure(config: TrainConfig) -> None:
    """A button that trains such a run for a few seconds."""
    asked = st.button(
        _("Measure the time"),
        key="train_probe",
        icon=":material/timer:",
        type="tertiary",
        help=_("Trains such a run for a few seconds and throws it away."),
    )
    if not asked:
        return
    st.button(_("Stop"), key="train_probe_stop", icon=":material/stop:", type="tertiary")
    place = st.empty()

    def told(done: int, parts: int) -> None:
        """Say how far it is. Whatever is clicked meanwhile, Stop too, ends the script here."""
        drawn = _("Pictures are drawn first: {n} of {all} parts…", n=done, all=parts)
        place.caption(drawn if parts else _("Such a run is trained for a few seconds…"))

    try:
        _measured()[probe.cost(config)] = probe.measured_seconds(config, told)
    except Problem as problem:
        st.error(plain(train_form.by_labels(problem)), icon=":material/error:")
        return
    st.rerun()
