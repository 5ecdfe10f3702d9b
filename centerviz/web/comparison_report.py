"""Compare, to take home: one HTML file with the numbers, pictures and settings of both runs."""

import json
from collections.abc import Sequence
from html import escape

import streamlit as st

from centerviz.embedding.metrics import DETAILS
from centerviz.figures import curves, distributions
from centerviz.figures.report_page import report_page
from centerviz.figures.runs import BELOW
from centerviz.language import _, current, speaking
from centerviz.problem import Problem
from centerviz.runs.store import Run
from centerviz.web import comparing, movie, pair_maps, results

Key = tuple[str, int]  # what names a run's embeddings, see `results.opened`


def button(runs: Sequence[Run], names: Sequence[str], keys: Sequence[Key], view: str) -> None:
    """Offers the report, which is made when it is asked for: outside of the session by then."""
    lang = current()

    def made() -> bytes:
        with speaking(lang):
            return report(runs, names, keys, view).encode()

    st.download_button(
        _("Download the report"),
        data=made,
        file_name=f"{runs[1].id}-against-{runs[0].id}.html",
        mime="text/html",
        icon=":material/description:",
        key="compare_report",
        on_click="ignore",
        help=_("One HTML page that needs no network: numbers, pictures, settings, versions."),
    )


def report(runs: Sequence[Run], names: Sequence[str], keys: Sequence[Key], view: str) -> str:
    """The page, on white; names and settings of runs are data and are escaped."""
    documents = [results.measured(*key, None) for key in keys]
    rows = comparing.deltas(*documents, view)
    more = comparing.deltas(*(results.detailed(*key, None) for key in keys), view, DETAILS)
    far = [comparing.distances(*key, view == "unit")[1] for key in keys]
    history = {name: comparing.history(*key) for name, key in zip(names, keys, strict=True)}
    features = _("unit features z") if view == "unit" else _("raw features x")
    ratio = next(row for row in rows if row.metric.key == "ratio")
    parts = [
        _text(_("Numbers of {features}.", features=features) + " " + comparing.basis(documents)),
        *_maps(runs, names, view == "unit"),
        _heading(_("In the original space")),
        comparing.table(rows, names, dark=False),
        _heading(_("How far samples lie from their class")),
        distributions.distances(dict(zip(names, far, strict=True))),
        _effect(names, comparing.closer(far[1], far[0])),
        _heading(_("What differs")),
        comparing.settings_table(runs, names).to_html(index=False, border=0),
        _heading(_("How they got there")),
        [curves.losses(history), curves.accuracies(history)],
        _heading(_("More numbers")),
        comparing.table(more, names, dark=False),
        *(_all_of(run, name) for run, name in zip(runs, names, strict=True)),
    ]
    return report_page(comparing.headline(ratio, names), parts)


def _maps(runs: Sequence[Run], names: Sequence[str], unit: bool) -> list:
    """Both maps after the last epoch, and what they cannot tell; nothing where there are none."""
    stamps = tuple(movie.stamp(run) for run in runs)
    try:
        pair = pair_maps.pair_map(tuple(str(run.path) for run in runs), stamps, unit)
    except Problem:
        return []
    figures = [panel.figure for panel in pair_maps.panels(pair, names, unit)]
    for figure, name in zip(figures, names, strict=True):
        figure.update_layout(BELOW).update_layout(title=escape(name), margin_t=56)
    return [figures, _text(pair_maps.what_it_cannot_tell(pair))]


def _effect(names: Sequence[str], chance: float | None) -> str:
    if chance is None:
        return ""
    return _text(
        _(
            "A sample of {one} lies closer to its class, measured by the distance between classes, "
            "than one of {other} with a chance of {chance}; 50% would be no effect.",
            one=names[1],
            other=names[0],
            chance=f"{chance:.0%}",
        )
    )


def _all_of(run: Run, name: str) -> str:
    """Every setting of a run, and where it comes from."""
    said = {"config": run.config.model_dump(), "provenance": run.provenance()}
    written = json.dumps(said, indent=1, ensure_ascii=False, default=str)
    return f"{_heading(name)}<pre>{escape(written)}</pre>"


def _heading(words: str) -> str:
    return f"<h2>{escape(words)}</h2>"


def _text(words: str) -> str:
    return f"<p>{escape(words)}</p>"
