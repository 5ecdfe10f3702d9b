"""TensorBoard's projector: a config, vectors as tsv or bytes, metadata, and a sprite of pictures.

The config is `projector_config.pbtxt`, as TensorBoard and torch write it, or the JSON of
projector.tensorflow.org. Without one, files called …tensor… and …metadata… belong together, as
gensim's word2vec2tensor writes them.

Letters: N rows · D features.
"""

import io
import json
import math
import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
from PIL import Image

from centerviz.data.bundle import Bundle
from centerviz.data.columns import check_size, plain_numbers, roles, text_array
from centerviz.data.layout import MISSING, decoded
from centerviz.data.reading import GUESS, UNLABELLED, Asked, RawTable, Reading
from centerviz.data.thumbnails import MAX_SHEET, thumbnail_png
from centerviz.problem import Problem

CONFIGS = ("projector_config.pbtxt", "projector_config.json")
OURS = "embedding"  # what we call it
MOST_LISTED = 1_000  # embeddings of a config
MOST_TILES = 20_000  # pictures cut out of a sprite
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([\w.+-]+)|([{}:])')


@dataclass(frozen=True)
class Listed:
    """One embedding of a config: where its parts lie."""

    name: str
    tensors: PurePosixPath
    shape: tuple[int, ...] = ()
    metadata: PurePosixPath | None = None
    sprite: PurePosixPath | None = None
    tile: tuple[int, ...] = ()


def is_projector(files: Bundle) -> bool:
    """Whether there is a config, or vectors beside metadata."""
    return bool(_configs(files)) or _unlisted(files) is not None


def read_projector(files: Bundle, asked: Asked = GUESS) -> RawTable:
    """One embedding of the config, with its metadata and pictures."""
    listed = _listed(files)
    one = _chosen(listed, files.name, asked.array)
    frame, header = _metadata(files, one)
    x = _tensors(files, one, None if frame is None else len(frame))
    if frame is not None and header is None and len(frame) == len(x) + 1:  # one column, named
        frame = frame.iloc[1:].set_axis([str(frame.iloc[0, 0])], axis=1).reset_index(drop=True)
    if frame is None:
        frame = pd.DataFrame(index=range(len(x)))
    columns = _roles(frame, files.name, _ours(frame, one, asked))

    def text(column: str | None) -> np.ndarray | None:
        return None if column is None else text_array(frame[column].tolist(), files.name)

    metadata = {c: plain_numbers(frame[c]) for c in columns.metadata}
    return RawTable(
        x=x,
        labels=text(columns.label),
        ids=text(columns.id),
        splits=text(columns.split),
        metadata=pd.DataFrame(metadata),
        images=_pictures(files, one, len(x)),
        reading=Reading(
            "projector",
            tuple(entry.name for entry in listed) if len(listed) > 1 else (),
            tuple(frame.columns),
            array=one.name,
            label=columns.label,
            id=columns.id,
        ),
    )


def outlined_projector(files: Bundle, asked: Asked = GUESS) -> Reading:
    """What can be chosen: the embeddings of the config, the columns of the metadata."""
    listed = _listed(files)
    names = tuple(one.name for one in listed) if len(listed) > 1 else ()
    one = next((one for one in listed if one.name == asked.array), listed[0])
    frame, _header = _metadata(files, one)
    columns = () if frame is None else tuple(frame.columns)
    return Reading("projector", names, columns)


def _configs(files: Bundle) -> list[PurePosixPath]:
    return [path for wanted in CONFIGS for path in files.paths if path.name == wanted]


def _unlisted(files: Bundle) -> Listed | None:
    """Vectors and metadata that are called so, where no config lists them."""
    tables = files.ending(".tsv", ".bytes")
    metadata = [path for path in tables if "meta" in path.name.lower()]
    tensors = [path for path in tables if re.search("tensor|vec", path.name.lower())]
    tensors = [path for path in tensors if path not in metadata]
    if len(tensors) != 1 or len(metadata) > 1:
        return None
    sprites = [p for p in files.ending(".png", ".jpg", ".jpeg") if "sprite" in p.name.lower()]
    sprite = sprites[0] if len(sprites) == 1 else None
    return Listed(tensors[0].stem, tensors[0], (), metadata[0] if metadata else None, sprite)


