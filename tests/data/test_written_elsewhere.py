"""Files open that scikit-learn, pandas, NumPy, gensim, TensorBoard and others wrote."""

import io
import pickle
import zipfile

import numpy as np
import pytest
from PIL import Image

from centerviz.data.tables import read_embeddings
from centerviz.problem import Problem
from tests.data.written import (
    ATLAS,
    F4,
    LABELLED,
    NUMBERS,
    UNLABELLED,
    WORDS,
    X,
    frame_parquet,
    npy,
    npz,
    savetxt,
    sprite_png,
    svmlight,
    tensors_tsv,
    wide,
    zipped,
)  # fmt: skip


@pytest.mark.parametrize("tool", LABELLED)
def test_labelled_files_of_other_tools_open(tool):
    e = read_embeddings(LABELLED[tool], "file")
    by_row = sorted(zip(e.x.tolist(), [e.class_names[j] for j in e.labels], strict=True))
    assert by_row == sorted(zip(F4.tolist(), WORDS, strict=True))
    assert e.reading.format


@pytest.mark.parametrize("tool", UNLABELLED)
def test_unlabelled_files_of_other_tools_open(tool):
    e = read_embeddings(UNLABELLED[tool], "file")
    np.testing.assert_array_equal(e.x, F4)
    assert e.labels is None


@pytest.mark.parametrize("tool", {**LABELLED, **UNLABELLED})
def test_folders_and_files_read_as_their_bytes(tool, tmp_path):
    content = {**LABELLED, **UNLABELLED}[tool]
    (tmp_path / "file").write_bytes(content)
    of_bytes, of_file = read_embeddings(content, "file"), read_embeddings(tmp_path / "file", "file")
    np.testing.assert_array_equal(of_bytes.x, of_file.x)
    assert of_bytes.ids.tolist() == of_file.ids.tolist()
    if content[:4] == b"PK\3\4" and "npz" not in tool and "savez" not in tool:
        zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path / "folder")
        of_folder = read_embeddings(tmp_path / "folder", "folder")
        np.testing.assert_array_equal(of_bytes.x, of_folder.x)


def test_words_are_ids():
    for tool in ("word2vec text", "word2vec binary", "word2vec.c binary"):
        assert read_embeddings(UNLABELLED[tool], "w").ids.tolist() == list("abcd")
    assert read_embeddings(UNLABELLED["GloVe"], "w").ids.tolist() == ["the", '"', ",", "'s"]
    assert read_embeddings(UNLABELLED["gensim word2vec2tensor"], "w").ids.tolist() == list("abcd")


@pytest.mark.parametrize("how", [{}, {"zero_based": False}, {"comment": "by a tool"}])
def test_svmlight_of_scikit_learn_opens(how):
    e = read_embeddings(svmlight(**how), "x.svm")
    np.testing.assert_array_equal(e.x[:, -3:], F4)
    assert e.labels.tolist() == NUMBERS.tolist()


def test_sprites_are_cut_into_the_picture_of_each_row():
    log = LABELLED["projector of torch with header and sprite"]
    images = [Image.open(io.BytesIO(png)) for png in read_embeddings(log, "log").images]
    assert [image.convert("RGB").getpixel((3, 3))[0] for image in images] == [20, 80, 140, 200]


def test_a_table_with_the_label_first_or_last_is_asked_about_and_then_read():
    for place, columns in (("1", (NUMBERS, X)), ("4", (X, NUMBERS))):
        content = savetxt(np.column_stack(columns), fmt="%g")
        with pytest.raises(Problem, match=f"--label-column {place}, or"):
            read_embeddings(content, "t.txt")
        e = read_embeddings(content, "t.txt", label_column=place)
        np.testing.assert_array_equal(e.x, F4)
        assert e.labels.tolist() == NUMBERS.tolist()


