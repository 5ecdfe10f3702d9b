"""Name, note, files and trash of a run."""

import pytest

from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs import lock
from centerviz.runs.notes import LONGEST_NAME, annotate, contents, name_of, note_of
from centerviz.runs.store import create_run, shipped_runs


@pytest.fixture
def run(tmp_path):
    return create_run(TrainConfig(), tmp_path)


def test_a_run_is_called_by_its_id_until_it_has_a_name(run):
    created = run.provenance()["created"]
    assert (name_of(run), note_of(run)) == (run.id, "")
    annotate(run, "  my  best ", "why: *x*\n")
    assert (name_of(run), note_of(run)) == ("my best", "why: *x*")
    assert run.provenance()["created"] == created
    annotate(run, "", "")
    assert name_of(run) == run.id


def test_names_wait_for_the_training_and_are_not_endless(run):
    with lock.hold(run.path / "lock"), pytest.raises(Problem, match="being trained"):
        annotate(run, "a", "")
    with pytest.raises(Problem, match="shorten it to 80"):
        annotate(run, "a" * (LONGEST_NAME + 1), "")
    with pytest.raises(Problem, match="stays"):
        annotate(shipped_runs()[0], "mine", "")


def test_a_damaged_provenance_is_no_name(run):
    (run.path / "provenance.json").write_text('{"title": 3, "note": ["x"]}', encoding="utf-8")
    assert (name_of(run), note_of(run)) == (run.id, "")


def test_every_byte_of_a_run_is_in_its_list_of_files(run):
    (run.path / "snapshots" / "00001.safetensors").write_bytes(b"12345")
    (run.path / "snapshots" / "rows.json").write_bytes(b"{}")
    found = contents(run)
    assert found["snapshots/"] == 7
    assert found["config.json"] == len((run.path / "config.json").read_bytes())
    assert set(found) == {"config.json", "provenance.json", "status.json", "snapshots/"}
