"""What an experiment found: mean over seeds with its interval, and the difference to λ = 0."""

import time
from collections.abc import Sequence
from html import escape

import streamlit as st

from centerviz.embedding.measure import measure
from centerviz.embedding.metrics import ACCURACY, METRICS, Metric
from centerviz.embedding.over_seeds import OverSeeds
from centerviz.figures.sweep import Point, sweep
from centerviz.language import _, ngettext
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.experiment import Setting, numbers, summary
from centerviz.runs.store import Run
from centerviz.web import session, state
from centerviz.web.chart import chart
from centerviz.web.comparing import BAD, GOOD, OTHERWISE, TABLE_STYLE, WORDS, decimals, digits
from centerviz.web.naming import setting
from centerviz.web.results import opened, run_at

BUDGET = 2.0  # seconds of measuring in one look; the rest comes with the next one
FIRST = "ratio"  # the number that is shown first
KEYS = ("accuracy", *METRICS)


def show(runs: Sequence[Run]) -> bool:
    """Table and chart of the runs that are done; True when some still have to be measured."""
    done = [run for run in runs if run.status.state == "done"]
    found, waiting = measured(done)
    if not found:
        st.caption(_("Results appear here as soon as runs are done."))
        return waiting
    settings = summary(found)
    key, view = _choose(found[0][0])
    metric = ACCURACY if key == "accuracy" else METRICS[key]
    name = key if key == "accuracy" else f"{view}.{key}"
    st.markdown(f"**{_sentence(settings, metric, name)}**")
    points = [
        Point(label(one), found.mean, found.half, found.n, one.config.center_weight == 0)
        for one in settings
        if (found := one.numbers.get(name)) is not None
    ]
    look = {"dark": session.dark(), "lecture": session.lecture()}
    alt = _("{number} of each setting, with intervals over the seeds.", number=_(metric.name))
    chart(sweep(points, _(metric.name), **look), "experiment sweep", alt=alt, height=300)
    st.html(table(settings, metric, name, session.dark()))
    st.caption(
        _(
            "± is half of the 95 % t interval of the mean over N seeds. It covers the randomness "
            "of training only, initial weights and batches: not other data, nor other test "
            "samples. Differences are taken seed by seed to the same setting with λ = 0."
        )
    )
    return waiting


def measured(done: Sequence[Run]) -> tuple[list[tuple[TrainConfig, dict]], bool]:
    """Config and numbers of finished runs, as far as a short look gets; whether some are left."""
    found, until = [], time.monotonic() + BUDGET
    for place, run in enumerate(done):
        if place and time.monotonic() > until:
            return found, True
        try:
            found.append((run.config, _numbers(*opened(run.id))))
        except Problem:
            continue  # deleted a moment ago
    return found, False


@st.cache_data(max_entries=2048, show_spinner=False)
def _numbers(path: str, written: int) -> dict[str, float | None]:
    run = run_at(path)
    return numbers(run.accuracy(), measure(run.embeddings()))


def _choose(config: TrainConfig) -> tuple[str, str]:
    """Which number, of raw or of unit features; both stay in the address."""
    state.seed_choice("experiment_number", "number", KEYS, FIRST)
    state.seed_choice(
        "experiment_view", "view", ("raw", "unit"), "unit" if config.normalize else "raw"
    )
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    key = left.selectbox(
        _("Number"), KEYS, key="experiment_number", format_func=lambda key: _(_metric(key).name)
    )
    view = right.segmented_control(
        _("Features"),
        ("raw", "unit"),
        key="experiment_view",
        format_func={"raw": _("raw x"), "unit": _("unit z")}.get,
        required=True,
    )
    key = key if key in KEYS else FIRST  # a title of the language before
    state.remember(number=None if key == FIRST else key, view=view)
    return key, view


def _metric(key: str) -> Metric:
    return ACCURACY if key == "accuracy" else METRICS[key]


def label(one: Setting) -> str:
    """What a setting is called: by what sets it apart from the others."""
    named = ", ".join(setting(name, value) for name, value in one.differs.items())
    return named or _("this setting")


def _sentence(settings: Sequence[Setting], metric: Metric, name: str) -> str:
    """What is seen: the clearest difference to λ = 0, or that there is none."""
    pairs = [(one, one.differences.get(name)) for one in settings]
    told = [(one, found) for one, found in pairs if found is not None]
    if not told:
        return _("There is no run with λ = 0 to compare with.")
    one, found = max(told, key=lambda pair: abs(pair[1].mean))
    both = {
        "number": _(metric.name),
        "setting": label(one),
        "change": pm(found, signed=True),
        "word": word(metric, found),
    }
    return ngettext(
        "{number}: the largest difference to λ = 0 is {change} at {setting}, over {n} seed: "
        "{word}.",
        "{number}: the largest difference to λ = 0 is {change} at {setting}, over {n} seeds: "
        "{word}.",
        found.n,
        **both,
    )


def word(metric: Metric, difference: OverSeeds) -> str:
    """A difference in a word; a chance result is called so."""
    if difference.half is None:
        return _("one seed does not tell")
    if abs(difference.mean) <= difference.half:
        return _("no clear difference")
    judged = metric.direction if metric.scale_free else 0
    falls, rises = WORDS.get(metric.key) or OTHERWISE[judged]
    return _(rises if difference.mean > 0 else falls)


def pm(found: OverSeeds | None, signed: bool = False) -> str:
    """Mean ± half width, with the decimals of the half width.

    >>> pm(OverSeeds(0.08254, 0.0021, 5)), pm(OverSeeds(-1.5, None, 1), signed=True)
    ('0.0825 ± 0.0021', '−1.500')
    """
    if found is None:
        return "–"
    if found.half is None:
        return digits(found.mean, signed=signed)
    places = max(decimals(found.mean), min(decimals(found.half), 4))
    return (
        f"{digits(found.mean, places=places, signed=signed)} ± {digits(found.half, places=places)}"
    )


def table(settings: Sequence[Setting], metric: Metric, name: str, dark: bool) -> str:
    """A row for each setting, as HTML; what comes from data is escaped."""
    head = (_("Setting"), _(metric.name), "N", _("difference to λ = 0"), "")
    cells = "".join(f"<th scope='col'>{escape(text)}</th>" for text in head)
    rows = "".join(_row(one, metric, name) for one in settings)
    style = TABLE_STYLE.format(good=GOOD[dark], bad=BAD[dark])
    return (
        f"{style}<div class='cv-numbers'><table><thead><tr>{cells}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(one: Setting, metric: Metric, name: str) -> str:
    found, difference = one.numbers.get(name), one.differences.get(name)
    said = "" if difference is None else word(metric, difference)
    clear = difference is not None and difference.half is not None
    clear = clear and abs(difference.mean) > difference.half and metric.scale_free
    better = clear and metric.direction * difference.mean
    good = "" if not better else ("cv-good" if better > 0 else "cv-bad")
    return (
        f"<tr><th scope='row'>{escape(label(one))}</th><td>{pm(found)}</td>"
        f"<td>{found.n if found else 0}</td><td>{pm(difference, signed=True)}</td>"
        f"<td class='{good}'>{escape(said)}</td></tr>"
    )
