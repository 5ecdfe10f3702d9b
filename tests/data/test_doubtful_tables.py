"""Tables that could be read in two ways, that miss splits or ids, or that unpack to too much."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from centerviz.data.tables import read_embeddings
from centerviz.problem import Problem
from tests.data.test_tables import WORDS, X, lists, npz, parquet, text


@pytest.mark.parametrize("make", [text, parquet])
def test_empty_splits_are_no_splits_and_some_are_refused(make):
    features = {} if make is text else {"embedding": lists()}

    def read(splits):
        column = splits if make is text else pa.array(splits, pa.string())
        return read_embeddings(make(**features, label=WORDS, split=column), "t")

    assert read([None] * 4).splits is None
    assert read(["train"] * 4).splits.tolist() == ["train"] * 4
    with pytest.raises(Problem, match="Row 3 of t has no split"):
        read(["train", "test", None, "test"])


def test_missing_ids_are_numbered():
    for ids in ([None] * 4, ["p", None, "q", "r"]):
        e = read_embeddings(parquet(embedding=lists(), id=pa.array(ids, pa.string())), "t")
        assert e.ids.tolist() == ["0", "1", "2", "3"]
    assert read_embeddings(text(id=[None] * 4, label=WORDS), "t").ids.tolist() == list("0123")


def test_whole_numbers_that_may_be_labels_are_asked_about():
    digits = np.random.default_rng(0).integers(0, 256, (40, 6))
    digits[:, 0] = np.arange(40) % 10
    for rows in (digits, digits[:, ::-1]):
        content = pd.DataFrame(rows).to_csv(header=False, index=False).encode()
        with pytest.raises(Problem, match=r"--label-column (1|6), or --label-column none"):
            read_embeddings(content, "mnist.csv")
        assert read_embeddings(content, "mnist.csv", label_column="none").dim == 6
        place = "1" if rows[1, 0] == 1 else "6"
        assert len(read_embeddings(content, "mnist.csv", label_column=place).class_names) == 10


@pytest.mark.parametrize("column", ["y", "Category"])
def test_columns_named_like_labels_are_asked_about(column):
    with pytest.raises(Problem, match=f"--label-column {column}, or --label-column none"):
        read_embeddings(text(**{column: [0, 1, 1, 0]}), "t.csv")
    with pytest.raises(Problem, match="--label-column none"):
        read_embeddings(parquet(a=X[:, 0], **{column: [0, 1, 1, 0]}), "t.parquet")
    assert read_embeddings(text(**{column: [0.5, 1, 1, 0]}), "t.csv").dim == 4
    assert read_embeddings(text(label=WORDS, **{column: [0, 1, 1, 0]}), "t.csv").dim == 4


@pytest.mark.parametrize("column", ["target", "Class", "labels"])
def test_columns_named_as_labels_are_taken(column):
    assert read_embeddings(text(**{column: [0, 1, 1, 0]}), "t.csv").class_names == ("0", "1")


def test_rows_that_do_not_fit_and_missing_columns_of_vectors_are_whole_sentences():
    with pytest.raises(Problem, match="a row has 3 columns; every row needs the 2 columns"):
        read_embeddings(b"a,b\n1,2\n1,2,3\n1,2\n", "t.csv")
    with pytest.raises(Problem, match="no columns of vectors; leave --array out"):
        read_embeddings(parquet(a=X[:, 0]), "t.parquet", array="x")


def test_npz_that_unpacks_to_too_much_is_refused(monkeypatch):
    stream = io.BytesIO()
    np.savez_compressed(stream, x=np.zeros((500, 400)))
    assert read_embeddings(stream.getvalue(), "z.npz").dim == 400
    monkeypatch.setattr("centerviz.data.npz.FREE", 1 << 20)
    with pytest.raises(Problem, match="unpacks to too much"):
        read_embeddings(stream.getvalue(), "z.npz")
    monkeypatch.setattr("centerviz.data.npz.MAX_UNPACKED", 50)
    with pytest.raises(Problem, match="unpacks to too much"):
        read_embeddings(npz(x=X), "x.npz")


def test_a_text_that_is_no_name_is_refused_before_every_row_is_as_wide(tmp_path):
    rows = [f"{i},{i % 2},1,2" for i in range(2999)] + [f"{'x' * 100_000},0,1,2"]
    (tmp_path / "t.csv").write_text("\n".join(["id,label,a,b", *rows]))
    with pytest.raises(Problem, match=r"a text of 100000 characters .* 3000 rows"):
        read_embeddings(tmp_path / "t.csv", "t.csv")
    kept = read_embeddings(tmp_path / "t.csv", "t.csv", id_column="a", beside=["id"])
    assert len(kept.metadata["id"][2999]) == 100_000


def test_both_ends_that_could_be_the_label_are_named(tmp_path):
    rows = [f"{i % 2},{i * 0.3},{i * 0.7},{i % 3}" for i in range(30)]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    with pytest.raises(Problem, match="--label-column 1 or --label-column 4"):
        read_embeddings(tmp_path / "t.csv", "t.csv")
    assert read_embeddings(tmp_path / "t.csv", "t.csv", label_column="1").class_names == ("0", "1")
