"""Two runs in numbers: signed deltas with their direction, distances, settings that differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.embedding.effect import chance_closer, relative_distances
from centerviz.embedding.measure import sides
from centerviz.embedding.metrics import METRICS, Metric
from centerviz.language import N_, _, ngettext
from centerviz.problem import Problem
from centerviz.runs.store import Run, open_run
from centerviz.web import state
from centerviz.web.naming import differing, plain, split_name, written
from centerviz.web.results import embeddings, missing, run_at

PAIR_KEYS = ("compare_a", "compare_b")
SAME = 0.005  # a relative change below this is called no change
WORDS = {  # of a number: what a fall and a rise of it mean
    "ratio": (N_("tighter"), N_("looser")),
    "fisher": (N_("looser"), N_("tighter")),
    "silhouette": (N_("looser"), N_("tighter")),
    "davies_bouldin": (N_("tighter"), N_("looser")),
    "calinski_harabasz": (N_("looser"), N_("tighter")),
    "nc1": (N_("tighter"), N_("looser")),
}
GOOD = {False: "#1d6b3a", True: "#7fce9a"}  # by `dark`, as in .streamlit/config.toml
BAD = {False: "#a3261a", True: "#ff9d8f"}
TABLE_STYLE = """<style>
.cv-numbers {{ overflow-x: auto; }}
.cv-numbers table {{ width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }}
.cv-numbers th, .cv-numbers td {{ padding: 0.25rem 0.5rem; text-align: right;
  border-bottom: 1px solid rgb(127 127 127 / 25%); white-space: nowrap; font-size: 0.9rem; }}
.cv-numbers th[scope=row] {{ text-align: left; font-weight: 400; white-space: normal; }}
.cv-numbers th:first-child {{ padding-left: 0; }}
.cv-numbers th:first-child[scope=col], .cv-numbers td:last-child {{ text-align: left; }}
.cv-numbers small {{ opacity: 0.65; }}
.cv-good {{ color: {good}; }}
.cv-bad {{ color: {bad}; }}
</style>"""
OTHERWISE = {
    1: (N_("worse"), N_("better")),
    -1: (N_("better"), N_("worse")),
    0: (N_("smaller"), N_("larger")),
}


@dataclass(frozen=True)
class Delta:
    """One number of both runs."""

    metric: Metric
    baseline: float | None
    other: float | None

    @property
    def change(self) -> float | None:
        """other − baseline."""
        if self.baseline is None or self.other is None:
            return None
        return self.other - self.baseline

    @property
    def shown(self) -> tuple[str, str, str]:
        """Baseline, other and signed change, the change with the decimals of the larger one."""
        values = [value for value in (self.baseline, self.other) if value is not None]
        places = min(map(decimals, values), default=None)
        change = digits(self.change, places=places, signed=True)
        return digits(self.baseline), digits(self.other), change

    @property
    def is_same(self) -> bool:
        """True for a change too small to be called one, or to be seen in the digits shown.

        Of a share near 1 what counts is what is left: 99.6 % to 99.9 % is most of the errors gone.
        """
        known = [abs(value) for value in (self.baseline, self.other) if value is not None]
        if self.metric.high == 1:
            known = [min(value, 1 - value) for value in known]
        one, other, _change = self.shown
        return one == other or abs(self.change or 0.0) <= SAME * max(known, default=0.0)

    @property
    def verdict(self) -> int:
        """+1 good, −1 bad, 0 neither: no change, or a number that mere scaling moves."""
        if self.is_same or not self.metric.scale_free:
            return 0
        return self.metric.direction * (1 if self.change > 0 else -1)

    @property
    def word(self) -> str:
        """The change in one word of the reader's language."""
        if self.change is None:
            return ""
        if self.is_same:
            return _("the same")
        judged = self.metric.direction if self.metric.scale_free else 0
        falls, rises = WORDS.get(self.metric.key) or OTHERWISE[judged]
        return _(rises if self.change > 0 else falls)


