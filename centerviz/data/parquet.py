"""Embedding files in Parquet: ours, and other people's.

Ours: `id`, `label`, `split`, metadata columns, `embedding` (fixed-size list of float32), optional
`image` (PNG bytes). Class names, centers, whether those are of unit features, and source stand as
JSON under the key `centerviz` of the schema metadata. Any Parquet reader opens it as it is.
"""

import contextlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from centerviz.data.columns import (
    LABEL_NAMES,
    MAX_ROWS,
    check_size,
    refuse_hidden_label,
    roles,
    text_array,
)
from centerviz.data.embeddings import Embeddings
from centerviz.data.lists import chosen_list
from centerviz.data.mapped import filled, on_disk
from centerviz.data.reading import GUESS, UNLABELLED, Asked, RawTable, Reading
from centerviz.data.unpacked import check_beside, declared_dim, is_words, width
from centerviz.problem import Problem

KEY = b"centerviz"
OURS = ("id", "label", "split", "embedding", "image")
MAX_UNPACKED = 1 << 32  # bytes of all columns, as the file declares them
MAX_MAPPED = 1 << 37  # the same for a file on disk, whose vectors need not fit into memory
ROW_GROUP = 1 << 16  # rows
BATCH_VALUES = 1 << 21  # numbers of a batch
AHEAD = 1 << 20  # bytes read ahead: a row group may hold the whole file


def write_embeddings(path: Path, embeddings: Embeddings) -> None:
    """Write the file whole or not at all; reading it again gives the same values.

    Raises Problem when a metadata column has the name of one of our own columns.
    """
    part = path.with_name(path.name + ".part")
    _write(part, embeddings)
    part.replace(path)


def parquet_bytes(embeddings: Embeddings) -> bytes:
    """The same file as bytes."""
    stream = io.BytesIO()
    _write(stream, embeddings)
    return stream.getvalue()


def check_names(embeddings: Embeddings, columns: Sequence[str] = OURS) -> None:
    """Raise Problem where two classes, or a metadata column and one of `columns`, share a name."""
    if len(set(embeddings.class_names)) < len(embeddings.class_names):
        raise Problem("Two classes have the same name; give each class a name of its own.")
    taken = [str(c) for c in embeddings.metadata.columns if c in columns]
    if taken:
        raise Problem(
            "The metadata column {column} has the name of a column of the file; rename it.",
            column=taken[0],
        )


def _write(where: Path | io.BytesIO, embeddings: Embeddings) -> None:
    check_names(embeddings)
    pq.write_table(
        _table(embeddings),
        where,
        compression="zstd",
        use_dictionary=["label", "split"],
        row_group_size=ROW_GROUP,
    )


def _table(e: Embeddings) -> pa.Table:
    """The columns in our order, with our JSON beside what pandas wants to know."""
    columns = {"id": pa.array(e.ids.tolist(), pa.string())}
    if e.labels is not None:
        names = pa.array(e.class_names, pa.string())
        columns["label"] = pa.DictionaryArray.from_arrays(pa.array(e.labels, pa.int32()), names)
    if e.splits is not None:
        columns["split"] = pa.array(e.splits.tolist(), pa.string())
    metadata = pa.Table.from_pandas(e.metadata, preserve_index=False)
    if e.metadata.shape[1]:
        columns |= dict(zip(metadata.column_names, metadata.columns, strict=True))
    values = pa.array(np.ascontiguousarray(e.x, dtype=np.float32).reshape(-1))
    columns["embedding"] = pa.FixedSizeListArray.from_arrays(values, e.dim)
    if e.images is not None:
        columns["image"] = pa.array(e.images.tolist(), pa.binary())
    about = {"version": 1, "class_names": list(e.class_names), "source": e.source}
    if e.centers is not None:
        about["centers"] = e.centers.astype(np.float64).tolist()
        about["unit_centers"] = e.unit_centers
    stored = {KEY: json.dumps(about, ensure_ascii=False).encode()}
    return pa.table(columns).replace_schema_metadata(stored)


def read_parquet(stream: io.BufferedIOBase, name: str, asked: Asked = GUESS) -> RawTable:
    """The table in a Parquet file: a list column of vectors, or one column for each feature.

    Raises Problem for damaged files, and for those that can be read in two ways.
    """
    with _opened(stream, name) as file:
        most = MAX_MAPPED if on_disk(stream) else MAX_UNPACKED
        _check_declared(file.metadata, file.schema_arrow, name, most)
        return _read(stream, file, name, asked)


