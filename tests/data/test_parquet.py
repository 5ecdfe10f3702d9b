"""Our embedding files: what is written reads back unchanged, and other tools can open it."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from centerviz.data import unpacked
from centerviz.data.embeddings import Embeddings
from centerviz.data.parquet import KEY, write_embeddings
from centerviz.data.tables import read_embeddings
from centerviz.problem import Problem

FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
NAMES = WORDS.filter(bool)  # an empty id or class name is a missing one


@st.composite
def parts(draw) -> dict:
    """Any embeddings' fields: with and without labels, splits, metadata, images and centers."""
    n, dim = draw(st.integers(1, 12)), draw(st.integers(1, 9))
    classes = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    ids = draw(st.lists(NAMES, min_size=n, max_size=n, unique=True))
    maybe = lambda strategy: draw(st.none() | strategy)  # noqa: E731
    labels = maybe(arrays(np.int64, n, elements=st.integers(0, len(classes) - 1)))
    splits = maybe(st.lists(st.sampled_from(["train", "val", "test", "verify"]), min_size=n,
                            max_size=n))  # fmt: skip
    images = maybe(st.lists(st.none() | st.binary(max_size=9), min_size=n, max_size=n))
    notes = maybe(st.lists(WORDS, min_size=n, max_size=n))
    metadata = {} if notes is None else {"note": notes, "size": np.arange(n) / 2}
    return {
        "x": draw(arrays(np.float32, (n, dim), elements=FINITE)),
        "labels": labels,
        "class_names": () if labels is None else tuple(classes),
        "ids": np.array(ids, dtype=str),
        "splits": None if splits is None else np.array(splits, dtype=str),
        "metadata": pd.DataFrame(metadata),
        "images": None if images is None else np.array([*images, 0], dtype=object)[:-1],
        "centers": maybe(arrays(np.float32, (len(classes), dim), elements=FINITE)),
        "source": draw(WORDS),
    }


def assert_same(a: Embeddings, b: Embeddings) -> None:
    for name in ("x", "labels", "ids", "splits", "images", "centers"):
        one, other = getattr(a, name), getattr(b, name)
        assert (one is None) == (other is None), name
        if one is not None:
            np.testing.assert_array_equal(one, other, err_msg=name)
    assert a.class_names == b.class_names
    assert a.source == b.source
    assert b.dropped == 0
    assert a.metadata.to_dict() == b.metadata.to_dict()


@pytest.mark.slow
@given(parts())
@settings(max_examples=40, deadline=None)
def test_what_is_written_reads_back_unchanged(tmp_path_factory, parts):
    e = Embeddings(**parts)
    path = tmp_path_factory.mktemp("round") / "embeddings.parquet"
    write_embeddings(path, e)
    assert_same(e, read_embeddings(path, "anything"))
    again = path.with_name("again.parquet")
    write_embeddings(again, e)
    assert path.read_bytes() == again.read_bytes()


@pytest.fixture
def small() -> Embeddings:
    return Embeddings(
        x=np.eye(3, dtype=np.float32),
        labels=np.array([2, 0, 2]),
        class_names=("ant", "bee", "cat"),
        ids=np.array(["p", "q", "r"]),
        splits=np.array(["train", "test", "test"]),
        centers=np.ones((3, 3), dtype=np.float32),
        source="somewhere",
    )


def test_other_tools_open_the_file_as_it_is(small, tmp_path):
    path = tmp_path / "e.parquet"
    write_embeddings(path, small)
    frame = pd.read_parquet(path)
    assert list(frame.columns) == ["id", "label", "split", "embedding"]
    assert frame["label"].tolist() == ["cat", "ant", "cat"]
    assert str(pq.read_schema(path).field("embedding").type).startswith("fixed_size_list<")
    about = json.loads(pq.read_schema(path).metadata[KEY])
    assert about["class_names"] == ["ant", "bee", "cat"]
    assert np.shape(about["centers"]) == (3, 3)


def test_classes_without_rows_keep_their_place(small, tmp_path):
    path = tmp_path / "e.parquet"
    write_embeddings(path, small.rows(np.array([0, 2])))
    e = read_embeddings(path, "e")
    assert e.class_names == ("ant", "bee", "cat")
    assert e.labels.tolist() == [2, 2]


@pytest.mark.parametrize(
    "about",
    [b"", b"[]", b"{", b'{"class_names": 3}', b'{"class_names": ["other"], "centers": [[1, [2]]]}',
     b'{"centers": [[1, 2]], "source": 7}', b'{"centers": [[NaN, 1, 2]]}', b"\xff"],
)  # fmt: skip
def test_strange_words_in_the_schema_are_ignored(small, tmp_path, about):
    path = tmp_path / "e.parquet"
    write_embeddings(path, small)
    pq.write_table(pq.read_table(path).replace_schema_metadata({KEY: about}), path)
    e = read_embeddings(path, "e")
    assert e.class_names == ("ant", "cat")
    assert e.centers is None


