"""Files for other tools: an embedding as Parquet, csv, npz or projector folder; a map as a table.

What `export` writes `read_embeddings` reads back: ids, labels, class names, splits and vectors to
the bit; centers from Parquet and npz; metadata from Parquet, csv and projector. csv and projector
are text: classes come back in the order of their names, so with other numbers; a missing text comes
back empty; csv takes spaces around a text away, and projector makes a tab or a line break a space.
In csv a text that a spreadsheet would take for a formula, names of columns too, gets an apostrophe,
which reading takes away again.
The map as a page of its own is `figures.map_page`.

Letters: N rows · D features.
"""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from centerviz.data.delimited import spreadsheet_safe
from centerviz.data.embeddings import Embeddings
from centerviz.data.parquet import OURS, check_names, parquet_bytes
from centerviz.data.projector import OURS as OUR_NAME
from centerviz.data.sources import load_dataset
from centerviz.data.thumbnails import opened_png, sheet_layout, sprite, thumbnail_png
from centerviz.language import N_
from centerviz.problem import Problem
from centerviz.runs import record
from centerviz.runs.files import write_bytes
from centerviz.runs.store import Run

AXES = ("x", "y", "z")
KINDS = {
    "parquet": N_("Parquet: everything; opens in pandas and Embedding Atlas."),
    "csv": N_("CSV: for spreadsheets; without centers and pictures."),
    "npz": N_("NumPy arrays: vectors, labels, ids, splits, class names and centers."),
    "projector": N_("TensorBoard projector: vectors, metadata and pictures, with a config."),
    "safetensors": N_("Safetensors: the weights of a run's model, its centers included."),
}
ENDINGS = {"parquet": ".parquet", "csv": ".csv", "npz": ".npz", "projector": "-projector.zip"}
MIMES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "npz": "application/octet-stream",
    "projector": "application/zip",
}
MOST_TEXT = 4_000_000  # numbers of tensors.tsv; more are written as bytes
TILE = 64  # pixels a side of a picture on the sprite, at most
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of files in a zip: equal embeddings, equal bytes


def export_run(run: Run, kind: str, folder: Path) -> list[Path]:
    """Write a run's embedding, or its weights, under `folder` as one of KINDS; returns the files.

    A projector is a folder of files. Raises Problem for a run that isn't done, for an unknown
    kind and where the place cannot be written.
    """
    _check(kind, KINDS)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if kind == "safetensors":
            run.weights()  # says in a sentence where there are none
            return [shutil.copyfile(run.path / record.MODEL, folder / f"{run.id}.safetensors")]
        if kind == "projector":
            place = folder / f"{run.id}-projector"
            place.mkdir(exist_ok=True)
            files = {place / name: content for name, content in projector(with_pictures(run))}
        else:
            files = {folder / f"{run.id}{ENDINGS[kind]}": export(run.embeddings(), kind)}
        for path, content in files.items():
            write_bytes(path, content)
        return list(files)
    except OSError as error:
        raise Problem(
            "{file} cannot be written: {reason}.", file=folder, reason=error.strerror or error
        ) from None


def export(embeddings: Embeddings, kind: str) -> bytes:
    """An embedding as one file: Parquet, csv, npz, or a zip of the projector's files.

    Raises Problem for an unknown kind, and for metadata columns that have the name of a column of
    the file.
    """
    _check(kind, ENDINGS)
    writers = {"parquet": parquet_bytes, "csv": _csv, "npz": _npz, "projector": _packed_projector}
    return writers[kind](embeddings)


def check_export(e: Embeddings, kind: str) -> None:
    """Raise Problem where metadata has the name of a column of such a file, before it is made."""
    check_names(e, _columns(e, kind))


def _columns(e: Embeddings, kind: str) -> Sequence[str]:
    """The columns of such a file that are no metadata."""
    if kind in ("parquet", "npz"):
        return OURS if kind == "parquet" else []
    features = [f"x{i + 1}" for i in range(e.dim)] if kind == "csv" else []
    return ["id", "label", "split", *features]


def _check(kind: str, known) -> None:
    if kind not in known:
        raise Problem(
            "There is no export named {kind}; choose one of: {choices}.",
            kind=kind,
            choices=", ".join(known),
        )


def with_pictures(run: Run) -> Embeddings:
    """The embedding of a run with the pictures of its data set, where they are still there."""
    e = run.embeddings()
    try:
        dataset = load_dataset(run.config.dataset)
    except Problem:
        return e  # the data has gone; the embedding is still there
    if not dataset.is_image or e.images is not None:
        return e
    row_of = {name: row for row, name in enumerate(dataset.ids.tolist())}
    images = np.empty(e.n, dtype=object)
    for i, name in enumerate(e.ids.tolist()):
        if name in row_of:
            images[i] = thumbnail_png(dataset.inputs[row_of[name]])
    return replace(e, images=images)


def _csv(e: Embeddings) -> bytes:
    """id, label, split, metadata, x1 … xD: text that no spreadsheet takes for a formula."""
    names = [f"x{i + 1}" for i in range(e.dim)]
    known = _known(e, "csv")
    columns = {}
    for name, values in known.items():
        text = values.dtype.kind not in "iufb"
        name = spreadsheet_safe(name)
        columns[name] = _text(values).map(spreadsheet_safe) if text else values
    x = pd.DataFrame(np.asarray(e.x, dtype=np.float32), columns=names)
    frame = pd.concat([pd.DataFrame(columns), x], axis=1)
    return frame.to_csv(index=False, lineterminator="\n").encode()


