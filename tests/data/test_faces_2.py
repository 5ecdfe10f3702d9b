"""faces-2: the same to the bit, split by person, each nuisance with its strength, kept on disk."""

import hashlib

import numpy as np
import pytest

from centerviz.data import faces_2
from centerviz.data.faces_2 import SEED, SIDE, STEPS, nuisance_strip, read
from centerviz.data.heads.picture import painted
from centerviz.data.heads.shots import COVERS, NUISANCES, shots
from centerviz.data.sources import check_spec, load_dataset
from centerviz.problem import Problem

NONE = dict.fromkeys(NUISANCES, 0.0)
FULL = dict.fromkeys(NUISANCES, 1.0)
SMALL = "faces-2:identities=10,samples=8"
SHA256 = {  # of pictures 0…3 at the usual strengths
    0: "cba41870fbd55e5da17032b70a2b4eea06680a9235f1aa0da84d0c23967fb074",
    252: "b96bb9758ed96b4f0e4e4e4e5eb07505380eedc010f494ddb512735e60fc3cbd",
    499: "e8186c58751dcf651dec8d39e5675aed6684e6b049d04c700614444458f7ef1e",
}


def pictures(number: int, count: int, strength: dict[str, float]) -> np.ndarray:
    return painted(number, np.arange(count), strength, SEED, SIDE)


@pytest.mark.parametrize("number", SHA256)
def test_painting_has_not_changed_under_its_name(number):
    digest = hashlib.sha256(pictures(number, 4, NUISANCES).tobytes()).hexdigest()
    assert digest == SHA256[number], "a new painting needs a new name: faces-3"


def test_picture_is_the_same_whichever_others_are_painted_with_it():
    for number in (7, 14, 42, 113):
        together = pictures(number, 10, FULL)
        for i in (3, 9):
            alone = painted(number, np.array([i]), FULL, SEED, SIDE)
            np.testing.assert_array_equal(together[i], alone[0])


def test_sizes_and_splits_of_a_small_set():
    data = load_dataset(SMALL)
    assert data.inputs.shape == (80, 64, 64, 3)
    assert data.inputs.dtype == np.uint8
    assert (data.classes, len(data.class_names), len(set(data.ids))) == (8, 10, 80)
    counts = {"train": 6, "val": 1, "test": 1}
    for split, each in counts.items():
        assert np.bincount(data.labels[data.rows(split)]).tolist() == [each] * 8
    assert np.bincount(data.labels[data.rows("verify")]).tolist() == [0] * 8 + [8] * 2
    assert data.ids[-1] == "face-009-07"
    np.testing.assert_array_equal(data.inputs[-1], pictures(9, 8, NUISANCES)[7])


def test_usual_set_has_500_persons_and_20_000_pictures():
    assert read("").shape == (500, 40, 64, 64, 3)
    assert read("").strength == NUISANCES
    assert read("pose=0, samples=10").strength == NUISANCES | {"pose": 0.0}


@pytest.mark.parametrize("nuisance", NUISANCES)
def test_more_strength_changes_the_pictures_more(nuisance):
    change = [0.0]
    for step in STEPS[1:]:
        differences = [
            np.abs(pictures(n, 3, NONE | {nuisance: step}).astype(float) - pictures(n, 1, NONE))
            for n in (1, 5, 9, 13)
        ]
        change.append(np.mean(differences))
    assert (np.diff(change) > 0.1).all(), change


def test_without_nuisances_all_pictures_of_a_person_are_one():
    quiet = pictures(3, 9, NONE)
    assert (quiet == quiet[:1]).all()


def test_persons_differ():
    quiet = np.stack([pictures(n, 1, NONE)[0] for n in range(24)]).astype(float)
    distance = np.abs(quiet[:, None] - quiet[None]).mean(axis=(2, 3, 4))
    assert distance[~np.eye(24, dtype=bool)].min() > 3


def test_every_cover_comes_up_and_only_with_occlusion():
    taken = shots(0, np.arange(60), FULL, SEED)
    assert set(taken.kind.ravel()) == set(range(len(COVERS)))
    assert ((taken.cover > 0) == (taken.kind > 0)).all()
    assert not shots(0, np.arange(60), FULL | {"occlusion": 0.0}, SEED).cover.any()


def test_angles_are_angles():
    taken = shots(0, np.arange(20), FULL, SEED)
    np.testing.assert_allclose(taken.sin_yaw**2 + taken.cos_yaw**2, 1, rtol=1e-6)
    np.testing.assert_allclose(taken.sin_roll**2 + taken.cos_roll**2, 1, rtol=1e-6)
    light = np.stack([taken.light_x, taken.light_y, taken.light_z])
    np.testing.assert_allclose((light**2).sum(0), 1, rtol=1e-6)


def test_strip_begins_with_the_same_picture_and_goes_further_with_each_step():
    strips = nuisance_strip(12)
    assert list(strips) == list(NUISANCES)
    plain = strips["pose"][0]
    for strip in strips.values():
        assert strip.shape == (5, 64, 64, 3)
        np.testing.assert_array_equal(strip[0], plain)
        away = np.abs(strip.astype(float) - plain).mean(axis=(1, 2, 3))
        assert (np.diff(away) > 0).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("pose=1.01", "strength pose of faces-2 was given as 1.01; it must be a number from 0 to"),
        ("blur=nan", "from 0 to 1"),
        ("blur", "given as ''; "),
        ("beauty=1", "no parameter beauty; there are: pose, light, .*, blur"),
        ("identities=9", "identities of faces-2 was given as 9; .* from 10 to 1000"),
        ("identities=1e2", "whole number from 10 to 1000"),
        ("samples=41", "whole number from 4 to 40"),
        ("samples=", "given as ''"),
        ("samples=²", "whole number"),
    ],
)
def test_bad_specs_get_one_sentence_before_anything_is_drawn(given, words):
    with pytest.raises(Problem, match=words):
        check_spec(f"faces-2:{given}")


def test_large_set_is_drawn_once_and_then_mapped(monkeypatch, tmp_path):
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    monkeypatch.setattr(faces_2, "DRAWN_AT_ONCE", 0)
    given = "identities=10,samples=4"
    assert list(faces_2.drawing(given)) == [(done, 10) for done in range(1, 11)]
    assert list(faces_2.drawing(given)) == []
    data = faces_2.faces(given)
    assert isinstance(data.inputs.base.base, np.memmap) or isinstance(data.inputs.base, np.memmap)
    np.testing.assert_array_equal(data.inputs[4:8], pictures(1, 4, NUISANCES))
    (file,) = (tmp_path / "centerviz").iterdir()
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("not a folder")
    np.testing.assert_array_equal(faces_2.faces(given).inputs, data.inputs)
