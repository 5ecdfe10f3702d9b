"""Vectors in files of their own: npy or text, in a folder for each class, as a folder or zip.

A file holds one vector (D,), or several (n, D), one in each row.

Letters: N rows · D features.
"""

import io
from pathlib import PurePosixPath

import numpy as np

from centerviz.data import arrays
from centerviz.data.bundle import Bundle
from centerviz.data.columns import MAX_VALUES, check_size
from centerviz.data.layout import decoded
from centerviz.data.reading import GUESS, UNLABELLED, Asked, RawTable, Reading
from centerviz.data.splits import by_folder
from centerviz.problem import Problem

NUMPY, TEXT = ".npy", (".txt", ".csv", ".tsv", ".dat", ".vec", ".emb")
MAX_TEXT = 1 << 24  # bytes of a text with one vector


def are_vectors(files: Bundle) -> bool:
    """Whether all files look like vectors: npy files, or texts in folders."""
    return bool(files.paths) and len(files.ending(NUMPY, *TEXT)) == len(files.paths)


def read_vectors(files: Bundle, asked: Asked = GUESS) -> RawTable:
    """The vectors of all files, by path; the class is the folder, or the file where it holds many.

    Raises Problem for a file that holds none, and where lengths differ.
    """
    rows, owners, ids, held = [], [], [], 0
    for path in files.paths:
        part = _vectors(files, path)
        if rows and part.shape[1] != rows[0].shape[1]:
            raise Problem(
                "The vectors of {name} differ in length ({lengths}); every row needs as many "
                "numbers.",
                name=f"{files.name}: {path}"[:200],
                lengths=f"{rows[0].shape[1]}, {part.shape[1]}",
            )
        held += part.size
        if held > MAX_VALUES:
            check_size(files.name, held // part.shape[1], part.shape[1])
        rows.append(part)
        owners += [path] * len(part)
        ids += [str(path)] if len(part) == 1 else [f"{path} {i + 1}" for i in range(len(part))]
    x = np.concatenate(rows)
    classes, splits = by_folder(owners)
    if len(rows) < len(x) and len(set(() if classes is None else classes.tolist())) < 2:
        classes = np.array([path.stem for path in owners])  # a file for each class
    if asked.label == UNLABELLED:
        classes = None
    return RawTable(
        x=x, labels=classes, ids=np.array(ids), splits=splits, reading=Reading("vectors")
    )


def _vectors(files: Bundle, path: PurePosixPath) -> np.ndarray:
    """The rows (n, D) float32 of one file."""
    content, where = files.read(path), f"{files.name}: {path}"[:200]
    if path.suffix.lower() != NUMPY:
        return _written(content, where)
    stream = io.BytesIO(content)
    found = arrays.header(stream, where)
    shape = found.shape if len(found.shape) == 2 else (1, *found.shape)
    promised = arrays.Header(found.dtype, shape, found.fortran)
    return arrays.features(stream, promised, len(content) - stream.tell(), where)


def _written(content: bytes, where: str) -> np.ndarray:
    """The numbers of a text as one vector, or as one in each line where there are several."""
    text, _encoding = decoded(content[:MAX_TEXT], where, whole=len(content) <= MAX_TEXT)
    lines = [line.strip("[]() ") for line in text.translate(_GAPS).splitlines()]
    try:
        if len(content) > MAX_TEXT:
            raise ValueError(where)
        numbers = [[float(cell) for cell in line.split()] for line in lines if line.strip()]
    except ValueError:
        raise Problem(
            "{name} holds no vector: a file of numbers between spaces, commas or line ends is "
            "needed, or npy.",
            name=where,
        ) from None
    if len({len(row) for row in numbers}) != 1 or len(numbers[0]) == 1:
        numbers = [[one for row in numbers for one in row]]  # broken lines, or one number in each
    check_size(where, len(numbers), len(numbers[0]))
    with np.errstate(over="ignore"):
        return np.array(numbers, dtype=np.float64).astype(np.float32)


_GAPS = str.maketrans(",;\t", "   ")
