"""A file of one's own on Explore: what it was taken for, to confirm or to correct.

What is guessed first is what stands in the fields; whatever is chosen there is said to the reader.
Only the session of whoever uploaded a file can see it; caches of the server keep what was made of
it for a while, under its content.
"""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from centerviz.data.columns import MAX_DIM, MAX_ROWS
from centerviz.data.embeddings import Embeddings
from centerviz.data.oddities import Oddities
from centerviz.data.reading import DELIMITERS, GUESS, UNLABELLED, Asked, Reading
from centerviz.language import N_, _, ngettext
from centerviz.problem import Problem
from centerviz.web import results, subject
from centerviz.web.naming import plain

OWN = "file"  # the choice of labels in a file of their own
FIRST = ("header", "delimiter", "array")  # fields that decide which columns there are
COLUMN = "column "  # before the name of a column that holds labels or ids
HEAD, MOST = 5, 8  # rows of the preview; its features, and its columns beside them
FORMATS = {
    "csv": N_("csv table"),
    "tsv": N_("tsv table"),
    "text": N_("table between spaces"),
    "npy": "npy",
    "npz": "npz",
    "parquet": "Parquet",
    "safetensors": "safetensors",
    "word2vec": N_("word2vec, binary"),
    "svmlight": "svmlight",
    "projector": N_("TensorBoard projector"),
    "vectors": N_("a file for each vector"),
}
SIGNS = {
    "comma": N_("comma"),
    "tab": N_("tab"),
    "semicolon": N_("semicolon"),
    "space": N_("spaces"),
}


def about() -> None:
    """Before a file is there: what can be read, how much of it, and what happens to it."""
    st.header(_("Look at your own embedding"))
    st.markdown(
        _(
            "One row a sample: its numbers and, if you like, a label, an id, a split. The format "
            "is told by the content, and you see what was guessed before you trust it. Only your "
            "session sees the file; it stays in memory for a while and is not stored."
        )
    )
    left, right = st.columns([3, 2], gap="large")
    left.markdown(
        _(
            "- **Tables of text**: csv, tsv, columns between spaces; with or without names above\n"
            "- **NumPy and Parquet**: npy, npz, a column of lists or a column for each feature\n"
            "- **Word vectors**: word2vec as text or binary, GloVe\n"
            "- **TensorBoard projector**: the folder with its config, as a zip\n"
            "- **A file for each vector**: npy or text, in a folder for each class, as a zip\n"
            "- **safetensors, svmlight**, and all that this app exports"
        )
    )
    right.code("id,label,x1,x2\na,cat,0.12,3.40\nb,dog,1.95,0.33", language="text")
    st.caption(
        _(
            "At most {size} MB, {rows} rows and {dim} numbers in a row. Larger files are measured "
            "without a browser: {command}",
            size=st.get_option("server.maxUploadSize"),
            rows=f"{MAX_ROWS:,}",
            dim=f"{MAX_DIM:,}",
            command="`python -m centerviz measure FILE`",
        )
    )
    words = _("Images instead? A saved model turns them into vectors")
    results.link("train", words, {"way": "open"}, ":material/image:")


def upload() -> tuple[str, bytes] | None:
    """A file of vectors, by name and content. Its ending says nothing, so any is taken."""
    given = st.file_uploader(_("A file of vectors"), key="explore_file")
    return None if given is None else (given.name, given.getvalue())


@dataclass(frozen=True)
class Said:
    """What is known of an upload and what was said about it."""

    name: str
    content: bytes
    digest: str  # of the content: tells it from another file, and its fields
    outline: Reading  # what can be chosen
    asked: Asked = GUESS
    labels: bytes | None = None

    def key(self, field: str) -> str:
        """The key of one of its fields."""
        columns = "" if field in FIRST else subject.code_of(repr((self.outline, self.asked.array)))
        return f"own_{field}_{self.digest}{columns}"

    @property
    def settled(self) -> str:
        """The key of whether somebody said that the reading is right."""
        return f"own_settled_{self.digest}"

    def value(self, field: str, allowed) -> object:
        """What stands in a field, if anything that can."""
        found = st.session_state.get(self.key(field))
        return found if found in allowed else None

    def read(self) -> tuple[str, Embeddings] | Problem:
        """The embedding with its key, or why there is none."""
        try:
            of = self.digest, self.name, self.content
            return subject.uploaded_embeddings(*of, self.asked, self.labels)
        except Problem as problem:
            return problem


