"""How a table of text is written: encoding, delimiter, decimal sign and header.

Told by the content: the reading that makes the most cells numbers wins. A first line of two whole
numbers above longer ones counts rows and columns, as word2vec writes it.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from centerviz.data.reading import DELIMITERS
from centerviz.problem import Problem

SAMPLE_BYTES, SAMPLE_LINES = 1 << 22, 20
SEPARATORS = ((",", "."), ("\t", "."), (";", "."), (None, "."), (";", ","), ("\t", ","))
MISSING = ("", "nan", "NaN", "NAN", "NA", "N/A", "n/a", "null", "NULL", "None", "-nan", "#N/A")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf|infinity)", re.I)
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_GAP = re.compile(r"[ \t]+")  # and no other character: what pandas takes for a space
_GUARDED = re.compile(r"^'(?='*[=+\-@])")  # a name as `delimited.spreadsheet_safe` writes it
_LIST = re.compile(r"\s*\[[^\[]*\]?\s*$")  # the lines of a long one are several
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
    header: bool = False  # whether the line before it names the columns
    vectors: tuple[str, ...] = ()  # columns that hold lists of numbers: [0.1, 0.2]
    quoted: bool = True  # False: a quotation mark is a word like any other


def layout_of(
    sample: bytes, name: str, header: bool | None = None, delimiter: str | None = None
) -> Layout:
    """How the text that begins with `sample` is written; `header` and `delimiter` where known.

    >>> layout_of(b"a;kind\\n1,5;cat\\n2,5;dog\\n", "t.csv").decimal
    ','
    """
    text, encoding = decoded(sample, name, whole=len(sample) < SAMPLE_BYTES)
    lines = _LINE_END.split(text, 4 * SAMPLE_LINES)[: 4 * SAMPLE_LINES]
    skip = next((i for i, line in enumerate(lines) if not line.lstrip().startswith("#")), 0)
    skip += next((i for i, line in enumerate(lines[skip:]) if line.strip()), 0)
    if counts := _counts(lines[skip:]):
        skip += 1
    lines = [line for line in lines[skip:] if line.strip()][:SAMPLE_LINES]
    ours = bool(lines and header is delimiter is None and own_features(rows_of(lines[:1], ",")[0]))
    known = SEPARATORS if delimiter is None else _only(delimiter)
    known = SEPARATORS[:1] if ours else known
    delimiter, decimal = _separators(lines, known) if lines else (",", ".")
    rows = [row for row in rows_of(lines, delimiter) if row]
    if not rows:
        raise Problem("{name} is empty; it needs a row of numbers for each sample.", name=name)
    has_header = _has_header(rows, decimal) and not counts if header is None else header
    has_header = has_header or ours
    names = _names(rows, has_header, name)
    data = rows[has_header:]
    cells = [[row[i] for row in data if len(row) > i] for i in range(len(names))]
    words = not has_header and delimiter is None and _are_words(cells, decimal)
    lists = [bool(column) and all(map(_LIST.match, column)) and not ours for column in cells]
    pick = lambda flags: (c for c, flag in zip(names, flags, strict=True) if flag)  # noqa: E731
    return Layout(
        encoding,
        delimiter,
        decimal,
        names,
        frozenset(pick(any(_is_text(cell, decimal) for cell in column) for column in cells)),
        skip + has_header,
        has_header,
        tuple(pick(lists)),
        not words,
    )


def own_features(names: list[str]) -> list[str]:
    """x1 … xD, where a header begins with id and ends with them, as our own csv does.

    >>> own_features(["id", "label", "age", "x1", "x2"]), own_features(["x1", "x2"])
    (['x1', 'x2'], [])
    """
    dim = names[-1].removeprefix("x")
    if names[0] != "id" or not (dim.isascii() and dim.isdigit() and 0 < int(dim) < len(names)):
        return []
    features = [f"x{i + 1}" for i in range(int(dim))]
    return features if names[-len(features) :] == features else []


def _counts(lines: list[str]) -> bool:
    """Whether the first line says how many rows and columns follow: "3000000 300"."""
    first = lines[0].split() if lines else []
    below = [line.split() for line in lines[1:SAMPLE_LINES] if line.strip()]
    if len(first) != 2 or not below or not all(cell.isascii() and cell.isdigit() for cell in first):
        return False
    rows, dim = (int(cell[:12]) for cell in first)
    return rows >= len(below) and all(len(row) == dim + 1 for row in below) and dim != 1


def _names(rows: list[list[str]], has_header: bool, name: str) -> list[str]:
    """The names of the columns: of the header, or "1", "2" and so on."""
    names = rows[0] if has_header else [str(i + 1) for i in range(len(rows[0]))]
    data = rows[has_header:]
    if data and all(len(row) == len(names) + 1 for row in data):
        names = ["", *names]  # row names without a heading, as R writes them
    if not has_header and len(names) > 1 and not any(row[-1].strip() for row in data):
        names[-1] = ""  # every row ends with a delimiter
    if any(len(row) > len(names) for row in data):
        raise irregular(name, names, max(len(row) for row in data))
    return _unique([_GUARDED.sub("", column.strip()) for column in names])


def _are_words(cells: list[list[str]], decimal: str) -> bool:
    """Whether rows are a word and then numbers: GloVe and word2vec, where marks are words too."""
    numbers = all(_number(cell, decimal) for column in cells[1:] for cell in column)
    quoted = any(len(cell) > 2 and cell[0] == cell[-1] == '"' for cell in cells[0])
    return len(cells) > 2 and numbers and not quoted


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


def _only(delimiter: str) -> list[tuple[str | None, str]]:
    """The pairs of delimiter and decimal sign with the delimiter of that word."""
    return [pair for pair in SEPARATORS if pair[0] == DELIMITERS[delimiter]]


def _separators(lines: list[str], known: Sequence[tuple[str | None, str]]):
    """Delimiter and decimal sign that read the most cells as numbers; then, even rows win."""
    best, chosen = (-1, False, 0.0, 0), known[0]
    for delimiter, decimal in known:
        rows = rows_of(lines, delimiter)
        cells = [cell for row in rows for cell in row if cell.strip()]
        numbers = sum(len(c) if _LIST.match(c) else _number(c, decimal) for c in cells)
        even = len({len(row) for row in rows}) == 1
        score = (numbers, even, numbers / max(len(cells), 1), len(rows[0]) if even else 0)
        if score > best:
            best, chosen = score, (delimiter, decimal)
    return chosen


def rows_of(lines: list[str], delimiter: str | None) -> list[list[str]]:
    """The cells of each line; `delimiter` None stands for runs of spaces."""
    if delimiter is None:
        return [_GAP.split(line.strip(" \t")) for line in lines]
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


def irregular(name: str, names: list[str], found: int | None) -> Problem:
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
