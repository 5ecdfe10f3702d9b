"""NumPy's own arrays: read in pieces, never unpickled; and which of several holds what.

A header is believed only as far as the file is long, and sizes are checked before memory is
taken.
"""

import io
import math
import re
import tokenize
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from centerviz.data import mapped
from centerviz.data.columns import MAX_ROWS, check_size
from centerviz.data.reading import UNLABELLED, RawTable, Reading
from centerviz.problem import Problem

FEATURE_NAMES = ("x", "embeddings", "embedding", "features", "X")
LABEL_NAMES = ("y", "labels", "label", "target", "targets")
MAX_HEADER = 10_000  # bytes; NumPy refuses longer ones, but only after it has read them
PIECE = 1 << 22  # bytes read at a time


_HEADER_ERRORS = (
    ValueError, KeyError, TypeError, EOFError, SyntaxError, tokenize.TokenError, RecursionError,
)  # fmt: skip  # whatever a header that is no Python literal may cause


@dataclass(frozen=True)
class Header:
    """What the first bytes of an npy file promise."""

    dtype: np.dtype
    shape: tuple[int, ...]
    fortran: bool


def header(stream: io.BufferedIOBase, name: str) -> Header:
    """The header of an npy stream, which then stands at the first value.

    Raises Problem for damaged headers and for pickled objects.
    """
    readers = {
        (1, 0): (2, np.lib.format.read_array_header_1_0),
        (2, 0): (4, np.lib.format.read_array_header_2_0),
    }
    try:
        width, read = readers[np.lib.format.read_magic(stream)]
        begin = stream.read(width)
        if (length := int.from_bytes(begin, "little")) > MAX_HEADER:
            raise ValueError(length)
        literal = re.sub(rb"(?<=\d)L(?=[,)])", b" ", stream.read(length))  # as Python 2 wrote 3L
        shape, fortran, dtype = read(io.BytesIO(begin + literal))
    except _HEADER_ERRORS as error:
        raise _damaged(name) from error
    if dtype.hasobject:
        raise Problem(
            "{name} holds pickled Python objects, which are never opened; save plain numbers or "
            "text.",
            name=name,
        )
    if any(length < 0 for length in shape) or dtype.itemsize == 0:
        raise _damaged(name)
    return Header(dtype, shape, fortran)


def _damaged(name: str) -> Problem:
    return Problem(
        "{name} is damaged or cut short: it is not a whole npy array; save it again with "
        "numpy.save.",
        name=name,
    )