def confirmed(name: str, content: bytes) -> tuple[str, Embeddings] | None:
    """The embedding as it is read now, under a box that shows how; None where it cannot be."""
    said = Said(name, content, subject.digest_of(content), Reading("text"))
    try:
        said = _outlined(said)
    except Problem as problem:
        _refused(problem)
        if b"\0" not in content[:4096]:
            _text_fields(said)
        return None
    guess, written = said.read(), said.asked
    said = _chosen(said)
    found = guess if said.asked == written else said.read()
    wrong = isinstance(found, Problem)
    label = _("How is this file to be read?") if wrong else summary(found[1])
    if said.settled not in st.session_state:
        st.session_state[said.settled] = False
        st.session_state.pop("explore_map", None)  # the usual one for these dimensions
    unsettled = wrong or not st.session_state[said.settled]
    with st.expander(label, unsettled, icon=":material/table_view:"):
        if wrong:
            _refused(found)
        _fields(said, None if isinstance(guess, Problem) else guess[1].reading)
        if wrong:
            _undecided(said)
        else:
            _beside(said, found[1].reading)
            _shown(*found)
            st.button(
                _("That is right"),
                key=f"own_right_{said.digest}",
                type="primary",
                icon=":material/check:",
                on_click=_settle,
                args=(said, True),
            )
    return None if wrong else found


def _settle(said: Said, settled: bool) -> None:
    """Fold the box away, or keep it open: whatever is changed is to be confirmed again."""
    st.session_state[said.settled] = settled


def _refused(problem: Problem) -> None:
    """What is wrong; a question where a field decides."""
    sentence, asks = by_field(problem)
    if asks:
        st.warning(plain(sentence), icon=":material/help:")
    else:
        st.error(plain(sentence), icon=":material/error:")


def by_field(problem: Problem) -> tuple[str, bool]:
    """Its sentence with the names of the fields for the flags of the command line, if it has any.

    >>> by_field(Problem("{name}: say which with --array NAME.", name="a.npz"))
    ('a.npz: say which with “Vectors”.', True)
    """
    labels, none = _("Labels"), _("there are none")
    fields = {
        "--label-column none": _("{field}: {value}", field=labels, value=none),
        "--label-column NAME": labels,
        "--label-column 1": _("{field}: {value}", field=labels, value="1"),
        "--label-column {column}": _("{field}: {value}", field=labels, value="{column}"),
        "--label-column": labels,
        "--labels FILE": _("{field}: {value}", field=labels, value=_("a file of their own")),
        "--array NAME": _("Vectors"),
        "--array {array}": _("{field}: {value}", field=_("Vectors"), value="{array}"),
        "--array": _("Vectors"),
        "--id-column": _("Ids"),
        "--header": _("First line"),
        "--delimiter": _("Between columns"),
        "--beside": _("Columns that are no part of the vector"),
    }
    sentence = written = _(problem.template)
    for flag, field in fields.items():
        sentence = sentence.replace(flag, f"“{field}”")
    flag = problem.values.get("flag")
    values = problem.values | ({"flag": f"“{fields[flag]}”"} if flag in fields else {})
    return sentence.format(**values), sentence != written or flag in fields


def _undecided(said: Said) -> None:
    """The first rows, as far as they can be read without labels."""
    found = replace(said, asked=replace(said.asked, label=UNLABELLED), labels=None).read()
    if not isinstance(found, Problem):
        st.dataframe(preview(found[1]), hide_index=True, alt=_("The first rows of the file."))


def _outlined(said: Said) -> Said:
    """With how a text is written, said or guessed, what can then be chosen, and which vectors.

    Raises Problem where the file is none of ours.
    """
    header, delimiter = said.value("header", ("yes", "no")), said.value("delimiter", DELIMITERS)
    asked = Asked(header=None if header is None else header == "yes", delimiter=delimiter)
    of = said.digest, said.name, said.content
    outline = subject.outlined_upload(*of, asked)
    asked = replace(asked, array=said.value("array", outline.arrays))
    outline = subject.outlined_upload(*of, asked)
    return replace(said, outline=outline, asked=asked)


def _chosen(said: Said) -> Said:
    """With what stands in the fields."""
    of = said.outline
    columns = [COLUMN + name for name in of.columns]
    label = said.value("label", (*columns, UNLABELLED, OWN))
    id_ = said.value("id", (*columns, UNLABELLED))
    given = st.session_state.get(said.key("labels")) if label == OWN else None
    beside = st.session_state.get(said.key("beside")) or ()
    asked = replace(
        said.asked,
        label=UNLABELLED if label == OWN else _name(label),
        id=_name(id_),
        beside=tuple(name for name in beside if name in of.columns),
    )
    return replace(said, asked=asked, labels=None if given is None else given.getvalue())


def _name(code: str | None) -> str | None:
    """The column of a code; "none" stays."""
    return code if code is None else code.removeprefix(COLUMN)


