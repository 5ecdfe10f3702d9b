"""Tables as text: csv, tsv, columns between spaces; with or without a header.

Delimiter, decimal sign and header are told by the content: the reading that makes the most cells
numbers wins.
"""

import csv
import io
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from centerviz.data.columns import (
    RawTable,
    Roles,
    check_size,
    few_whole,
    refuse_hidden_label,
    roles,
)
from centerviz.problem import Problem

MAX_TEXT = 1 << 30  # bytes of a text table
SAMPLE_BYTES, SAMPLE_LINES = 1 << 22, 20
MISSING = ("", "nan", "NaN", "NAN", "NA", "N/A", "n/a", "null", "NULL", "None", "-nan", "#N/A")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|infinity)", re.I)
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LINE_END = re.compile(r"\r\n|\r|\n")  # and no other character: what pandas takes for one


@dataclass(frozen=True)
class Layout:
    """How a text table is written."""

    encoding: str
    delimiter: str | None  # None: runs of spaces
    decimal: str
    names: list[str]  # of the columns; "1", "2", … where there is no header
    text: frozenset[str]  # columns that hold text in the first rows
    skip: int  # lines before the first row of data


def read_delimited(
    stream: io.BufferedIOBase, size: int, name: str, label_column: str | None
) -> RawTable:
    """The table in a text stream of `size` bytes; `label_column` as in `roles`.

    Raises Problem for anything that is not a table of numbers.
    """
    if size > MAX_TEXT:
        raise Problem(
            "{name} is too large for a table of text ({size} bytes, at most {limit}); save it as "
            "npy or parquet.",
            name=name,
            size=size,
            limit=MAX_TEXT,
        )
    layout = layout_of(stream.read(SAMPLE_BYTES), name)
    check_size(name, max(_line_count(stream) - layout.skip, 1), len(layout.names))
    frame = _frame(stream, layout, name, label_column)
    if not len(frame):
        raise Problem("{name} has a header but no rows; it needs a row for each sample.", name=name)
    columns = _roles(frame, layout, name, label_column)
    check_size(name, len(frame), len(columns.features))
    x = _features(frame, columns.features)
    _check_integers(x, columns, layout, name, label_column)
    return RawTable(
        x=x,
        labels=None if columns.label is None else frame[columns.label].to_numpy(),
        ids=None if columns.id is None else _words(frame[columns.id]),
        splits=None if columns.split is None else _words(frame[columns.split], MISSING),
        metadata=frame[columns.metadata],
    )


def _words(values: pd.Series, missing: tuple[str, ...] = ()) -> np.ndarray:
    """A column as text (N,); "" where a value is missing."""
    return values.astype(str).mask(values.isna() | values.isin(missing), "").to_numpy(dtype=str)


def layout_of(sample: bytes, name: str) -> Layout:
    """How the text that begins with `sample` is written.

    >>> layout_of(b"a;kind\\n1,5;cat\\n2,5;dog\\n", "t.csv").decimal
    ','
    """
    text, encoding = decoded(sample, name, whole=len(sample) < SAMPLE_BYTES)
    lines = _LINE_END.split(text, 4 * SAMPLE_LINES)[: 4 * SAMPLE_LINES]
    skip = next((i for i, line in enumerate(lines) if not line.lstrip().startswith("#")), 0)
    skip += next((i for i, line in enumerate(lines[skip:]) if line.strip()), 0)
    lines = [line for line in lines[skip:] if line.strip()][:SAMPLE_LINES]
    if not lines:
        raise Problem("{name} is empty; it needs a row of numbers for each sample.", name=name)
    delimiter, decimal = _separators(lines)
    rows = [row for row in _cells(lines, delimiter) if row]
    if not rows:
        raise Problem("{name} is empty; it needs a row of numbers for each sample.", name=name)
    has_header = _has_header(rows, decimal)
    names = rows[0] if has_header else [str(i + 1) for i in range(len(rows[0]))]
    data = rows[has_header:]
    if data and all(len(row) == len(names) + 1 for row in data):
        names = ["", *names]  # row names without a heading, as R writes them
    if not has_header and len(names) > 1 and not any(row[-1].strip() for row in data):
        names[-1] = ""  # every row ends with a delimiter
    if any(len(row) > len(names) for row in data):
        raise _irregular(name, names, max(len(row) for row in data))
    is_text = [
        any(len(row) > i and _is_text(row[i], decimal) for row in data) for i in range(len(names))
    ]
    names = _unique([column.strip() for column in names])
    return Layout(
        encoding,
        delimiter,
        decimal,
        names,
        frozenset(column for column, flag in zip(names, is_text, strict=True) if flag),
        skip + has_header,
    )


def label_cells(
    lines: list[str], layout: Layout, name: str, label_column: str | None
) -> np.ndarray:
    """The label column of a text table with a header, (N,) str: labels kept in their own file."""
    kinds = {c: "text" if c in layout.text else "number" for c in layout.names}
    rows = _cells(lines[layout.skip :], layout.delimiter)
    found = roles(kinds, name, label_column).label
    if found is None:
        raise Problem(
            "{name} has several columns ({columns}); say which is the label with "
            "--label-column NAME.",
            name=name,
            columns=", ".join(layout.names[:10]),
        )
    place = layout.names.index(found)
    return np.array([row[place] if len(row) > place else "" for row in rows], dtype=str)


