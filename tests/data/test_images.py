"""Folders and zips of images: classes, splits, sizes, and what is damaged or malicious."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from centerviz.data import archive, images
from centerviz.data.archive import archived
from centerviz.data.images import image_dataset
from centerviz.data.sources import load_dataset
from centerviz.problem import Problem


def picture(value=128, size=(12, 12), mode="RGB", kind="PNG", **how) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size, value).save(stream, kind, **how)
    return stream.getvalue()


def noise(seed: int, size=(12, 12)) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def packed(files: dict[str, bytes], **how) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, **how) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return stream.getvalue()


def laid_out(files: dict[str, bytes], root: Path) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


PETS = {
    f"{pet}/{i}.png": noise(i + 10 * j) for j, pet in enumerate(("dog", "cat")) for i in range(10)
}


def test_subfolders_are_classes_and_folder_and_zip_agree(tmp_path):
    folder = load_dataset(str(laid_out(PETS, tmp_path / "pets")))
    (tmp_path / "pets.zip").write_bytes(packed(dict(reversed(PETS.items()))))
    zipped = load_dataset(str(tmp_path / "pets.zip"))
    for data in (folder, zipped):
        assert data.class_names == ("cat", "dog")
        assert data.inputs.shape == (20, 12, 12, 3)
        assert data.inputs.dtype == np.uint8
        assert {s: len(data.rows(s)) for s in ("train", "val", "test")} == {
            "train": 14,
            "val": 2,
            "test": 4,
        }
    np.testing.assert_array_equal(folder.inputs, zipped.inputs)
    np.testing.assert_array_equal(folder.ids, zipped.ids)
    np.testing.assert_array_equal(folder.splits, zipped.splits)


def test_folder_around_everything_and_files_of_the_system_do_not_matter():
    wrapped = {f"my pets/{name}": content for name, content in PETS.items()}
    wrapped |= {"__MACOSX/dog/._0.png": b"x", "my pets/.DS_Store": b"x", "my pets/readme.txt": b"x"}
    data = image_dataset(packed(wrapped))
    assert data.class_names == ("cat", "dog")
    assert len(data.ids) == 20
    assert data.source == "images"


def test_upper_folders_named_like_splits_are_splits():
    files = {"train/a/1.png": noise(1), "train/b/2.png": noise(2), "Validation/a/3.png": noise(3),
             "test/b/4.png": noise(4), "verify/c/5.png": noise(5)}  # fmt: skip
    data = image_dataset(packed(files))
    assert data.class_names == ("a", "b", "c")
    assert data.classes == 2
    assert dict(zip(data.ids, data.splits, strict=True)) == {
        "train/a/1.png": "train",
        "train/b/2.png": "train",
        "Validation/a/3.png": "val",
        "test/b/4.png": "test",
        "verify/c/5.png": "verify",
    }


@pytest.mark.parametrize(
    ("sizes", "side"),
    [
        ([(28, 28), (28, 28)], 28),
        ([(300, 200), (100, 90)], 64),
        ([(30, 40), (35, 31)], 24),
        ([(5, 5), (5, 5)], 8),
        ([(64, 64), (8, 8), (20, 20)], 16),
    ],
)
def test_images_become_squares_of_one_size(sizes, side):
    files = {f"a/{i}.png": noise(i, size) for i, size in enumerate(sizes)}
    assert image_dataset(packed(files)).inputs.shape[1:3] == (side, side)


def test_grey_images_have_one_channel():
    files = {"a/1.png": picture(7, mode="L"), "b/2.png": picture((9, 9, 9))}
    data = image_dataset(packed(files))
    assert data.inputs.shape[-1] == 1
    assert data.inputs[:, 0, 0, 0].tolist() == [7, 9]
    assert image_dataset(packed(files | {"b/3.png": noise(0)})).inputs.shape[-1] == 3


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (picture((200, 10, 10, 0), mode="RGBA"), 255),
        (picture(40000, mode="I;16"), 40000 // 257),
        (picture(1, mode="1"), 255),
        (picture(90, mode="L", kind="JPEG"), 90),
        (picture(90, mode="L", kind="BMP"), 90),
        (picture(90, mode="L", kind="GIF"), 90),
        (picture(90, mode="L", kind="TIFF"), 90),
        (picture((90, 90, 90), kind="WEBP", lossless=True), 90),
    ],
)
def test_every_kind_of_picture_reads(content, expected):
    data = image_dataset(packed({"a/1.png": content}))
    assert abs(data.inputs.astype(int) - expected).max() <= 1


def test_turned_photographs_stand_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    pixels = np.zeros((16, 16, 3), dtype=np.uint8)
    pixels[:8] = 255
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", exif=exif)
    upright = image_dataset(packed({"a/1.png": stream.getvalue()})).inputs[0, :, :, 0]
    assert (upright[:, 8:] == 255).all()
    assert (upright[:, :8] == 0).all()


def test_unreadable_images_are_left_out_and_counted():
    good = noise(0, (40, 40))
    files = {"a/1.png": good, "a/2.png": good[:-40], "a/3.png": b"", "b/4.png": b"\x89PNG",
             "b/5.png": noise(1, (40, 40)), "b/6.jpg": b"GIF89a" + bytes(20)}  # fmt: skip
    data = image_dataset(packed(files), "pets.zip")
    assert data.ids.tolist() == ["a/1.png", "b/5.png"]
    assert data.source == "pets.zip (left out: 4 unreadable)"


def test_images_with_too_many_pixels_are_left_out(monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    data = image_dataset(packed({"a/1.png": noise(0, (40, 40)), "a/2.png": noise(0, (20, 20))}))
    assert data.ids.tolist() == ["a/2.png"]


def test_header_that_promises_a_gigantic_image_takes_no_memory():
    content = bytearray(picture())
    content[16:24] = struct.pack(">II", 2_000_000, 2_000_000)
    with pytest.raises(Problem, match="no image that can be read \\(1 could not\\)"):
        image_dataset(packed({"a/1.png": bytes(content)}))


def test_mutated_images_never_raise():
    rng = np.random.default_rng(0)
    kinds = [
        picture(90, kind=kind, mode="L") for kind in ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
    ]
    for i in range(200):
        content = bytearray(kinds[i % len(kinds)])
        for at in rng.integers(0, len(content), rng.integers(1, 8)):
            content[at] = rng.integers(256)
        square = images._square(bytes(content[: rng.integers(1, len(content) + 1)]))
        assert square is None or square.dtype == np.uint8


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no image that can be read"),
        ({"a/readme.txt": b"x"}, "no image that can be read"),
        ({"1.png": noise(1), "a/2.png": noise(2)}, "lie in no folder"),
        ({"train/a/1.png": noise(1), "test/b/2.png": noise(2)}, "tests the class b"),
        ({"test/b/2.png": noise(2), "val/b/2.png": noise(2)}, "nothing in the split train"),
    ],
)
def test_folders_that_are_no_data_set_get_one_sentence(files, words, tmp_path):
    with pytest.raises(Problem, match=words):
        image_dataset(packed(files))
    (tmp_path / "folder").mkdir()
    with pytest.raises(Problem, match=words):
        image_dataset(laid_out(files, tmp_path / "folder"))


def link() -> bytes:
    info = zipfile.ZipInfo("a/1.png")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        out.writestr(info, "/etc/passwd")
    return stream.getvalue()


def changed(content: bytes, offset: int, value: bytes) -> bytes:
    """One field of the central directory of a one-member archive, changed."""
    at = content.index(b"PK\x01\x02") + offset
    return content[:at] + value + content[at + len(value) :]


BOMB = packed({"a/1.png": bytes(20 << 20)})
BAD_ZIPS = {
    "bomb": (BOMB, "unpacks to too much"),
    "bomb that lies": (changed(BOMB, 24, struct.pack("<I", 10)), "damaged|unpacks to too much"),
    "parent folder": (packed({"../a/1.png": b"x"}), "path out of the archive"),
    "deep parent folder": (packed({"a/../../1.png": b"x"}), "path out of the archive"),
    "backslashes": (packed({"..\\a\\1.png": b"x"}), "path out of the archive"),
    "absolute": (packed({"/a/1.png": b"x"}), "path out of the archive"),
    "drive": (packed({"C:/a/1.png": b"x"}), "path out of the archive"),
    "link": (link(), "holds a link"),
    "encrypted": (changed(packed({"a/1.png": b"x"}), 8, b"\x01\x00"), "encrypted"),
    "unknown packing": (changed(packed({"a/1.png": b"x"}), 10, b"\x63\x00"), "packed in a way"),
    "cut short": (packed(PETS)[:-50], "damaged"),
    "no zip": (b"hello", "damaged"),
    "wrong checksum": (changed(packed({"a/1.png": b"xyz"}), 16, b"\x00\x00\x00\x00"), "damaged"),
}


@pytest.mark.parametrize("kind", BAD_ZIPS)
def test_malicious_and_damaged_zips_get_one_sentence(kind):
    content, words = BAD_ZIPS[kind]
    with pytest.raises(Problem, match=words):
        image_dataset(content)


def test_limits_on_files_and_sum_hold(monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILES", 19)
    with pytest.raises(Problem, match="holds 20 files"):
        image_dataset(packed(PETS))
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MAX_TOTAL", 2000)
    with pytest.raises(Problem, match="unpacks to too much"):
        image_dataset(packed(PETS))
    monkeypatch.undo()
    monkeypatch.setattr(images, "MAX_IMAGES", 19)
    with pytest.raises(Problem, match="more than 19 images"):
        image_dataset(packed(PETS))


def test_zip_is_unpacked_one_file_at_a_time_by_path():
    content = packed({"b/2.png": noise(2), "b/1.png": noise(1), "a/3.png": noise(3)})
    broken = changed(content, 16, bytes(4))  # the checksum of b/2.png
    found = archived(broken, "z", (".png",))
    assert [str(next(found)[0]) for _ in range(2)] == ["a/3.png", "b/1.png"]
    with pytest.raises(Problem, match="damaged"):
        next(found)


def test_file_that_is_twice_in_a_zip_is_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        stream = io.BytesIO(packed({"a/1.png": noise(1)}))
        with zipfile.ZipFile(stream, "a") as out:
            out.writestr("a/1.png", noise(2))
    with pytest.raises(Problem, match="twice"):
        image_dataset(stream.getvalue())


def test_links_to_folders_are_not_followed(tmp_path):
    root = laid_out(PETS, tmp_path / "pets")
    (root / "again").symlink_to(root, target_is_directory=True)
    assert load_dataset(str(root)).class_names == ("cat", "dog")


def test_npz_is_a_table_and_not_a_zip_of_images(tmp_path):
    np.savez(tmp_path / "x.zip", x=np.eye(4), y=np.array([0, 0, 1, 1]))
    (tmp_path / "x.zip.npz").rename(tmp_path / "x.zip") if (
        tmp_path / "x.zip.npz"
    ).exists() else None
    assert load_dataset(str(tmp_path / "x.zip")).inputs.shape == (4, 4)


def test_mutated_zips_are_read_or_refused():
    rng = np.random.default_rng(1)
    base = packed({"a/1.png": noise(1), "b/2.png": noise(2), "b/3.png": noise(3)})
    for _ in range(100):
        content = bytearray(base)
        for at in rng.integers(0, len(content), rng.integers(1, 6)):
            content[at] = rng.integers(256)
        try:
            data = image_dataset(
                bytes(content[: rng.integers(len(content) // 2, len(content) + 1)])
            )
        except Problem:
            continue
        assert len(data.ids) == len(data.inputs) > 0
