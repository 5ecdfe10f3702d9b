"""What a visitor may name as data, and uploads as files."""

import pytest

from centerviz.problem import Problem
from centerviz.web import uploads


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_RUNS", str(tmp_path / "runs"))
    return tmp_path


def test_an_upload_is_stored_once_and_may_be_named(root):
    path = uploads.stored("my pictures.ZIP", b"abc")
    assert path.read_bytes() == b"abc"
    assert path.name == "my-pictures.zip"
    assert uploads.stored("my pictures.ZIP", b"abc") == path
    assert uploads.stored("../../x/\u202e.zip", b"d").is_relative_to(uploads.uploads())
    assert uploads.refused(str(path)) is None


def test_sets_of_the_list_are_named_with_their_strengths():
    assert uploads.refused("faces-1:pose=0.5") is None


def test_nothing_else_of_this_machine_is_read(root, monkeypatch):
    secret = root / "secret.csv"
    secret.write_text("a", encoding="utf-8")
    inside = root / "data"
    inside.mkdir()
    (inside / "link.csv").symlink_to(secret)
    (inside / "own.csv").write_text("a", encoding="utf-8")
    asked = [secret, inside / "own.csv", "~", "/", "..", "no/such", "a\0b", ""]
    asked.append(uploads.uploads() / ".." / ".." / "secret.csv")
    assert all(isinstance(uploads.refused(str(spec)), Problem) for spec in asked)
    monkeypatch.setenv("CENTERVIZ_DATA", str(inside))
    assert uploads.refused(str(inside / "own.csv")) is None
    assert uploads.refused(str(inside / "link.csv")) is not None
    assert uploads.refused(f"{inside}/../secret.csv") is not None


def test_uploads_end_where_there_is_no_room(monkeypatch):
    monkeypatch.setattr(uploads, "ROOM", 5)
    uploads.stored("a.zip", b"1234")
    with pytest.raises(Problem, match="no room"):
        uploads.stored("b.zip", b"12")
    assert uploads.stored("a.zip", b"1234").is_file()
