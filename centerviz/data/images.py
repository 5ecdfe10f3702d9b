"""Images of other people: a folder or zip in which each subfolder is a class.

Folders train, val, test (and verify) above the classes are taken as splits. Every image is cut to
the middle square and brought to one size, 8 to 64 pixels; grey stays grey when all are grey.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image, ImageOps

from centerviz.data.archive import MAX_FILE, archived, archived_names, is_zip
from centerviz.data.dataset import Dataset
from centerviz.data.splits import by_folder, shared_splits, trained_first
from centerviz.problem import Problem

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm")
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
MIN_SIDE, MAX_SIDE = 8, 64
MAX_PIXELS = 50_000_000  # of one image, before it is made small
MAX_IMAGES = 50_000


def is_image_zip(path: Path) -> bool:
    """Whether a file is a zip of anything but arrays (an npz is a zip of arrays)."""
    if not path.is_file() or not is_zip(path):
        return False
    names = archived_names(path)
    return not names or not all(one.endswith(".npy") for one in names)


def image_dataset(source: Path | bytes, name: str | None = None) -> Dataset:
    """Images of a folder or zip with their classes; unreadable ones are left out and counted.

    The count stands in `source` of the data set. Raises Problem when nothing is left, when images
    do not lie in folders, or when the archive breaks a rule of `archive`.
    """
    name = name or (source.name if isinstance(source, Path) else "images")
    pictures, paths, unreadable = [], [], 0
    for path, content in _files(source, name):
        picture = _square(content)
        if picture is None:
            unreadable += 1
            continue
        pictures.append(picture)
        paths.append(path)
        if len(pictures) > MAX_IMAGES:
            raise Problem(
                "{name} holds more than {limit} images; give fewer.", name=name, limit=MAX_IMAGES
            )
    if not pictures:
        raise Problem(
            "{name} holds no image that can be read ({count} could not); give png, jpg, bmp, gif, "
            "webp or tiff files in a folder for each class.",
            name=name,
            count=unreadable,
        )
    classes, splits = _classes(paths, name)
    class_names, labels = np.unique(classes, return_inverse=True)
    ids = np.array([str(path) for path in paths])
    if splits is None:
        splits = shared_splits(labels, ids)
    labels, class_names = trained_first(labels, splits, tuple(class_names.tolist()), name)
    about = name if not unreadable else f"{name} (left out: {unreadable} unreadable)"
    return Dataset(name, _one_size(pictures), labels, class_names, splits, ids, about, "")


def _files(source: Path | bytes, name: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The path and content of each image file, ordered by path."""
    if isinstance(source, bytes) or not source.is_dir():
        yield from archived(source, name, SUFFIXES)
        return
    found = []
    for folder, folders, files in os.walk(source):
        folders[:] = [one for one in folders if not one.startswith(".")]
        found += [Path(folder, one) for one in files if not one.startswith(".")]
    for path in sorted(path for path in found if path.suffix.lower() in SUFFIXES):
        try:
            content = path.read_bytes() if path.stat().st_size <= MAX_FILE else b""
        except OSError:
            content = b""  # counted as unreadable
        shown = str(path.relative_to(source).as_posix()).encode("utf-8", "replace").decode()
        yield PurePosixPath(shown), content


def _square(content: bytes) -> np.ndarray | None:
    """The middle square (S, S, 3) uint8, S at most 64; None for what is no readable image."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            image.verify()
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            image.draft("RGB", (4 * MAX_SIDE, 4 * MAX_SIDE))  # a JPEG may decode smaller
            return np.asarray(_cut(_rgb(ImageOps.exif_transpose(image))))
    except Exception:  # Pillow's decoders raise errors of any kind on damaged files
        return None


def _rgb(image: Image.Image) -> Image.Image:
    """Eight bits a channel; what is transparent becomes white."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float64)
        deep = image.mode.startswith("I;16") or values.max(initial=0) > 255
        limit = 65535 if deep else 255
        image = Image.fromarray(np.clip(values / limit * 255, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")


def _cut(image: Image.Image) -> Image.Image:
    """The middle square, made smaller where it is above 64 pixels."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    box = (left, top, left + side, top + side)
    small = min(side, MAX_SIDE)
    return (
        image.resize((small, small), Image.Resampling.LANCZOS, box)
        if side != small
        else (image.crop(box))
    )


def _one_size(pictures: list[np.ndarray]) -> np.ndarray:
    """Pictures (N, S, S, K) uint8, K = 1 when all are grey.

    S is the side of the pictures when they share one of at least 8 pixels, else the multiple of
    8 at or below their median side.
    """
    sides = np.array([len(picture) for picture in pictures])
    side = int(sides[0])
    if side < MIN_SIDE or (sides != side).any():
        side = int(np.clip(np.median(sides) // 8 * 8, MIN_SIDE, MAX_SIDE))
    out = np.empty((len(pictures), side, side, 3), dtype=np.uint8)
    for i, picture in enumerate(pictures):
        if len(picture) != side:
            image = Image.fromarray(picture).resize((side, side), Image.Resampling.LANCZOS)
            picture = np.asarray(image)
        out[i] = picture
    grey = (out[..., 0] == out[..., 1]).all() and (out[..., 1] == out[..., 2]).all()
    return out[..., :1].copy() if grey else out


def _classes(paths: list[PurePosixPath], name: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Class of each image, and its split where the upper folders are named so."""
    classes, splits = by_folder(paths)
    if classes is None:
        raise Problem(
            "{name} has images that lie in no folder; put the images of each class into a folder "
            "with the name of the class.",
            name=name,
        )
    return classes, splits