def outlined_parquet(stream: io.BufferedIOBase, name: str) -> Reading:
    """What can be chosen in a Parquet file, without reading its rows."""
    with _opened(stream, name) as file:
        kinds = {field.name: _kind(field.type) for field in file.schema_arrow}
    plain = [c for c, kind in kinds.items() if kind in ("number", "text", "other")]
    plain.sort(key=lambda c: kinds[c] != "text")  # text first: labels and ids are
    vectors = tuple(c for c, kind in kinds.items() if kind == "vectors")
    return Reading("parquet", vectors, tuple(plain))


@contextlib.contextmanager
def _opened(stream: io.BufferedIOBase, name: str) -> Iterator[pq.ParquetFile]:
    """The file, and a Problem where it is damaged."""
    try:
        with pq.ParquetFile(stream, buffer_size=AHEAD) as file:
            yield file
    except Problem:
        raise
    except (pa.ArrowException, OSError, MemoryError, ValueError, KeyError, OverflowError) as error:
        raise Problem(
            "{name} is damaged or cut short: it is not a whole Parquet file; write it again.",
            name=name,
        ) from error


def _read(stream: io.BufferedIOBase, file: pq.ParquetFile, name: str, asked: Asked) -> RawTable:
    schema, count, mapped = file.schema_arrow, file.metadata.num_rows, on_disk(stream)
    kinds = {field.name: _kind(field.type) for field in schema}
    vectors = chosen_list([c for c in kinds if kinds[c] == "vectors"], name, asked.array)
    images = "image" if kinds.get("image") == "bytes" else None
    kinds = {c: kind for c, kind in kinds.items() if kind in ("number", "text", "other")}
    if vectors:  # beside a column of vectors a number is metadata
        kinds = {c: "other" if kind == "number" else kind for c, kind in kinds.items()}
    beside = [c for c, kind in kinds.items() if kind != "number"]
    check_beside(stream, file, [*beside, images] if images else beside, name)
    unsaid = asked.label is None
    if unsaid and KEY in (schema.metadata or {}) and "label" not in kinds:
        asked = replace(asked, label=UNLABELLED)  # a file of ours says what it has
    columns = roles(kinds, name, asked, _distinct(file, kinds))
    if vectors:
        x = _vectors(file, name, vectors, mapped)
    else:
        check_size(name, count, len(columns.features), mapped)
        x = filled(count, len(columns.features), _wide_features(file, columns.features))
        refuse_hidden_label(x, columns, name, asked)
    named = [c for c in (columns.label, columns.id, columns.split, images) if c]
    table = file.read(columns=[*named, *columns.metadata])
    plain = {c: _plain(table[c]) for c in named if c != images}
    about = _about(schema, x.shape[1]) if vectors else {}
    labels, class_names = plain.get(columns.label), about.get("class_names")
    if unsaid and labels is not None and pd.isna(labels).all():
        labels = None  # as `project` writes where nothing is labelled
    if labels is None or columns.label != "label" or not set(labels) <= set(class_names or ()):
        class_names = None
    return RawTable(
        x=x,
        labels=labels,
        class_names=class_names,
        ids=_text(plain.get(columns.id), name),
        splits=_text(plain.get(columns.split), name),
        metadata=table.select(columns.metadata).to_pandas() if columns.metadata else pd.DataFrame(),
        images=_objects(table[images].to_pylist()) if images else None,
        centers=about.get("centers"),
        unit_centers=about.get("unit_centers", False),
        source=about.get("source"),
        reading=Reading(
            "parquet",
            tuple(field.name for field in schema if _kind(field.type) == "vectors"),
            tuple(kinds),
            array=vectors,
            label=None if labels is None else columns.label,
            id=columns.id,
            features=() if vectors else tuple(columns.features),
        ),
    )


def _distinct(file: pq.ParquetFile, kinds: dict[str, str]) -> list[str]:
    """The columns of text in which no value occurs twice, where nothing is named as the label."""
    text = [c for c, kind in kinds.items() if kind == "text"]
    if not text or any(c.strip().lower() in ("label", *LABEL_NAMES) for c in kinds):
        return []
    table, count = file.read(columns=text), file.metadata.num_rows
    return [c for c in text if count and len(pc.unique(table[c])) == count]


def _check_declared(metadata: pq.FileMetaData, schema: pa.Schema, name: str, most: int) -> None:
    """Raise Problem for a file that says it unpacks to too much, or that names a column twice."""
    declared = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if declared > most or metadata.num_rows > MAX_ROWS:
        raise Problem(
            "{name} is too large: {rows} rows, {size} bytes unpacked; at most {max_rows} rows and "
            "{limit} bytes can be opened.",
            name=name,
            rows=metadata.num_rows,
            size=declared,
            max_rows=MAX_ROWS,
            limit=most,
        )
    if len(set(schema.names)) < len(schema.names):
        raise Problem("{name} has two columns of one name; rename one of them.", name=name)


