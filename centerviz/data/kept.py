"""Pictures that take a minute to draw, kept in a file: drawn once, mapped afterwards.

The files lie beside what scikit-learn downloads (SCIKIT_LEARN_DATA); the last few are kept.
"""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

KEPT = 4  # files; the oldest goes first
A_DAY = 86_400.0  # seconds; no drawing takes as long
Draw = Callable[[int], np.ndarray]  # part i, uint8, of shape `shape[1:]`


def place(name: str) -> Path:
    """The file that keeps what is called `name`."""
    from sklearn.datasets import get_data_home  # a second to import, needed only here

    return Path(get_data_home()) / "centerviz" / f"{name}.npy"


def found(path: Path, shape: tuple[int, ...], draw: Draw) -> np.ndarray | None:
    """The pictures of the file, mapped; None where it is missing, damaged or drawn otherwise.

    The first and the last part are drawn again and compared.
    """
    try:
        kept = np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    except (OSError, ValueError, EOFError):
        return None
    same = kept.shape == shape and kept.dtype == np.uint8
    if not same or not all(np.array_equal(kept[i], draw(i)) for i in {0, shape[0] - 1}):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # it was used
    return kept


def write(path: Path, shape: tuple[int, ...], draw: Draw) -> Iterator[int]:
    """Draw all parts into the file, which appears whole or not at all; yields how many are done.

    Two processes that do so at once write the same bits, and the later one wins.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, ignore_cleanup_errors=True) as folder:
        part = Path(folder, path.name)
        with part.open("wb") as file:
            about = {"shape": shape, "fortran_order": False, "descr": "|u1"}
            np.lib.format.write_array_header_1_0(file, about)
            for i in range(shape[0]):
                file.write(draw(i).tobytes())
                yield i + 1
        part.replace(path)
    _forget_old(path.parent)


def _forget_old(folder: Path) -> None:
    """Delete all but the files used last, and what was begun and never ended."""
    with contextlib.suppress(OSError):  # somebody else was quicker, or has one open
        files = sorted(folder.glob("*.npy"), key=lambda file: file.stat().st_mtime)
        for file in files[:-KEPT]:
            file.unlink(missing_ok=True)
        for part in folder.glob("tmp*/*.npy"):  # of a drawing that was killed
            if time.time() - part.stat().st_mtime > A_DAY:
                shutil.rmtree(part.parent, ignore_errors=True)
