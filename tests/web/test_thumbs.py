"""Pictures of samples: those of a run's data set, and those that a file brings along."""

import io

import numpy as np
from PIL import Image

from centerviz.data.embeddings import Embeddings
from centerviz.data.sources import load_dataset
from centerviz.data.thumbnails import thumbnail_png
from centerviz.web import thumbs


def opened(png):
    return np.asarray(Image.open(io.BytesIO(png)))


def with_pictures(*pictures):
    images = np.empty(len(pictures), dtype=object)
    images[:] = pictures
    ids = np.array([f"i{k}" for k in range(len(pictures))])
    return Embeddings(np.zeros((len(ids), 2), np.float32), None, (), ids, images=images)


def test_the_picture_of_a_sample_is_that_of_the_data_set(digits_run):
    sample = str(digits_run.rows().ids[5])
    dataset = load_dataset("digits")
    pixels = dataset.inputs[dataset.ids.tolist().index(sample)][..., 0]
    large = opened(thumbs.run_picture(digits_run, sample))
    times = len(large) // len(pixels)
    np.testing.assert_array_equal(large[::times, ::times], pixels)
    assert thumbs.run_picture(digits_run, "nobody") is None


def test_a_sheet_has_a_tile_for_every_sample_shown(digits_run):
    sheet = thumbs.run_sprite(digits_run)
    assert sheet.ids.tolist() == digits_run.rows().ids.tolist()
    assert sheet.columns * sheet.rows >= len(sheet.ids)
    assert sheet.url.startswith("api/thumbnails/")


def test_a_file_without_pictures_has_no_sheet():
    e = Embeddings(np.zeros((2, 2), np.float32), None, (), np.array(["a", "b"]))
    assert thumbs.file_sprite("k", e) is None and thumbs.file_picture(e, "a") is None


def test_what_is_no_picture_is_left_out():
    good = thumbnail_png(np.full((8, 8, 1), 200, np.uint8))
    e = with_pictures(good, b"not a picture", None, good[:30])
    assert thumbs.file_sprite("some", e).ids.tolist() == ["i0"]
    assert opened(thumbs.file_picture(e, "i0")).max() == 200
    assert thumbs.file_picture(e, "i1") is None


def test_a_huge_picture_is_not_opened(monkeypatch):
    monkeypatch.setattr("centerviz.data.thumbnails.LARGEST", 50)
    e = with_pictures(thumbnail_png(np.zeros((8, 8, 1), np.uint8)))
    assert thumbs.file_sprite("huge", e) is None
