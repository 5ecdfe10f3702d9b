"""What an experiment found: mean over seeds with its interval, and the difference to λ = 0."""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from centerviz.embedding.measure import measure
from centerviz.embedding.metrics import ACCURACY, METRICS, Metric
from centerviz.embedding.over_seeds import OverSeeds
from centerviz.figures.sweep import Dot, Point, runs_by_two, sweep
from centerviz.language import _, ngettext
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.experiment import Setting, numbers, summary, varying
from centerviz.runs.store import Run
from centerviz.web import session, state
from centerviz.web.chart import chart
from centerviz.web.comparing import BAD, GOOD, OTHERWISE, TABLE_STYLE, WORDS, decimals, digits
from centerviz.web.naming import plain, setting
from centerviz.web.results import opened, run_at

BUDGET = 2.0  # seconds of measuring in one look; the rest comes with the next one
FIRST = "ratio"  # the number that is shown first
KEYS = ("accuracy", *METRICS)
HEIGHT = 320
Result = tuple[TrainConfig, dict[str, float | None]]  # of a run: its settings and numbers


def show(runs: Sequence[Run]) -> tuple[bool, str | None]:
    """Sentences, pictures and table of the runs that are done.

    Returns whether some still have to be measured, and the run whose dot was clicked, if one was.
    """
    done = [run for run in runs if run.status.state == "done"]
    found, waiting = measured(done)
    if not found:
        st.caption(_("Results appear here as soon as runs are done."))
        return waiting, None
    results = list(found.values())
    settings, name = _named(summary(results), runs), _choose(results[0])
    names = list(dict.fromkeys((_accuracy(results), name)))
    if any(one.config.center_weight for one in settings):
        for each in names:
            st.markdown(f"**{plain(sentence(settings, each))}**")
    picked = _pictures(found, settings, name)
    st.html(table(settings, names, session.dark()))
    st.caption(
        _(
            "± is half of the 95 % t interval of the mean over N seeds. It covers the randomness "
            "of training only, initial weights and batches: not other data, nor other test "
            "samples. Differences are taken seed by seed to the same setting with λ = 0."
        )
    )
    return waiting, picked


def _named(settings: Sequence[Setting], runs: Sequence[Run]) -> list[Setting]:
    """The settings by what the whole experiment varies, not only what is done of it."""
    varied = varying(run.config for run in runs if not run.problem)
    fields = [name for name in varied if name != "seed"]
    return [
        replace(one, differs={name: getattr(one.config, name) for name in fields})
        for one in settings
    ]


def _pictures(found: Mapping[str, Result], settings: Sequence[Setting], name: str) -> str | None:
    """Accuracy against compactness, a dot each run, beside the number of each setting."""
    look = {"dark": session.dark(), "lecture": session.lecture()}
    against, other = _accuracy(found.values()), name
    if against == other:
        other = _name(FIRST, next(iter(found.values()))[0].normalize)
    left, right = st.columns(2, gap="medium")
    with left:
        title = (called(other), called(against))
        alt = _("Every run: {one} against {other}.", one=title[1], other=title[0])
        drawn = runs_by_two(_dots(found, settings, other, against), title, **look)
        picked = chart(drawn, "experiment runs", alt=alt, height=HEIGHT, picks=True)
    with right:
        points = [
            Point(label(one), over.mean, over.half, over.n, one.config.center_weight == 0)
            for one in settings
            if (over := one.numbers.get(name)) is not None
        ]
        alt = _("{number} of each setting, with intervals over the seeds.", number=called(name))
        drawn = sweep(points, called(name), **look)
        chart(drawn, "experiment sweep", alt=alt, height=HEIGHT)
    st.caption(_("Each dot of the first picture is a run; a click shows its curves and its map."))
    return picked


def _dots(found: Mapping[str, Result], settings: Sequence[Setting], x: str, y: str) -> list[Dot]:
    """The runs that have both numbers, in the order of the settings."""
    order = {one.config.model_copy(update={"seed": 0}): label(one) for one in settings}
    dots = []
    for run, (config, known) in found.items():
        called = order[config.model_copy(update={"seed": 0})]
        if known.get(x) is not None and known.get(y) is not None:
            named = _("{setting}, seed {seed}", setting=called, seed=config.seed)
            at = {"x": known[x], "y": known[y], "is_baseline": config.center_weight == 0}
            dots.append(Dot(run, named, called, **at))
    return sorted(dots, key=lambda dot: list(order.values()).index(dot.setting))


def measured(done: Sequence[Run]) -> tuple[dict[str, Result], bool]:
    """Config and numbers of finished runs by id, as far as a short look gets; are some left?"""
    found, until = {}, time.monotonic() + BUDGET
    for place, run in enumerate(done):
        if place and time.monotonic() > until:
            return found, True
        try:
            found[run.id] = (run.config, _numbers(*opened(run.id)))
        except Problem:
            continue  # deleted a moment ago
    return found, False


