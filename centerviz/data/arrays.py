"""NumPy's own files, npy and npz: read in pieces, never unpickled.

A header is believed only as far as the file is long, and sizes are checked before memory is
taken.
"""

import io
import math
import tokenize
import warnings
import zipfile
import zlib
from dataclasses import dataclass

import numpy as np

from centerviz.data import mapped
from centerviz.data.columns import MAX_ROWS, RawTable, check_size
from centerviz.problem import Problem

FEATURE_NAMES = ("x", "embeddings", "embedding", "features", "X")
LABEL_NAMES = ("y", "labels", "label")
BESIDE = ("ids", "id", "splits", "split", "class_names", "target_names")  # read where they are
MAX_UNPACKED = 1 << 32  # bytes of the arrays that are read
MAX_RATIO = 200  # unpacked to packed, above FREE bytes
FREE = 1 << 26
MAX_ARRAYS = 1000  # members of an npz
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
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # said of files from Python 2
            shape, fortran, dtype = readers[np.lib.format.read_magic(stream)](stream)
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
    return _values(stream, found.dtype, size, name)


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
    return RawTable(x=features(stream, found, size - stream.tell(), name))


def read_npy_column(stream: io.BufferedIOBase, size: int, name: str) -> np.ndarray:
    """The labels of an npy stream of `size` bytes."""
    found = header(stream, name)
    return column(stream, found, size - stream.tell(), name)


def read_npz(
    stream: io.BufferedIOBase, name: str, array: str | None, label_array: str | None
) -> RawTable:
    """Features, and labels, ids and splits where there are any, of an npz.

    `array` and `label_array` name the arrays; without them the usual names are looked for.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            members = _members(archive, name)
            chosen = _feature_array(archive, members, name, array)
            rest = {key: info for key, info in members.items() if key != chosen}
            label = _label_array(rest, name, label_array)
            columns = {label, *BESIDE} & set(rest)
            tables = {chosen, "centers"} & set(members)
            _check_unpacked([members[key] for key in columns | tables], name)
            read = {key: _member(archive, rest[key], f"{name}: {key}", column) for key in columns}
            tables = {
                key: _member(archive, members[key], f"{name}: {key}", features) for key in tables
            }
            labels, names = _named(read.get(label), read)
            return RawTable(
                x=tables[chosen],
                labels=labels,
                class_names=names,
                ids=_as_text(read.get("ids", read.get("id"))),
                splits=_as_text(read.get("splits", read.get("split"))),
                centers=_fitting(tables.get("centers"), tables[chosen].shape[1], names),
            )
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise _damaged_npz(name) from error
    except (RuntimeError, ValueError) as error:  # an encrypted member, a header that lies
        if isinstance(error, Problem):
            raise
        raise _damaged_npz(name) from error


def _named(
    labels: np.ndarray | None, read: dict[str, np.ndarray]
) -> tuple[np.ndarray | None, tuple[str, ...] | None]:
    """Labels that count class names as these names; the labels as they are where they do not."""
    names = _as_text(read.get("class_names", read.get("target_names")))
    if labels is None or names is None or labels.dtype.kind not in "iu":
        return labels, None
    places, known = labels.reshape(-1), len(set(names.tolist())) == len(names)
    if not known or not len(places) or places.min() < 0 or places.max() >= len(names):
        return labels, None
    return names[places], tuple(names.tolist())


def _fitting(centers: np.ndarray | None, dim: int, names: tuple | None) -> np.ndarray | None:
    """Centers (C, D) where there is one for each class name, else None."""
    fits = centers is not None and names is not None and centers.shape == (len(names), dim)
    return centers if fits and np.isfinite(centers).all() else None


def _damaged_npz(name: str) -> Problem:
    return Problem(
        "{name} is damaged or cut short: it is not a whole npz archive; save it again with "
        "numpy.savez.",
        name=name,
    )


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The arrays of an npz by name."""
    infos = archive.infolist()
    if len(infos) > MAX_ARRAYS or not infos or not all(i.filename.endswith(".npy") for i in infos):
        raise Problem(
            "{name} is a zip archive but no npz: it holds other things than arrays; give csv, "
            "tsv, npy, npz or parquet, or a zip of images in a folder for each class.",
            name=name,
        )
    return {info.filename.removesuffix(".npy"): info for info in infos}


def _check_unpacked(infos: list[zipfile.ZipInfo], name: str) -> None:
    """Raise Problem where arrays unpack to too much; no more than they declare is ever read."""
    size = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if size > MAX_UNPACKED or size > max(FREE, MAX_RATIO * packed):
        raise Problem(
            "{name} unpacks to too much ({size} bytes); at most {limit} bytes and {ratio} times "
            "its packed size can be opened; save it with numpy.savez, not packed, or give fewer "
            "rows.",
            name=name,
            size=size,
            limit=MAX_UNPACKED,
            ratio=MAX_RATIO,
        )


def _feature_array(archive, members, name: str, array: str | None) -> str:
    """The name of the array that holds the features."""
    if array is not None:
        if array not in members:
            raise Problem(
                "{name} has no array {array}; its arrays are: {arrays}.",
                name=name,
                array=array,
                arrays=", ".join(list(members)[:20]),
            )
        return array
    usual = [key for key in members if key in FEATURE_NAMES]
    tables = usual or [
        key for key, info in members.items() if len(_header(archive, info, name).shape) >= 2
    ]
    if len(tables) != 1:
        raise Problem(
            "{name} holds several arrays ({arrays}), and none or more than one could be the "
            "vectors; say which with --array NAME.",
            name=name,
            arrays=", ".join(list(members)[:20]),
        )
    return tables[0]


def _label_array(members, name: str, label_array: str | None) -> str | None:
    if label_array == "none":
        return None
    if label_array is not None and label_array not in members:
        raise Problem(
            "{name} has no array {array}; its arrays are: {arrays}.",
            name=name,
            array=label_array,
            arrays=", ".join(list(members)[:20]),
        )
    usual = [key for key in members if key in LABEL_NAMES]
    if label_array is None and len(usual) > 1:
        raise Problem(
            "{name} holds several arrays of labels ({arrays}); say which with --label-column NAME.",
            name=name,
            arrays=", ".join(usual),
        )
    return label_array or (usual[0] if usual else None)


def _header(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Header:
    with archive.open(info) as stream:
        return header(stream, f"{name}: {info.filename}")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, read) -> np.ndarray:
    """One array of the archive, read as `features` or as `column`."""
    with archive.open(info) as raw:
        stream = io.BufferedReader(raw, 1 << 16)
        return read(stream, header(stream, name), info.file_size, name)


def _as_text(values: np.ndarray | None) -> np.ndarray | None:
    if values is None:
        return None
    if values.dtype.kind == "S":
        return np.array([value.decode("utf-8", "replace") for value in values.tolist()], dtype=str)
    return values.astype(str)
