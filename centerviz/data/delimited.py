"""Tables as text: csv, tsv, columns between spaces; with or without a header."""

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pandas as pd

from centerviz.data.columns import (
    ID_NAMES,
    Roles,
    check_size,
    few_whole,
    plain_numbers,
    refuse_hidden_label,
    roles,
    text_array,
)
from centerviz.data.layout import (
    MISSING,
    SAMPLE_BYTES,
    Layout,
    decoded,
    irregular,
    layout_of,
    own_features,
    rows_of,
)
from centerviz.data.lists import chosen_list, listed
from centerviz.data.reading import DELIMITERS, GUESS, UNLABELLED, Asked, RawTable, Reading
from centerviz.problem import Problem

MAX_TEXT = 1 << 30  # bytes of a text table
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def read_delimited(
    stream: io.BufferedIOBase, size: int, name: str, asked: Asked = GUESS
) -> RawTable:
    """The table in a text stream of `size` bytes.

    Raises Problem for anything that is not a table of numbers.
    """
    check_text(size, name)
    layout = layout_of(stream.read(SAMPLE_BYTES), name, asked.header, asked.delimiter)
    check_size(name, max(_line_count(stream) - layout.skip, 1), len(layout.names))
    frame = _frame(stream, layout, name, asked.label)
    if not len(frame):
        raise Problem("{name} has a header but no rows; it needs a row for each sample.", name=name)
    vectors = chosen_list(layout.vectors, name, asked.array)
    columns = _roles(frame, layout, name, asked, vectors)
    if vectors is None:
        check_size(name, len(frame), len(columns.features))
        x = _features(frame, columns.features)
        _check_integers(x, columns, layout, name, asked)
    else:
        x = listed(frame[vectors].tolist(), vectors, name)
    return RawTable(
        x=x,
        labels=None if columns.label is None else frame[columns.label].to_numpy(),
        ids=None if columns.id is None else _words(frame[columns.id], name),
        splits=None if columns.split is None else _words(frame[columns.split], name, MISSING),
        metadata=frame[columns.metadata].apply(plain_numbers),
        reading=replace(
            outlined_text(layout),
            array=vectors,
            label=columns.label,
            id=columns.id,
            features=() if vectors else tuple(columns.features),
        ),
    )


def check_text(size: int, name: str) -> None:
    """Raise Problem for a text of too many bytes."""
    if size > MAX_TEXT:
        raise Problem(
            "{name} is too large for a table of text ({size} bytes, at most {limit}); save it as "
            "npy or parquet.",
            name=name,
            size=size,
            limit=MAX_TEXT,
        )


def outlined_text(layout: Layout) -> Reading:
    """What can be chosen in a table of text."""
    kind = {",": "csv", "\t": "tsv", ";": "csv"}.get(layout.delimiter, "text")
    columns = sorted(set(layout.names) - set(layout.vectors), key=layout.names.index)
    columns.sort(key=lambda c: c not in layout.text)  # text first: labels and ids are
    word = next(one for one, sign in DELIMITERS.items() if sign == layout.delimiter)
    return Reading(kind, layout.vectors, tuple(columns), layout.header, word)


