"""Small pictures of samples: one PNG each, or all of them in one sheet."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

MAX_SHEET = 8192  # pixels a side: what every browser and graphics card can hold
LARGEST = 4_000_000  # pixels of a picture in somebody's file; larger ones are not opened


@dataclass(frozen=True)
class SheetLayout:
    """Where sample i lies on a sheet: tile i % columns across, i // columns down."""

    tile: int  # pixels a side
    columns: int
    rows: int


def sheet_layout(count: int, side: int) -> SheetLayout:
    """The most nearly square sheet for `count` pictures of `side` pixels, at most 8192 pixels.

    Tiles become smaller where they would not fit.

    >>> sheet_layout(5, 28)
    SheetLayout(tile=28, columns=3, rows=2)
    >>> sheet_layout(70_000, 64)
    SheetLayout(tile=30, columns=265, rows=265)
    """
    columns = max(math.ceil(math.sqrt(count)), 1)
    rows = max(math.ceil(count / columns), 1)
    return SheetLayout(max(min(side, MAX_SHEET // columns), 1), columns, rows)


def thumbnail_png(image: np.ndarray) -> bytes:
    """One picture (H, W, K) uint8, K 1 or 3, as PNG.

    >>> thumbnail_png(np.zeros((2, 2, 1), np.uint8))[1:4]
    b'PNG'
    """
    return _png(_picture(image))


def opened_png(png: bytes | None, side: int) -> np.ndarray | None:
    """A picture out of anybody's file, (H, W, 3) uint8, made smaller than `side` pixels a side.

    None where it is no picture, or too large a one.

    >>> opened_png(thumbnail_png(np.zeros((9, 9, 1), np.uint8)), 4).shape, opened_png(b"?", 4)
    ((4, 4, 3), None)
    """
    if not png:
        return None
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
            if picture.width * picture.height > LARGEST:
                return None
            picture.thumbnail((side, side))
            return np.asarray(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def sprite(images: Sequence[np.ndarray] | np.ndarray) -> bytes:
    """Pictures (N, H, W, K) uint8 on one PNG sheet, laid out as `sheet_layout` says."""
    side = max(images[0].shape[:2]) if len(images) else 1
    layout = sheet_layout(len(images), side)
    channels = images[0].shape[2] if len(images) else 1
    sheet = np.zeros((layout.rows * layout.tile, layout.columns * layout.tile, channels), np.uint8)
    for i, image in enumerate(images):
        if image.shape[:2] != (layout.tile, layout.tile):
            small = _picture(image).resize((layout.tile, layout.tile), Image.Resampling.BOX)
            image = np.asarray(small).reshape(layout.tile, layout.tile, channels)
        top, left = i // layout.columns * layout.tile, i % layout.columns * layout.tile
        sheet[top : top + layout.tile, left : left + layout.tile] = image
    return _png(_picture(sheet))


def _picture(image: np.ndarray) -> Image.Image:
    return Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=False)
    return stream.getvalue()
