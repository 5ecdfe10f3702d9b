"""npz, NumPy's archive of arrays: sizes are checked before memory is taken, nothing is unpickled.

Letters: N rows · D features · C classes.
"""

import contextlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping

import numpy as np

from centerviz.data.arrays import (
    FEATURE_NAMES,
    LABEL_NAMES,
    Header,
    as_text,
    column,
    feature_array,
    features,
    header,
    label_array,
    named,
)
from centerviz.data.reading import GUESS, Asked, RawTable, Reading
from centerviz.problem import Problem

MAX_UNPACKED = 1 << 32  # bytes of the arrays that are read
MAX_RATIO = 200  # unpacked to packed, above FREE bytes
FREE = 1 << 26
MAX_ARRAYS = 1000  # members of an npz
CENTERS = ("centers", "unit_centers")  # among x, or among z = x / ‖x‖
BESIDE = ("ids", "id", "splits", "split", "class_names", "target_names")  # read where they are


def read_npz(stream: io.BufferedIOBase, name: str, asked: Asked = GUESS) -> RawTable:
    """Features, and labels, ids, splits, class names and centers where there are any, of an npz.

    Without a word on which array is which, the usual names are looked for. Arrays of one length
    without a table among them are vectors, each called by its name.
    """
    with _opened(stream, name) as archive:
        members = _members(archive, name)
        headers = {key: _header(archive, info, name) for key, info in members.items()}
        if asked.array is None and _are_vectors(headers):
            _check_unpacked(list(members.values()), name)
            rows = [_member(archive, info, f"{name}: {k}", column) for k, info in members.items()]
            x, ids = np.stack(rows).astype(np.float32), np.array(list(members))
            return RawTable(x=x, ids=ids, reading=Reading("npz"))
        shapes = {key: () if one is None else one.shape for key, one in headers.items()}
        chosen = feature_array(shapes, name, asked.array)
        rest = {key: info for key, info in members.items() if key != chosen}
        label = label_array(rest, name, asked.label)
        words = None if label or asked.label else _only_words(headers, shapes[chosen][:1])
        columns = {label, words, *BESIDE} & set(rest)
        kept = next((key for key in CENTERS if len(shapes.get(key, ())) == 2), chosen)
        _check_unpacked([members[key] for key in columns | {chosen, kept}], name)
        read = {key: _member(archive, rest[key], f"{name}: {key}", column) for key in columns}
        tables = {
            key: _member(archive, members[key], f"{name}: {key}", features)
            for key in {chosen, kept}
        }
    if words and len(set(read[words].tolist())) < len(read[words]):
        label = words
    texts = {key: as_text(values) for key, values in read.items() if key != label}
    names = texts.get("class_names", texts.get("target_names"))
    labels, class_names = named(read.get(label), names)
    return RawTable(
        x=tables[chosen],
        labels=labels,
        class_names=class_names,
        ids=texts.get("ids", texts.get("id", texts.get(words))),
        splits=texts.get("splits", texts.get("split")),
        centers=_fitting(tables[kept], tables[chosen].shape[1], class_names),
        unit_centers=kept == "unit_centers",
        reading=outlined(shapes, array=chosen, label=label),
    )


def _only_words(headers: Mapping[str, Header | None], shape: tuple[int, ...]) -> str | None:
    """The only array of text (N,) whose name says nothing: classes, or ids where all differ."""
    found = [
        key
        for key, one in headers.items()
        if key not in BESIDE and one is not None and one.dtype.kind in "US" and one.shape == shape
    ]
    return found[0] if len(found) == 1 else None


def outlined_npz(stream: io.BufferedIOBase, name: str) -> Reading:
    """What can be chosen in an npz, without reading its arrays."""
    with _opened(stream, name) as archive:
        headers = {k: _header(archive, one, name) for k, one in _members(archive, name).items()}
    if _are_vectors(headers):
        return Reading("npz")
    return outlined({key: () if one is None else one.shape for key, one in headers.items()})


def outlined(
    shapes: Mapping[str, tuple[int, ...]],
    kind: str = "npz",
    array: str | None = None,
    label: str | None = None,
) -> Reading:
    """Which arrays could be vectors, by their shapes, and which labels."""
    tables = tuple(key for key, shape in shapes.items() if len(shape) == 2)
    columns = tuple(key for key, shape in shapes.items() if len(shape) == 1)
    return Reading(kind, tables, columns, array=array, label=label)


@contextlib.contextmanager
def _opened(stream: io.BufferedIOBase, name: str) -> Iterator[zipfile.ZipFile]:
    """The archive, and a Problem where it is damaged."""
    try:
        with zipfile.ZipFile(stream) as archive:
            yield archive
    except Problem:
        raise
    except (
        zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error,
        RuntimeError, ValueError,  # an encrypted member, a header that lies
    ) as error:  # fmt: skip
        raise Problem(
            "{name} is damaged or cut short: it is not a whole npz archive; save it again with "
            "numpy.savez.",
            name=name,
        ) from error


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The arrays of an npz by name."""
    infos = archive.infolist()
    if len(infos) > MAX_ARRAYS:
        raise Problem(
            "{name} holds {count} files; at most {limit} can be opened.",
            name=name,
            count=len(infos),
            limit=MAX_ARRAYS,
        )
    return {info.filename.removesuffix(".npy"): info for info in infos}


def _are_vectors(headers: Mapping[str, Header | None]) -> bool:
    """Whether every array is a vector of the same length, and none is called like a column."""
    usual = {*FEATURE_NAMES, *LABEL_NAMES, *BESIDE}
    shapes = {
        None if one is None or one.dtype.kind != "f" else one.shape for one in headers.values()
    }
    shape = shapes.pop() if len(shapes) == 1 else None
    return shape is not None and len(shape) == 1 and len(headers) > 1 and not usual & set(headers)


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


def _fitting(centers: np.ndarray, dim: int, names: tuple[str, ...] | None) -> np.ndarray | None:
    """Centers (C, D) where there is one for each class name, else None."""
    fits = names is not None and centers.shape == (len(names), dim)
    return centers if fits and np.isfinite(centers).all() else None


def _header(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Header | None:
    """What a member promises; None where it is no array, or one that is never opened."""
    with archive.open(info) as stream:
        try:
            return header(stream, f"{name}: {info.filename}")
        except Problem:
            return None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, read) -> np.ndarray:
    """One array of the archive, read as `features` or as `column`."""
    with archive.open(info) as raw:
        stream = io.BufferedReader(raw, 1 << 16)
        return read(stream, header(stream, name), info.file_size, name)
