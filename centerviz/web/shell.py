"""The Streamlit script: settings, frame and navigation around the page, rebuilt on every run."""

from pathlib import Path

import streamlit as st

from centerviz import language
from centerviz.language import N_, _
from centerviz.web import session, state

ROOT = Path(__file__).resolve().parents[2]
ICON = Path(__file__).with_name("icon.svg")  # a named icon would be fetched from elsewhere
PAGES = {
    "home": (N_("Home"), ":material/home:"),
    "learn": (N_("Learn"), ":material/school:"),
    "train": (N_("Train"), ":material/model_training:"),
    "explore": (N_("Explore"), ":material/scatter_plot:"),
    "compare": (N_("Compare"), ":material/compare:"),
    "verify": (N_("Verify"), ":material/fingerprint:"),
}


def page(name: str) -> st.Page:
    """One page of the app; home also answers the bare address."""
    title, icon = PAGES[name]
    return st.Page(
        ROOT / "pages" / f"{name}.py",
        title=_(title),
        icon=icon,
        url_path=None if name == "home" else name,
        default=name == "home",
    )


def frame() -> st.Page:
    """Draw what stands around every page and return the page that was asked for."""
    st.set_page_config(page_title="CenterViz", page_icon=ICON, layout="wide")
    language.follow(session.language)
    session.settle()
    present = [name for name in PAGES if (ROOT / "pages" / f"{name}.py").is_file()]
    chosen = st.navigation([page(name) for name in present], position="top")
    places = {"horizontal_alignment": "right", "vertical_alignment": "center"}
    with st.container(key="settings", horizontal=True, **places):
        session.settings()
    state.remember(
        lang=st.session_state["lang"] if st.session_state["lang_chosen"] else None,
        lecture="true" if session.lecture() else None,
    )
    return chosen


frame().run()