def _listed(files: Bundle) -> list[Listed]:
    """The embeddings of the config whose vectors are there."""
    configs = _configs(files)
    if not configs:
        return [_unlisted(files)]
    content = files.read(configs[0])
    text, _encoding = decoded(content[: 1 << 20], str(configs[0]), whole=len(content) <= 1 << 20)
    try:
        about = json.loads(text) if configs[0].suffix == ".json" else _parsed(text)
        entries = about.get("embeddings", [])
        entries = entries if isinstance(entries, list) else [entries]
        if len(entries) > MOST_LISTED:
            raise ValueError(len(entries))
        found = [_entry(files, configs[0].parent, one) for one in entries]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Problem(
            "{file} in {name} cannot be read as a config of TensorBoard's projector; export it "
            "again.",
            file=str(configs[0])[:80],
            name=files.name,
        ) from error
    there = [one for one in found if one is not None]
    if not there:
        raise Problem(
            "{file} in {name} names no vectors that lie beside it; pack the tsv or bytes files of "
            "the vectors into the same folder or zip.",
            file=str(configs[0])[:80],
            name=files.name,
        )
    return there


def _entry(files: Bundle, folder: PurePosixPath, about: dict) -> Listed | None:
    about = {re.sub("[A-Z]", lambda m: "_" + m[0].lower(), key): v for key, v in about.items()}
    sprite = about.get("sprite") or {}
    sprite = {re.sub("[A-Z]", lambda m: "_" + m[0].lower(), key): v for key, v in sprite.items()}
    tensors = _place(files, folder, about.get("tensor_path"))
    if tensors is None:
        return None
    return Listed(
        str(about.get("tensor_name") or tensors.stem),
        tensors,
        _numbers(about.get("tensor_shape")),
        _place(files, folder, about.get("metadata_path")),
        _place(files, folder, sprite.get("image_path")),
        _numbers(sprite.get("single_image_dim")),
    )


def _numbers(given: object) -> tuple[int, ...]:
    given = given if isinstance(given, list) else [] if given is None else [given]
    return tuple(int(str(one)[:12]) for one in given)


def _place(files: Bundle, folder: PurePosixPath, given: object) -> PurePosixPath | None:
    """The file that a config names: beside it, or the only one that is called so."""
    if not given:
        return None
    wanted = PurePosixPath(str(given).replace("\\", "/"))
    if folder / wanted in files:
        return folder / wanted
    called = [path for path in files.paths if path.name == wanted.name]
    return called[0] if len(called) == 1 else None


def _parsed(text: str) -> dict:
    """Protocol-buffer text as a dict: what occurs more than once is a list.

    >>> _parsed('embeddings { tensor_path: "a.tsv" sprite { single_image_dim: 8 } }')
    {'embeddings': {'tensor_path': 'a.tsv', 'sprite': {'single_image_dim': '8'}}}
    """
    text = re.sub(r"(?m)^\s*#.*$", "", text)
    root: dict = {}
    open_, key = [root], None
    for quoted, word, mark in _TOKEN.findall(text):
        if mark == "{" and key is not None:
            inner: dict = {}
            _add(open_[-1], key, inner)
            open_.append(inner)
            key = None
        elif mark == "}":
            open_.pop()
            if not open_:
                raise ValueError(text[:80])
        elif mark != ":" and key is None:
            key = word or quoted
        elif mark != ":":
            _add(open_[-1], key, word or quoted)
            key = None
    return root


def _add(where: dict, key: str, value: object) -> None:
    if key in where:
        before = where[key]
        where[key] = [*before, value] if isinstance(before, list) else [before, value]
    else:
        where[key] = value


def _chosen(listed: list[Listed], name: str, array: str | None) -> Listed:
    names = [one.name for one in listed]
    if array is not None and array not in names:
        raise Problem(
            "{name} has no array {array}; its arrays are: {arrays}.",
            name=name,
            array=array,
            arrays=", ".join(names[:20]),
        )
    if array is None and len(listed) > 1:
        raise Problem(
            "{name} holds several embeddings ({arrays}); say which with --array NAME.",
            name=name,
            arrays=", ".join(names[:20]),
        )
    return listed[0 if array is None else names.index(array)]