def _kind(kind: pa.DataType) -> str:
    """number, text, bytes, vectors, nested or other."""
    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind):
        return "number"
    if types.is_string(kind) or types.is_large_string(kind) or types.is_boolean(kind):
        return "text"
    if types.is_binary(kind) or types.is_large_binary(kind):
        return "bytes"
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return "vectors" if _kind(kind.value_type) == "number" else "nested"
    return "other" if is_words(kind) or width(kind) is not None else "nested"


def _vectors(file: pq.ParquetFile, name: str, column: str, mapped: bool) -> np.ndarray:
    """A list column (N, D); what the file declares of it is checked before any of it is read."""
    kind, count = file.schema_arrow.field(column).type, file.metadata.num_rows
    if pa.types.is_fixed_size_list(kind):
        declared = dim = kind.list_size
    else:
        declared = declared_dim(file, column, name)
        check_size(name, count, declared, mapped)
        dim = _first_length(_lists(file, column, declared))
    check_size(name, count, dim, mapped)
    return filled(count, dim, _list_features(_lists(file, column, declared), name, dim))


def _lists(file: pq.ParquetFile, column: str, declared: int) -> Iterator[pa.Array]:
    """The column in batches, by what its rows hold on average."""
    for batch in file.iter_batches(batch_size=_batch_rows(declared), columns=[column]):
        yield batch.column(column)


def _first_length(batches: Iterator[pa.Array]) -> int:
    """The length of the first vector; 0 where no row has one."""
    lengths = (lists.value_lengths().drop_null() for lists in batches)
    return next((some[0].as_py() for some in lengths if len(some)), 0)


def _list_features(batches: Iterator[pa.Array], name: str, dim: int) -> Iterator[np.ndarray]:
    """A list column as parts (n, D); a row without a vector becomes NaN."""
    step = _batch_rows(dim)
    for lists in batches:
        lengths = set(pc.unique(lists.value_lengths()).to_pylist()) - {None}
        if lengths - {dim}:
            raise Problem(
                "The vectors of {name} differ in length ({lengths}); every row needs as many "
                "numbers.",
                name=name,
                lengths=", ".join(str(n) for n in sorted({dim, *lengths})[:5]),
            )
        for start in range(0, len(lists), step):
            some = lists.slice(start, step)
            valid = some.is_valid().to_numpy(zero_copy_only=False)
            part = np.full((len(some), dim), np.nan)
            part[valid] = _numbers(some.flatten()).reshape(-1, dim)
            yield part


def _wide_features(file: pq.ParquetFile, features: list[str]) -> Iterator[np.ndarray]:
    """One column for each feature, as parts (n, D)."""
    for batch in file.iter_batches(batch_size=_batch_rows(len(features)), columns=features):
        yield np.column_stack([_numbers(batch.column(feature)) for feature in features])


def _batch_rows(dim: int) -> int:
    return max(BATCH_VALUES // max(dim, 1), 1)


def _numbers(values: pa.Array) -> np.ndarray:
    """Numbers as NumPy has them; missing ones become NaN."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_decimal(values.type):
        values = values.cast(pa.float64())
    return values.to_numpy(zero_copy_only=False)


def _plain(values: pa.ChunkedArray) -> np.ndarray:
    """A column as NumPy has it; booleans and categories as text."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.string())
    return values.to_numpy()


def _text(values: np.ndarray | None, name: str) -> np.ndarray | None:
    """A column as text; "" where a value is missing."""
    if values is None:
        return None
    missing = pd.isna(values)
    return text_array(["" if m else v for v, m in zip(values, missing, strict=True)], name)


def _objects(values: list) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _about(schema: pa.Schema, dim: int) -> dict:
    """Class names, source and centers that a file of ours states; only what has the right shape."""
    try:
        stored = json.loads((schema.metadata or {}).get(KEY, b"{}"))
    except ValueError:
        return {}
    about = {}
    if not isinstance(stored, dict):
        return about
    names = stored.get("class_names")
    if isinstance(names, list) and all(isinstance(one, str) for one in names):
        about["class_names"] = tuple(names)
    if isinstance(stored.get("source"), str):
        about["source"] = stored["source"]
    try:
        centers = np.array(stored.get("centers"), dtype=np.float32)
    except (ValueError, TypeError, OverflowError):
        return about
    if centers.ndim == 2 and centers.shape[1] == dim and np.isfinite(centers).all():
        about["centers"] = centers
        about["unit_centers"] = stored.get("unit_centers") is True
    return about
