"""What Explore opens: runs, kept embeddings and uploads, the last two read as anybody's files."""

from dataclasses import replace

import numpy as np
import pytest

from centerviz.data.embeddings import Embeddings
from centerviz.data.parquet import write_embeddings
from centerviz.data.sources import load_dataset
from centerviz.data.tables import read_embeddings
from centerviz.embedding.measure import measure
from centerviz.problem import Problem
from centerviz.runs.export import export
from centerviz.runs.model import embed_dataset
from centerviz.runs.store import open_run
from centerviz.web import opening, subject
from centerviz.web.movie import movie, stamp, usual_axes


def pets(n=60, dim=3, seed=0, **more):
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    x = (rng.normal(size=(n, dim)) + labels[:, None] * 3).astype(np.float32)
    ids = np.array([f"p{i}" for i in range(n)])
    return Embeddings(x, labels, ("cat", "dog", "owl"), ids, source="pets", **more)


def test_an_epoch_of_a_run_has_the_numbers_of_its_film(digits_run):
    film = movie(str(digits_run.path), stamp(digits_run), False, usual_axes(2))
    for place, epoch in enumerate(film.epochs):
        shown = subject.shown_run(digits_run, epoch, unit=False)
        assert shown.reading == film.readings[place]
        assert len(shown.ids) == shown.total


def test_a_file_has_the_numbers_of_measure():
    e = pets()
    shown = subject.shown_file("pets 1", e, None, unit=False)
    numbers = measure(e)["raw"]
    assert (shown.reading.ratio, shown.reading.fisher) == (numbers["ratio"], numbers["fisher"])


def test_one_split_of_a_file_is_shown_alone():
    splits = np.array(["train", "test"])[np.arange(60) % 2]
    shown = subject.shown_file("pets 2", pets(splits=splits), "test", unit=False)
    assert shown.total == 30
    assert set(shown.ids) == {f"p{i}" for i in range(1, 60, 2)}


def test_a_large_file_is_drawn_in_part_and_says_so(monkeypatch):
    monkeypatch.setattr(subject, "MOST_ROWS", 50)
    monkeypatch.setattr(subject, "SOME_ROWS", 25)
    shown = subject.shown_file("pets 3", pets(), None, unit=True)
    assert (len(shown.ids), shown.total) == (25, 60)
    assert len(set(shown.ids)) == 25


def test_some_of_the_rows_keep_all_that_is_known_of_them():
    everything = subject.shown_file("pets 4", pets(), None, unit=False)
    some = everything.only(np.arange(0, 60, 6) + np.arange(10) % 3)
    assert len(some.ids) == len(some.labels) == len(some.space.x) == 10
    places = [everything.ids.tolist().index(name) for name in some.ids]
    np.testing.assert_array_equal(some.labels, everything.labels[places])
    assert set(some.labels) == {0, 1, 2}
    assert everything.only(np.arange(60)) is everything


def test_centers_of_another_count_than_the_classes_are_not_drawn():
    e = pets(centers=np.zeros((7, 3), dtype=np.float32))
    assert subject.shown_file("pets 5", e, None, unit=False).space.centers is None


def test_centers_are_drawn_only_in_the_space_where_they_live(tmp_path):
    run = open_run("digits-16d-with")
    assert run.config.normalize
    for kind in ("parquet", "npz"):
        e = read_embeddings(export(run.embeddings(), kind), kind)
        shown = {
            unit: subject.shown_file(f"{kind} 6", e, None, unit=unit) for unit in (False, True)
        }
        assert shown[0].space.centers is None, kind
        assert np.array_equal(shown[1].space.centers, e.centers), kind
    other = load_dataset("digits")
    names = tuple("abcdefghij")
    assert embed_dataset(run, other).unit_centers
    assert embed_dataset(run, replace(other, class_names=names)).centers is None


def uploaded(content, **more):
    return subject.uploaded_embeddings(subject.digest_of(content), "one.csv", content, **more)


def test_an_upload_is_known_by_content_and_reading():
    csv = b"label,a,b\nx,1,2\ny,3,4\nx,5,6\n"
    key, e = uploaded(csv)
    other_key, unlabelled = uploaded(csv, labels=b"u\nv\nw\n")
    assert key != other_key
    assert (e.class_names, unlabelled.class_names) == (("x", "y"), ("u", "v", "w"))
    other = uploaded(csv.replace(b"6", b"7"))
    files = (key, e), (other_key, unlabelled), other
    data = [subject.shown_file(*file, None, unit=False).data for file in files]
    assert data[0] == data[1] != data[2]


def test_an_upload_that_cannot_be_read_is_a_sentence():
    with pytest.raises(Problem, match="holds no vectors"):
        uploaded(b"hello there\nthis is text\n")


@pytest.mark.parametrize("name", ["../secret.parquet", "a/b.parquet", ".hidden.parquet", "no.txt"])
def test_a_link_cannot_name_files_elsewhere(name, tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_RUNS", str(tmp_path))
    (tmp_path / "secret.parquet").write_bytes(b"PAR1")
    with pytest.raises(Problem, match="no embedding"):
        subject.kept_embeddings(f"file:{name}")


def test_a_kept_embedding_is_listed_and_opened(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_RUNS", str(tmp_path))
    (tmp_path / subject.KEPT).mkdir()
    write_embeddings(tmp_path / subject.KEPT / "pets-by-me.parquet", pets())
    assert subject.codes()[0] == "file:pets-by-me.parquet"
    _key, e = subject.kept_embeddings("file:pets-by-me.parquet")
    assert e.n == 60 and e.class_names == ("cat", "dog", "owl")


def test_what_came_of_an_upload_is_listed_only_where_it_was_revealed(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_RUNS", str(tmp_path))
    (tmp_path / subject.KEPT).mkdir()
    named = opening.kept_name("with", "digits")
    mine = opening.kept_name("with", str(tmp_path / ".uploads" / "ab" / "faces.zip"))
    for name in (named, mine):
        write_embeddings(tmp_path / subject.KEPT / name, pets())
    assert subject.codes()[0] == f"file:{named}" and f"file:{mine}" not in subject.codes()
    monkeypatch.setattr(subject.st, "session_state", {subject.REVEALED: {mine}})
    assert {f"file:{named}", f"file:{mine}"} < set(subject.codes())