def _metadata(files: Bundle, one: Listed) -> tuple[pd.DataFrame | None, bool | None]:
    """The metadata as text, and whether it has a header; None: one column, so that N decides."""
    if one.metadata is None:
        return None, None
    text, _encoding = decoded(files.read(one.metadata), f"{files.name}: {one.metadata}")
    rows = [line.split("\t") for line in text.removesuffix("\n").replace("\r\n", "\n").split("\n")]
    width = len(rows[0])
    if width == 1:
        return pd.DataFrame({"1": [row[0] for row in rows]}), None
    if any(len(row) != width for row in rows) or len(set(rows[0])) < width:
        raise Problem(
            "{file} in {name} is not a regular table; every row needs the {columns} columns of "
            "the first, each with a name of its own.",
            file=str(one.metadata)[:80],
            name=files.name,
            columns=width,
        )
    return pd.DataFrame(rows[1:], columns=rows[0], dtype=str), True


def _tensors(files: Bundle, one: Listed, rows: int | None) -> np.ndarray:
    """The vectors (N, D) float32."""
    content, where = files.read(one.tensors), f"{files.name}: {one.tensors}"
    if one.tensors.suffix.lower() == ".bytes":
        n, dim = one.shape if len(one.shape) == 2 else (rows or 0, 0)
        dim = dim or len(content) // 4 // max(n, 1)
        if n < 1 or dim < 1 or n * dim * 4 != len(content):
            raise Problem(
                "{name} has {size} bytes, which are not {rows} rows of {dim} numbers of 4 bytes; "
                "write the shape into the config.",
                name=where,
                size=len(content),
                rows=n,
                dim=dim,
            )
        check_size(where, n, dim)
        return np.frombuffer(content, "<f4").reshape(n, dim).astype(np.float32)
    decoded(content[:4096], where, whole=len(content) <= 4096)
    dim = content.partition(b"\n")[0].count(b"\t") + 1
    check_size(where, max(content.count(b"\n"), 1), dim)
    try:
        values = pd.read_csv(
            io.BytesIO(content), sep="\t", header=None, dtype=np.float64, names=range(dim),
            index_col=False, na_values=list(MISSING),
        )  # fmt: skip
    except (ValueError, OverflowError) as error:
        raise Problem(
            "{name} is no table of numbers between tabs; write it again.", name=where
        ) from error
    with np.errstate(over="ignore"):
        return values.to_numpy(dtype=np.float64).astype(np.float32)


def _ours(frame: pd.DataFrame, one: Listed, asked: Asked) -> Asked:
    """A projector of our own says what it has: where no label stands first, there is none."""
    ours = one.name == OURS and list(frame.columns[:1]) == ["id"] and asked.label is None
    return replace(asked, label=UNLABELLED) if ours and "label" not in frame.columns else asked


def _roles(frame: pd.DataFrame, name: str, asked: Asked):
    """What the columns of the metadata are; a lone one is the label, or the ids if all differ."""
    kinds = dict.fromkeys(frame.columns, "text")
    distinct = [c for c in frame.columns if frame[c].is_unique]
    if len(frame.columns) > 1:
        numbers = [c for c in frame if pd.to_numeric(frame[c], errors="coerce").notna().all()]
        kinds |= dict.fromkeys(numbers, "other")
    return roles(kinds, name, asked, distinct)


def _pictures(files: Bundle, one: Listed, n: int) -> np.ndarray | None:
    """A picture for each of the first rows, cut out of the sprite; None where it is unreadable."""
    if one.sprite is None:
        return None
    pixels = _opened(files.read(one.sprite))
    if pixels is None:
        return None
    height, width = pixels.shape[:2]
    wide, high = one.tile if len(one.tile) == 2 else (width // math.ceil(math.sqrt(n)),) * 2
    if not 0 < wide <= width or not 0 < high <= height:
        return None
    images, across = np.empty(n, dtype=object), width // wide
    for i in range(min(n, MOST_TILES, across * (height // high))):
        top, left = i // across * high, i % across * wide
        images[i] = thumbnail_png(pixels[top : top + high, left : left + wide])
    return images


def _opened(content: bytes) -> np.ndarray | None:
    """A sprite (H, W, 3) uint8 of at most 8192 pixels a side; None where it cannot be read."""
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as sheet:
            return None if max(sheet.size) > MAX_SHEET else np.asarray(sheet.convert("RGB"))
    except Exception:  # Pillow's decoders raise errors of any kind on damaged files
        return None
