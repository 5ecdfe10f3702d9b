"""Pictures kept in a file: whole or not at all, drawn again when they are not what they were."""

import os

import numpy as np
import pytest

from centerviz.data import kept

SHAPE = (6, 2, 3)


def draw(i: int) -> np.ndarray:
    return np.full((2, 3), i, dtype=np.uint8)


def other(i: int) -> np.ndarray:
    return draw(i) + 1


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "kept" / "a.npy"
    assert list(kept.write(path, SHAPE, draw)) == [1, 2, 3, 4, 5, 6]
    return path


def test_what_was_written_is_found(file):
    found = kept.found(file, SHAPE, draw)
    np.testing.assert_array_equal(found, np.stack([draw(i) for i in range(6)]))
    assert not found.flags.owndata  # mapped
    assert [entry.name for entry in file.parent.iterdir()] == ["a.npy"]


def test_other_drawings_and_damaged_files_are_not_taken(file):
    assert kept.found(file, SHAPE, other) is None
    assert kept.found(file, (3, 4, 3), draw) is None
    content = file.read_bytes()
    for damaged in (content[:-1], content[:40], b"", b"\x93NUMPY" + content):
        file.write_bytes(damaged)
        assert kept.found(file, SHAPE, draw) is None
    assert kept.found(file.parent / "none.npy", SHAPE, draw) is None


def test_drawing_that_is_broken_off_leaves_nothing(tmp_path):
    path = tmp_path / "b.npy"
    writing = kept.write(path, SHAPE, draw)
    next(writing)
    writing.close()
    assert list(tmp_path.iterdir()) == []


def test_two_that_draw_at_once_both_end_well(tmp_path):
    path = tmp_path / "c.npy"
    first, second = kept.write(path, SHAPE, draw), kept.write(path, SHAPE, draw)
    for _ in zip(first, second, strict=True):
        pass
    assert kept.found(path, SHAPE, draw) is not None
    assert list(tmp_path.iterdir()) == [path]


def test_the_files_used_last_are_kept(tmp_path):
    paths = [tmp_path / f"{i}.npy" for i in range(kept.KEPT + 1)]
    for age, path in enumerate(paths[:-1]):
        list(kept.write(path, SHAPE, draw))
        os.utime(path, (age, age))
    kept.found(paths[0], SHAPE, draw)  # used now: the second is the oldest
    list(kept.write(paths[-1], SHAPE, draw))
    assert sorted(tmp_path.iterdir()) == [paths[0], *paths[2:]]


def test_what_a_killed_drawing_left_is_gone_after_a_day(tmp_path):
    for name, age in (("tmpold", 2 * kept.A_DAY), ("tmpnew", 0.0)):
        part = tmp_path / name / "d.npy"
        part.parent.mkdir()
        part.write_bytes(b"half")
        os.utime(part, (part.stat().st_mtime - age,) * 2)
    list(kept.write(tmp_path / "e.npy", SHAPE, draw))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e.npy", "tmpnew"]
