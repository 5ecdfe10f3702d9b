"""Vectors that may be larger than memory are read as others are, only from a mapped file."""

import errno
import mmap

import numpy as np
import pandas as pd
import pytest

from centerviz.data import mapped
from centerviz.data.tables import read_embeddings
from centerviz.embedding.measure import measure
from centerviz.problem import Problem

X = np.random.default_rng(0).normal(size=(900, 7))
Y = np.arange(900) % 4
WRITERS = {
    "plain.npy": lambda path, x: np.save(path, x.astype(np.float32)),
    "by column.npy": lambda path, x: np.save(path, np.asfortranarray(x)),
    "double.npy": lambda path, x: np.save(path, x),
    "lists.parquet": lambda path, x: pd.DataFrame({"embedding": list(x)}).to_parquet(
        path, row_group_size=200
    ),
    "wide.parquet": lambda path, x: pd.DataFrame(x, columns=list("abcdefg")).to_parquet(path),
}


def is_mapped(x: np.ndarray) -> bool:
    while isinstance(x, np.ndarray):
        x = x.base
    return isinstance(x, mmap.mmap)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(mapped, "PART", 100)


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("name", WRITERS)
def test_a_mapped_file_holds_what_memory_would(tmp_path, monkeypatch, name, broken):
    x = X.copy()
    if broken:
        x[[3, 500]] = [[np.nan], [1e300]]
    path, labels = tmp_path / name, tmp_path / "y.npy"
    with np.errstate(over="ignore"):
        WRITERS[name](path, x)
    np.save(labels, Y)
    held = read_embeddings(path, name, labels=labels)
    monkeypatch.setattr(mapped, "RESIDENT", 1000)
    found = read_embeddings(path, name, labels=labels)
    assert is_mapped(found.x) and not is_mapped(held.x)
    assert found.x.dtype == np.float32 and found.dropped == held.dropped == (2 if broken else 0)
    np.testing.assert_array_equal(found.x, held.x)
    np.testing.assert_array_equal(found.labels, held.labels)
    assert measure(found) == measure(held)


def test_an_upload_is_held_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(mapped, "RESIDENT", 1 << 20)
    np.save(tmp_path / "a.npy", X)
    assert not is_mapped(read_embeddings((tmp_path / "a.npy").read_bytes(), "a.npy").x)


def test_a_file_on_disk_may_hold_more_than_memory_may(tmp_path, monkeypatch):
    monkeypatch.setattr("centerviz.data.columns.MAX_VALUES", 899 * 7)
    WRITERS["plain.npy"](tmp_path / "a.npy", X)
    with pytest.raises(Problem, match="too large"):
        read_embeddings((tmp_path / "a.npy").read_bytes(), "a.npy")
    monkeypatch.setattr(mapped, "RESIDENT", 1000)
    assert read_embeddings(tmp_path / "a.npy", "a.npy").n == 900


def test_a_parquet_file_without_any_vector_says_so(tmp_path):
    pd.DataFrame({"embedding": [[], []]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(Problem, match="holds no vectors"):
        read_embeddings(tmp_path / "a.parquet", "a.parquet")


class Full:
    """A file on a disk without room."""

    def __enter__(self):
        return self

    def __exit__(self, *what):
        pass

    def write(self, content):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said(monkeypatch):
    monkeypatch.setattr(mapped, "RESIDENT", 1000)
    monkeypatch.setattr(mapped.tempfile, "TemporaryFile", Full)
    with pytest.raises(Problem, match="900 rows of 7 numbers do not fit on the disk"):
        mapped.filled(900, 7, [X])
