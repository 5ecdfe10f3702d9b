"""faces-1: the same to the byte every time, split by person, each nuisance with its strength."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from centerviz.data.drawn import strengths
from centerviz.data.faces import (
    FACE_NUISANCES,
    IMAGES,
    TRAINED,
    VERIFIED,
    face,
    person,
)  # fmt: skip
from centerviz.data.sources import load_dataset
from centerviz.problem import Problem

NONE = dict.fromkeys(FACE_NUISANCES, 0.0)
GRID = {  # mean grey of 8×8 blocks of picture 3 of three persons
    0: [133, 160, 202, 248, 129, 113, 142, 247, 126, 117, 146, 241, 114, 107, 160, 242],
    22: [229, 108, 68, 120, 203, 73, 60, 91, 202, 113, 90, 103, 196, 119, 90, 107],
    45: [137, 114, 110, 124, 156, 57, 56, 132, 175, 82, 69, 151, 214, 148, 99, 165],
}


@pytest.fixture(scope="module")
def data():
    return load_dataset("faces-1")


def test_sizes_and_splits_are_as_promised(data):
    assert data.inputs.shape == (TRAINED * 30 + VERIFIED * IMAGES["verify"], 32, 32, 3)
    assert data.inputs.dtype == np.uint8
    assert data.classes == TRAINED == 40
    assert len(data.class_names) == 60
    for split in ("train", "val", "test"):
        counts = np.bincount(data.labels[data.rows(split)], minlength=60)
        assert (counts[:40] == IMAGES[split]).all()
        assert (counts[40:] == 0).all()
    counts = np.bincount(data.labels[data.rows("verify")], minlength=60)
    assert (counts[:40] == 0).all()
    assert (counts[40:] >= 12).all()
    assert len(set(data.ids)) == len(data.ids)


def test_same_bytes_in_another_process(data):
    rows = np.arange(0, len(data.labels), 97)
    code = (
        "import hashlib; from centerviz.data.faces import *; digest = hashlib.sha256()\n"
        f"for n, i in {[tuple(map(int, one.split('-')[1:])) for one in data.ids[rows]]}:\n"
        "    digest.update(face(person(n), n, i, FACE_NUISANCES).tobytes())\n"
        "print(digest.hexdigest())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == hashlib.sha256(data.inputs[rows].tobytes()).hexdigest()


def test_drawing_has_not_changed_under_its_name():
    for number, grid in GRID.items():
        picture = face(person(number), number, 3, FACE_NUISANCES).astype(float)
        blocks = picture.reshape(4, 8, 4, 8, 3).mean(axis=(1, 3, 4)).ravel()
        assert abs(blocks - grid).max() < 2, "a new drawing needs a new name: faces-2"


def test_picture_does_not_depend_on_how_many_there_are(data):
    row = int(np.flatnonzero(data.ids == "face-07-11")[0])
    alone = face(person(7), 7, 11, FACE_NUISANCES)
    np.testing.assert_array_equal(alone, data.inputs[row])


@pytest.mark.parametrize("nuisance", FACE_NUISANCES)
def test_more_strength_changes_the_pictures_more(nuisance):
    people = [(number, person(number), index) for number in range(0, 60, 5) for index in (0, 1)]
    change = [0.0]
    for strength in (0.25, 0.5, 0.75, 1.0):
        chosen = NONE | {nuisance: strength}
        change.append(
            np.mean(
                [
                    abs(face(who, n, i, chosen).astype(float) - face(who, n, i, NONE)).mean()
                    for n, who, i in people
                ]
            )
        )
    assert (np.diff(change) > 0.1).all(), change


def test_without_nuisances_all_pictures_of_a_person_are_one():
    quiet = [face(person(3), 3, index, NONE) for index in range(4)]
    assert all((picture == quiet[0]).all() for picture in quiet)


def test_persons_differ_more_than_noise():
    quiet = np.stack([face(person(n), n, 0, NONE) for n in range(60)]).astype(float)
    distance = abs(quiet[:, None] - quiet[None]).mean(axis=(2, 3, 4))
    assert distance[~np.eye(60, dtype=bool)].min() > 4


def test_edges_are_smooth():
    picture = face(person(2), 2, 0, NONE)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 80  # about ten without smoothing


def test_another_seed_draws_other_persons():
    assert person(0, seed=1) != person(0, seed=2)


def test_strengths_come_from_the_spec():
    assert strengths("faces-1", "", FACE_NUISANCES) == FACE_NUISANCES
    assert strengths("faces-1", "pose=0, light=1", FACE_NUISANCES) == FACE_NUISANCES | {
        "pose": 0.0,
        "light": 1.0,
    }


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("pose=1.01", "from 0 to 1"),
        ("pose=-0.1", "from 0 to 1"),
        ("pose=nan", "from 0 to 1"),
        ("pose=much", "from 0 to 1"),
        ("pose", "given as ''; "),
        ("beauty=1", "no parameter beauty; there are: pose, light"),
    ],
)
def test_strengths_out_of_range_get_one_sentence(spec, words):
    with pytest.raises(Problem, match=words):
        load_dataset(f"faces-1:{spec}")
