"""What makes pictures of one person differ: a person of faces-2 under each nuisance alone.

Shown where faces-2 is chosen; the first row has the strengths that were chosen with it.
"""

import numpy as np
import streamlit as st

from centerviz.data import faces_2
from centerviz.data.thumbnails import thumbnail_png
from centerviz.language import N_, _
from centerviz.problem import Problem
from centerviz.web import state

FIRST = 9  # the person that is shown at first
LABELS = {
    "pose": N_("Pose"),
    "light": N_("Light"),
    "expression": N_("Expression"),
    "occlusion": N_("Occlusion"),
    "noise": N_("Noise"),
    "blur": N_("Blur"),
}


def strip(spec: str) -> None:
    """One person of the data set `spec` under each nuisance; nothing for other data sets."""
    name, _colon, given = spec.partition(":")
    if name != "faces-2":
        state.remember(person=None)
        return
    try:
        chosen = faces_2.read(given)
    except Problem:
        return  # said at the field
    with st.expander(_("One person, many pictures"), icon=":material/face:", expanded=True):
        last = chosen.identities - 1
        state.seed("face_person", state.whole("person", 0, last, FIRST))
        st.session_state["face_person"] = min(st.session_state["face_person"], last)
        person = st.number_input(
            _("Person"),
            0,
            last,
            key="face_person",
            help=_("Any of the data set's persons; the last fifth are seen only in verification."),
        )
        state.remember(person=person if person != FIRST else None)
        _rows(person, given)
        st.caption(
            _(
                "Each row below the first shows one nuisance alone, from strength 0 on the left "
                "to 1 on the right. Choose strengths with the data set: `{example}`.",
                example="faces-2:pose=1,light=0",
            )
        )


def _rows(person: int, given: str) -> None:
    pictures, strips = _drawn(person, given)
    _row(
        _("In the data"),
        pictures,
        _("Five pictures of person {number} as the data set has them.", number=person),
    )
    for nuisance, label in LABELS.items():
        alt = _(
            "Person {number} under one nuisance, {nuisance}, at strengths 0, 0.25, 0.5, 0.75 and "
            "1.",
            number=person,
            nuisance=_(label),
        )
        _row(_(label), strips[nuisance], alt)


def _row(label: str, png: bytes, alt: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":small[{label}]", width=72)
        st.image(png, width=196, alt=alt)


@st.cache_data(max_entries=32, show_spinner=False)
def _drawn(person: int, given: str) -> tuple[bytes, dict[str, bytes]]:
    """A row of the data set's pictures, and a row for each nuisance, as PNG."""
    few = faces_2.read(given).person(person, 5)
    strips = faces_2.nuisance_strip(person)
    return _side_by_side(few), {name: _side_by_side(row) for name, row in strips.items()}


def _side_by_side(pictures: np.ndarray) -> bytes:
    """Pictures (n, S, S, 3) in one row, each pixel as four so that they stay sharp."""
    row = np.concatenate(list(pictures), axis=1)
    return thumbnail_png(row.repeat(2, axis=0).repeat(2, axis=1))
