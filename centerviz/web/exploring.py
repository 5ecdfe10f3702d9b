"""Explore: a run or a file as a map, with the numbers of the original space beside it."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import streamlit as st

from centerviz.data.embeddings import Embeddings
from centerviz.embedding.metrics import ACCURACY, METRICS
from centerviz.language import _, worded
from centerviz.problem import Problem
from centerviz.runs.store import Run
from centerviz.web import (
    class_numbers,
    distance_question,
    health_card,
    picking,
    questions,
    results,
    session,
    state,
    thumbs,
)
from centerviz.web.batches import batch, explain
from centerviz.web.comparing import digits
from centerviz.web.embedding_view import ViewState
from centerviz.web.explore_map import file_map, run_map
from centerviz.web.map_choice import MapChoice
from centerviz.web.naming import plain
from centerviz.web.odd_samples import show_neighbours
from centerviz.web.sample_table import PictureOf
from centerviz.web.subject import Shown, shown_file, shown_run

_ALL = ""  # the choice of no split in particular


@st.fragment
def show_run(run: Run, choice: MapChoice) -> None:
    """A run: its map over the epochs, and its numbers in the epoch that stands still."""
    with in_words():
        _run(run, choice)


def _run(run: Run, choice: MapChoice) -> None:
    heading = st.container()
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        drawn, view, epoch = run_map(run, choice)
    unit = questions.unit_wanted(drawn.unit)
    shown = drawn if unit == drawn.unit else shown_run(run, epoch, unit)
    with heading:
        headline(shown, epoch)
    picture_of = lambda name: thumbs.run_picture(run, name)  # noqa: E731
    found = health_card.findings(str(run.path), epoch)
    with numbers:
        three_numbers(shown, ACCURACY.meaning)
        health_card.cards(found, run.id, shown.code)
        rows = samples(shown, view, picture_of)
    in_space = lambda unit: shown_run(run, epoch, unit)  # noqa: E731
    questions.show(shown, drawn.unit, rows, picture_of, in_space)
    if not found:
        health_card.quiet(_("{run}, epoch {epoch}", run=run.id, epoch=epoch))


@st.fragment
def show_file(key: str, e: Embeddings, split: str | None, choice: MapChoice) -> None:
    """An embedding file: its map, and its numbers against its own class means."""
    with in_words():
        _file(key, e, split, choice)


def _file(key: str, e: Embeddings, split: str | None, choice: MapChoice) -> None:
    heading = st.container()
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        drawn, view = file_map(key, e, split, choice)
    unit = questions.unit_wanted(drawn.unit)
    shown = drawn if unit == drawn.unit else shown_file(key, e, split, unit)
    with heading:
        headline(shown, None)
    picture_of = lambda name: thumbs.file_picture(e, name)  # noqa: E731
    found = health_card.of_rows(shown, e.dropped)
    with numbers:
        if shown.labels is None:
            _without_labels()
        else:
            three_numbers(shown, METRICS["nearest_mean_accuracy"].meaning)
        health_card.cards(found, shown.name, shown.code)
        rows = samples(shown, view, picture_of)
    in_space = lambda unit: shown_file(key, e, split, unit)  # noqa: E731
    questions.show(shown, drawn.unit, rows, picture_of, in_space)
    if not found:
        health_card.quiet(_("{name}, as far as a file tells", name=shown.name))


@contextmanager
def in_words() -> Iterator[None]:
    """What goes wrong inside is said on the page, with what to do about it."""
    try:
        yield
    except Problem as problem:
        st.error(plain(worded(problem)), icon=":material/error:")
        if st.session_state["explore_source"] != "upload":
            results.link("train", _("Train a pair instead"), {}, ":material/model_training:")


def _without_labels() -> None:
    st.info(
        _(
            "This file has no labels, so there are no classes to judge: numbers by class, "
            "distances, pairs of classes and odd samples are switched off. A column named label, "
            "or a file with one label a line, gives them."
        ),
        icon=":material/label_off:",
    )


def headline(shown: Shown, epoch: int | None) -> None:
    """What is seen, in one number."""
    if shown.labels is None or shown.reading.ratio is None:
        st.header(_("{n} samples in {dim} dimensions", n=shown.total, dim=shown.dim))
        return
    said = {
        "classes": len(np.unique(shown.labels)),
        "share": f"{shown.reading.ratio:.0%}",
        "epoch": epoch,
    }
    if epoch is None:
        text = _("{classes} classes, {share} as wide as they are apart", **said)
    else:
        text = _("{classes} classes, {share} as wide as they are apart after epoch {epoch}", **said)
    st.header(text)


def three_numbers(shown: Shown, accuracy: str) -> None:
    """The numbers that matter, in the space that is shown; `accuracy` says what it counts."""
    found = shown.reading
    rows = (
        (METRICS["ratio"].name, found.ratio, METRICS["ratio"].meaning),
        (METRICS["fisher"].name, found.fisher, METRICS["fisher"].meaning),
        (ACCURACY.name, found.accuracy, accuracy),
    )
    with st.grid(3, min_column_width=session.width(105)):
        for name, value, words in rows:
            st.metric(_(name), digits(value), help=_(words))


def samples(shown: Shown, view: ViewState, picture_of: PictureOf) -> np.ndarray:
    """The selection in words, and the pinned sample with its neighbours; else how to get them.

    Returns the selected rows (K,).
    """
    rows = np.flatnonzero(np.isin(shown.ids, list(view.selected)))
    if len(rows):
        st.markdown(":material/select: " + class_numbers.selection_line(shown, rows))
    sample = class_numbers.sample_of(shown, view.pinned) if view.pinned else None
    picking.remember(shown.code, shown.ids, view.pinned if sample else None, view.selected)
    if sample is not None:
        class_numbers.show_sample(sample, picture_of(sample.id))
        _explain(shown, sample.id)
        show_neighbours(shown, sample.id, picture_of)
    elif not len(rows):
        st.caption(f":material/ads_click: {_to_click(shown, picture_of)}")
        distance_question.glance(shown)
    return rows


def _to_click(shown: Shown, picture_of: PictureOf) -> str:
    """What a click on a point and a lasso do."""
    if shown.labels is None:
        return _(
            "Click a point to see its nearest neighbours; draw a lasso around some to count them."
        )
    if picture_of(str(shown.ids[0])) is None:
        return _(
            "Click a point to see how far it lies from each class; draw a lasso around some to "
            "count them."
        )
    return _(
        "Click a point to see its picture and how far it lies from each class; draw a lasso "
        "around some to count them."
    )


def _explain(shown: Shown, name: str) -> None:
    """A link to the lesson on center loss, with this sample and some near it if it takes them."""
    if shown.labels is None:
        return
    row = int(np.flatnonzero(shown.ids == name)[0])
    taken = batch(shown.space.x, shown.labels, row, shown.class_names)
    if taken is not None:
        explain(
            "center-loss", _("Explain such distances, with a few samples near it"), taken, step=2
        )
        st.caption(_("The lesson takes the class means of those few, so its distances differ."))
    else:
        explain("center-loss", _("Explain such a distance, on twelve vectors"), step=2)


def choose_split(e: Embeddings) -> str | None:
    """Which rows of a file are looked at: one split, or all."""
    if e.splits is None:
        return None
    names = [_ALL, *dict.fromkeys(e.splits.tolist())]
    usual = next((name for name in ("test", "val") if name in names), _ALL)
    state.seed_choice("explore_split", "split", names, usual)
    chosen = st.selectbox(
        _("Split"),
        names,
        key="explore_split",
        format_func=lambda name: _("all rows") if name == _ALL else name,
        persist_state="session",
    )
    state.remember(split=chosen if chosen != usual else None)
    return None if chosen == _ALL else chosen


def nothing_yet() -> None:
    """Without any run: how to get one in seconds."""
    st.header(_("There is no embedding to look at yet"))
    st.markdown(
        _("A training on digits takes seconds; or choose **a file** above and bring your own.")
    )
    results.link("train", _("Train"), {}, ":material/model_training:")