def test_arrays_without_names_are_asked_about():
    content = npz(arr_0=F4, arr_1=np.array(WORDS), arr_2=F4[:2], arr_3=np.array(WORDS[:2]))
    with pytest.raises(Problem, match=r"arr_0, arr_1, arr_2, arr_3.*--array NAME"):
        read_embeddings(content, "faces.npz")
    e = read_embeddings(content, "faces.npz", array="arr_0", label_column="arr_1")
    assert [e.class_names[j] for j in e.labels] == WORDS


@pytest.mark.parametrize(
    "labels",
    ["1,cat/1.png\n2,dog/1.png\n1,cat/2.png\n3,eel/1.png\n", "a\nb\na\nc\n", npy(NUMBERS)],
)
def test_representations_beside_their_labels(labels):
    labels = labels.encode() if isinstance(labels, str) else labels
    reps = X.astype(str)
    content = "".join(",".join(row) + "\n" for row in reps).encode()
    assert read_embeddings(content, "reps.csv", labels=labels).labels.tolist() == [0, 1, 0, 2]


def test_several_embeddings_of_one_log_are_asked_about():
    config = "".join(
        f'embeddings {{\n  tensor_name: "{name}"\n  tensor_path: "{name}.tsv"\n}}\n'
        for name in "pq"
    )
    content = zipped({"projector_config.pbtxt": config, "p.tsv": tensors_tsv(), "q.tsv": "1\t2\n"})
    with pytest.raises(Problem, match=r"several embeddings \(p, q\).*--array NAME"):
        read_embeddings(content, "log.zip")
    assert read_embeddings(content, "log.zip", array="p").dim == 3


def test_a_projection_of_embedding_atlas_is_its_two_columns():
    e = read_embeddings(frame_parquet(ATLAS.drop(columns="vector")), "atlas.parquet")
    np.testing.assert_array_equal(e.x, F4[:, :2])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pickle.dumps(X), "pickle.*numpy.savez"),
        (b"\x1f\x8b\x08" + bytes(20), "unpack it"),
        (b"\x89HDF\r\n\x1a\n" + bytes(20), "HDF5"),
        (zipped({"a/data.pkl": b"\x80\x02"}), "pickle"),
        (zipped({"cat/1.png": sprite_png()}), "model of a finished run"),
        (zipped({"readme.md": "hello"}), "holds no vectors that can be opened"),
    ],
)
def test_what_is_never_opened_says_what_to_do(content, words):
    with pytest.raises(Problem, match=words):
        read_embeddings(content, "file")


def test_the_guess_is_told_and_each_part_of_it_can_be_corrected():
    content = b"who;age;a;b\nann;30;1,5;2\nbob;40;3,5;4\nann;31;5,5;6\n"
    e = read_embeddings(content, "t.csv")
    r = e.reading
    assert (r.format, r.delimiter, r.header, r.label, r.id) == (
        "csv",
        "semicolon",
        True,
        "who",
        None,
    )
    assert r.features == ("age", "a", "b")
    e = read_embeddings(content, "t.csv", beside=["age"], id_column="who", label_column="none")
    assert e.labels is None
    assert e.x.tolist() == [[1.5, 2], [3.5, 4], [5.5, 6]]
    assert e.metadata["age"].tolist() == [30, 40, 31]
    assert read_embeddings(b"1,2\n3,4\n", "t", header=True).reading.features == ("1", "2")
    assert read_embeddings(b"1,2 3\n4,5 6\n", "t", delimiter="comma").reading.columns == ("2", "1")


def test_what_is_said_of_a_text_is_refused_for_other_files():
    for how, flag in (({"header": True}, "--header"), ({"delimiter": "tab"}, "--delimiter")):
        with pytest.raises(Problem, match=f"leave {flag} out"):
            read_embeddings(npy(X), "x.npy", **how)
    with pytest.raises(Problem, match="no column z"):
        read_embeddings(wide().to_csv().encode(), "t.csv", beside=["z"])
