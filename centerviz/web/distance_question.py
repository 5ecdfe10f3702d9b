"""Explore asks: how far do samples lie from their class means, and the means from each other?

Distances to class means are divided by the mean inter-class distance, so that raw and unit
features, epochs and runs can be compared.
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from centerviz.embedding.distances import (
    MOST_PAIRS,
    angles,
    distances_to_means,
    inter,
    inter_matrix,
    nearest_others,
    radii,
)
from centerviz.figures.by_class import distances_by_class, matrix_of_means
from centerviz.figures.distributions import distances
from centerviz.figures.theme import Figure
from centerviz.language import _
from centerviz.web import session
from centerviz.web.chart import chart
from centerviz.web.comparing import digits
from centerviz.web.subject import Shown

MOST_CLASSES = 40  # that are drawn one by one
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


def show_distances(shown: Shown) -> None:
    """The histogram of all samples, boxes class by class, and the matrix between the means."""
    found = relative(shown.key, shown)
    if found is None:
        st.info(
            _(
                "The class means are all at one place, or there is one class only, or very many: "
                "there is no distance between classes to measure by."
            ),
            icon=":material/info:",
        )
        return
    whole, boxes = st.columns(2, gap="large")
    with whole:
        st.subheader(_("All samples"))
        drawn = _whole(shown.key, session.look(), shown, found)
        alt = _("Histogram of the distances to the class means.")
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
    _matrix(shown, len(found.widest))


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
def _whole(key: tuple, look: tuple[str, bool, bool], _shown: Shown, _found: Relative) -> Figure:
    _language, lecture, dark = look
    known = _found.away[np.isfinite(_found.away)]
    name = _("samples")
    return distances({name: known}, dark=dark, lecture=lecture)


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


def _matrix(shown: Shown, classes: int) -> None:
    """How far the class means lie from each other; of many classes those nearest to another."""
    if classes < 2:
        return
    st.subheader(_("Between the classes"))
    alt = _("Matrix of the distances and angles between the class means.")
    chart(_of_means(shown.key, session.look(), shown), "explore matrix", alt=alt, height=480)
    st.caption(
        _("Distances in feature units; angles as seen from the origin.")
        + _left_out(classes, _("those with the nearest neighbours are drawn"))
    )


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
