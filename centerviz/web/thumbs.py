"""Pictures of samples: a sheet of thumbnails for hovering over a map, one for a pinned sample."""

from pathlib import Path

import numpy as np
import streamlit as st

from centerviz.data.embeddings import Embeddings
from centerviz.data.sources import load_dataset
from centerviz.data.thumbnails import SheetLayout, opened_png, sheet_layout, sprite, thumbnail_png
from centerviz.problem import Problem
from centerviz.runs.store import Run
from centerviz.web.asgi import offer
from centerviz.web.embedding_view import Sprite

MOST = 5_000  # pictures on a sheet
SIDE = 64  # pixels to which a picture of a file is made smaller
LARGE = 192  # pixels of an enlarged picture


def run_sprite(run: Run) -> Sprite | None:
    """The evaluation subset of a run as pictures; None where its samples are not images."""
    return _offered(_run_sheet(str(run.path), run.config.dataset))


@st.cache_resource(max_entries=8, show_spinner=False)
def _run_sheet(path: str, spec: str) -> tuple | None:
    images = _run_images(path, spec)
    return None if images is None else _sheet(*images)


def run_picture(run: Run, sample: str) -> bytes | None:
    """The picture of one sample of a run."""
    images = _run_images(str(run.path), run.config.dataset)
    if images is None:
        return None
    ids, pixels = images
    place = np.flatnonzero(ids == sample)
    return _enlarged(pixels[place[0]]) if len(place) else None


@st.cache_resource(max_entries=8, show_spinner=False)
def _run_images(path: str, spec: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Ids (M,) and pictures (M, H, W, K) of a run's evaluation subset."""
    try:
        dataset, rows = load_dataset(spec), Run(Path(path)).rows()
    except Problem:
        return None  # the data has gone; the embedding is still there
    if not dataset.is_image:
        return None
    row_of = {name: row for row, name in enumerate(dataset.ids.tolist())}
    ids = [name for name in rows.ids[:MOST].tolist() if name in row_of]
    return np.array(ids), dataset.inputs[[row_of[name] for name in ids]]


def file_sprite(key: str, e: Embeddings) -> Sprite | None:
    """The pictures inside an embedding file, if it has any. `key` names its content."""
    return None if e.images is None else _offered(_file_sheet(key, e))


@st.cache_resource(max_entries=4, show_spinner=False)
def _file_sheet(key: str, _embeddings: Embeddings) -> tuple | None:
    e = _embeddings
    opened = [
        (name, opened_png(png, SIDE))
        for name, png in zip(e.ids[:MOST], e.images[:MOST], strict=True)
    ]
    found = [(name, image) for name, image in opened if image is not None]
    if not found:
        return None
    return _sheet(np.array([name for name, _ in found]), [image for _, image in found])


def file_picture(e: Embeddings, sample: str) -> bytes | None:
    """The picture of one row of an embedding file."""
    place = np.flatnonzero(e.ids == sample)
    if e.images is None or not len(place):
        return None
    image = opened_png(e.images[place[0]], SIDE)
    return None if image is None else _enlarged(image)


def _enlarged(image: np.ndarray) -> bytes:
    """A picture with every pixel as a square, so that small ones stay sharp."""
    times = max(LARGE // max(image.shape[:2]), 1)
    return thumbnail_png(image.repeat(times, axis=0).repeat(times, axis=1))


def _sheet(ids: np.ndarray, images) -> tuple[np.ndarray, SheetLayout, bytes]:
    return ids, sheet_layout(len(images), max(images[0].shape[:2])), sprite(images)


def _offered(sheet: tuple | None) -> Sprite | None:
    """The sheet under an address of its own."""
    if sheet is None:
        return None
    ids, layout, png = sheet
    return Sprite(offer(png), layout.tile, layout.columns, layout.rows, ids)