def _known(e: Embeddings, kind: str) -> pd.DataFrame:
    """What is known of each row: id, label, split and metadata."""
    check_export(e, kind)
    columns = {"id": e.ids}
    if e.labels is not None:
        columns["label"] = np.array(e.class_names, dtype=object)[e.labels]
    if e.splits is not None:
        columns["split"] = e.splits
    columns |= {str(name): e.metadata[name].to_numpy() for name in e.metadata.columns}
    return pd.DataFrame(columns)


def _text(values: pd.Series) -> pd.Series:
    """A column as text; "" where a value is missing."""
    return values.astype(object).where(values.notna(), "").astype(str)


def _npz(e: Embeddings) -> bytes:
    arrays = {"x": np.asarray(e.x, dtype=np.float32), "ids": e.ids.astype(str)}
    if e.labels is not None:
        arrays |= {"labels": e.labels, "class_names": np.array(e.class_names, dtype=str)}
    if e.splits is not None:
        arrays["splits"] = e.splits.astype(str)
    if e.centers is not None:
        arrays["unit_centers" if e.unit_centers else "centers"] = e.centers
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def _packed_projector(e: Embeddings) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in projector(e):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return stream.getvalue()


def projector(e: Embeddings) -> Iterator[tuple[str, bytes]]:
    """The files of TensorBoard's projector, by name.

    projector_config.pbtxt is for `tensorboard --logdir FOLDER`, projector_config.json for the
    page projector.tensorflow.org, whose dialog also takes the two tsv files by themselves. Above
    `MOST_TEXT` numbers the vectors are float32 bytes, least significant byte first. Sprite tiles
    lie row by row.
    """
    tensors = "tensors.tsv" if e.n * e.dim <= MOST_TEXT else "tensors.bytes"
    yield tensors, _tensors(e, tensors.endswith(".tsv"))
    yield "metadata.tsv", _metadata(e)
    sheet = None if e.images is None else _sprite(e)
    if sheet is not None:
        yield "sprite.png", sheet[1]
    about = {
        "tensorName": OUR_NAME,
        "tensorShape": [e.n, e.dim],
        "tensorPath": tensors,
        "metadataPath": "metadata.tsv",
    }
    if sheet is not None:
        about["sprite"] = {"imagePath": "sprite.png", "singleImageDim": [sheet[0], sheet[0]]}
    config = {"embeddings": [about], "modelCheckpointPath": ""}
    yield "projector_config.json", json.dumps(config, indent=2).encode()
    yield "projector_config.pbtxt", _pbtxt(about).encode()


def _tensors(e: Embeddings, as_text: bool) -> bytes:
    x = np.asarray(e.x, dtype="<f4")
    if not as_text:
        return x.tobytes()
    return "".join("\t".join(row) + "\n" for row in x.astype(str).tolist()).encode()


def _metadata(e: Embeddings) -> bytes:
    """The label first: TensorBoard shows the first column. It wants a lone one without header."""
    known = _known(e, "projector")
    if len(known.columns) == 1:
        known = known.assign(row=np.arange(e.n))
    known = known[sorted(known.columns, key=lambda name: name != "label")]
    cells = [list(known.columns), *known.apply(_text).to_numpy().tolist()]
    lines = ("\t".join(re.sub(r"[\t\r\n]+", " ", cell) for cell in row) for row in cells)
    return "".join(f"{line}\n" for line in lines).encode()


def _sprite(e: Embeddings) -> tuple[int, bytes] | None:
    """The side of a tile and the sheet, at most 8192 pixels a side; None without any picture."""
    side = sheet_layout(e.n, TILE).tile
    opened = [opened_png(png, side) for png in e.images]
    found = [image for image in opened if image is not None]
    if not found:
        return None
    side = max(max(image.shape[:2]) for image in found)
    blank = np.zeros((side, side, 3), np.uint8)
    return side, sprite([blank if image is None else image for image in opened])


def _pbtxt(about: dict) -> str:
    lines = [
        "embeddings {",
        f'  tensor_name: "{about["tensorName"]}"',
        *(f"  tensor_shape: {length}" for length in about["tensorShape"]),
        f'  tensor_path: "{about["tensorPath"]}"',
        f'  metadata_path: "{about["metadataPath"]}"',
    ]
    if "sprite" in about:
        side = about["sprite"]["singleImageDim"][0]
        lines += [
            "  sprite {",
            f'    image_path: "{about["sprite"]["imagePath"]}"',
            *[f"    single_image_dim: {side}"] * 2,
            "  }",
        ]
    return "\n".join([*lines, "}", ""])


def write_map(path: Path, embeddings: Embeddings, points: np.ndarray) -> None:
    """Write id, label, split and the coordinates (N, 2 or 3) as Parquet, whole or not at all.

    `label` holds class names; label and split are null where they are not known. Raises Problem
    where the file cannot be written.
    """
    names = np.array(embeddings.class_names, dtype=object)
    labels = None if embeddings.labels is None else names[embeddings.labels].tolist()
    splits = None if embeddings.splits is None else embeddings.splits.tolist()
    n = embeddings.n
    columns = {
        "id": pa.array(embeddings.ids.tolist(), pa.string()),
        "label": pa.nulls(n, pa.string()) if labels is None else pa.array(labels, pa.string()),
        "split": pa.nulls(n, pa.string()) if splits is None else pa.array(splits, pa.string()),
    }
    for axis, name in enumerate(AXES[: points.shape[1]]):
        columns[name] = pa.array(np.ascontiguousarray(points[:, axis], dtype=np.float32))
    part = path.with_name(f".{path.name}.part")
    try:
        pq.write_table(pa.table(columns), part, compression="zstd")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Problem(
            "{file} cannot be written: {reason}.", file=path, reason=error.strerror or error
        ) from None
