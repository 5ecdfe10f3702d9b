"""Mutated files of every format: embeddings that hold what they promise, or one Problem."""

import io

import numpy as np
import pandas as pd
import pytest

from centerviz.data.embeddings import Embeddings
from centerviz.data.parquet import write_embeddings
from centerviz.data.tables import read_embeddings
from centerviz.problem import Problem

TOKENS = (
    b"", b"\0", b"\xff", b",", b"\n", b"\r", b'"', b"nan", b"inf", b"1e999", b"-", b"\t", b"#",
    b"9" * 30, b"\xe9", b"PK\x03\x04", b"PAR1", b"\x93NUMPY", b" ", b";", b"0x1",
)  # fmt: skip


def seeds(folder) -> list[bytes]:
    """One good file of each format."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(12, 3)), np.repeat(["cat", "dog", "eel"], 4)
    frame = pd.DataFrame(x, columns=list("abc")).assign(label=y)
    e = Embeddings(
        x=x.astype(np.float32),
        labels=np.repeat(np.arange(3), 4),
        class_names=("cat", "dog", "eel"),
        ids=np.arange(12).astype(str),
        splits=np.repeat(["train", "test"], 6),
        centers=np.eye(3, dtype=np.float32),
    )
    write_embeddings(folder / "e.parquet", e)
    frame.to_parquet(folder / "wide.parquet")
    npy, npz, packed = io.BytesIO(), io.BytesIO(), io.BytesIO()
    np.save(npy, x)
    np.savez(npz, x=x, y=y, ids=np.arange(12))
    np.savez_compressed(packed, embeddings=x.astype(np.float16), labels=np.repeat([1, 2], 6))
    return [
        frame.to_csv(index=False).encode(),
        frame.to_csv(index=False, header=False, sep="\t").encode(),
        frame.to_csv(index=False, sep=";", decimal=",").encode("utf-16"),
        npy.getvalue(),
        npz.getvalue(),
        packed.getvalue(),
        (folder / "e.parquet").read_bytes(),
        (folder / "wide.parquet").read_bytes(),
    ]


def mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """The file after one to four accidents: bytes changed, cut, repeated, moved or put in."""
    data = bytearray(content)
    for _ in range(rng.integers(1, 5)):
        at, to = np.sort(rng.integers(0, len(data) + 1, 2))
        kind = rng.integers(7)
        if kind == 0 and len(data):
            data[rng.integers(len(data))] = rng.integers(256)
        elif kind == 1:
            del data[at : min(to, at + 40)]
        elif kind == 2:
            del data[at:]
        elif kind == 3:
            data[at:at] = data[at : min(to, at + 200)]
        elif kind == 4:
            data[at:at] = TOKENS[rng.integers(len(TOKENS))]
        elif kind == 5:
            data[at : at + 4] = rng.bytes(4)
        elif len(data):
            data[rng.integers(min(len(data), 200))] ^= 1 << rng.integers(8)
    return bytes(data)


def check(content: bytes, labels: bytes | None) -> bool:
    """Whether the file was read; if so, everything in it fits together."""
    try:
        e = read_embeddings(content, "mutated", labels=labels)
    except Problem as problem:
        assert "\n" not in str(problem)
        return False
    assert e.x.dtype == np.float32
    assert e.x.ndim == 2
    assert e.n > 0
    assert e.dim > 0
    assert np.isfinite(e.x).all()
    assert len(set(e.ids)) == e.n
    assert e.splits is None or len(e.splits) == e.n
    assert len(e.metadata) in (0, e.n)
    if e.labels is not None:
        assert len(e.labels) == e.n
        assert e.labels.min() >= 0
        assert e.labels.max() < len(e.class_names)
    return True


def read_many(folder, count: int) -> tuple[int, int]:
    rng, files = np.random.default_rng(20240), seeds(folder)
    read = 0
    for i in range(count):
        content = mutated(files[i % len(files)], rng)
        labels = mutated(b"a\nb\na\n" * 4, rng) if i % 5 == 4 else None
        read += check(content, labels)
    return read, count - read


def test_two_hundred_mutated_files_are_read_or_refused(tmp_path):
    read, refused = read_many(tmp_path, 200)
    assert read > 20
    assert refused > 20


@pytest.mark.soak
def test_five_thousand_mutated_files_are_read_or_refused(tmp_path):
    read, refused = read_many(tmp_path, 5000)
    assert read > 300
    assert refused > 500
