"""Explore: a run or a file as a map, with the numbers of the original space beside it."""

import numpy as np
import streamlit as st

from centerviz.data.embeddings import Embeddings
from centerviz.embedding.distances import distances_to_means
from centerviz.embedding.metrics import ACCURACY, METRICS
from centerviz.figures.by_class import distances_by_class
from centerviz.figures.theme import Figure
from centerviz.language import _, ngettext
from centerviz.runs.store import Run
from centerviz.web import class_numbers, results, session, state, thumbs
from centerviz.web.batches import batch, explain
from centerviz.web.chart import chart
from centerviz.web.comparing import digits
from centerviz.web.embedding_view import ViewState
from centerviz.web.explore_map import file_map, run_map
from centerviz.web.live import health
from centerviz.web.map_choice import MapChoice
from centerviz.web.naming import plain
from centerviz.web.subject import Shown

_ALL = ""  # the choice of no split in particular


def show_run(run: Run, choice: MapChoice) -> None:
    """A run: its map over the epochs, and its numbers in the epoch that stands still."""
    heading = st.container()
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        shown, view, epoch = run_map(run, choice)
    with heading:
        headline(shown, epoch)
    with numbers:
        three_numbers(shown, ACCURACY.meaning)
        samples(shown, view, lambda name: thumbs.run_picture(run, name))
        distances(shown)
    by_class(shown)
    if epoch == run.snapshot_epochs()[-1]:
        health(run, run.id, run.status)


def show_file(key: str, e: Embeddings, split: str | None, choice: MapChoice) -> None:
    """An embedding file: its map, and its numbers against its own class means."""
    heading = st.container()
    picture, numbers = st.columns([3, 2], gap="large")
    with picture:
        shown, view = file_map(key, e, split, choice)
    with heading:
        headline(shown, None)
    with numbers:
        if shown.labels is None:
            st.info(
                _(
                    "This file has no labels, so there are no classes to judge. A column named "
                    "label, or a file with one label a line, gives them."
                ),
                icon=":material/label_off:",
            )
        else:
            three_numbers(shown, METRICS["nearest_mean_accuracy"].meaning)
        samples(shown, view, lambda name: thumbs.file_picture(e, name))
        distances(shown)
    by_class(shown)


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
    with st.grid(3, min_column_width=105):
        for name, value, words in rows:
            st.metric(_(name), digits(value), help=_(words))


def samples(shown: Shown, view: ViewState, picture_of) -> None:
    """The selection in words, and the pinned sample; else how to get them."""
    if view.selected:
        st.markdown(":material/select: " + class_numbers.selection_line(shown, view.selected))
    state.remember_picked("selected", shown.ids, view.selected)
    sample = class_numbers.sample_of(shown, view.pinned) if view.pinned else None
    state.remember(sample=view.pinned if sample else None)
    if sample is not None:
        class_numbers.show_sample(sample, picture_of(sample.id))
        _explain(shown, sample.id)
    elif not view.selected:
        st.caption(
            _(
                ":material/ads_click: Click a point to see its picture and how far it lies from "
                "each class; draw a lasso around some to count them."
            )
        )


def _explain(shown: Shown, name: str) -> None:
    """A link to the lesson on center loss, with this sample and some near it."""
    if shown.labels is None:
        return
    taken = batch(shown.space.x, shown.labels, int(np.flatnonzero(shown.ids == name)[0]))
    if taken is not None:
        explain("center-loss", _("Explain these distances"), taken, step=2)


def distances(shown: Shown) -> None:
    """How far the samples of each class lie from its mean, as boxes."""
    if shown.labels is None:
        return
    drawn = _boxes(shown.key, session.look(), shown)
    height = min(max(len(np.unique(shown.labels)) * 26 + 60, 200), 480)
    alt = _("Boxes of the distances to the class mean, one for each class.")
    chart(drawn, "explore distances", alt=alt, height=height)


@st.cache_resource(max_entries=32, show_spinner=False)
def _boxes(key: tuple, look: tuple[str, bool, bool], _shown: Shown) -> Figure:
    """The figure of the distances, kept for everybody."""
    _language, lecture, dark = look
    return distances_by_class(
        distances_to_means(_shown.space.x, _shown.labels, _shown.space.means),
        _shown.labels,
        _shown.class_names,
        dark=dark,
        lecture=lecture,
    )


def by_class(shown: Shown) -> None:
    """Every class in numbers."""
    if shown.labels is None:
        return
    st.subheader(_("Class by class"))
    class_numbers.show_class_table(class_numbers.class_table(shown))
    st.caption(
        _(
            "Distances to the class means in feature units, in all {dim} dimensions of {x}.",
            dim=shown.dim,
            x="z" if shown.unit else "x",
        )
    )
    class_numbers.show_matrix(shown)


def what_was_read(e: Embeddings) -> None:
    """What the file was taken for, so that a wrong guess is seen at once."""
    said = [_("{n} rows of {dim} features", n=e.n, dim=e.dim)]
    if e.labels is not None:
        said.append(_("{n} classes", n=len(np.unique(e.labels))))
    if e.splits is not None:
        said.append(_("splits {names}", names=plain(", ".join(dict.fromkeys(e.splits.tolist())))))
    if e.dropped:
        said.append(
            ngettext(
                "{n} row left out for NaN or Inf", "{n} rows left out for NaN or Inf", e.dropped
            )
        )
    with st.expander(_(", ").join(said), icon=":material/table_view:"):
        st.dataframe(preview(e), hide_index=True, alt=_("The first rows of the file."))


def preview(e: Embeddings):
    """The first rows, with at most eight of their features."""
    head = e.rows(np.arange(min(e.n, 8)))
    columns = {"id": head.ids}
    if head.labels is not None:
        columns[_("Class")] = [e.class_names[j] for j in head.labels]
    if head.splits is not None:
        columns[_("split")] = head.splits
    columns |= {f"x{i + 1}": head.x[:, i] for i in range(min(e.dim, 8))}
    return columns


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


def reading_options() -> tuple[bytes | None, str, str]:
    """Under More: what decides when a file can be read in two ways."""
    column = st.text_input(
        _("Label column"),
        key="explore_label_column",
        help=_("The column that holds the classes, or none. Empty: it is guessed."),
    )
    array = st.text_input(
        _("Array or vector column"),
        key="explore_array",
        help=_("Of an npz or Parquet file with several. Empty: it is guessed."),
    )
    labels = st.file_uploader(
        _("Labels in a file of their own"), ["csv", "tsv", "txt", "npy"], key="explore_labels"
    )
    return (None if labels is None else labels.getvalue()), column.strip(), array.strip()


def about_files() -> None:
    """Before a file is there: what can be read, and what happens to it."""
    st.header(_("Look at your own embedding"))
    st.markdown(
        _(
            "One row a sample: numbers, and if you like a column `label`, `id` or `split`. The "
            "format is told by the content. The file stays in this session and is not stored."
        )
    )
    st.code("id,label,x1,x2\na,cat,0.12,3.40\nb,dog,1.95,0.33", language="text")


def nothing_yet() -> None:
    """Without any run: how to get one in seconds."""
    st.header(_("There is no embedding to look at yet"))
    st.markdown(
        _("A training on digits takes seconds; or choose **a file** above and bring your own.")
    )
    results.link("train", _("Train"), {}, ":material/model_training:")
