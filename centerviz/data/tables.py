"""read_embeddings: vectors from anybody's file, its format told by its content (`formats`).

Whatever cannot be used ends in a Problem: what, where, what to do. Nothing is unpickled.
"""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from centerviz.data import arrays
from centerviz.data.columns import numbered, text_array
from centerviz.data.dataset import SPLITS, Dataset
from centerviz.data.delimited import label_cells
from centerviz.data.embeddings import Embeddings
from centerviz.data.formats import opened, raw_table
from centerviz.data.layout import decoded, layout_of, rows_of
from centerviz.data.mapped import filled, parts
from centerviz.data.reading import UNLABELLED, Asked, RawTable
from centerviz.data.splits import SPLIT_WORDS, shared_splits, trained_first
from centerviz.problem import Problem

MAX_LABEL_BYTES = 1 << 28


def read_embeddings(
    source: Path | bytes,
    name: str,
    *,
    labels: Path | bytes | None = None,
    label_column: str | None = None,
    array: str | None = None,
    id_column: str | None = None,
    header: bool | None = None,
    delimiter: str | None = None,
    beside: Sequence[str] = (),
) -> Embeddings:
    """Vectors (and labels, ids, splits, metadata) from any of the formats of `formats`.

    `labels` are labels in a file of their own, one for each row; `label_column` is the column (or
    the array) that holds them, "none" for no labels; `array` is the array, column or embedding
    that holds the vectors, where there are several; `id_column` is the column of the ids, "none"
    to number the rows; `header` says whether a text begins with the names of its columns, and
    `delimiter` what stands between them (a word of DELIMITERS); `beside` are columns of numbers
    that are no part of the vectors. Rows with NaN or Inf are dropped and counted.

    Raises Problem for everything that cannot be read or could be read in two ways.

    >>> e = read_embeddings(b"a,b,label\\n0,1,cat\\n3,4,dog\\nnan,5,dog\\n", "pets.csv")
    >>> e.x.shape, e.class_names, e.labels.tolist(), e.dropped
    ((2, 2), ('cat', 'dog'), [0, 1], 1)
    """
    label = label_column if labels is None else UNLABELLED
    asked = Asked(label, id_column, array, header, delimiter, tuple(beside))
    try:
        raw = raw_table(source, name, asked)
        if labels is not None:
            column = label_column if label_column != UNLABELLED else None
            found = _separate_labels(labels, len(raw.x), name, column)
            raw = replace(raw, labels=found, class_names=None, centers=None)
        return _finished(raw, name)
    except MemoryError as error:
        raise Problem(
            "{name} does not fit into the memory of this machine; give fewer rows.", name=name
        ) from error


def table_dataset(path: Path) -> Dataset:
    """A file of vectors with labels as something to train on, with its splits or ours.

    Raises Problem when labels are missing or the splits cannot be trained on.
    """
    e = read_embeddings(path, path.name)
    if e.labels is None:
        raise Problem(
            "{name} has no labels, which training needs; add a column named label.", name=path.name
        )
    splits = shared_splits(e.labels, e.ids) if e.splits is None else e.splits.astype("<U6")
    wrong = sorted(set((splits if e.splits is None else e.splits).tolist()) - set(SPLITS))
    if wrong:
        raise Problem(
            "{name} has the split {split}; splits are train, val, test and verify.",
            name=path.name,
            split=wrong[0],
        )
    labels, class_names = trained_first(e.labels, splits, e.class_names, path.name)
    inputs = np.require(e.x, requirements="W")  # a mapped file is read whole: training needs it
    return Dataset(path.name, inputs, labels, class_names, splits, e.ids, e.source, "")


def _separate_labels(source: Path | bytes, rows: int, name: str, label_column) -> np.ndarray:
    """Labels from a file of their own: npy, one on each line, or a column of a text table."""
    where = f"{name} (labels)" if isinstance(source, bytes) else source.name
    with opened(source, where) as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        if stream.read(6) == b"\x93NUMPY":
            stream.seek(0)
            found = arrays.read_npy_column(stream, size, where)
        else:
            if size > MAX_LABEL_BYTES:
                raise Problem(
                    "{name} is too large for a file of labels ({size} bytes, at most {limit}).",
                    name=where,
                    size=size,
                    limit=MAX_LABEL_BYTES,
                )
            stream.seek(0)
            found = _text_labels(stream.read(), where, rows, label_column)
    if len(found) != rows:
        raise Problem(
            "{labels} has {count} labels, but {name} has {rows} rows; give one label for each row.",
            labels=where,
            count=len(found),
            name=name,
            rows=rows,
        )
    return found


