"""Thumbnails and sheets are PNG, hold the pixels and fit into what browsers can show."""

import io

import numpy as np
import pytest
from PIL import Image

from centerviz.data.thumbnails import MAX_SHEET, sheet_layout, sprite, thumbnail_png


@pytest.mark.parametrize("channels", [1, 3])
def test_thumbnail_holds_the_pixels(channels):
    image = np.random.default_rng(0).integers(0, 256, (8, 8, channels), dtype=np.uint8)
    opened = np.asarray(Image.open(io.BytesIO(thumbnail_png(image))))
    np.testing.assert_array_equal(opened.reshape(image.shape), image)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 7, 9])
def test_each_sample_lies_where_the_layout_says(channels, count):
    images = np.random.default_rng(0).integers(0, 256, (count, 8, 8, channels), dtype=np.uint8)
    sheet = np.asarray(Image.open(io.BytesIO(sprite(images))))
    layout = sheet_layout(count, 8)
    assert sheet.shape[:2] == (layout.rows * 8, layout.columns * 8)
    for i, image in enumerate(images):
        top, left = i // layout.columns * 8, i % layout.columns * 8
        tile = sheet[top : top + 8, left : left + 8].reshape(image.shape)
        np.testing.assert_array_equal(tile, image)


@pytest.mark.parametrize("count", [1, 1000, 16_384, 16_385, 70_000, 1_000_000])
def test_sheet_is_never_larger_than_a_browser_can_hold(count):
    layout = sheet_layout(count, 64)
    assert layout.tile * max(layout.columns, layout.rows) <= MAX_SHEET
    assert layout.columns * layout.rows >= count


def test_tiles_shrink_where_they_do_not_fit(monkeypatch):
    monkeypatch.setattr("centerviz.data.thumbnails.MAX_SHEET", 16)
    sheet = Image.open(io.BytesIO(sprite(np.full((9, 8, 8, 3), 200, dtype=np.uint8))))
    assert sheet.size == (15, 15)
    assert sheet.getpixel((0, 0)) == (200, 200, 200)


def test_no_images_make_an_empty_sheet():
    assert Image.open(io.BytesIO(sprite([]))).size == (1, 1)