def spreadsheet_safe(text: str) -> str:
    """The text with an apostrophe where a spreadsheet would take it for a formula.

    >>> [spreadsheet_safe(text) for text in ("=1+1", "'=1+1", "-1.5", "cat")]
    ["'=1+1", "''=1+1", '-1.5', 'cat']
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _unguarded(values: pd.Series) -> pd.Series:
    """A column of text without the apostrophes of `spreadsheet_safe`."""
    if values.dtype.kind in "iufb":
        return values
    guarded = values.str.match(r"'+[=+\-@\t\r]").fillna(False).astype(bool)
    return values.where(~guarded, values.str[1:])


def _words(values: pd.Series, name: str, missing: tuple[str, ...] = ()) -> np.ndarray:
    """A column as text (N,); "" where a value is missing."""
    texts = values.astype(str).mask(values.isna() | values.isin(missing), "")
    return text_array(texts.tolist(), name)


def label_cells(
    lines: list[str], layout: Layout, name: str, label_column: str | None
) -> np.ndarray:
    """The label column of a text table with a header, (N,) str: labels kept in their own file."""
    kinds = {c: "text" if c in layout.text else "number" for c in layout.names}
    rows = rows_of(lines[layout.skip :], layout.delimiter)
    found = roles(kinds, name, Asked(label=label_column), _apart(rows, layout.names)).label
    if found is None:
        raise Problem(
            "{name} has several columns ({columns}); say which is the label with "
            "--label-column NAME.",
            name=name,
            columns=", ".join(layout.names[:10]),
        )
    place = layout.names.index(found)
    return text_array([row[place] if len(row) > place else "" for row in rows], name)


def _apart(rows: list[list[str]], names: list[str]) -> list[str]:
    """The columns in which no value occurs twice."""
    columns = {c: [row[i] for row in rows if len(row) > i] for i, c in enumerate(names)}
    return [c for c, values in columns.items() if len(set(values)) == len(values)]


def _line_count(stream: io.BufferedIOBase) -> int:
    """Lines of the stream, which is then at its start again."""
    stream.seek(0)
    count = 1
    while block := stream.read(1 << 20):
        count += max(block.count(b"\n"), block.count(b"\r"))
    stream.seek(0)
    return count


def _frame(
    stream: io.BufferedIOBase, layout: Layout, name: str, label_column: str | None
) -> pd.DataFrame:
    """The rows as pandas reads them: columns of text and the label as str."""
    as_written = ("label", *ID_NAMES)  # "007" is a name
    text = layout.text | {c for c in layout.names if c.lower() in as_written or c == label_column}
    if own := own_features(layout.names):
        text = set(layout.names) - set(own)
    try:
        frame = pd.read_csv(
            stream,
            encoding=layout.encoding,
            sep=layout.delimiter or r"\s+",
            decimal=layout.decimal,
            header=None,
            names=layout.names,
            index_col=False,
            skiprows=layout.skip,
            skipinitialspace=True,
            quoting=csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE,
            dtype=dict.fromkeys(text, str),
            keep_default_na=False,
            na_values={c: list(MISSING) for c in layout.names if c not in text},
            low_memory=False,
        )
        return frame.assign(**{c: _unguarded(frame[c]) for c in text})
    except (ValueError, OverflowError) as error:
        if isinstance(error, UnicodeDecodeError):
            decoded(b"\xff", name)  # says that it is not text
        saw = re.search(r"saw (\d+)", str(error))  # as pandas says it
        raise irregular(name, layout.names, int(saw[1]) if saw else None) from error


def _roles(
    frame: pd.DataFrame, layout: Layout, name: str, asked: Asked, vectors: str | None
) -> Roles:
    """What each column is; a column of numbers with a few words in it is refused."""
    own = own_features(layout.names)
    kinds, distinct, broken = {}, [], {}
    for column in frame.columns:
        values = frame[column]
        kinds[column] = "number" if values.dtype.kind in "iuf" else "text"
        if kinds[column] == "text":
            numbers = pd.to_numeric(values, errors="coerce").notna() | values.isin(MISSING)
            if numbers.mean() > 0.5:
                kinds[column] = "number"
            if not numbers.all():
                broken[column] = int(np.argmin(numbers.to_numpy()))
            if values.is_unique:
                distinct.append(column)
        if column in layout.vectors or (kinds[column] == "number" and column not in (own or kinds)):
            kinds[column] = "other"
        if vectors and kinds[column] == "number":
            kinds[column] = "other"  # beside vectors a number is metadata
    if own and asked.label is None and "label" not in kinds:
        asked = replace(asked, label=UNLABELLED)  # a file of ours says what it has
    found = roles(kinds, name, asked, distinct)
    for column, row in broken.items():
        if column in found.features:
            raise Problem(
                "Column {column} of {name} holds numbers, but {value} in row {row}; correct it, "
                "or say with --label-column NAME that this column is the label.",
                name=name,
                column=column,
                value=repr(str(frame[column].iloc[row])[:40]),
                row=row + 1,
            )
    return found


def _check_integers(x: np.ndarray, found: Roles, layout: Layout, name: str, asked: Asked) -> None:
    """Refuse to guess whether a column of whole numbers is a label.

    With a header its name tells. Without one, a first or last column is asked about that holds few
    whole numbers, or the only ones.
    """
    if layout.names != [str(i + 1) for i in range(len(layout.names))]:
        refuse_hidden_label(x, found, name, asked)
        return
    if asked.label is not None or found.label is not None or len(found.features) < 2:
        return
    whole = [c for c, values in zip(found.features, x.T, strict=True) if _is_whole(values)]
    ends = {
        c: x[:, found.features.index(c)] for c in (layout.names[0], layout.names[-1]) if c in whole
    }
    asked_about = [
        c
        for c, values in ends.items()
        if few_whole(values) or (len(whole) == 1 and np.ptp(values) > 0)
    ]
    if len(asked_about) == 2:
        raise Problem(
            "{name} has no header, and its first and its last column of whole numbers could each "
            "be the label; say which with --label-column 1 or --label-column {column}, or "
            "--label-column none.",
            name=name,
            column=asked_about[1],
        )
    if asked_about:
        raise Problem(
            "{name} has no header, and column {column} of whole numbers could be the label; "
            "say so with --label-column {column}, or --label-column none.",
            name=name,
            column=asked_about[0],
        )


def _is_whole(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).all() and (values == np.rint(values)).all())


def _features(frame: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """The feature columns as (N, D) float32; what does not fit becomes Inf, what is missing NaN."""
    x = np.empty((len(frame), len(columns)), dtype=np.float32)
    with np.errstate(over="ignore"):
        for j, column in enumerate(columns):
            values = frame[column]
            if values.dtype.kind not in "iuf":
                values = pd.to_numeric(values, errors="coerce")
            x[:, j] = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return x
