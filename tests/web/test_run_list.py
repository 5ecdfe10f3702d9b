"""The lines of the list of runs, and what a search finds."""

import pytest

from centerviz.learning.config import TrainConfig
from centerviz.runs import status
from centerviz.runs.notes import annotate
from centerviz.runs.status import Status
from centerviz.runs.store import create_run
from centerviz.web.run_list import entries, entry_of, matching


@pytest.fixture
def three(tmp_path):
    """Done, failed and damaged."""
    runs = [create_run(TrainConfig(center_weight=w), tmp_path) for w in (0.5, 0.0, 0.1)]
    status.write(runs[0].path, Status("done", epoch=30, epochs=30))
    status.write(runs[1].path, Status("failed", epochs=30, template="Too hot."))
    (runs[2].path / "status.json").write_text("[", encoding="utf-8")
    return runs


def test_a_line_says_state_settings_and_what_is_wrong(three):
    done, failed, damaged = entries(three)
    assert (done.state, done.settings, done.epochs, done.data) == (
        "done",
        "λ = 0.5",
        "30/30",
        "digits",
    )
    assert (failed.state, failed.note, failed.accuracy) == ("failed", "Too hot.", None)
    assert (damaged.state, damaged.name) == ("damaged", three[2].id)
    assert "status.json" in damaged.note


def test_accuracy_is_that_of_test_and_else_of_train(digits_run, three):
    last = digits_run.epoch_lines()[-1]
    found = entry_of(digits_run)
    assert found.accuracy == last["accuracy"]["test"]
    assert found.fisher == last["vitals"]["fisher"]
    line = '{"epoch": 1, "accuracy": {"test": null, "train": 0.5}}\n'
    (three[0].path / "epochs.jsonl").write_text(line, encoding="utf-8")
    assert entry_of(three[0]).accuracy == 0.5


def test_a_search_wants_every_word_and_one_of_the_states(three):
    annotate(three[0], "My best", "for the class")
    found = entries(three)
    assert [entry.id for entry in matching(found, "best λ CLASS", [])] == [three[0].id]
    assert [entry.state for entry in matching(found, "", ["failed", "damaged"])] == [
        "failed",
        "damaged",
    ]
    assert matching(found, "best", ["failed"]) == []


def test_a_run_that_was_read_is_read_again_when_it_changes(three):
    assert entry_of(three[0]).name == three[0].id
    annotate(three[0], "renamed", "")
    assert entry_of(three[0]).name == "renamed"