def deltas(
    baseline: dict, other: dict, view: str, metrics: Mapping[str, Metric] = METRICS
) -> list[Delta]:
    """Every number of two documents of `measure` or `details`, in the view raw or unit."""
    return [Delta(metric, baseline[view][key], other[view][key]) for key, metric in metrics.items()]


def digits(value: float | None, *, places: int | None = None, signed: bool = False) -> str:
    """A number with about four significant digits, and a minus sign that is one.

    >>> digits(0.23456), digits(-1234.5, signed=True), digits(0.005, places=4), digits(None)
    ('0.2346', '−1234', '0.0050', '–')
    """
    if value is None:
        return "–"
    shown = decimals(value) if places is None else places
    return f"{value:{'+' if signed else ''}.{shown}f}".replace("-", "−")


def decimals(value: float) -> int:
    """How many decimals a number of this size has.

    >>> decimals(0.0005), decimals(0.5), decimals(25.0), decimals(2500.0)
    (5, 4, 2, 0)
    """
    limits = ((1000, 0), (100, 1), (10, 2), (1, 3), (0.01, 4))
    return next((places for limit, places in limits if abs(value) >= limit), 5 if value else 0)


def show_number(row: Delta) -> None:
    """A number of the other run with its change: sign, word and colour."""
    _baseline, other, change = row.shown
    st.metric(
        _(row.metric.name),
        other,
        change,
        delta_color={1: "green", -1: "red", 0: "gray"}[row.verdict],
        delta_arrow="off" if row.is_same else "up" if row.change > 0 else "down",
        delta_description=row.word,
        help=_(row.metric.meaning),
    )


def headline(ratio: Delta, names: Sequence[str]) -> str:
    """What is seen, from the scale-free ratio."""
    both = {"baseline": names[0], "other": names[1]}
    if ratio.change is None or not ratio.baseline:
        return _("{other} beside {baseline}", **both)
    share = 1 - ratio.other / ratio.baseline
    if ratio.is_same:
        return _("{other} is as tight as {baseline}", **both)
    if share >= 0.45:
        factor = f"{ratio.baseline / ratio.other:.1f}" if ratio.other else "∞"
        return _("{other} is {factor} times as tight as {baseline}", factor=factor, **both)
    if share > 0:
        return _("{other} is {share} tighter than {baseline}", share=f"{share:.0%}", **both)
    return _("{other} is {share} looser than {baseline}", share=f"{-share:.0%}", **both)


