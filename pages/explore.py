"""Walk through an embedding: a run over its epochs, or anybody's file; map, classes, samples."""

import streamlit as st

from centerviz.language import _, worded
from centerviz.runs.export import with_pictures
from centerviz.web import exploring, exporting, map_choice, own_file, subject
from centerviz.web.naming import plain
from centerviz.web.uploads import slug

SOURCES = ("run", "upload")


def choose_source() -> str:
    """A run, or a file of one's own."""
    if subject.asked() is not None or "explore_source" not in st.session_state:
        st.session_state["explore_source"] = "run"
    return st.segmented_control(
        _("Look at"),
        SOURCES,
        key="explore_source",
        format_func={"run": _("a run"), "upload": _("a file")}.get,
        required=True,
        persist_state="session",
    )


def choose_run(codes: list[str]) -> str:
    """The run or kept embedding to look at; it stays in the address."""
    problem = subject.settle_choice(codes)
    if problem is not None:
        st.warning(plain(worded(problem)), icon=":material/search_off:")
    code = st.selectbox(
        _("Run"),
        codes,
        key="explore_code",
        format_func=lambda code: code.partition(":")[2],
        persist_state="session",
    )
    subject.remember_choice(code)
    return code


def run_page(code: str, pickers, more) -> None:
    """A run with its epochs, or an embedding that a saved model made."""
    run = subject.run_of(code)
    if run is None:
        key, embeddings = subject.kept_embeddings(code)
        own_file.what_was_read(key, embeddings)
        file_page(key, embeddings, pickers, more)
        return
    names, dim = run.rows().class_names, run.config.dim
    with pickers:
        choice = map_choice.choose(dim, run.config.normalize, len(names))
    with more:
        choice = map_choice.options(choice, dim, names, subject.colours_of_run(run))
        if run.status.state == "done":
            exporting.offer(run.id, lambda: with_pictures(run))
    exploring.show_run(run, choice)


def file_page(key: str, embeddings, pickers, more) -> None:
    """An embedding file."""
    names, dim = embeddings.class_names, embeddings.dim
    with pickers:
        choice = map_choice.choose(dim, False, 0 if embeddings.labels is None else len(names))
    with more:
        split = exploring.choose_split(embeddings)
        choice = map_choice.options(choice, dim, names, subject.colours_of_file(embeddings))
        exporting.offer(slug(embeddings.source) or "embedding", lambda: embeddings, embeddings)
    exploring.show_file(key, embeddings, split, choice)


def page() -> None:
    """Source, subject, map, dimensions and More; then the picture and its numbers."""
    source_side, subject_side, map_side, more_side = st.columns(
        [4, 7, 7, 3], vertical_alignment="bottom"
    )
    with source_side:
        source = choose_source()
    pickers = map_side.container(horizontal=True, vertical_alignment="bottom")
    more = more_side.popover(_("More"), icon=":material/tune:", width="stretch")
    if source == "run":
        codes = subject.codes()
        if not codes:
            exploring.nothing_yet()
            return
        with subject_side:
            code = choose_run(codes)
        run_page(code, pickers, more)
        return
    subject.forget_choice()
    with subject_side:
        given = own_file.upload()
    if given is None:
        own_file.about()
        return
    found = own_file.confirmed(*given)
    if found is not None:
        file_page(*found, pickers, more)


with exploring.in_words():
    page()