def features(stream: io.BufferedIOBase, found: Header, available: int, name: str) -> np.ndarray:
    """The two-dimensional array of a stream as (N, D) float32; `available` bytes lie before us."""
    if found.dtype.kind not in "fiub" or len(found.shape) != 2:
        raise Problem(
            "{name} has shape {shape} and kind {kind}; vectors are a two-dimensional array of "
            "real numbers, one row for each sample.",
            name=name,
            shape=found.shape,
            kind=str(found.dtype)[:40],
        )
    rows, dim = found.shape
    big = mapped.on_disk(stream) and rows * dim * found.dtype.itemsize > mapped.RESIDENT
    check_size(name, rows, dim, mapped=big)
    _check_length(found, available, name)
    if big:
        return mapped.mapped(stream, found.dtype, found.shape, found.fortran)
    x = np.empty((rows, dim), dtype=np.float32)
    along = x.T if found.fortran else x
    step = max(PIECE // (along.shape[1] * found.dtype.itemsize), 1)
    with np.errstate(over="ignore"):
        for start in range(0, len(along), step):
            part = along[start : start + step]
            part[...] = _values(stream, found.dtype, part.size, name).reshape(part.shape)
    return x


def column(stream: io.BufferedIOBase, found: Header, available: int, name: str) -> np.ndarray:
    """The one-dimensional array of a stream, (N,) or (N, 1), as it is."""
    size = math.prod(found.shape)
    if len(found.shape) not in (1, 2) or size != found.shape[0]:
        raise Problem(
            "{name} has shape {shape}; labels are one value for each sample, (N,).",
            name=name,
            shape=found.shape,
        )
    if size > MAX_ROWS or size * found.dtype.itemsize > 1 << 31:
        check_size(name, size, found.dtype.itemsize)
    _check_length(found, available, name)
    values = _values(stream, found.dtype, size, name)
    if found.dtype.kind == "U" and not _are_characters(values):
        raise _damaged(name)
    return values


def _are_characters(values: np.ndarray) -> bool:
    """Whether an array of text holds nothing but characters of Unicode, whatever its byte order.

    >>> _are_characters(np.array(["é"])), _are_characters(np.array([0xD800], "<u4").view("<U1"))
    (True, False)
    """
    codes = values.view(values.dtype.byteorder.replace("|", "=") + "u4")
    return not ((codes > 0x10FFFF) | ((codes >= 0xD800) & (codes < 0xE000))).any()


def _check_length(found: Header, available: int, name: str) -> None:
    if math.prod(found.shape) * found.dtype.itemsize > available:
        raise _damaged(name)


def _values(stream: io.BufferedIOBase, dtype: np.dtype, count: int, name: str) -> np.ndarray:
    content = stream.read(count * dtype.itemsize)
    if len(content) < count * dtype.itemsize:
        raise _damaged(name)
    return np.frombuffer(content, dtype=dtype, count=count)


def read_npy(stream: io.BufferedIOBase, size: int, name: str) -> RawTable:
    """The features of an npy stream of `size` bytes."""
    found = header(stream, name)
    x = features(stream, found, size - stream.tell(), name)
    return RawTable(x=x, reading=Reading("npy"))


def read_npy_column(stream: io.BufferedIOBase, size: int, name: str) -> np.ndarray:
    """The labels of an npy stream of `size` bytes."""
    found = header(stream, name)
    return column(stream, found, size - stream.tell(), name)


def feature_array(shapes: Mapping[str, tuple[int, ...]], name: str, array: str | None) -> str:
    """Which of several arrays, by their shapes, holds the features: the usual name or only table.

    >>> feature_array({"a": (3, 2), "names": (3,)}, "t.npz", None)
    'a'
    """
    if array is not None:
        if array not in shapes:
            raise _no_array(name, array, shapes)
        return array
    tables = [key for key in shapes if key in FEATURE_NAMES]
    tables = tables or [key for key, shape in shapes.items() if len(shape) >= 2]
    if len(tables) != 1:
        raise Problem(
            "{name} holds several arrays ({arrays}), and none or more than one could be the "
            "vectors; say which with --array NAME.",
            name=name,
            arrays=", ".join(list(shapes)[:20]),
        )
    return tables[0]


def label_array(arrays: Collection[str], name: str, asked: str | None) -> str | None:
    """Which of the other arrays holds the labels, or None."""
    if asked == UNLABELLED:
        return None
    if asked is not None and asked not in arrays:
        raise _no_array(name, asked, arrays)
    usual = [key for key in arrays if key in LABEL_NAMES]
    if asked is None and len(usual) > 1:
        raise Problem(
            "{name} holds several arrays of labels ({arrays}); say which with --label-column NAME.",
            name=name,
            arrays=", ".join(usual),
        )
    return asked or (usual[0] if usual else None)


def _no_array(name: str, array: str, arrays: Collection[str]) -> Problem:
    return Problem(
        "{name} has no array {array}; its arrays are: {arrays}.",
        name=name,
        array=array,
        arrays=", ".join(list(arrays)[:20]),
    )


def named(
    labels: np.ndarray | None, names: np.ndarray | None
) -> tuple[np.ndarray | None, tuple[str, ...] | None]:
    """Labels that count class names as these names, with all the names; else as they are.

    >>> named(np.array([1, 0]), np.array(["cat", "dog"]))
    (array(['dog', 'cat'], dtype='<U3'), ('cat', 'dog'))
    """
    if labels is None or names is None or labels.dtype.kind not in "iu":
        return labels, None
    places, names = labels.reshape(-1), names.reshape(-1)
    known = len(set(names.tolist())) == len(names)
    if not known or not len(places) or places.min() < 0 or places.max() >= len(names):
        return labels, None
    return names[places], tuple(names.tolist())


def as_text(values: np.ndarray | None) -> np.ndarray | None:
    """An array as text; bytes are UTF-8."""
    if values is None:
        return None
    if values.dtype.kind == "S":
        return np.array([value.decode("utf-8", "replace") for value in values.tolist()], dtype=str)
    return values.astype(str)
