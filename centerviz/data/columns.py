"""What each column of somebody's table is: features, label, id, split or metadata.

Letters: `x` features (N, D) · N rows · D features.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from centerviz.data.reading import GUESS, UNLABELLED, Asked
from centerviz.problem import Problem

MAX_ROWS = 10_000_000
MAX_DIM = 65_536
MAX_VALUES = 1 << 29  # N·D in memory: 2 GiB as float32
MAX_MAPPED = 1 << 34  # N·D of a file that is mapped: 64 GiB
MAX_LETTERS = 1 << 28  # of a column of text, where each cell is as wide as the longest: 1 GiB
LABEL_NAMES = ("labels", "class", "target")  # taken as the label where there is no `label`
ID_NAMES = (
    "id", "ids", "uuid", "file", "filename", "path", "", "unnamed: 0", "__index_level_0__",
    "__row_index__",
)  # fmt: skip
LIKELY_NAMES = ("y", "category")  # of labels, where the values look so
_PLAIN_NUMBER = r"-?(0|[1-9]\d*)(\.\d+)?(e[+-]\d+)?|"  # as it is written, so that "007" is a word


@dataclass(frozen=True)
class Roles:
    """Column names by what they hold."""

    label: str | None
    id: str | None
    split: str | None
    features: list[str]
    metadata: list[str]


def roles(
    kinds: Mapping[str, str], name: str, asked: Asked = GUESS, distinct: Collection[str] = ()
) -> Roles:
    """What each column is, from its name and its kind: "number", "text" or "other".

    `distinct` are text columns in which no value occurs twice: names of rows, not of classes.
    Raises Problem where the label could be more than one column.

    >>> roles({"id": "number", "a": "number", "kind": "text"}, "t.csv")
    Roles(label='kind', id='id', split=None, features=['a'], metadata=[])
    >>> roles({"word": "text", "a": "number"}, "words.txt", distinct=["word"])
    Roles(label=None, id='word', split=None, features=['a'], metadata=[])
    """
    for column in asked.beside:
        _asked(list(kinds), name, column)
    kinds = {c: "other" if c in asked.beside else kind for c, kind in kinds.items()}
    label = None if asked.label is None else _asked(list(kinds), name, asked.label)
    rest = [c for c in kinds if c != label]
    id_column = _id(kinds, rest, name, asked, distinct)
    split = next((c for c in rest if c.strip().lower() == "split" and c != id_column), None)
    rest = [c for c in rest if c not in (id_column, split)]
    if asked.label is None:
        label = _label(kinds, rest, name, distinct)
        rest = [c for c in rest if c != label]
    return Roles(
        label=label,
        id=id_column,
        split=split,
        features=[c for c in rest if kinds[c] == "number" and not _is_named(c)],
        metadata=[c for c in rest if kinds[c] != "number" or _is_named(c)],
    )


def _id(kinds, free, name, asked: Asked, distinct) -> str | None:
    """The column that is named like an id, or the only text column whose values all differ."""
    if asked.id is not None:
        return _asked(list(kinds), name, asked.id)
    named = [c for c in free if c.strip().lower() in ID_NAMES]
    apart = [c for c in free if kinds[c] == "text" and c in distinct and not _is_named(c)]
    return named[0] if named else apart[0] if len(apart) == 1 else None


def _label(kinds, free, name, distinct) -> str | None:
    """The column that is named like a label, or the only one of text."""
    by_name = {c.strip().lower(): c for c in free}
    if "label" in by_name:
        return by_name["label"]
    named = [by_name[known] for known in LABEL_NAMES if known in by_name]
    text = [c for c in free if kinds[c] == "text" and c not in distinct]
    candidates = named or text
    if len(candidates) > 1:
        raise Problem(
            "{name} has several columns that could be the label ({columns}); say which with "
            "--label-column NAME, or --label-column none.",
            name=name,
            columns=", ".join(candidates[:10]),
        )
    return candidates[0] if candidates else None


def _is_named(column: str) -> bool:
    """Whether a column is called like a label or an id: never a feature."""
    return column.strip().lower() in ("label", *LABEL_NAMES, *ID_NAMES)


def few_whole(values: np.ndarray) -> bool:
    """Whether a column (N,) looks like labels: whole numbers, at least 2 and at most N/2 of them.

    >>> few_whole(np.array([0, 1, 1, 0])), few_whole(np.array([0, 1, 2, 3]))
    (True, False)
    """
    if not np.isfinite(values).all() or (values != np.rint(values)).any():
        return False
    return 2 <= len(np.unique(values)) <= len(values) / 2


def plain_numbers(values: pd.Series) -> pd.Series:
    """A column of text as numbers where it holds nothing else; an empty cell becomes NaN.

    >>> [plain_numbers(pd.Series(cells)).tolist() for cells in (["7", "-0.5"], ["7", "007"])]
    [[7.0, -0.5], ['7', '007']]
    """
    if values.dtype.kind in "iufb" or not values.astype(str).str.fullmatch(_PLAIN_NUMBER).all():
        return values
    return pd.to_numeric(values.mask(values == ""))


def refuse_hidden_label(x: np.ndarray, found: Roles, name: str, asked: Asked) -> None:
    """Raise Problem where a feature is named like a label, looks like one, and there is no other.

    `x` are the feature columns (N, D).
    """
    if asked.label is not None or found.label is not None or len(found.features) < 2:
        return
    for j, column in enumerate(found.features):
        if column.strip().lower() in LIKELY_NAMES and few_whole(x[:, j]):
            raise Problem(
                "Column {column} of {name} could be the label; say so with --label-column "
                "{column}, or --label-column none.",
                name=name,
                column=column,
            )


def _asked(columns: list[str], name: str, column: str) -> str | None:
    """The column with the name asked for, or its number from 1 in a table without names."""
    if column in columns:
        return column
    if column == UNLABELLED:
        return None
    if column.isascii() and column.isdigit() and columns[:1] == ["1"]:
        shown = f"1 … {len(columns)}"
    else:
        shown = ", ".join(columns[:10]) + (" …" if len(columns) > 10 else "")
    raise Problem(
        "{name} has no column {column}; its columns are: {columns}.",
        name=name,
        column=column,
        columns=shown,
    )


def check_size(name: str, rows: int, dim: int, mapped: bool = False) -> None:
    """Raise Problem unless N × D is a size that fits: at least 1 × 1, at most the limits above."""
    most = MAX_MAPPED if mapped else MAX_VALUES
    if rows < 1 or dim < 1:
        raise Problem(
            "{name} holds no vectors ({rows} rows of {dim} numbers); it needs one row of numbers "
            "for each sample.",
            name=name,
            rows=rows,
            dim=dim,
        )
    if rows > MAX_ROWS or dim > MAX_DIM or rows * dim > most:
        raise Problem(
            "{name} is too large: {rows} rows of {dim} numbers; at most {max_rows} rows, "
            "{max_dim} numbers in a row and {max_values} numbers together can be opened.",
            name=name,
            rows=rows,
            dim=dim,
            max_rows=MAX_ROWS,
            max_dim=MAX_DIM,
            max_values=most,
        )


def text_array(texts: Sequence[object], name: str) -> np.ndarray:
    """The texts (N,) as NumPy has them. Raises Problem where one is so long that it would not fit.

    >>> text_array(["cat", 7], "t.csv")
    array(['cat', '7'], dtype='<U3')
    """
    texts = [str(text) for text in texts]
    longest = max(map(len, texts), default=0)
    if len(texts) * longest > MAX_LETTERS:
        raise Problem(
            "{name} has a text of {length} characters as a label, an id or a split of its {rows} "
            "rows; that is too long for a name. Shorten it, or choose another column.",
            name=name,
            length=longest,
            rows=len(texts),
        )
    return np.array(texts, dtype=str)


def numbered(
    raw: np.ndarray, name: str, rows: np.ndarray | None = None
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels as (N,) int64 and their class names; whole numbers sort as numbers, text as text.

    `rows` are the row numbers in the file (from 0), where not all rows were kept.

    Raises Problem for missing labels and for numbers that are not whole.

    >>> numbered(np.array(["10", "9", "10"]), "y.txt")
    (array([1, 0, 1]), ('9', '10'))
    """
    values = _label_values(np.asarray(raw), name, np.arange(len(raw)) if rows is None else rows)
    if values.dtype.kind == "U":
        whole = _whole_numbers(values)
        values = values if whole is None else whole
    classes, labels = np.unique(values, return_inverse=True)
    return labels.astype(np.int64).reshape(-1), tuple(str(c) for c in classes.tolist())


