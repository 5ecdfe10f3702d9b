"""What is exported comes back unchanged, and is what other tools expect."""

import csv
import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import load_file

from centerviz.data.embeddings import Embeddings
from centerviz.data.tables import read_embeddings
from centerviz.data.thumbnails import thumbnail_png
from centerviz.problem import Problem
from centerviz.runs.export import ENDINGS, KINDS, export, export_run, projector
from centerviz.runs.store import open_run

NAMES = ("cat", "=SUM(A1)", "'@x", "猫, 狗")


def sample(n: int = 12, dim: int = 3) -> Embeddings:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, dim)).astype(np.float32) * 10.0 ** rng.integers(-30, 30, (n, dim))
    images = np.empty(n, dtype=object)
    images[:] = [thumbnail_png(np.full((8, 8, 3), 20 * i, np.uint8)) for i in range(n)]
    images[1] = None
    return Embeddings(
        x=x.astype(np.float32),
        labels=np.arange(n) % 4,
        class_names=NAMES,
        ids=np.array([f"{'=' if i % 2 else ''}00{i}" for i in range(n)]),
        splits=np.array(["train", "test"])[np.arange(n) % 2],
        metadata=pd.DataFrame({"age": np.arange(n) * 2, "note": ["-a", "b, c", '"d"'] * (n // 3)}),
        images=images,
        centers=rng.normal(size=(4, dim)).astype(np.float32),
        source="sample",
    )


@pytest.mark.parametrize("kind", ENDINGS)
def test_what_is_exported_comes_back(kind):
    e = sample()
    back = read_embeddings(export(e, kind), "mine")
    assert back.x.tobytes() == e.x.tobytes()
    assert back.ids.tolist() == e.ids.tolist()
    assert back.splits.tolist() == e.splits.tolist()
    assert set(back.class_names) == set(NAMES)
    assert [back.class_names[j] for j in back.labels] == [NAMES[j] for j in e.labels]
    if kind in ("parquet", "npz"):
        assert back.class_names == NAMES
        assert np.array_equal(back.centers, e.centers)
    if kind != "npz":
        assert back.metadata["age"].tolist() == e.metadata["age"].tolist()
        assert back.metadata["note"].tolist() == e.metadata["note"].tolist()
    if kind in ("parquet", "projector"):
        assert [image is None for image in back.images[[0, 2]]] == [False, False]


@pytest.mark.parametrize("kind", ENDINGS)
def test_unlabelled_embeddings_come_back_unlabelled(kind):
    e = replace(sample(), labels=None, class_names=(), splits=None, centers=None, images=None)
    back = read_embeddings(export(e, kind), "mine")
    assert back.labels is None
    assert back.splits is None
    assert back.ids.tolist() == e.ids.tolist()
    assert back.x.tobytes() == e.x.tobytes()


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=6)


@st.composite
def parts(draw):
    """What any embedding is made of. Gaps and control characters are left out: not every file keeps
    them (`runs.export`). A missing text comes back empty.

    It is made in the test: checks of its types draw random numbers, which a strategy may not.
    """
    n, dim = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    number = st.floats(width=32, allow_nan=False, allow_infinity=False)
    some = lambda of: np.array(draw(st.lists(of, min_size=n, max_size=n)))  # noqa: E731
    names = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    known, maybe = draw(st.booleans()), st.none() | WORDS.map("n{}".format)
    return {
        "x": np.array([some(number) for _ in range(dim)], np.float32).T.copy(),
        "labels": some(st.integers(0, len(names) - 1)) if known else None,
        "class_names": tuple(names) if known else (),
        "ids": np.array(draw(st.lists(WORDS, min_size=n, max_size=n, unique=True))),
        "splits": some(st.sampled_from(["train", "val", "test"])) if draw(st.booleans()) else None,
        "metadata": pd.DataFrame(
            {"age": some(st.integers(-9, 99)), "note": some(WORDS), "more": some(maybe)}
        ),
    }


@settings(max_examples=25, deadline=None, database=None)
@given(parts())
def test_any_embedding_comes_back_unchanged(parts):
    e = Embeddings(**parts)
    for kind in ENDINGS:
        back = read_embeddings(export(e, kind), "mine")
        assert back.x.tobytes() == e.x.tobytes(), kind
        assert back.ids.tolist() == e.ids.tolist(), kind
        for one, other in ((back, e), (e, back)):
            assert one.splits is other.splits is None or (one.splits == other.splits).all(), kind
            assert one.labels is None or other.labels is not None, kind
        if e.labels is not None:
            names = [[one.class_names[j] for j in one.labels] for one in (back, e)]
            assert names[0] == names[1], kind
            assert kind not in ("parquet", "npz") or (back.labels == e.labels).all(), kind
        if kind != "npz":
            assert back.metadata["age"].tolist() == e.metadata["age"].tolist(), kind
            assert back.metadata["note"].astype(str).tolist() == e.metadata["note"].tolist(), kind
            more = [one.metadata["more"].astype(object).fillna("").tolist() for one in (e, back)]
            assert more[0] == more[1] or not any(more[0]), kind  # nothing at all is no text


def test_no_cell_of_the_csv_is_a_formula():
    e = sample()
    e = replace(e, metadata=e.metadata.rename(columns={"note": "=1+1"}))
    rows = list(csv.reader(io.StringIO(export(e, "csv").decode())))
    assert rows[0][:5] == ["id", "label", "split", "age", "'=1+1"]
    assert "=1+1" in read_embeddings(export(e, "csv"), "mine").metadata
    words = {cell for row in rows[1:] for cell in row[:5]}
    assert "'=SUM(A1)" in words and "''@x" in words and "'=001" in words and "'-a" in words
    assert not any(word[0] in "=+@" for word in words)


def test_parquet_is_what_pandas_and_embedding_atlas_read():
    frame = pq.read_table(io.BytesIO(export(sample(), "parquet"))).to_pandas()
    assert list(frame) == ["id", "label", "split", "age", "note", "embedding", "image"]
    assert np.array_equal(np.stack(frame["embedding"]), sample().x)


def test_projector_holds_what_tensorboard_looks_for():
    e = sample()
    files = dict(projector(e))
    config = json.loads(files["projector_config.json"])["embeddings"][0]
    assert config["tensorShape"] == [12, 3]
    assert f'metadata_path: "{config["metadataPath"]}"' in files["projector_config.pbtxt"].decode()
    x = np.loadtxt(io.BytesIO(files[config["tensorPath"]]), dtype=np.float32, delimiter="\t")
    assert np.array_equal(x, e.x)
    metadata = pd.read_csv(io.BytesIO(files["metadata.tsv"]), sep="\t", quoting=csv.QUOTE_NONE)
    assert metadata.columns[0] == "label" and len(metadata) == e.n
    sheet = Image.open(io.BytesIO(files["sprite.png"]))
    tile, across = config["sprite"]["singleImageDim"][0], sheet.width // 8
    shades = [sheet.getpixel((i % across * tile, i // across * tile))[0] for i in range(e.n)]
    assert shades == [0 if i == 1 else 20 * i for i in range(e.n)]


def test_large_projectors_hold_bytes_and_a_sprite_that_cards_can_hold(monkeypatch):
    monkeypatch.setattr("centerviz.runs.export.MOST_TEXT", 10)
    monkeypatch.setattr("centerviz.data.thumbnails.MAX_SHEET", 20)
    files = dict(projector(sample()))
    assert np.array_equal(np.frombuffer(files["tensors.bytes"], "<f4").reshape(12, 3), sample().x)
    assert max(Image.open(io.BytesIO(files["sprite.png"])).size) <= 20


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_is_exported_with_its_pictures(kind, tmp_path):
    run = open_run("digits-2d-with")
    files = export_run(run, kind, tmp_path / "out")
    assert all(file.is_file() for file in files)
    if kind == "safetensors":
        assert load_file(files[0])["centers.kept"].shape == (10, 2)
        return
    e = run.embeddings()
    if kind == "projector":
        assert {"sprite.png", "projector_config.pbtxt"} < {file.name for file in files}
        return
    back = read_embeddings(files[0], "file")
    assert back.x.tobytes() == e.x.tobytes()
    assert np.array_equal(back.labels, e.labels)
    assert np.array_equal(back.ids, e.ids)


def test_what_cannot_be_exported_gets_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(Problem, match="choose one of"):
        export(sample(), "xlsx")
    with pytest.raises(Problem, match="name of a column"):
        export(replace(sample(), metadata=pd.DataFrame({"x2": np.arange(12)})), "csv")
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match="cannot be written"):
        export_run(open_run("digits-2d-with"), "csv", tmp_path / "file")


def test_equal_embeddings_give_equal_zips():
    assert export(sample(), "projector") == export(sample(), "projector")
    with zipfile.ZipFile(io.BytesIO(export(sample(), "projector"))) as archive:
        assert archive.testzip() is None
