"""Take a lesson home: the page as it stands, or worksheets with other numbers for everybody."""

import functools

import streamlit as st

from centerviz.language import _, current
from centerviz.lessons.lesson import Lesson
from centerviz.lessons.rendering import render
from centerviz.lessons.worksheets import MOST, worksheets

KINDS = {"html": "text/html", "md": "text/markdown", "ipynb": "application/x-ipynb+json"}


def documents(of: Lesson, used: dict[str, str]) -> None:
    """The worked lesson on these numbers, as a file of each kind; made when it is asked for."""
    st.markdown(_("This lesson with the numbers above, worked from top to bottom:"))
    labels = {"html": _("Page (HTML)"), "md": "Markdown", "ipynb": _("Notebook")}
    with st.container(horizontal=True):
        for kind, mime in KINDS.items():
            st.download_button(
                labels[kind],
                functools.partial(render, of.name, dict(used), current(), kind),
                f"{of.name}.{kind}",
                mime,
                key=f"lesson {kind}",
                icon=":material/download:",
                on_click="ignore",
            )
    st.caption(_("The page needs no network, and the notebook nothing but NumPy."))


def sheets(of: Lesson) -> None:
    """Worksheets and their key."""
    st.markdown(_("Worksheets with other numbers on each, and one key with all the steps:"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n = st.number_input(_("Sheets"), 1, MOST, 30, key="sheets", width=130)
        seed = st.number_input(
            _("Seed"),
            0,
            999_999,
            1,
            key="sheets seed",
            width=130,
            help=_("Same seed, same sheets."),
        )
        kind = st.segmented_control(
            _("Form"), list(KINDS), default="html", key="sheets kind", required=True
        )
    with st.container(horizontal=True):
        for part, label in (("sheets", _("Worksheets")), ("key", _("Answer key"))):
            st.download_button(
                label,
                functools.partial(worksheets, of.name, n, seed, kind, current(), part),
                f"{of.name}-{part}-{seed}.{kind}",
                KINDS[kind],
                key=f"lesson {part}",
                icon=":material/print:" if part == "sheets" else ":material/key:",
                on_click="ignore",
            )
    st.caption(
        _("The code on top of a sheet finds its answers in the key. HTML prints on A4 and Letter.")
    )
