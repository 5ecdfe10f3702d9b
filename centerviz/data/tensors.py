"""safetensors: a header in JSON, then the numbers of each array. Checked before memory is taken.

The format: https://huggingface.co/docs/safetensors, "Format".
"""

import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from centerviz.data import arrays
from centerviz.data.mapped import filled, parts
from centerviz.data.npz import outlined
from centerviz.data.reading import GUESS, Asked, RawTable, Reading
from centerviz.problem import Problem

MAX_HEADER = 1 << 24  # bytes
KINDS = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4",
    "I16": "<i2", "I8": "i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?",
}  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """One array: its kind, its shape, and where its bytes begin and end."""

    kind: str
    shape: tuple[int, ...]
    start: int
    end: int


def is_safetensors(begin: bytes) -> bool:
    """Whether the first nine bytes are the length of a header and its brace."""
    return len(begin) > 8 and begin[8:9] == b"{" and 2 <= _length(begin) <= MAX_HEADER


def _length(begin: bytes) -> int:
    return int.from_bytes(begin[:8], "little")


def read_tensors(stream: io.BufferedIOBase, size: int, name: str, asked: Asked = GUESS) -> RawTable:
    """Features, and labels where an array is called so. Raises Problem for damaged files."""
    found = _stored(stream, size, name)
    shapes = {key: one.shape for key, one in found.items()}
    chosen = arrays.feature_array(shapes, name, asked.array)
    label = arrays.label_array([key for key in found if key != chosen], name, asked.label)
    x = _read(stream, found[chosen], f"{name}: {chosen}", arrays.features)
    if found[chosen].kind == "BF16":
        x = filled(*x.shape, map(_bf16, parts(x)))
    labels = (
        None if label is None else _read(stream, found[label], f"{name}: {label}", arrays.column)
    )
    reading = outlined(shapes, "safetensors", chosen, label)
    return RawTable(x=x, labels=labels, reading=reading)


def _bf16(stored: np.ndarray) -> np.ndarray:
    """Numbers (n, D) float32 by their upper halves as whole numbers.

    >>> _bf16(np.array([[0x3F80, 0xC000]])).tolist()
    [[1.0, -2.0]]
    """
    return (stored.astype(np.uint32) << 16).view(np.float32)


def outlined_tensors(stream: io.BufferedIOBase, size: int, name: str) -> Reading:
    """What can be chosen in the file, by its header."""
    found = _stored(stream, size, name)
    return outlined({key: one.shape for key, one in found.items()}, "safetensors")


def _stored(stream: io.BufferedIOBase, size: int, name: str) -> Mapping[str, Stored]:
    """The arrays that the header tells of, each within the file."""
    length = _length(stream.read(8))
    try:
        if length > min(size - 8, MAX_HEADER):
            raise ValueError(length)
        about = json.loads(stream.read(length))
        about.pop("__metadata__", None)
        found = {str(key): _checked(one, length + 8, size) for key, one in about.items()}
        if len(found) > 100_000:
            raise ValueError(len(found))
        return found
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Problem(
            "{name} is damaged or cut short: it is not a whole safetensors file; save it again.",
            name=name,
        ) from error


def _checked(one: dict, base: int, size: int) -> Stored:
    """One entry of the header; ValueError where its numbers do not fit together."""
    shape, (start, end) = tuple(one["shape"]), one["data_offsets"]
    whole = all(type(number) is int and number >= 0 for number in (*shape, start, end))
    if not whole or not start <= end <= size - base:
        raise ValueError(one)
    kind = str(one["dtype"])
    if kind in KINDS and math.prod(shape) * np.dtype(KINDS[kind]).itemsize != end - start:
        raise ValueError(one)
    return Stored(kind, shape, base + start, base + end)


def _read(stream: io.BufferedIOBase, one: Stored, name: str, read) -> np.ndarray:
    """One array, read as `arrays.features` or `arrays.column`."""
    stream.seek(one.start)
    promised = arrays.Header(np.dtype(KINDS.get(one.kind, "V1")), one.shape, False)
    return read(stream, promised, one.end - one.start, name)
