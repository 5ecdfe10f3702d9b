"""Mutated files of every format: a picture of what they hold, or one Problem in one sentence."""

import io
import resource
import signal
import zipfile
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest

from centerviz.data.embeddings import Embeddings
from centerviz.data.formats import outlined
from centerviz.data.oddities import oddities
from centerviz.data.reading import GUESS
from centerviz.data.tables import read_embeddings
from centerviz.embedding.axes import Axes, as_it_is, by_pca
from centerviz.embedding.measure import measure
from centerviz.embedding.statistics import ClassStatistics
from centerviz.figures.maps import embedding_map
from centerviz.problem import Problem
from centerviz.runs.export import ENDINGS, export
from tests.data.written import LABELLED, UNLABELLED, svmlight, zipped

TOKENS = (
    b"", b"\0", b"\xff", b",", b"\n", b"\r", b'"', b"nan", b"inf", b"1e999", b"-", b"\t", b"#",
    b"9" * 30, b"\xe9", b"PK\x03\x04", b"PAR1", b"\x93NUMPY", b" ", b";", b"0x1", b"{", b"}", b":",
    b"[", b"..", b"/", b"1e38", b"-1", b"4294967296",
)  # fmt: skip
SECONDS = 60  # after which a file counts as hanging
MOST_MEMORY = 2 << 30  # bytes


def seeds() -> list[bytes]:
    """Good files of each format, as other tools and as we write them."""
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
    return [
        frame.to_csv(index=False, sep=";", decimal=",").encode("utf-16"),
        svmlight(),
        *(export(e, kind) for kind in ENDINGS),
        *LABELLED.values(),
        *UNLABELLED.values(),
    ]


def mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """The file after some accidents; of an archive often one of its files, packed again."""
    if content.startswith(b"PK\3\4") and rng.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        name = sorted(files)[rng.integers(len(files))]
        return zipped(files | {name: accidents(files[name], rng)})
    return accidents(content, rng)


def accidents(content: bytes, rng: np.random.Generator) -> bytes:
    """The bytes after one to four accidents: some changed, cut, repeated, moved or put in."""
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
    """Whether the file was read; if so, everything in it fits together and can be drawn."""
    try:
        outlined(content, "mutated", GUESS)
        e = read_embeddings(content, "mutated", labels=labels)
    except Problem as problem:
        assert "\n" not in str(problem)
        return False
    assert e.x.dtype == np.float32
    assert e.x.ndim == 2
    assert min(e.x.shape) > 0
    assert np.isfinite(e.x).all()
    assert len(set(e.ids)) == e.n
    assert e.splits is None or len(e.splits) == e.n
    assert e.images is None or len(e.images) == e.n
    assert len(e.metadata) in (0, e.n)
    if e.labels is not None:
        assert len(e.labels) == e.n
        assert e.labels.min() >= 0
        assert e.labels.max() < len(e.class_names)
    assert oddities(e).repeated < e.n
    draw(e)
    return True


def draw(e: Embeddings) -> None:
    """The numbers and the map."""
    measure(e)
    x, dims = e.x.astype(np.float64), min(e.dim, 2)
    axes = by_pca(x, 2) if e.dim > 2 else as_it_is(e.dim, Axes("raw", max(dims, 2)), "x")
    means = None
    if e.labels is not None:
        means = axes.place(ClassStatistics.from_samples(x, e.labels, len(e.class_names)).means)
    embedding_map(axes.place(x), e.labels, e.class_names, means=means, axes=axes.names)


@contextmanager
def watched():
    """End what hangs."""
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def read_many(count: int, seed: int) -> tuple[int, int]:
    """How many of so many mutated files were drawn, and how many refused."""
    rng, files = np.random.default_rng(seed), seeds()
    read, before = 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for i in range(count):
        content = mutated(files[i % len(files)], rng)
        labels = mutated(b"a\nb\na\n" * 4, rng) if i % 5 == 4 else None
        try:
            with watched():
                read += check(content, labels)
        except Exception as error:
            error.add_note(f"mutation {i} of file {i % len(files)}: {content[:400]!r}")
            raise
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 < MOST_MEMORY
    return read, count - read


def test_two_hundred_mutated_files_are_drawn_or_refused():
    read, refused = read_many(200, seed=20240)
    assert min(read, refused) > 20


@pytest.mark.soak
@pytest.mark.parametrize("part", range(20))
def test_five_thousand_mutated_files_are_drawn_or_refused(part):
    read, refused = read_many(250, seed=part)
    assert min(read, refused) > 20
