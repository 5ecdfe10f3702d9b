"""Explore asks: how far apart are two classes, and which samples lie on the wrong side?

Letters: t is 0 at the mean of the first class and 1 at that of the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from centerviz.embedding.distances import angles
from centerviz.embedding.two_classes import along, overlap, shared_edges
from centerviz.figures.theme import Figure
from centerviz.figures.two_classes import two_histograms
from centerviz.language import _, ngettext
from centerviz.problem import Problem
from centerviz.web import session, state
from centerviz.web.chart import chart
from centerviz.web.comparing import digits
from centerviz.web.naming import plain
from centerviz.web.sample_table import PictureOf, places_of, sample_table, to_click
from centerviz.web.subject import Shown

LISTED = 12  # errors that are listed
MOST_NAMES = 1_000  # of classes in a picker; of more the number is asked for
KEYS = ("explore_one_class", "explore_other_class")  # of its pickers


@dataclass(frozen=True)
class TwoClasses:
    """Two classes along the axis between their means."""

    rows: tuple[np.ndarray, np.ndarray]  # of their samples
    places: tuple[np.ndarray, np.ndarray]  # t of each
    edges: np.ndarray  # of the bins of both histograms
    gap: float  # ‖μ_a − μ_b‖
    angle: float  # about the origin, degrees; NaN for a mean at the origin
    overlap: float | None  # share of the histograms that both cover

    @property
    def errors(self) -> tuple[int, int]:
        """How many of each class lie nearer to the other mean."""
        return int((self.places[0] > 0.5).sum()), int((self.places[1] < 0.5).sum())

    @property
    def wrong_side(self) -> tuple[np.ndarray, np.ndarray]:
        """The rows behind the errors and their t, the farthest across first."""
        rows, t = np.concatenate(self.rows), np.concatenate(self.places)
        across = np.concatenate((self.places[0] - 0.5, 0.5 - self.places[1]))
        order = np.argsort(-across, kind="stable")[: sum(self.errors)]
        return rows[order], t[order]


def two_classes(shown: Shown, a: int, b: int) -> TwoClasses | None:
    """The classes a and b of what is shown; None where their means are at one place."""
    mu, rows = shown.space.means, tuple(np.flatnonzero(shown.labels == j) for j in (a, b))
    places = tuple(along(shown.space.x[own], mu[a], mu[b]) for own in rows)
    if places[0] is None:
        return None
    edges = shared_edges(*places)
    gap, angle = float(np.linalg.norm(mu[b] - mu[a])), float(angles(mu[[a, b]])[0, 1])
    return TwoClasses(rows, places, edges, gap, angle, overlap(*places, edges))


@st.cache_resource(max_entries=32, show_spinner=False)
def _two_classes(key: tuple, a: int, b: int, _shown: Shown) -> TwoClasses | None:
    return two_classes(_shown, a, b)


@st.cache_resource(max_entries=32, show_spinner=False)
def _figure(
    key: tuple, a: int, b: int, look: tuple[str, bool, bool], _shown: Shown, _found: TwoClasses
) -> Figure:
    _language, lecture, dark = look
    names = [_shown.class_names[j] for j in (a, b)]
    return two_histograms(_found.places, _found.edges, (a, b), names, dark=dark, lecture=lecture)


def present_classes(shown: Shown) -> list[int]:
    """The classes that have samples and a mean."""
    means = np.isfinite(shown.space.means).all(axis=1)
    return [j for j in np.unique(shown.labels).tolist() if means[j]]


def usual_pair(shown: Shown) -> tuple[int, int]:
    """The two classes that are most often mixed up, else those whose sample lies nearest to both;
    the first two where that is not known."""
    first = tuple(present_classes(shown)[:2])
    found = places_of(shown.key, shown)
    if isinstance(found, Problem) or not (found.nearest >= 0).any():
        return first
    rows = np.flatnonzero(found.astray)
    if not len(rows):
        rows = [int(np.nanargmin(found.margin))]
    pairs = np.sort(np.stack((shown.labels[rows], found.nearest[rows]), axis=1), axis=1)
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    return tuple(kinds[counts.argmax()].tolist())


def choose_pair(shown: Shown) -> tuple[int, int] | None:
    """The pickers of both classes, kept in the address; None with fewer than two classes."""
    known = present_classes(shown)
    if len(known) < 2:
        st.info(_("There is one class only, and two are asked about."), icon=":material/info:")
        return None
    asked = state.numbers("pair", 2, 0, len(shown.class_names) - 1)
    usual = usual_pair(shown)
    first = asked if asked and set(asked) <= set(known) else usual
    if not all(st.session_state.get(key) in known for key in KEYS):
        st.session_state.update(zip(KEYS, first, strict=True))
    titles = (_("One class"), _("The other"))
    pair = tuple(
        _choose(side, title, key, known, shown.class_names)
        for side, key, title in zip(st.columns(2), KEYS, titles, strict=True)
    )
    state.remember(pair=",".join(map(str, pair)) if pair != usual else None)
    if pair[0] == pair[1]:
        st.info(_("Choose two different classes."), icon=":material/info:")
        return None
    if not set(pair) <= set(known):
        st.info(_("One of the two classes has no samples; choose another."), icon=":material/info:")
        return None
    return pair


def _choose(
    place: DeltaGenerator, title: str, key: str, known: Sequence[int], names: Sequence[str]
) -> int:
    """One class, by name, or of very many by number."""
    if len(known) <= MOST_NAMES:
        name = lambda j: names[j]  # noqa: E731
        return place.selectbox(title, known, key=key, format_func=name, persist_state="session")
    with place:
        number = st.number_input(title, 0, len(names) - 1, key=key, persist_state="session")
        st.caption(
            _("By number, 0 to {last}: {name}", last=len(names) - 1, name=plain(names[number]))
        )
    return number


def ask(a: int, b: int) -> None:
    """Turn to this question, about the classes a and b; before a run of the page."""
    st.session_state["explore_ask"] = "pair"
    st.session_state.update(zip(KEYS, (a, b), strict=True))


def show_pair(shown: Shown, picture_of: PictureOf) -> None:
    """Both histograms along the axis, overlap and errors, and the samples behind the errors."""
    pair = choose_pair(shown)
    if pair is None:
        return
    found = _two_classes(shown.key, *pair, shown)
    names = [plain(shown.class_names[j]) for j in pair]
    if found is None:
        st.info(
            _("The means of both classes are at one place: there is no axis between them."),
            icon=":material/info:",
        )
        return
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        drawn = _figure(shown.key, *pair, session.look(), shown, found)
        alt = _("Histograms of both classes along the axis between their means.")
        chart(drawn, "explore two classes", alt=alt, height=330)
        st.caption(
            _(
                "Every sample is put at its foot on the straight line through both means, in all "
                "{dim} dimensions. Beyond the dashed middle it lies nearer to the other mean.",
                dim=shown.dim,
            )
        )
    with numbers:
        _numbers(found)
        for own, other, rows, errors in zip(
            names, names[::-1], found.rows, found.errors, strict=True
        ):
            st.markdown(
                _(
                    "Class {own}: **{n} of {all}** lie nearer to class {other}.",
                    own=own,
                    n=errors,
                    all=len(rows),
                    other=other,
                )
            )
        _errors(shown, found, picture_of)


def _numbers(found: TwoClasses) -> None:
    with st.grid(3, min_column_width=session.width(105)):
        st.metric(_("Distance"), digits(found.gap), help=_("Between the two class means."))
        st.metric(
            _("Angle"),
            "–" if np.isnan(found.angle) else f"{found.angle:.0f}°",
            help=_("Between the two class means, as seen from the origin."),
        )
        st.metric(
            _("Overlap"),
            "–" if found.overlap is None else f"{found.overlap:.1%}",
            help=_("The share of each histogram that the other one covers too; 0 is apart."),
        )


def _errors(shown: Shown, found: TwoClasses, picture_of: PictureOf) -> None:
    rows, places = found.wrong_side
    if not len(rows):
        st.markdown(_("No sample of either class lies nearer to the other one."))
        return
    numbers = {_("place"): ("%.3f", places[:LISTED])}
    alt = _("Samples nearer to the other class mean, the farthest across first.")
    sample_table(shown, rows[:LISTED], picture_of, f"explore across {shown.code}", alt, numbers)
    listed = ngettext(
        "{n} sample lies nearer to the other mean, the farthest across first.",
        "{n} samples lie nearer to the other mean, the farthest across first.",
        len(rows),
    )
    st.caption(_("{said} {more}", said=listed, more=to_click()))
