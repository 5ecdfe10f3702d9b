"""Explore asks: how far do samples lie from their class means, and the means from each other?

Distances to class means are divided by the mean inter-class distance, so that raw and unit
features, epochs and runs can be compared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.embedding.distances import (
    MOST_PAIRS,
    angles,
    distances_to_means,
    inter,
    inter_matrix,
    nearest_others,
    nearest_pairs,
    radii,
)
from centerviz.figures.by_class import distances_by_class, matrix_of_means
from centerviz.figures.distributions import distances
from centerviz.figures.theme import Figure
from centerviz.language import _
from centerviz.web import pair_question, session
from centerviz.web.chart import chart
from centerviz.web.comparing import digits
from centerviz.web.odd_samples import digits_of
from centerviz.web.subject import Shown

MOST_CLASSES = 40  # that are drawn one by one
PAIRS = 8  # of classes that are listed, the nearest ones
GLANCE = 14  # of them, beside the map


@dataclass(frozen=True)
class Relative:
    """Distances over the mean inter-class distance."""

    away: np.ndarray  # (N,) ‖x − μ_y‖ / inter; NaN without a mean
    inter: float  # mean ‖μ_a − μ_b‖, feature units
    widest: np.ndarray  # classes, the widest first by their median


@st.cache_resource(max_entries=8, show_spinner=False)
def relative(key: tuple, _shown: Shown) -> Relative | None:
    """Distances of what is shown; None where the means are at one place, or far too many."""
    x, y, mu = _shown.space.x, _shown.labels, _shown.space.means
    apart = inter(mu).mean if len(mu) ** 2 <= MOST_PAIRS else None
    if not apart:
        return None
    found = radii(x, y, mu)
    present = np.flatnonzero(np.isfinite(found.median))
    order = present[np.argsort(-found.median[present], kind="stable")]
    return Relative(distances_to_means(x, y, mu) / apart, apart, order)


def show_distances(shown: Shown, in_space: Callable[[bool], Shown]) -> None:
    """The histograms of all samples, raw and unit, boxes class by class, the matrix of means."""
    found = relative(shown.key, shown)
    if found is None:
        st.info(_why_not(shown), icon=":material/info:")
        return
    both = [in_space(unit) for unit in (False, True)]
    whole, boxes = st.columns(2, gap="large")
    with whole:
        st.subheader(_("All samples, raw and unit"))
        drawn = _whole(shown.key, session.look(), both, [relative(one.key, one) for one in both])
        alt = _("Histograms of the distances to the class means, of raw and of unit features.")
        chart(drawn, "explore distances", alt=alt, height=320)
    with boxes:
        st.subheader(_("Class by class"))
        _draw_boxes(shown, found, "explore boxes", MOST_CLASSES)
    st.caption(
        _(
            "Distances to the class means over the mean distance between them, {inter} in feature "
            "units of {x}: so raw and unit features, epochs and runs can be compared.",
            inter=digits(found.inter),
            x="z" if shown.unit else "x",
        )
        + _left_out(len(found.widest), _("the widest are drawn"))
    )
    _between(shown, len(found.widest))


def _why_not(shown: Shown) -> str:
    """Why there is no distance between classes to measure by."""
    classes = int(np.isfinite(shown.space.means).all(axis=1).sum())
    if classes < 2:
        return _("There is one class only, so no distance between classes to measure by.")
    if len(shown.space.means) ** 2 > MOST_PAIRS:
        return _(
            "{n} classes have more pairs of means than can be looked at while you wait. Look at "
            "one split, or at fewer classes; **Classes** has the distances of each.",
            n=f"{classes:,}",
        )
    return _("The class means are all at one place: there is no distance to measure by.")


def glance(shown: Shown) -> None:
    """The boxes of a few classes, for beside the map."""
    found = None if shown.labels is None else relative(shown.key, shown)
    if found is not None:
        _draw_boxes(shown, found, "explore glance", GLANCE)


def _draw_boxes(shown: Shown, found: Relative, key: str, most: int) -> None:
    drawn = _boxes(shown.key, most, session.look(), shown, found)
    height = max(min(len(found.widest), most) * 26 + 60, 200)
    chart(drawn, key, alt=_("Boxes of the distances to the class mean, by class."), height=height)


def _left_out(classes: int, which: str) -> str:
    """That not all classes are drawn, if so."""
    if classes <= MOST_CLASSES:
        return ""
    said = {"n": MOST_CLASSES, "all": classes, "which": which}
    return " " + _("Of {all} classes {n}: {which}.", **said)


@st.cache_resource(max_entries=32, show_spinner=False)
def _whole(
    key: tuple,
    look: tuple[str, bool, bool],
    _both: Sequence[Shown],
    _found: Sequence[Relative | None],
) -> Figure:
    _language, lecture, dark = look
    names = [_("z, unit") if one.unit else _("x, raw") for one in _both]
    known = {
        name: one.away[np.isfinite(one.away)]
        for name, one in zip(names, _found, strict=True)
        if one is not None
    }
    return distances(known, dark=dark, lecture=lecture)


@st.cache_resource(max_entries=32, show_spinner=False)
def _boxes(
    key: tuple, most: int, look: tuple[str, bool, bool], _shown: Shown, _found: Relative
) -> Figure:
    _language, lecture, dark = look
    kept = np.isin(_shown.labels, _found.widest[:most])
    return distances_by_class(
        _found.away[kept],
        _shown.labels[kept],
        _shown.class_names,
        dark=dark,
        lecture=lecture,
    )


def _between(shown: Shown, classes: int) -> None:
    """How far the class means lie from each other, and which pairs are the nearest."""
    if classes < 2:
        return
    st.subheader(_("Between the classes"))
    picture, nearest = st.columns([3, 2], gap="large")
    with picture:
        alt = _("Matrix of the distances and angles between the class means.")
        chart(_of_means(shown.key, session.look(), shown), "explore matrix", alt=alt, height=440)
        st.caption(
            _("Distances in feature units; angles as seen from the origin.")
            + _left_out(classes, _("those with the nearest neighbours are drawn"))
        )
    with nearest:
        st.markdown(_("**The nearest pairs**"))
        _nearest_pairs(shown)


def _nearest_pairs(shown: Shown) -> None:
    """The nearest of all pairs of classes; a click asks about the two."""
    pairs, gaps, turned = _closest(shown.key, shown)
    st.dataframe(
        pd.DataFrame(
            {
                "one": [shown.class_names[a] for a, _b in pairs],
                "other": [shown.class_names[b] for _a, b in pairs],
                "gap": gaps,
                "angle": turned,
            }
        ),
        hide_index=True,
        key=f"explore pairs {shown.code}",
        alt=_("The pairs of classes whose means lie nearest to each other."),
        column_config={
            "one": st.column_config.TextColumn(_("Class")),
            "other": st.column_config.TextColumn(_("other class")),
            "gap": st.column_config.NumberColumn(_("distance"), format=digits_of(gaps)),
            "angle": st.column_config.NumberColumn(_("angle"), format="%.0f°"),
        },
        on_select=lambda: _ask_about(f"explore pairs {shown.code}", pairs),
        selection_mode="single-cell",
    )
    st.caption(_("A click on a pair shows both classes along the line between their means."))


def _ask_about(key: str, pairs: Sequence[tuple[int, int]]) -> None:
    """Callback: the clicked pair is the one under **Two classes**."""
    cells = st.session_state[key]["selection"]["cells"]
    if cells:
        pair_question.ask(*pairs[cells[0][0]])


@st.cache_data(max_entries=32, show_spinner=False)
def _closest(key: tuple, _shown: Shown) -> tuple[list[tuple[int, int]], np.ndarray, np.ndarray]:
    """At most PAIRS pairs, their distances and angles."""
    mu = _shown.space.means
    pairs, far = nearest_pairs(mu, PAIRS)
    turned = np.array([angles(mu[[a, b]])[0, 1] for a, b in pairs])
    return pairs, far, turned


@st.cache_resource(max_entries=32, show_spinner=False)
def _of_means(key: tuple, look: tuple[str, bool, bool], _shown: Shown) -> Figure:
    _language, lecture, dark = look
    means = _shown.space.means
    kept = np.flatnonzero(np.isfinite(means).all(axis=1))
    if len(kept) > MOST_CLASSES:
        _nearest, gaps = nearest_others(means[kept])
        kept = np.sort(kept[np.argsort(gaps, kind="stable")[:MOST_CLASSES]])
    names = [_shown.class_names[j] for j in kept]
    mu = means[kept]
    return matrix_of_means(inter_matrix(mu), angles(mu), names, dark=dark, lecture=lecture)
