"""What one browser session keeps: language, lecture mode, light or dark."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from centerviz.language import DEFAULT, LANGUAGES, _, negotiated, own_name

LECTURE_CSS = """
html { font-size: 24px; }
[data-testid="stMainBlockContainer"] { padding-left: 2rem; padding-right: 2rem; }
"""
FRAME_CSS = (Path(__file__).parent / "shell.css").read_text(encoding="utf-8")
BESIDE_NAVIGATION = {False: "60rem", True: "90rem"}  # window width, by lecture mode


def language() -> str:
    """The language code of this session; English outside of one."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return DEFAULT
    return st.session_state.get("lang") or DEFAULT


def settle() -> None:
    """Language and lecture mode before anything is drawn: the URL, else the browser."""
    if "lang" not in st.session_state:
        wanted = st.query_params.get("lang")
        st.session_state["lang"] = wanted if wanted in LANGUAGES else negotiated(st.context.locale)
        st.session_state["lang_chosen"] = wanted in LANGUAGES
    if "lecture" not in st.session_state:
        st.session_state["lecture"] = st.query_params.get("lecture") == "true"


def _chosen() -> None:
    st.session_state["lang_chosen"] = True


def settings() -> None:
    """The language picker and the lecture-mode switch; both stay in the address."""
    st.segmented_control(
        _("Language"),
        LANGUAGES,
        key="lang",
        format_func=own_name,
        required=True,
        label_visibility="collapsed",
        on_change=_chosen,
        persist_state="session",
    )
    st.toggle(
        _("Lecture mode"),
        key="lecture",
        help=_("Larger type and marks, for a projector."),
        persist_state="session",
    )
    rules = FRAME_CSS.replace("BREAKPOINT", BESIDE_NAVIGATION[lecture()])
    st.html(f"<style>{rules}{LECTURE_CSS if lecture() else ''}</style>")


def lecture() -> bool:
    """True for large type and marks."""
    return bool(st.session_state.get("lecture"))


def width(pixels: int) -> int:
    """The pixels that words take which take so many at normal type size."""
    return pixels * 3 // 2 if lecture() else pixels


def dark() -> bool:
    """True for light text on dark ground (can be wrong in a session's first run)."""
    return st.context.theme.type == "dark"


def look() -> tuple[str, bool, bool]:
    """What changes how figures are drawn, for the keys of cached ones."""
    return language(), lecture(), dark()
