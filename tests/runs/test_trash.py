"""Runs that are deleted, listed in the trash and brought back."""

import pytest

from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs import lock
from centerviz.runs.store import create_run, list_runs, shipped_runs
from centerviz.runs.trash import delete_run, deleted, restore_run
from tests.runs.conftest import tree


def test_a_deleted_run_comes_back_as_it_was(finished):
    before = tree(finished.path)
    place = delete_run(finished)
    assert list_runs(finished.path.parent) == []
    assert restore_run(place) == finished
    assert tree(finished.path) == before


def test_a_run_in_training_is_not_deleted(finished):
    with lock.hold(finished.path / "lock"), pytest.raises(Problem, match="stop it first"):
        delete_run(finished)
    assert finished.status.state == "done"


def test_a_run_does_not_come_back_over_another(finished):
    place = delete_run(finished)
    finished.path.mkdir()
    with pytest.raises(Problem):
        restore_run(place)
    assert place.is_dir()


def test_only_the_trash_is_restored_from(finished):
    with pytest.raises(Problem):
        restore_run(finished.path)


def test_the_trash_lists_the_latest_first_until_a_run_is_back(tmp_path):
    runs = [create_run(TrainConfig(seed=seed), tmp_path) for seed in range(3)]
    places = [delete_run(run) for run in runs]
    assert deleted(tmp_path) == places[::-1]
    restore_run(places[1])
    assert deleted(tmp_path) == [places[2], places[0]]
    assert deleted(tmp_path / "nowhere") == []


def test_what_comes_with_centerviz_stays():
    for run in shipped_runs():
        with pytest.raises(Problem, match="stays"):
            delete_run(run)