def table(rows: Sequence[Delta], names: Sequence[str], dark: bool) -> str:
    """All numbers as an HTML table; names of runs are data and are escaped."""
    head = (_("Number"), *names, _("change"), "")
    cells = "".join(f"<th scope='col'>{escape(text)}</th>" for text in head)
    body = "".join(_row(row) for row in rows)
    style = TABLE_STYLE.format(good=GOOD[dark], bad=BAD[dark])
    return (
        f"{style}<div class='cv-numbers'><table><thead><tr>{cells}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def meanings(metrics: Mapping[str, Metric] = METRICS) -> str:
    """What each number says and which end of it is good, as a Markdown list."""
    ends = {1: _("Higher is better."), -1: _("Lower is better."), 0: ""}
    return "\n".join(
        "- "
        + _(
            "**{name}**: {meaning} {end}",
            name=plain(_(metric.name)),
            meaning=plain(_(metric.meaning)),
            end=ends[metric.direction],
        )
        for metric in metrics.values()
    )


def _row(row: Delta) -> str:
    name, meaning = escape(_(row.metric.name)), escape(_(row.metric.meaning), quote=True)
    good = {1: "cv-good", -1: "cv-bad", 0: ""}[row.verdict]
    unit = f" <small>{escape(_(row.metric.unit))}</small>" if row.metric.unit else ""
    cells = "".join(f"<td>{text}</td>" for text in row.shown)
    return (
        f"<tr><th scope='row' title='{meaning}'>{name}{unit}</th>{cells}"
        f"<td class='{good}'>{escape(row.word)}</td></tr>"
    )


def basis(documents: Sequence[dict]) -> str:
    """Which samples the numbers were taken from."""
    one, other = documents
    text = _(
        "From {n} samples of the split {split} against the class means of train, before any map.",
        n=one["n"] if one["n"] == other["n"] else f"{one['n']} / {other['n']}",
        split=split_name(one["split"]) if one["split"] else "–",
    )
    more = _("Distances shrink when everything shrinks: judge by the numbers without a unit.")
    return _("{said} {more}", said=text, more=more)


def show_settings(runs: Sequence[Run], names: Sequence[str]) -> None:
    """The settings that differ, or that none does."""
    found = settings_table(runs, names)
    if len(found):
        st.dataframe(found, hide_index=True, alt=_("Settings that differ."))
    else:
        st.markdown(_("No setting differs: the same run twice."))


def choose_pair(ids: Sequence[str], usual: tuple[str, str]) -> Problem | None:
    """Settle which two runs are shown before their widgets are drawn: a new address wins.

    Returns what is wrong with the address, if anything is. A place that it leaves open gets a run
    that does not stand in the other place.
    """
    address, problem = st.query_params.get("run", ""), None
    if address != st.session_state.get("compare_address"):
        st.session_state["compare_address"] = address
        named = list(filter(None, address.split(",")))[:2]
        problem = missing(named, ids)
        for key in PAIR_KEYS:
            if st.session_state.get(key) in named:
                st.session_state[key] = None
        for key, name in zip(PAIR_KEYS, named, strict=False):
            st.session_state[key] = name if name in ids else None
    for place, key in enumerate(PAIR_KEYS):
        if st.session_state.get(key) not in ids:
            taken = st.session_state.get(PAIR_KEYS[1 - place])
            free = (name for name in (usual[place], usual[1 - place], *ids) if name != taken)
            st.session_state[key] = next(free)
    return problem


def remember_pair() -> list[Run]:
    """The two chosen runs; the address says them from now on."""
    both = [st.session_state[key] for key in PAIR_KEYS]
    st.session_state["compare_address"] = ",".join(both)
    state.remember(run=",".join(both))
    return [open_run(run_id) for run_id in both]


def settings_table(runs: Sequence[Run], names: Sequence[str]) -> pd.DataFrame:
    """The settings in which the runs differ, one row each; no rows when there are none."""
    configs = [run.config for run in runs]
    rows = [
        (name.replace("_", "-"), *(written(getattr(config, name)) for config in configs))
        for name in differing(configs)
    ]
    return pd.DataFrame(rows, columns=[_("Setting"), *names])


@st.cache_data(max_entries=32, show_spinner=False)
def distances(path: str, written: int, unit: bool) -> tuple[np.ndarray, np.ndarray]:
    """Ids of the judged samples, and their distances to their class means over the mean
    inter-class distance."""
    found = embeddings(path, written)
    far = relative_distances(found, None, unit)
    ids = found.ids[sides(found).judged][: len(far)]
    known = np.isfinite(far)
    return ids[known], far[known]


def selection(keys: Sequence[tuple], ids: Sequence[str], names: Sequence[str], unit: bool) -> str:
    """What the selected samples say: how far they lie from their class in each run."""
    if not ids:
        return _("Click a sample to find it in both maps; draw a lasso or box to select several.")
    means = []
    for key in keys:
        known, far = distances(*key, unit)
        picked = far[np.isin(known, list(ids))]
        means.append(digits(float(picked.mean()) if len(picked) else None))
    return ngettext(
        "{n} sample selected: it lies {one} class distances from its class mean in {first}, "
        "{other} in {second}.",
        "{n} samples selected: they lie {one} class distances from their class means in {first}, "
        "{other} in {second}, on average.",
        len(ids),
        one=means[0],
        other=means[1],
        first=plain(names[0]),
        second=plain(names[1]),
    )


def closer(with_loss: np.ndarray, without: np.ndarray) -> float | None:
    """P(d_with < d_without), see `chance_closer`."""
    return chance_closer(with_loss, without)


@st.cache_data(max_entries=32, show_spinner=False)
def history(path: str, stamp: int) -> pd.DataFrame:
    """The epochs of a finished run."""
    return run_at(path).epochs()
