"""Explore asks: what is selected? How many, of which classes, which samples, and a file of them."""

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.data.delimited import spreadsheet_safe
from centerviz.embedding.distances import distances_to_means
from centerviz.language import _, ngettext
from centerviz.problem import Problem
from centerviz.web import picking
from centerviz.web.odd_samples import digits_of
from centerviz.web.sample_table import PictureOf, places_of, sample_table, to_click
from centerviz.web.subject import Shown

LISTED = 200  # samples of a selection that are listed; the file holds all
PICTURED = 60  # of them with pictures
COLUMNS = ("id", "label", "split", "own_distance", "nearest_other", "other_distance")


def show_selection(shown: Shown, rows: np.ndarray, picture_of: PictureOf) -> None:
    """The selected rows (K,): mix of classes, list, download, and a way to let go."""
    if not len(rows):
        st.markdown(
            _("Nothing is selected. Draw a lasso or a box on the map.")
            if shown.labels is None
            else _(
                "Nothing is selected. Draw a lasso or a box on the map, or click a class under "
                "**Classes**."
            )
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        words = ngettext("**{n} sample**", "**{n} samples**", len(rows))
        st.markdown(words, width="content")
        st.download_button(
            _("Download as csv"),
            lambda: csv(shown, rows),
            file_name=f"{_safe(shown.name)}-selection.csv",
            mime="text/csv",
            icon=":material/download:",
            key="explore_selection_csv",
            on_click="ignore",
        )
        st.button(
            _("Clear"),
            key="explore_selection_clear",
            icon=":material/deselect:",
            on_click=lambda: picking.select(shown.code, ()),
        )
    if shown.labels is None:
        _list(shown, rows, picture_of)
        return
    mix, listed = st.columns([1, 2], gap="large")
    with mix:
        _mix(shown, rows)
    with listed:
        _list(shown, rows, picture_of)


def class_mix(shown: Shown, rows: np.ndarray) -> pd.DataFrame:
    """How many of the rows are of each class, and which share of that class they are."""
    counts = np.bincount(shown.labels[rows], minlength=len(shown.class_names))
    of_all = np.bincount(shown.labels, minlength=len(shown.class_names))
    present = np.flatnonzero(counts)
    order = present[np.argsort(-counts[present], kind="stable")]
    return pd.DataFrame(
        {
            "class": [shown.class_names[j] for j in order],
            "n": counts[order],
            "share": counts[order] / of_all[order],
        }
    )


def _mix(shown: Shown, rows: np.ndarray) -> None:
    st.dataframe(
        class_mix(shown, rows),
        hide_index=True,
        key=f"explore mix {shown.code}",
        alt=_("How many of the selected samples are of each class."),
        column_config={
            "class": st.column_config.TextColumn(_("Class")),
            "n": st.column_config.NumberColumn(_("selected")),
            "share": st.column_config.ProgressColumn(
                _("of the class"), format="percent", min_value=0.0, max_value=1.0
            ),
        },
    )


def _list(shown: Shown, rows: np.ndarray, picture_of: PictureOf) -> None:
    kept = rows[:LISTED]
    known = set(shown.ids[kept[:PICTURED]].tolist())
    numbers = {}
    if shown.labels is not None:
        away = distances_to_means(shown.space.x[kept], shown.labels[kept], shown.space.means)
        numbers = {_("to its class mean"): (digits_of(away), away)}
    alt = _("The selected samples.")
    pictured = lambda name: picture_of(name) if name in known else None  # noqa: E731
    sample_table(shown, kept, pictured, f"explore selected {shown.code}", alt, numbers)
    if len(rows) > LISTED:
        st.caption(
            _("The first {n} of {all}; the file holds all of them.", n=LISTED, all=len(rows))
        )
    st.caption(to_click())


def csv(shown: Shown, rows: np.ndarray) -> bytes:
    """The rows as a table for a spreadsheet: COLUMNS, full precision, text never a formula.

    What is not known is left empty; distances are in units of the features that are shown.
    """
    table = pd.DataFrame({"id": shown.ids[rows]}, columns=COLUMNS)
    if shown.splits is not None:
        table["split"] = shown.splits[rows]
    if shown.labels is not None:
        names = np.array(shown.class_names, dtype=object)
        table["label"] = names[shown.labels[rows]]
        found = places_of(shown.key, shown)
        if isinstance(found, Problem):
            means = shown.space.means
            table["own_distance"] = distances_to_means(
                shown.space.x[rows], shown.labels[rows], means
            )
        else:
            table["own_distance"], table["other_distance"] = found.own[rows], found.other[rows]
            others = found.nearest[rows]
            table["nearest_other"] = [names[j] if j >= 0 else "" for j in others]
    for name in ("id", "label", "split", "nearest_other"):
        known = table[name].notna()
        table.loc[known, name] = table.loc[known, name].astype(str).map(spreadsheet_safe)
    return table.to_csv(index=False, lineterminator="\n").encode()


def _safe(name: str) -> str:
    """A name for a file, of letters and digits only."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:60]