def test_names_that_would_clash_are_refused(small, tmp_path):
    path = tmp_path / "e.parquet"
    clash = Embeddings(**{**vars(small), "metadata": pd.DataFrame({"label": [1, 2, 3]})})
    with pytest.raises(Problem, match="metadata column label"):
        write_embeddings(path, clash)
    twins = Embeddings(**{**vars(small), "class_names": ("a", "a", "b")})
    with pytest.raises(Problem, match="same name"):
        write_embeddings(path, twins)
    assert not list(tmp_path.iterdir())


KINDS = {
    "label": pa.string(),
    "id": pa.large_string(),
    "note": pa.string_view(),
    "image": pa.binary(),
    "width": pa.binary(1200),
}


def shared(path, columns: dict[str, pa.DataType], letters: int) -> None:
    """A thousand rows that share one value in each column, which is stored once."""
    words = {name: pa.array(["x" * letters] * 1000, kind) for name, kind in columns.items()}
    pq.write_table(pa.table(words | {"a": np.arange(1000.0)}), path)


@pytest.mark.parametrize("column", KINDS)
def test_a_text_that_stands_in_too_many_rows_is_refused_before_it_is_copied(
    tmp_path, monkeypatch, column
):
    monkeypatch.setattr(unpacked, "MAX_BESIDE", 1 << 20)
    shared(tmp_path / "b.parquet", {column: KINDS[column]}, 1200)
    with pytest.raises(Problem, match="beside the vectors unpack to"):
        read_embeddings(tmp_path / "b.parquet", "b.parquet")


def test_ten_gigabytes_from_a_small_file_are_refused(tmp_path):
    word = pa.DictionaryArray.from_arrays(np.zeros(10_000, np.int32), ["x" * 10**6])
    pq.write_table(pa.table({"label": word, "a": np.arange(10_000.0)}), tmp_path / "b.parquet")
    with pytest.raises(Problem, match="unpack to more than 1073741824 bytes"):
        read_embeddings(tmp_path / "b.parquet", "b.parquet")


def test_columns_count_together_and_those_that_are_not_read_do_not(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacked, "MAX_BESIDE", 1 << 20)
    shared(tmp_path / "b.parquet", {"audio": pa.binary()}, 1200)
    assert read_embeddings(tmp_path / "b.parquet", "b.parquet").x.shape == (1000, 1)
    shared(tmp_path / "b.parquet", dict.fromkeys(("label", "one", "two"), pa.string()), 400)
    with pytest.raises(Problem, match="unpack to"):
        read_embeddings(tmp_path / "b.parquet", "b.parquet")


def test_numbers_beside_the_vectors_count_too(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacked, "MAX_BESIDE", 1 << 20)
    columns = {f"n{i}": np.zeros(1000) for i in range(140)} | {"v": [[1.0]] * 1000}
    pq.write_table(pa.table(columns), tmp_path / "b.parquet")
    with pytest.raises(Problem, match="unpack to"):
        read_embeddings(tmp_path / "b.parquet", "b.parquet")


def test_rows_without_a_vector_come_before_those_with_one(tmp_path):
    lists = pa.array([None] * 5000 + [[1.0, 2.0, 3.0]] * 2)
    pq.write_table(pa.table({"v": lists}), tmp_path / "late.parquet", row_group_size=1000)
    assert read_embeddings(tmp_path / "late.parquet", "late.parquet").x.tolist() == [
        [1, 2, 3],
        [1, 2, 3],
    ]


def test_vectors_longer_than_the_limit_are_refused_by_what_the_file_declares(tmp_path):
    lists = pa.array(np.zeros((3, 70_000)).tolist())
    pq.write_table(pa.table({"v": lists}), tmp_path / "wide.parquet")
    with pytest.raises(Problem, match="too large: 3 rows of 70000 numbers"):
        read_embeddings(tmp_path / "wide.parquet", "wide.parquet")
    lists = pa.array([[0.0]] * 10 + [[0.0] * 70_000])
    pq.write_table(pa.table({"v": lists}), tmp_path / "one.parquet")
    with pytest.raises(Problem, match="differ in length"):
        read_embeddings(tmp_path / "one.parquet", "one.parquet")


def test_one_endless_vector_among_empty_ones_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacked, "FREE", 1 << 16)
    lists = pa.ListArray.from_arrays(
        np.array([0, *[90_000] * 1000], np.int32), np.zeros(9 * 10**7, "f4")
    )
    pq.write_table(pa.table({"v": lists}), tmp_path / "skew.parquet")
    with pytest.raises(Problem, match="unpacks to too much"):
        read_embeddings(tmp_path / "skew.parquet", "skew.parquet")


def test_a_column_of_vectors_may_have_dots_in_its_name(tmp_path):
    pq.write_table(pa.table({"model.layer1": [[1.0, 2.0]] * 3}), tmp_path / "dots.parquet")
    assert read_embeddings(tmp_path / "dots.parquet", "dots.parquet").x.shape == (3, 2)