def _fields(said: Said, guess: Reading | None) -> None:
    """What can be said otherwise; each begins with what was guessed."""
    of = said.outline
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(of.arrays) > 1:
            _pick(said, "array", _("Vectors"), of.arrays, guess and guess.array)
        if of.format not in ("vectors", "word2vec"):
            _pick_column(said, "label", _("Labels"), guess and guess.label, guess is not None)
        if of.columns and of.format not in ("npz", "safetensors"):
            _pick_column(said, "id", _("Ids"), guess and guess.id, guess is not None)
        if of.header is not None:
            _text_fields(said)
    if st.session_state.get(said.key("label")) == OWN:
        st.file_uploader(
            _("Labels, one for each row: a line each, a table, or npy"),
            key=said.key("labels"),
            on_change=_settle,
            args=(said, False),
        )


def _beside(said: Said, reading: Reading) -> None:
    """Columns of numbers that are none of the features."""
    names = {*reading.features, *said.asked.beside}
    if len(names) < 2:
        return
    st.multiselect(
        _("Columns that are no part of the vector"),
        [name for name in said.outline.columns if name in names],
        key=said.key("beside"),
        placeholder=_("none"),
        on_change=_settle,
        args=(said, False),
    )


def _text_fields(said: Said) -> None:
    """How a text is written."""
    usual = {True: "yes", False: "no"}.get(said.outline.header)
    _pick(said, "header", _("First line"), ("yes", "no"), usual)
    _pick(said, "delimiter", _("Between columns"), tuple(SIGNS), said.outline.delimiter)


def _pick(said: Said, field: str, label: str, options, usual: str | None) -> None:
    words = {"yes": _("names the columns"), "no": _("is a sample")} if field == "header" else {}
    words |= {word: _(SIGNS[word]) for word in options if field == "delimiter"}
    st.selectbox(
        label,
        options,
        index=options.index(usual) if usual in options else None,
        key=said.key(field),
        format_func=lambda code: words.get(code, code),
        placeholder=_("choose"),
        width=190,
        on_change=_settle,
        args=(said, False),
    )


def _pick_column(said: Said, field: str, label: str, usual: str | None, known: bool) -> None:
    """A column of labels or ids; `usual` was guessed, and nothing of it where `known` is False."""
    none = _("there are none") if field == "label" else _("rows are numbered")
    words = {UNLABELLED: none, OWN: _("a file of their own")}
    options = [*(COLUMN + name for name in said.outline.columns), UNLABELLED]
    options += [OWN] if field == "label" else []
    code = UNLABELLED if usual is None else COLUMN + usual
    st.selectbox(
        label,
        options,
        index=options.index(code) if known and code in options else None,
        key=said.key(field),
        format_func=lambda code: words.get(code, code.removeprefix(COLUMN)),
        placeholder=_("choose"),
        width=190,
        on_change=_settle,
        args=(said, False),
    )


def summary(e: Embeddings) -> str:
    """What the file was taken for, in one line."""
    said = [_("{n} rows of {dim} features", n=f"{e.n:,}", dim=f"{e.dim:,}")]
    if e.labels is None:
        said.append(_("no labels"))
    else:
        said.append(_("{n} classes", n=f"{len(np.unique(e.labels)):,}"))
    if e.splits is not None:
        said.append(_("splits {names}", names=plain(", ".join(dict.fromkeys(e.splits.tolist())))))
    if e.dropped:
        said.append(
            ngettext(
                "{n} row left out for NaN or Inf", "{n} rows left out for NaN or Inf", e.dropped
            )
        )
    if e.reading is not None:
        said.append(_(FORMATS[e.reading.format]))
    return _(", ").join(said)


def what_was_read(key: str, e: Embeddings) -> None:
    """The first rows of a file, and what is odd in it, folded away."""
    with st.expander(summary(e), icon=":material/table_view:"):
        _shown(key, e)


def _shown(key: str, e: Embeddings) -> None:
    """The first rows, and what is odd in all of them."""
    st.dataframe(preview(e), hide_index=True, alt=_("The first rows of the file."))
    odd = Oddities(*subject.odd(key, e)).said()
    if odd:
        st.caption(":material/info: " + " ".join(odd))
    else:
        st.caption(
            _(":material/check: Nothing odd: no NaN, no row twice, no feature that never changes.")
        )


def preview(e: Embeddings) -> dict:
    """The first rows: what names them, the first seven features and the last, by their names."""
    head = e.rows(np.arange(min(e.n, HEAD)))
    columns = {_("id"): head.ids}
    if head.labels is not None:
        columns[_("Class")] = [e.class_names[j] for j in head.labels]
    if head.splits is not None:
        columns[_("split")] = head.splits
    columns |= {str(name): head.metadata[name] for name in head.metadata.columns[:MOST]}
    names = () if e.reading is None else e.reading.features
    for i in range(e.dim) if e.dim <= MOST else (*range(MOST - 1), e.dim - 1):
        name = names[i] if len(names) == e.dim else f"x{i + 1}"
        if e.dim > MOST and i == e.dim - 1:
            columns["…"] = ["…"] * head.n
        columns[name if name not in columns else f"{name} (x{i + 1})"] = head.x[:, i]
    return columns