def _label_values(raw: np.ndarray, name: str, rows: np.ndarray) -> np.ndarray:
    """Labels as an array of integers, booleans or text."""
    if raw.dtype.kind in "iub":
        return raw
    if raw.dtype.kind == "f":
        if not np.isfinite(raw).all():
            _missing(rows[~np.isfinite(raw)], name)
        odd = (raw != np.rint(raw)) | (abs(raw) > 2**53)
        if odd.any():
            raise Problem(
                "The labels of {name} are not whole numbers (row {row} has {value}); classes are "
                "told apart by whole numbers or by text. Another column may be the label: "
                "--label-column NAME.",
                name=name,
                row=int(rows[odd][0]) + 1,
                value=float(raw[odd][0]),
            )
        return raw.astype(np.int64)
    if raw.dtype.kind == "S":
        raw = text_array([value.decode("utf-8", "replace") for value in raw.tolist()], name)
    if raw.dtype.kind not in "UOT":
        raise Problem(
            "The labels of {name} are neither numbers nor text ({kind}); save them as whole "
            "numbers or as text.",
            name=name,
            kind=str(raw.dtype),
        )
    absent = np.array([v is None or v != v or not str(v).strip() for v in raw.tolist()], dtype=bool)
    if absent.any():
        _missing(rows[absent], name)
    return text_array([str(value).strip() for value in raw.tolist()], name)


def _missing(rows: np.ndarray, name: str) -> None:
    raise Problem(
        "{count} rows of {name} have no label (the first is row {row}); give every row a label "
        "or leave those rows out.",
        name=name,
        count=len(rows),
        row=int(rows[0]) + 1,
    )


def _whole_numbers(text: np.ndarray) -> np.ndarray | None:
    """Text as int64 where every value is a whole number ("7", "7.0"), else None.

    "007" is a name: numbers are not written with zeros before them.
    """
    if any(len(value) > 1 and value[0] == "0" and value[1].isdigit() for value in text.tolist()):
        return None
    try:
        numbers = text.astype(np.float64)
    except ValueError:
        return None
    whole = np.isfinite(numbers).all() and (numbers == np.rint(numbers)).all()
    return numbers.astype(np.int64) if whole and (abs(numbers) < 2**53).all() else None