def _text_labels(content: bytes, where: str, rows: int, label_column: str | None) -> np.ndarray:
    """One label on each line, a header allowed; or the label column of a table with a header."""
    text, _ = decoded(content, where)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise Problem("{name} is empty; give one label for each row.", name=where)
    has_header = len(lines) == rows + 1
    if label_column is not None or has_header:
        layout = layout_of(content, where)
        if layout.delimiter is not None and len(layout.names) > 1:
            return label_cells(lines, layout, where, label_column)
    repeated = None if has_header else _repeated_column(lines)
    if repeated is not None:
        return repeated
    lines = lines[has_header:]
    return text_array([line.strip().strip('"') for line in lines], where)


def _repeated_column(lines: list[str]) -> np.ndarray | None:
    """Of a table without a header, the only column in which values occur again: class, not path.

    >>> _repeated_column(["1,a/0.png", "1,a/1.png"]), _repeated_column(["cat", "cat"])
    (array(['1', '1'], dtype='<U1'), None)
    """
    for delimiter in ("\t", ","):
        rows = rows_of(lines, delimiter)
        if len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
            columns = [c for c in zip(*rows, strict=True) if len(set(c)) < len(c)]
            return np.array(columns[0], dtype=str) if len(columns) == 1 else None
    return None


def _finished(raw: RawTable, name: str) -> Embeddings:
    """Embeddings with the rows that are finite, classes numbered and ids unique."""
    known = raw.metadata if len(raw.metadata.columns) else None
    for values in (raw.labels, raw.ids, raw.splits, known):
        if values is not None and len(values) != len(raw.x):
            raise Problem(
                "{name} has {count} labels, ids or splits for {rows} rows; it needs one for each.",
                name=name,
                count=len(values),
                rows=len(raw.x),
            )
    keep = _finite_rows(raw.x)
    if not keep.any():
        raise Problem(
            "Every row of {name} holds NaN or Inf ({rows} rows), so that nothing is left; check "
            "how it was written.",
            name=name,
            rows=len(raw.x),
        )
    everything = keep.all()
    pick = lambda v: v if v is None or everything else v[keep]  # noqa: E731
    labels, class_names = pick(raw.labels), raw.class_names or ()
    if labels is not None and class_names:
        index = {one: j for j, one in enumerate(class_names)}
        labels = np.array([index[one] for one in labels.tolist()], dtype=np.int64)
    elif labels is not None:
        labels, class_names = numbered(labels, name, np.flatnonzero(keep))
    ids, metadata = _identified(raw)
    return Embeddings(
        x=raw.x if everything else filled(int(keep.sum()), raw.x.shape[1], parts(raw.x, keep)),
        labels=labels,
        class_names=class_names,
        ids=pick(ids),
        splits=_split_words(pick(raw.splits), name, np.flatnonzero(keep)),
        metadata=_rows_of(metadata, keep),
        images=pick(raw.images),
        centers=raw.centers,
        unit_centers=raw.unit_centers,
        source=name if raw.source is None else raw.source,
        dropped=int((~keep).sum()),
        reading=raw.reading,
    )


def _rows_of(metadata: pd.DataFrame, keep: np.ndarray) -> pd.DataFrame:
    return metadata[keep].reset_index(drop=True) if len(metadata.columns) else pd.DataFrame()


def _finite_rows(x: np.ndarray) -> np.ndarray:
    """(N,) bool: the rows without NaN or Inf, a few at a time to save memory."""
    return np.concatenate([np.isfinite(part).all(1) for part in parts(x)])


def _identified(raw: RawTable):
    """Ids and metadata; ids that miss or occur twice become metadata, and rows are numbered."""
    given = set() if raw.ids is None else set(raw.ids.tolist())
    if len(given) == len(raw.x) and "" not in given:
        return raw.ids, raw.metadata
    numbers = np.arange(len(raw.x)).astype(str)
    if given <= {""}:
        return numbers, raw.metadata
    return numbers, raw.metadata.assign(**{"given id": raw.ids})


def _split_words(splits: np.ndarray | None, name: str, rows: np.ndarray) -> np.ndarray | None:
    """Split names in small letters, usual synonyms in our words; None where all are empty.

    `rows` are the row numbers in the file. Raises Problem where some are empty.
    """
    if splits is None:
        return None
    words = [str(one).strip().lower() for one in splits.tolist()]
    if not any(words):
        return None
    if not all(words):
        raise Problem(
            "Row {row} of {name} has no split; give every row one, or leave the column out.",
            name=name,
            row=int(rows[words.index("")]) + 1,
        )
    return np.array([SPLIT_WORDS.get(one, one) for one in words], dtype=str)
