"""Explore asks: which samples stand out? And: what lies nearest to the pinned one?"""

import numpy as np
import streamlit as st

from centerviz.embedding.neighbours import nearest_rows
from centerviz.embedding.places import (
    FAR,
    Mislabels,
    Places,
    between_two,
    mislabels,
    outliers,
    outlyingness,
)
from centerviz.language import _, ngettext, worded
from centerviz.problem import Problem
from centerviz.web.naming import plain
from centerviz.web.sample_table import PictureOf, places_of, sample_table, to_click
from centerviz.web.subject import Shown

LISTED = 10  # samples of a list
NEIGHBOURS = 6


def show_odd(shown: Shown, picture_of: PictureOf) -> None:
    """Outliers, likely mislabels, and samples between two classes, side by side."""
    found = places_of(shown.key, shown)
    if isinstance(found, Problem):
        st.info(plain(worded(found)), icon=":material/info:")
        return
    far, wrong, between = st.columns(3, gap="medium")
    with far:
        _outliers(shown, found, picture_of)
    with wrong:
        _mislabels(shown, found, picture_of)
    with between:
        _between(shown, found, picture_of)
    st.caption(to_click())


def _outliers(shown: Shown, found: Places, picture_of: PictureOf) -> None:
    st.subheader(_("Far from their class"))
    rows = outliers(found.own, shown.labels, LISTED)
    if not len(rows):
        st.markdown(
            _(
                "No sample lies {far} times as far from its class mean as its class does.",
                far=f"{FAR:g}",
            )
        )
        return
    times = outlyingness(found.own, shown.labels)[rows]
    numbers = {
        _("times"): ("%.1f ×", times),
        _("distance"): (digits_of(found.own), found.own[rows]),
    }
    alt = _("Samples far from their class mean, the farthest first.")
    sample_table(shown, rows, picture_of, f"explore far {shown.code}", alt, numbers)
    st.caption(
        _(
            "Distance to the own class mean, and how many times that is the mean distance of the "
            "class: listed from {far} times on.",
            far=f"{FAR:g}",
        )
    )


def _mislabels(shown: Shown, found: Places, picture_of: PictureOf) -> None:
    st.subheader(_("Perhaps mislabelled"))
    odd = _suspects(shown.key, shown, found)
    if len(odd.rows):
        names = [shown.class_names[j] for j in found.nearest[odd.rows]]
        votes = [_("{n} of {all}", n=n, all=odd.asked) for n in odd.votes.tolist()]
        numbers = {_("looks like"): ("", names), _("neighbours"): ("", votes)}
        alt = _("Samples that look like another class, the clearest first.")
        sample_table(shown, odd.rows, picture_of, f"explore wrong {shown.code}", alt, numbers)
    else:
        st.markdown(_("No sample looks like one of another class."))
    st.caption(
        ngettext(
            "{n} sample lies nearer to the mean of another class; it is listed when most of its "
            "{k} nearest neighbours are of that class too.",
            "{n} samples lie nearer to the mean of another class; listed are those of whose {k} "
            "nearest neighbours most are of that class too.",
            odd.astray,
            k=odd.asked,
        )
        + _more(odd)
    )


def _more(odd: Mislabels) -> str:
    """What was left out to keep it quick."""
    if odd.looked_at == odd.astray:
        return ""
    return " " + _("Only the {n} clearest of them were looked at.", n=odd.looked_at)


def _between(shown: Shown, found: Places, picture_of: PictureOf) -> None:
    st.subheader(_("Between two classes"))
    rows = between_two(found, LISTED)
    if not len(rows):
        st.markdown(_("There are no two classes to lie between."))
        return
    names = [shown.class_names[j] for j in found.nearest[rows]]
    margin = found.margin[rows]
    form = digits_of(margin)
    numbers = {_("other class"): ("", names), _("margin"): (form, without_minus(margin, form))}
    alt = _("Samples about as near to another class as to their own, the least margin first.")
    sample_table(shown, rows, picture_of, f"explore between {shown.code}", alt, numbers)
    st.caption(
        _(
            "Margin: distance to the nearest other class mean minus that to the own one, nearest "
            "to 0 first. Below 0 the sample lies nearer to the other class."
        )
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _suspects(key: tuple, _shown: Shown, _found: Places) -> Mislabels:
    return mislabels(_shown.space.x, _shown.labels, _found, LISTED)


def show_neighbours(shown: Shown, sample: str, picture_of: PictureOf) -> None:
    """The samples nearest to the pinned one in the original space."""
    row = np.flatnonzero(shown.ids == sample)[:1]
    near, gaps = _nearest(shown.key, int(row[0]), shown)
    if not len(near):
        return
    st.markdown(_("**Its nearest neighbours**"))
    numbers = {_("distance"): (digits_of(gaps), gaps)}
    alt = _("The samples nearest to the pinned one, with their distances.")
    sample_table(shown, near, picture_of, f"explore near {shown.code} {sample}", alt, numbers)
    said = {"dim": shown.dim, "x": "z" if shown.unit else "x"}
    words = _("Exact distances in all {dim} dimensions of {x}, among the samples shown.", **said)
    if shown.labels is None:
        st.caption(words)
        return
    alike = int((shown.labels[near] == shown.labels[row[0]]).sum())
    same = _("{n} of {all} are of its class.", n=alike, all=len(near))
    st.caption(_("{said} {more}", said=same, more=words))


@st.cache_data(max_entries=64, show_spinner=False)
def _nearest(key: tuple, row: int, _shown: Shown) -> tuple[np.ndarray, np.ndarray]:
    near, gaps = nearest_rows(_shown.space.x, np.array([row]), NEIGHBOURS)
    return near[0], gaps[0]


def without_minus(values: np.ndarray, form: str) -> np.ndarray:
    """The values, those that a format writes as −0 being 0.

    >>> without_minus(np.array([-0.004, -0.02]), "%.2f").tolist()
    [0.0, -0.02]
    """
    return np.array([value if float(form % value) else 0.0 for value in values])


def digits_of(values: np.ndarray) -> str:
    """The format of a column of distances: about four digits of the largest."""
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    return "%.4g" if largest >= 1e6 or 0 < largest < 1e-3 else f"%.{4 if largest < 1 else 2}f"
