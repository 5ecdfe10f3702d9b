"""Vectors written as text in one cell of a table: "[0.1, 0.2]", as pandas writes lists and arrays.

Letters: N rows · D features.
"""

from collections.abc import Sequence

import numpy as np

from centerviz.data.columns import check_size
from centerviz.problem import Problem

LIST_NAMES = ("embedding", "embeddings", "emb", "features", "vector")


def chosen_list(columns: Sequence[str], name: str, array: str | None) -> str | None:
    """The column that holds the vectors; None where each feature has a column of its own.

    Raises Problem where it could be more than one, and where `array` is none of them.
    """
    if array is not None and not columns:
        raise Problem("{name} has no columns of vectors; leave --array out.", name=name)
    if array is not None and array not in columns:
        raise Problem(
            "{name} has no column {array} of vectors; its columns of vectors are: {arrays}.",
            name=name,
            array=array,
            arrays=", ".join(columns[:20]),
        )
    usual = [c for c in columns if c in LIST_NAMES]
    candidates = [array] if array is not None else usual or list(columns)
    if len(candidates) > 1:
        raise Problem(
            "{name} has several columns of vectors ({arrays}); say which with --array NAME.",
            name=name,
            arrays=", ".join(candidates[:20]),
        )
    return candidates[0] if candidates else None


def listed(cells: Sequence[object], column: str, name: str) -> np.ndarray:
    """The vectors (N, D) float32 of a column of text; an empty cell becomes NaN.

    Raises Problem for a cell that is no list of numbers, and where lengths differ.

    >>> listed(["[3, 4]", "[3. 4.]"], "e", "t.csv").tolist()
    [[3.0, 4.0], [3.0, 4.0]]
    """
    given = [(row, cell) for row, cell in enumerate(cells) if isinstance(cell, str) and cell]
    dim = len(_numbers(*given[0], column, name)) if given else 0
    check_size(name, len(cells), dim)
    x = np.full((len(cells), dim), np.nan, dtype=np.float32)
    for row, cell in given:
        values = _numbers(row, cell, column, name)
        if len(values) != dim:
            raise Problem(
                "The vectors of {name} differ in length ({lengths}); every row needs as many "
                "numbers.",
                name=name,
                lengths=f"{dim}, {len(values)}",
            )
        with np.errstate(over="ignore"):
            x[row] = values
    return x


def _numbers(row: int, cell: str, column: str, name: str) -> np.ndarray:
    text = cell.strip()
    try:
        if not (text.startswith("[") and text.endswith("]")) or "_" in text:  # 1_0 is no 10
            raise ValueError(text)
        places = text[1:-1].split(",")
        if len(places) > 1 and not all(map(str.strip, places)):
            raise ValueError(text)
        return np.array(" ".join(places).split(), dtype=np.float64)
    except ValueError:
        raise Problem(
            "Column {column} of {name} holds lists of numbers, but {value} in row {row}; an array "
            "that was cut short with … cannot be read: save it as Parquet or npy.",
            column=column,
            name=name,
            value=repr(text[:40]),
            row=row + 1,
        ) from None
