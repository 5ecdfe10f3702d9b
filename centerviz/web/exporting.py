"""Take an embedding elsewhere: files for other tools, and its map as a page of its own."""

from collections.abc import Callable

import streamlit as st

from centerviz.data.embeddings import Embeddings
from centerviz.figures.map_page import map_page
from centerviz.language import N_, _, current, speaking, worded
from centerviz.problem import Problem
from centerviz.runs.export import ENDINGS, KINDS, MIMES, check_export, export
from centerviz.web.naming import plain

PAGE = "html"
NAMES = {
    "parquet": "Parquet",
    "csv": "csv",
    "npz": "npz",
    "projector": N_("TensorBoard projector"),
    PAGE: N_("map as a page"),
}
WORDS = {**KINDS, PAGE: N_("HTML: the map as one page that needs no network.")}


def offer(name: str, embeddings: Callable[[], Embeddings], file: Embeddings | None = None) -> None:
    """Under More: a form to choose, and its file, which is made when it is asked for.

    Of somebody's `file` the names of its columns are checked before.
    """
    kind = st.selectbox(
        _("Take it elsewhere as"),
        list(NAMES),
        key="explore_export",
        format_func=lambda kind: _(NAMES[kind]),
    )
    if kind not in NAMES:  # right after a change of language: a title of the one before
        return
    try:
        if file is not None and kind != PAGE:
            check_export(file, kind)
    except Problem as problem:
        st.error(plain(worded(problem)), icon=":material/error:")
        return
    lang = current()  # the file is made outside of the session
    st.caption(_(WORDS[kind]))
    st.download_button(
        _("Download"),
        data=lambda: made(embeddings(), kind, name if file is None else file.source, lang),
        file_name=f"{name}{ENDINGS.get(kind, '.html')}",
        mime=MIMES.get(kind, "text/html"),
        icon=":material/download:",
        key=f"explore_download_{kind}",
        on_click="ignore",
        width="stretch",
    )


def made(embeddings: Embeddings, kind: str, title: str, lang: str) -> bytes:
    """The file of one form; a page in that language."""
    if kind != PAGE:
        return export(embeddings, kind)
    with speaking(lang):
        return map_page(embeddings, title).encode()
