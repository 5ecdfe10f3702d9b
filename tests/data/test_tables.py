"""Vector tables in every format, told by content; and a sentence for what cannot be read."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from centerviz.data import columns, delimited
from centerviz.data.sources import load_dataset
from centerviz.data.tables import read_embeddings
from centerviz.problem import Problem

X = np.array([[0.5, 1.0, -2.0], [1e-3, 2.0, 4.0], [7.0, 0.25, 1.5], [0.0, -1.0, 3.0]])
WORDS = np.array(["cat", "dog", "cat", "eel"])
NUMBERS = np.array([3, 10, 3, 7])


def npy(array, version=None) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asanyarray(array), version, allow_pickle=True)
    return stream.getvalue()


def npz(**arrays) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def parquet(**named) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(named), stream)
    return stream.getvalue()


def text(sep=",", header=True, decimal=".", **named) -> bytes:
    frame = pd.DataFrame(dict(zip("abc", X.T, strict=True)) | named)
    return frame.to_csv(sep=sep, header=header, index=False, decimal=decimal).encode()


def lists(x=X):
    return pa.array([row.tolist() for row in x])


GOOD = {
    "csv": text(label=WORDS),
    "csv without header": text(header=False, label=WORDS),
    "tsv": text("\t", label=WORDS),
    "semicolons": text(";", label=WORDS),
    "decimal commas": text(";", decimal=",", label=WORDS),
    "tabs and decimal commas": text("\t", decimal=",", label=WORDS),
    "spaces": text(" ", label=WORDS),
    "spaces before and behind": b"".join(
        b"   " + line + b"  \n" for line in text(" ", label=WORDS).splitlines()
    ),
    "delimiter behind": text(header=False, label=WORDS).replace(b"\n", b",\n"),
    "delimiter behind, header": text(label=WORDS).replace(b"\n", b",\n"),
    "label first": text()[:0] + pd.DataFrame({"label": WORDS, "a": X[:, 0], "b": X[:, 1],
                                             "c": X[:, 2]}).to_csv(index=False).encode(),
    "utf-8 with mark": b"\xef\xbb\xbf" + text(label=WORDS),
    "utf-16": text(label=WORDS).decode().encode("utf-16"),
    "carriage returns": text(label=WORDS).replace(b"\n", b"\r\n"),
    "comments first": b"# from a tool\n# 3-D\n" + text(label=WORDS),
    "blank line first": b"\n" + text(label=WORDS),
    "quotes": text(label=WORDS).replace(b"cat", b'"cat"'),
    "class column": text(**{"class": WORDS}),
    "text column of another name": text(animal=WORDS),
    "names beside labels": text(animal=WORDS, who=["ann", "bob", "cid", "dan"]),
    "pandas index": pd.DataFrame(dict(zip("abc", X.T, strict=True)) | {"label": WORDS})
    .to_csv()
    .encode(),
    "row names of R": text(" ", label=WORDS).replace(b"\n", b"\nr ")[:-2].replace(b"\nr ", b"\n1 "),
    "counted columns": pd.DataFrame(X).assign(label=WORDS).to_csv(index=False).encode(),
    "npz": npz(x=X, y=WORDS),
    "npz embeddings": npz(embeddings=X.astype(np.float32), labels=WORDS, other=np.zeros(9)),
    "npz one table": npz(vectors=X, y=WORDS.astype("S3")),
    "parquet lists": parquet(embedding=lists(), label=WORDS),
    "parquet wide": parquet(**dict(zip("abc", X.T, strict=True)), label=WORDS),
    "parquet categories": parquet(vec=lists(), kind=pa.array(WORDS).dictionary_encode()),
}  # fmt: skip


@pytest.mark.parametrize("kind", GOOD)
def test_labelled_table_reads_the_same_in_every_format(kind):
    e = read_embeddings(GOOD[kind], "pets")
    np.testing.assert_array_equal(e.x, X.astype(np.float32))
    assert e.x.dtype == np.float32
    assert e.labels.dtype == np.int64
    assert e.class_names == ("cat", "dog", "eel")
    assert e.labels.tolist() == [0, 1, 0, 2]
    assert e.dropped == 0
    assert e.source == "pets"


@pytest.mark.parametrize("kind", GOOD)
def test_ending_of_the_name_decides_nothing(kind, tmp_path):
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(GOOD[kind])
    e = read_embeddings(wrong, wrong.name)
    np.testing.assert_array_equal(e.x, X.astype(np.float32))


@pytest.mark.parametrize(
    "dtype", ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "i1", "<i2", ">i4", "<i8", "u1", ">u8", "?"]
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_kind_of_number_reads(dtype, order):
    x = np.array(X if "f" in dtype else abs(X).astype(int), dtype=dtype, order=order)
    for content in (npy(x), npy(x, (2, 0)), npz(x=x)):
        np.testing.assert_array_equal(read_embeddings(content, "x").x, x.astype(np.float32))


def test_arrays_longer_than_a_piece_read_whole(monkeypatch, tmp_path):
    x = np.random.default_rng(0).normal(size=(501, 7))
    monkeypatch.setattr("centerviz.data.arrays.PIECE", 100)
    for order in "CF":
        path = tmp_path / f"{order}.npy"
        np.save(path, np.asarray(x, order=order))
        np.testing.assert_array_equal(read_embeddings(path, "x").x, x.astype(np.float32))


@pytest.mark.parametrize("make", [pa.float16, pa.float32, pa.float64, pa.int8, pa.uint32])
@pytest.mark.parametrize("fixed", [True, False])
def test_every_list_of_numbers_in_parquet_reads(make, fixed):
    rows = abs(X).astype(int) if "int" in str(make()) else X
    kind = pa.list_(make(), 3) if fixed else pa.list_(make())
    values = [[make().to_pandas_dtype()(v) for v in row] for row in rows]
    e = read_embeddings(parquet(embedding=pa.array(values, kind)), "p")
    np.testing.assert_array_equal(e.x, rows.astype(make().to_pandas_dtype()).astype(np.float32))


@pytest.mark.parametrize(
    "labels",
    [
        b"cat\ndog\ncat\neel\n",
        b"cat\ndog\ncat\neel",
        b"name of it\ncat\ndog\ncat\neel\n\n",
        b"cat\rdog\rcat\reel\r",
        b'"cat"\r\n"dog"\r\n"cat"\r\n"eel"\r\n',
        b"file\tlabel\n1.png\tcat\n2.png\tdog\n3.png\tcat\n4.png\teel\n",
        npy(WORDS),
        npy(WORDS.astype("S3")),
    ],
)
def test_labels_come_from_a_file_of_their_own(labels, tmp_path):
    for content in (npy(X), text(), text(label=NUMBERS), npz(x=X, y=NUMBERS)):
        e = read_embeddings(content, "x", labels=labels)
        assert [e.class_names[j] for j in e.labels] == WORDS.tolist()
        assert e.dim == 3
    path = tmp_path / "labels"
    path.write_bytes(labels)
    assert read_embeddings(npy(X), "x", labels=path).class_names == ("cat", "dog", "eel")


def test_commas_in_labels_on_lines_belong_to_them():
    e = read_embeddings(npy(X), "x", labels=b"1\n2, b\n1\n2, b\n")
    assert e.class_names == ("1", "2, b")


@pytest.mark.parametrize(
    "labels",
    [
        npy(NUMBERS),
        npy(NUMBERS.astype(float)),
        npy(NUMBERS[:, None]),
        b"3\n10\n3\n7\n",
        b"3.0\n10.0\n3.0\n7.0",
    ],
)
def test_numbers_as_labels_sort_as_numbers(labels):
    e = read_embeddings(npy(X), "x", labels=labels)
    assert e.class_names == ("3", "7", "10")
    assert e.labels.tolist() == [0, 2, 0, 1]


def test_numbered_label_column_is_no_feature():
    e = read_embeddings(text(label=NUMBERS), "t.csv")
    assert e.dim == 3
    assert e.class_names == ("3", "7", "10")


def test_id_split_and_words_are_kept():
    content = text(id=["p", "q", "r", "s"], split=["Train", "validation", "test", "test"],
                   label=WORDS, note=["n", "n", "m", "m"])  # fmt: skip
    e = read_embeddings(content, "t.csv")
    assert e.ids.tolist() == ["p", "q", "r", "s"]
    assert e.splits.tolist() == ["train", "val", "test", "test"]
    assert e.metadata["note"].tolist() == ["n", "n", "m", "m"]
    assert e.dim == 3


def test_ids_that_occur_twice_do_not_name_rows():
    e = read_embeddings(text(id=["p", "p", "r", "s"], label=WORDS), "t.csv")
    assert len(set(e.ids)) == 4
    assert e.metadata["given id"].tolist() == ["p", "p", "r", "s"]


def test_label_column_is_taken_by_name_and_by_number():
    assert read_embeddings(text(kind=NUMBERS), "t", label_column="kind").class_names[0] == "3"
    content = text(header=False, kind=NUMBERS)
    assert read_embeddings(content, "t", label_column="4").class_names[0] == "3"
    e = read_embeddings(content, "t", label_column="none")
    assert e.labels is None
    assert e.dim == 4
    assert read_embeddings(text(a2=WORDS, b2=WORDS), "t", label_column="none").labels is None


def test_array_is_taken_by_name():
    content = npz(one=X, two=2 * X)
    assert read_embeddings(content, "t", array="two").x[0, 0] == 1
    content = parquet(one=lists(), two=lists(2 * X))
    assert read_embeddings(content, "t", array="two").x[0, 0] == 1


def test_unlabelled_tables_have_no_labels():
    for content in (npy(X), npz(x=X), text(), text(header=False), parquet(embedding=lists())):
        e = read_embeddings(content, "t")
        assert e.labels is None
        assert e.class_names == ()
        assert e.n == 4


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_rows_that_are_not_finite_are_dropped_and_counted(bad):
    x = X.copy()
    x[1, 2] = bad
    frame = pd.DataFrame(x, columns=list("abc")).assign(label=WORDS)
    for content in (
        npz(x=x, y=WORDS),
        frame.to_csv(index=False).encode(),
        parquet(embedding=lists(x), label=WORDS),
        parquet(**{c: frame[c].to_numpy() for c in "abc"}, label=WORDS),
    ):
        e = read_embeddings(content, "t")
        assert e.dropped == 1
        assert e.ids.tolist() == ["0", "2", "3"]
        assert e.class_names == ("cat", "eel")
        assert e.labels.tolist() == [0, 0, 1]


def test_missing_cells_and_vectors_count_as_not_finite():
    rows = [[1.0, 2.0], None, [None, 1.0], [3.0, 4.0]]
    for kind in (pa.list_(pa.float32()), pa.list_(pa.float32(), 2)):
        assert read_embeddings(parquet(embedding=pa.array(rows, kind)), "t").dropped == 2
    assert read_embeddings(b"a,b\n1,2\n,3\nNA,4\n5\n6,7\n", "t").dropped == 3


SEQUENCES = parquet(embedding=pa.array([[1.0, 2.0], [1.0]]))
PROBLEMS = {
    "empty": (b"", "is empty", {}),
    "blank": (b"\n \n", "is empty", {}),
    "header only": (b"a,b,label\n", "no rows", {}),
    "words only": (b"a,b\nc,d\ne,f\n", "holds no vectors", {}),
    "binary": (bytes(range(256)) * 9, "csv, tsv, npy, npz or parquet", {}),
    "latin-1": ("a,b,label\n1,2,caf\xe9\n".encode("latin-1"), "UTF-8", {}),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "csv, tsv, npy, npz or parquet", {}),
    "long first row": (b"a,b\n1,2,3,4\n3,4\n", "not a regular table", {}),
    "long row": (b"a,b\n1,2\n3,4,5\n", "not a regular table", {}),
    "word among numbers": (b"a,b\n1,2\n3,4\n5,x\n7,8\n", "Column b .* 'x' in row 3", {}),
    "two labels": (text(k1=WORDS, k2=WORDS), "--label-column", {}),
    "class and target": (text(**{"class": NUMBERS, "target": NUMBERS}), "--label-column", {}),
    "whole numbers last": (text(header=False, k=NUMBERS), "--label-column 4", {}),
    "no such column": (text(), "has no column z", {"label_column": "z"}),
    "label missing": (b"a,label\n1,x\n2,\n3,y\n", "1 rows of .* no label .* row 2", {}),
    "label missing after a bad row": (b"a,label\n1,x\nnan,\n2,\n3,y\n", "no label .* row 3", {}),
    "numbers as label": (npz(x=X, y=X[:, 0]), "not whole numbers", {}),
    "labels too few": (npy(X), "2 labels, but .* 4 rows", {"labels": b"a\nb\n"}),
    "labels too many": (npy(X), "5 labels, but .* 4 rows", {"labels": npy(np.arange(5))}),
    "labels empty": (npy(X), "is empty", {"labels": b""}),
    "labels binary": (npy(X), "UTF-8", {"labels": bytes(range(256))}),
    "labels in a square": (npy(X), "one value for each", {"labels": npy(np.eye(4))}),
    "labels pickled": (npy(X), "never opened", {"labels": npy(np.array([{}, 1, 2, 3]))}),
    "labels in the npz too few": (npz(x=X, y=NUMBERS[:2]), "2 labels", {}),
    "one dimension": (npy(X[0]), "two-dimensional", {}),
    "three dimensions": (npy(X[None]), "two-dimensional", {}),
    "scalar": (npy(np.float64(3)), "two-dimensional", {}),
    "complex": (npy(X * 1j), "two-dimensional array of real", {}),
    "text array": (npy(WORDS[:, None]), "two-dimensional array of real", {}),
    "no rows": (npy(X[:0]), "holds no vectors", {}),
    "no columns": (npy(X[:, :0]), "holds no vectors", {}),
    "pickled": (npy(np.array([[{}]], dtype=object)), "never opened", {}),
    "pickled in npz": (npz(x=np.array([[{}]], dtype=object)), "never opened", {}),
    "records": (npy(np.zeros(3, dtype=[("a", "f4")])), "two-dimensional", {}),
    "cut npy": (npy(X)[:-1], "cut short", {}),
    "cut npz": (npz(x=X)[:-30], "cut short", {}),
    "cut parquet": (parquet(embedding=lists())[:-9], "cut short", {}),
    "npy magic only": (b"\x93NUMPY", "cut short", {}),
    "npy of the future": (b"\x93NUMPY\x09\x00" + npy(X)[8:], "cut short", {}),
    "several arrays": (npz(one=X, two=X), "--array", {}),
    "x and features": (npz(x=X, features=X), "--array", {}),
    "no array": (npz(one=NUMBERS), "--array", {}),
    "no such array": (npz(x=X), "no array z", {"array": "z"}),
    "no such labels": (npz(x=X), "no array z", {"label_column": "z"}),
    "y and labels": (npz(x=X, y=NUMBERS, labels=NUMBERS), "--label-column", {}),
    "array of a csv": (text(), "leave --array out", {"array": "x"}),
    "column of an npy": (npy(X), "--labels FILE", {"label_column": "y"}),
    "several vectors": (parquet(one=lists(), two=lists()), "--array", {}),
    "no such vectors": (parquet(one=lists()), "no column z of vectors", {"array": "z"}),
    "vectors of two lengths": (SEQUENCES, "differ in length", {}),
    "nothing finite": (npy(X * np.nan), "nothing is left", {}),
    "empty parquet": (parquet(embedding=lists(X[:0]).cast(pa.list_(pa.float32()))),
                      "holds no vectors", {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", PROBLEMS)
def test_what_cannot_be_read_gets_one_sentence(kind):
    content, words, how = PROBLEMS[kind]
    with pytest.raises(Problem, match=words) as caught:
        read_embeddings(content, "file", **how)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("cell", ["[1_0, 2]", "[1,,2]", "[1, 2,]", "[, 1 2]"])
def test_a_list_with_an_empty_place_or_an_odd_number_is_refused(cell):
    with pytest.raises(Problem, match="holds lists of numbers") as caught:
        read_embeddings(f'id,embedding\na,"[1, 2]"\nb,"{cell}"\n'.encode(), "t.csv")
    assert repr(cell) in str(caught.value) and "row 2" in str(caught.value)


def test_missing_file_and_empty_folder_get_one_sentence(tmp_path):
    with pytest.raises(Problem, match="no file"):
        read_embeddings(tmp_path / "none.csv", "none.csv")
    with pytest.raises(Problem, match="holds no vectors that can be opened"):
        read_embeddings(tmp_path, "folder")


@pytest.mark.parametrize("shape", [(1 << 40, 3), (3, 1 << 40), (1 << 62, 1 << 62), (-1, 3)])
def test_header_that_promises_too_much_takes_no_memory(shape):
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"descr": "<f4", "fortran_order": False, "shape": shape}
    )
    with pytest.raises(Problem):
        read_embeddings(stream.getvalue() + bytes(100), "x.npy")


def test_limits_are_checked_before_the_rows_are_read(monkeypatch):
    monkeypatch.setattr(columns, "MAX_VALUES", 11)
    for content in (npy(X), npz(x=X), text(), parquet(embedding=lists())):
        with pytest.raises(Problem, match="too large"):
            read_embeddings(content, "t")
    monkeypatch.setattr(delimited, "MAX_TEXT", 10)
    with pytest.raises(Problem, match="too large"):
        read_embeddings(text(), "t")


def test_table_with_labels_is_a_dataset(tmp_path):
    path = tmp_path / "table.csv"
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, 3)), columns=list("abc"))
    frame["label"] = np.repeat(["x", "y", "z"], 20)
    frame.to_csv(path, index=False)
    data = load_dataset(str(path))
    assert data.inputs.shape == (60, 3)
    assert not data.is_image
    assert data.classes == 3
    assert {s: len(data.rows(s)) for s in ("train", "val", "test")} == {
        "train": 42,
        "val": 6,
        "test": 12,
    }
    frame["split"] = np.where(frame["label"] == "x", "verify", "train")
    frame.to_csv(path, index=False)
    data = load_dataset(str(path))
    assert data.class_names == ("y", "z", "x")
    assert data.classes == 2
    assert set(data.labels[data.rows("verify")]) == {2}


@pytest.mark.parametrize(
    ("splits", "words"),
    [
        (["train", "train", "other", "test"], "has the split other"),
        (["test"] * 4, "nothing in the split train"),
        (["train", "test", "test", "test"], "tests the class dog"),
        (["train", "train", "verify", "train"], "trains the class cat of the split verify"),
    ],
)
def test_splits_that_cannot_be_trained_on_get_one_sentence(splits, words, tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(text(label=WORDS, split=splits))
    with pytest.raises(Problem, match=words):
        load_dataset(str(path))


def test_table_without_labels_is_no_dataset(tmp_path):
    path = tmp_path / "x.npy"
    path.write_bytes(npy(X))
    with pytest.raises(Problem, match="has no labels"):
        load_dataset(str(path))