@st.cache_data(max_entries=2048, show_spinner=False)
def _numbers(path: str, written: int) -> dict[str, float | None]:
    run = run_at(path)
    return numbers(run.accuracy(), measure(run.embeddings()))


def _accuracy(results: Iterable[Result]) -> str:
    """The classifier's accuracy; where there is no classifier, that of the nearest class mean."""
    config, known = next(iter(results))
    has_head = known["accuracy"] is not None
    return "accuracy" if has_head else _name("nearest_mean_accuracy", config.normalize)


def _name(key: str, unit: bool) -> str:
    """What `numbers` calls a number."""
    return key if key == "accuracy" else f"{'unit' if unit else 'raw'}.{key}"


def _choose(first: Result) -> str:
    """Which number, of raw or of unit features; both stay in the address."""
    usual = "unit" if first[0].normalize else "raw"
    state.seed_choice("experiment_number", "number", KEYS, FIRST)
    state.seed_choice("experiment_view", "view", ("raw", "unit"), usual)
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    key = left.selectbox(
        _("Number"), KEYS, key="experiment_number", format_func=lambda key: _(metric(key).name)
    )
    view = right.segmented_control(
        _("Features"),
        ("raw", "unit"),
        key="experiment_view",
        format_func={"raw": _("raw x"), "unit": _("unit z")}.get,
        required=True,
    )
    key = key if key in KEYS else FIRST  # a title of the language before
    state.remember(number=None if key == FIRST else key, view=None if view == usual else view)
    return _name(key, view == "unit")


def metric(name: str) -> Metric:
    """The number that `numbers` calls so."""
    key = name.rpartition(".")[2]
    return ACCURACY if key == "accuracy" else METRICS[key]


def called(name: str) -> str:
    """A number in the reader's language."""
    return _(metric(name).name)


def label(one: Setting) -> str:
    """What a setting is called: by what sets it apart from the others."""
    named = ", ".join(setting(name, value) for name, value in one.differs.items())
    return named or _("this setting")


def sentence(settings: Sequence[Setting], name: str) -> str:
    """What is seen: the difference to λ = 0 that is largest beside its interval, of how many."""
    pairs = [(one, one.differences.get(name)) for one in settings]
    told = [(one, found) for one, found in pairs if found is not None]
    if not told:
        return _("{number}: there is no run with λ = 0 to compare with.", number=called(name))
    one, found = max(told, key=lambda pair: _clearness(pair[1]))
    both = {
        "number": called(name),
        "setting": label(one),
        "change": pm(found, signed=True),
        "word": word(metric(name), found),
    }
    if len(told) == 1:
        return ngettext(
            "{number}: {setting} differs from λ = 0 by {change}, over {n} seed: {word}.",
            "{number}: {setting} differs from λ = 0 by {change}, over {n} seeds: {word}.",
            found.n,
            **both,
        )
    return ngettext(
        "{number}: the clearest of {count} differences to λ = 0 is {change} at {setting}, over "
        "{n} seed: {word}.",
        "{number}: the clearest of {count} differences to λ = 0 is {change} at {setting}, over "
        "{n} seeds: {word}.",
        found.n,
        count=len(told),
        **both,
    )


def _clearness(found: OverSeeds) -> tuple[float, float]:
    """By what differences are ordered: in half widths of the interval; one seed has none."""
    mean = abs(found.mean)
    if found.half is None:
        return 0.0, mean
    return (mean / found.half if found.half else math.inf if mean else 0.0), mean


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


def table(settings: Sequence[Setting], names: Sequence[str], dark: bool) -> str:
    """A row for each setting, as HTML; what comes from data is escaped."""
    of_numbers = [text for name in names for text in (called(name), _("to λ = 0"))]
    head = (_("Setting"), "N", *of_numbers)
    cells = "".join(f"<th scope='col'>{escape(text)}</th>" for text in head)
    rows = "".join(_row(one, names) for one in settings)
    style = TABLE_STYLE.format(good=GOOD[dark], bad=BAD[dark])
    return (
        f"{style}<div class='cv-numbers'><table><thead><tr>{cells}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(one: Setting, names: Sequence[str]) -> str:
    n = max((found.n for name in names if (found := one.numbers.get(name))), default=0)
    cells = "".join(_cells(metric(name), one, name) for name in names)
    return f"<tr><th scope='row'>{escape(label(one))}</th><td>{n}</td>{cells}</tr>"


def _cells(metric: Metric, one: Setting, name: str) -> str:
    """Mean; difference to λ = 0 and, below, what that is in a word."""
    difference = one.differences.get(name)
    said = "" if difference is None else word(metric, difference)
    clear = difference is not None and difference.half is not None
    clear = clear and abs(difference.mean) > difference.half and metric.scale_free
    better = clear and metric.direction * difference.mean
    good = "" if not better else ("cv-good" if better > 0 else "cv-bad")
    shown = pm(difference, signed=True) if difference is not None else ""
    return (
        f"<td>{pm(one.numbers.get(name))}</td>"
        f"<td style='text-align:right'>{shown}<div class='{good}'>{escape(said)}</div></td>"
    )