def decoded(content: bytes, name: str, *, whole: bool = True) -> tuple[str, str]:
    """Text and its encoding; `whole` is False where the content may end inside a character.

    >>> decoded("é".encode("utf-16"), "t.txt")
    ('é', 'utf-16')
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding, "strict" if whole else "ignore")
    except UnicodeDecodeError:
        text = "\0"
    if _BINARY.search(text) or (not whole and "\ufffd" in text):
        raise Problem(
            "{name} is not a table that can be opened; give csv, tsv, npy, npz or parquet (text "
            "in UTF-8).",
            name=name,
        )
    return text, encoding


def _separators(lines: list[str]) -> tuple[str | None, str]:
    """Delimiter and decimal sign that read the most cells as numbers; then, even rows win."""
    best, chosen = (-1, False, 0.0, 0), (",", ".")
    for delimiter, decimal in (
        (",", "."), ("\t", "."), (";", "."), (None, "."), (";", ","), ("\t", ","),
    ):  # fmt: skip
        rows = _cells(lines, delimiter)
        cells = [cell for row in rows for cell in row if cell.strip()]
        numbers = sum(_number(cell, decimal) for cell in cells)
        even = len({len(row) for row in rows}) == 1
        score = (numbers, even, numbers / max(len(cells), 1), len(rows[0]) if even else 0)
        if score > best:
            best, chosen = score, (delimiter, decimal)
    return chosen


def _cells(lines: list[str], delimiter: str | None) -> list[list[str]]:
    if delimiter is None:
        return [line.split() for line in lines]
    try:
        return list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return [line.split(delimiter) for line in lines]


def _number(cell: str, decimal: str) -> bool:
    cell = cell.strip()
    return bool(_NUMBER.fullmatch(cell.replace(decimal, ".") if decimal != "." else cell))


def _is_text(cell: str, decimal: str) -> bool:
    return not _number(cell, decimal) and cell.strip() not in MISSING


def _has_header(rows: list[list[str]], decimal: str) -> bool:
    """Whether the first row names columns.

    It does when none of its cells is a number, when it holds text above a column of numbers, or
    when it counts the columns: 0, 1, 2, 3 and so on.
    """
    first, below = rows[0], rows[1:]
    names = [cell.strip() for cell in first]
    counted = [str(i) for i in range(len(names) - 1)]
    if len(names) >= 4 and (names[:-1] == counted or names[1:] == counted):
        return True
    if not any(_number(cell, decimal) for cell in first):
        return any(_is_text(cell, decimal) for cell in first)
    return any(
        _is_text(cell, decimal) and any(len(row) > i and _number(row[i], decimal) for row in below)
        for i, cell in enumerate(first)
    )


def _unique(names: list[str]) -> list[str]:
    """Names with a number behind those that occur again."""
    seen: dict[str, int] = {}
    out = []
    for column in names:
        seen[column] = seen.get(column, 0) + 1
        out.append(column if seen[column] == 1 else f"{column} ({seen[column]})")
    return out


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
    labels = {c for c in layout.names if c.lower() == "label"} | {label_column}
    text = layout.text | (labels & set(layout.names))
    try:
        return pd.read_csv(
            stream,
            encoding=layout.encoding,
            sep=layout.delimiter or r"\s+",
            decimal=layout.decimal,
            header=None,
            names=layout.names,
            index_col=False,
            skiprows=layout.skip,
            skipinitialspace=True,
            dtype=dict.fromkeys(text, str),
            keep_default_na=False,
            na_values={c: list(MISSING) for c in layout.names if c not in text},
            low_memory=False,
        )
    except (ValueError, OverflowError) as error:
        if isinstance(error, UnicodeDecodeError):
            decoded(b"\xff", name)  # says that it is not text
        saw = re.search(r"saw (\d+)", str(error))  # as pandas says it
        raise _irregular(name, layout.names, int(saw[1]) if saw else None) from error


def _irregular(name: str, names: list[str], found: int | None) -> Problem:
    """What to say of rows that do not fit; `found` is the number of columns of one of them."""
    if found is None:
        return Problem(
            "{name} is not a regular table; every row needs the {columns} columns of the first.",
            name=name,
            columns=len(names),
        )
    return Problem(
        "{name} is not a regular table: a row has {found} columns; every row needs the {columns} "
        "columns of the first.",
        name=name,
        found=found,
        columns=len(names),
    )


def _roles(frame: pd.DataFrame, layout: Layout, name: str, label_column: str | None) -> Roles:
    """What each column is; a column of numbers with a few words in it is refused."""
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
    found = roles(kinds, name, label_column, distinct)
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


def _check_integers(
    x: np.ndarray, found: Roles, layout: Layout, name: str, label_column: str | None
) -> None:
    """Refuse to guess whether a column of whole numbers is a label.

    With a header its name tells. Without one, a first or last column is asked about that holds few
    whole numbers, or the only ones.
    """
    if layout.names != [str(i + 1) for i in range(len(layout.names))]:
        refuse_hidden_label(x, found, name, label_column)
        return
    if label_column is not None or found.label is not None or len(found.features) < 2:
        return
    whole = [c for c, values in zip(found.features, x.T, strict=True) if _is_whole(values)]
    for column in (layout.names[-1], layout.names[0]):
        if column not in whole:
            continue
        values = x[:, found.features.index(column)]
        if few_whole(values) or (len(whole) == 1 and np.ptp(values) > 0):
            raise Problem(
                "{name} has no header, and column {column} of whole numbers could be the label; "
                "say so with --label-column {column}, or --label-column none.",
                name=name,
                column=column,
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
