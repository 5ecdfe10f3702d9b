"""What can be asked of what Explore shows: one question at a time under the picture.

The question and the features it is asked of stay in the address, as `ask` and `space`. Only the
question that is shown is computed, and a click re-runs Explore's fragment, not the page.
"""

from collections.abc import Callable

import numpy as np
import streamlit as st

from centerviz.language import N_, _
from centerviz.web import (
    class_numbers,
    distance_question,
    odd_samples,
    pair_question,
    selection,
    state,
)
from centerviz.web.sample_table import PictureOf
from centerviz.web.subject import Shown

QUESTIONS = {
    "classes": N_("Classes"),
    "distances": N_("Distances"),
    "pair": N_("Two classes"),
    "odd": N_("Odd samples"),
    "selection": N_("Selection"),
}
SPACES = ("raw", "unit")


def unit_wanted(unit_map: bool) -> bool:
    """Are the numbers of unit features? As the map, unless the person chose otherwise."""
    key, usual = _space_key(unit_map), SPACES[unit_map]
    state.seed_choice(key, "space", SPACES, usual)
    chosen = st.session_state[key]
    state.remember(space=chosen if chosen != usual else None)
    return chosen == "unit"


def _space_key(unit_map: bool) -> str:
    """A choice for each kind of map: another one brings its own features back."""
    return f"explore_space_{SPACES[unit_map]}"


def show(
    shown: Shown,
    unit_map: bool,
    rows: np.ndarray,
    picture_of: PictureOf,
    in_space: Callable[[bool], Shown],
) -> None:
    """The bar of questions and the answer to the one chosen; `rows` (K,) are selected, and
    `in_space` gives what is shown as unit features or raw ones."""
    allowed = list(QUESTIONS) if shown.labels is not None else ["selection"]
    state.seed_choice("explore_ask", "ask", allowed, allowed[0])
    what, where = st.columns([3, 2], vertical_alignment="bottom")
    with what:
        asked = st.segmented_control(
            _("Ask"),
            allowed,
            key="explore_ask",
            format_func=lambda code: _(QUESTIONS[code]),
            required=True,
            persist_state="session",
        )
    with where:
        st.segmented_control(
            _("of the features"),
            SPACES,
            key=_space_key(unit_map),
            format_func={"raw": _("x, raw"), "unit": _("z, unit")}.get,
            help=_("x are the features themselves, z = x/‖x‖ the same on the unit sphere."),
            required=True,
            persist_state="session",
        )
    state.remember(ask=asked if asked != allowed[0] else None)
    if asked == "classes":
        class_numbers.show_classes(shown)
    elif asked == "distances":
        distance_question.show_distances(shown, in_space)
    elif asked == "pair":
        pair_question.show_pair(shown, picture_of)
    elif asked == "odd":
        odd_samples.show_odd(shown, picture_of)
    else:
        selection.show_selection(shown, rows, picture_of)
