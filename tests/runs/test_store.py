"""The run directory: what stands in it, and what strange directories do (nothing)."""

import json
import os
import shutil
import time

import numpy as np
import pytest

from centerviz.cli import main
from centerviz.cli_entries import row
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs import lock, status
from centerviz.runs.glance import glance
from centerviz.runs.status import Status
from centerviz.runs.store import (
    Run,
    create_run,
    list_runs,
    open_run,
    runs_root,
    shipped_runs,
)
from tests.runs.conftest import tree

FORBIDDEN = ("../x", "..", ".", "", "a/b", "a\\b", "/etc", "~", "a\0b", "a b", "x" * 500, ".trash")


def test_a_new_run_is_queued_and_keeps_its_config(tmp_path):
    config = TrainConfig(center_weight=0.25, seed=3)
    run = create_run(config, tmp_path)
    assert run.config == config
    assert run.problem is None
    assert (run.status.state, run.status.epoch, run.status.epochs) == ("queued", 0, 30)
    assert run.id.startswith("digits-center-weight-0-25-seed-3-")


def test_ids_are_unique_and_made_of_letters_digits_and_dashes(tmp_path):
    runs = [create_run(TrainConfig(), tmp_path, name="My λ=1 / run") for _ in range(5)]
    assert len({run.id for run in runs}) == 5
    assert all(set(run.id) <= set("abcdefghijklmnopqrstuvwxyzMR-0123456789") for run in runs)
    assert {run.provenance()["name"] for run in runs} == {"My λ=1 / run"}


def test_a_path_among_the_data_sets_is_kept_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = create_run(TrainConfig(dataset="photos"), tmp_path / "runs")
    assert run.config.dataset == str(tmp_path / "photos")


@pytest.mark.parametrize("which", FORBIDDEN)
def test_an_id_from_a_link_never_leaves_the_folder(tmp_path, which):
    create_run(TrainConfig(), tmp_path / "runs")
    create_run(TrainConfig(), tmp_path, name="x")
    with pytest.raises(Problem):
        open_run(which, tmp_path / "runs")


def test_runs_are_listed_newest_first(tmp_path):
    runs = [create_run(TrainConfig(seed=seed), tmp_path) for seed in range(3)]
    assert [run.id for run in list_runs(tmp_path)] == [run.id for run in reversed(runs)]
    assert list_runs(tmp_path / "nowhere") == []


def test_the_root_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_RUNS", str(tmp_path))
    assert runs_root() == tmp_path
    monkeypatch.delenv("CENTERVIZ_RUNS")
    monkeypatch.chdir(tmp_path)
    assert runs_root() == tmp_path / "runs"


def test_a_place_that_cannot_be_written_is_a_problem(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="No run can be written"):
        create_run(TrainConfig(), tmp_path / "file")


def _spoil_with(name, content):
    def spoil(folder):
        (folder / name).write_bytes(content)

    return spoil


def _without(name):
    return lambda folder: (folder / name).unlink()


def _pipe(folder):
    (folder / "config.json").unlink()
    os.mkfifo(folder / "config.json")


def _a_folder_of_somebody(folder):
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "photo.png").write_bytes(b"\x89PNG")


SPOILED = {
    "no config": _without("config.json"),
    "no status": _without("status.json"),
    "half a config": _spoil_with("config.json", b'{"dataset": "dig'),
    "an empty config": _spoil_with("config.json", b""),
    "another config": _spoil_with("config.json", b'{"model": "resnet", "layers": 50}'),
    "a list": _spoil_with("config.json", b"[1, 2]"),
    "deep nesting": _spoil_with("config.json", b"[" * 200_000),
    "a pipe": _pipe,
    "half a status": _spoil_with("status.json", b'{"state": "run'),
    "an unknown state": _spoil_with("status.json", b'{"state": "sleeping"}'),
    "wrong kinds": _spoil_with("status.json", b'{"state": "done", "epoch": "many"}'),
    "no lines": _spoil_with("epochs.jsonl", b"not json\n{}\n"),
    "binary lines": _spoil_with("epochs.jsonl", b"\xff\x00\n"),
    "accuracy of another kind": _spoil_with("epochs.jsonl", b'{"accuracy": 5}\n'),
    "vitals of another kind": _spoil_with("epochs.jsonl", b'{"vitals": "x"}\n'),
    "somebody's folder": _a_folder_of_somebody,
}
ODD_LINES = {
    "nothing": "{}",
    "no epoch": '{"accuracy": {"test": 1}}',
    "an epoch in words": '{"epoch": "first"}',
    "an epoch without end": '{"epoch": 1e400}',
    "a loss in words": '{"epoch": 1, "base_loss": "low"}',
    "a loss too large for a float": f'{{"epoch": 1, "center_loss": 1{"0" * 400}}}',
    "an accuracy in words": '{"epoch": 1, "accuracy": {"test": "high"}}',
    "a list of accuracies": '{"epoch": 1, "accuracy": {"test": [1]}}',
    "a drift in words": '{"epoch": 1, "drift": "x"}',
    "drifts in words": '{"epoch": 1, "drift": [0.5, "x"]}',
    "losses by name": '{"epoch": 1, "base_loss_by_class": {"a": 1}}',
    "a ratio in words": '{"epoch": 1, "vitals": {"fisher": "x"}}',
    "a rule that is a number": '{"epoch": 1, "vitals": {"rule": 3}}',
    "three findings": '{"epoch": 1, "findings": 3}',
    "numbers for findings": '{"epoch": 1, "findings": [3]}',
    "a finding without words": '{"epoch": 1, "findings": [{"code": "line", "values": {}}]}',
    "a finding without its number": '{"epoch": 1, "findings": [{"code": "line", "seen": "{x:.2f}", '
    '"cause": "", "cure": "", "values": {"x": "y"}}]}',
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_a_damaged_directory_is_listed_as_such_and_harms_nothing(finished, spoil):
    root = finished.path.parent
    good = create_run(TrainConfig(), root)
    spoil(finished.path)
    before = tree(root)
    found = {run.id: run for run in list_runs(root)}
    assert found[finished.id].problem is not None
    assert found[good.id].problem is None
    assert found[finished.id].status.state in ("damaged", "done")
    assert found[finished.id].provenance() is not None
    assert row(found[finished.id])[1] == "damaged"
    assert tree(root) == before


@pytest.mark.parametrize("line", ODD_LINES.values(), ids=ODD_LINES.keys())
def test_a_line_that_is_no_epoch_is_told_and_the_other_runs_are_listed(finished, line, capsys):
    good = create_run(TrainConfig(), finished.path.parent)
    (finished.path / "epochs.jsonl").write_text(line + "\n")
    for read in (finished.epoch_lines, finished.epochs, finished.accuracy):
        with pytest.raises(Problem, match="cannot be read"):
            read()
    assert glance(finished).status.state == "damaged"
    assert main(["runs", "--runs", str(finished.path.parent)]) == 0
    assert good.id in capsys.readouterr().out


def test_what_was_not_finite_and_what_another_version_knew_are_read(finished):
    file = finished.path / "epochs.jsonl"
    first = json.loads(file.read_text().splitlines()[0])
    first |= {"base_loss": None, "accuracy": {"train": None}, "drift": [None, 0.5], "mood": "fine"}
    first["vitals"] |= {"fisher": None, "moods": ["fine"]}
    file.write_text(json.dumps(first) + "\n")
    table = finished.epochs()
    assert table[["base_loss", "accuracy_train", "vitals_fisher"]].isna().all(axis=None)
    assert table["drift"].tolist() == [0.5]
    assert finished.problem is None


def test_names_that_are_no_ids_are_listed_but_not_opened_by_link(tmp_path):
    (tmp_path / "somebody's folder").mkdir()
    (tmp_path / "a file").write_text("")
    (tmp_path / ".hidden").mkdir()
    assert [run.id for run in list_runs(tmp_path)] == ["somebody's folder"]


def test_what_else_lies_in_a_status_is_ignored(finished):
    file = finished.path / "status.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "mood": "fine"}))
    assert finished.status.state == "done"


def test_a_message_from_elsewhere_is_shown_as_it_is(finished):
    status.write(finished.path, Status("failed", template="{missing} {0.real}"))
    assert finished.status.message == "{missing} {0.real}"


def test_running_without_a_holder_is_interrupted(finished):
    status.write(finished.path, Status("running"))
    assert finished.status.state == "interrupted"
    with lock.hold(finished.path / "lock"):
        assert finished.status.state == "running"
    assert finished.status.resumable


@pytest.mark.parametrize("hours", [1, -1], ids=["later", "by a clock that was set back"])
def test_queued_without_a_queue_is_interrupted_after_a_while(tmp_path, monkeypatch, hours):
    run = create_run(TrainConfig(), tmp_path)
    assert run.status.state == "queued"
    later = time.time() + 3600 * hours
    monkeypatch.setattr(time, "time", lambda: later)
    assert run.status.state == "interrupted"
    (tmp_path / ".cluster").mkdir()
    with lock.hold(tmp_path / ".cluster" / "lock"):
        assert run.status.state == "queued"


def test_a_run_that_is_done_holds_these_files_and_no_others(finished):
    names = {str(path.relative_to(finished.path)) for path in finished.path.rglob("*")}
    assert names == {
        "config.json",
        "status.json",
        "provenance.json",
        "epochs.jsonl",
        "model.safetensors",
        "embeddings.parquet",
        "lock",
        "snapshots",
        "snapshots/rows.json",
        *(f"snapshots/0000{epoch}.safetensors" for epoch in (1, 2, 3, 4)),
    }


def test_the_model_names_at_most_one_thing_beside_its_tensors(finished):
    content = (finished.path / "model.safetensors").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    assert len(header.pop("__metadata__", {})) <= 1
    assert "centers.kept" in header
    assert not [name for name in header if name.startswith("optimizer") or name == "epoch"]


def test_each_epoch_is_a_row_of_numbers(finished):
    table = finished.epochs()
    assert table["epoch"].tolist() == [1, 2, 3, 4]
    assert set(table.dtypes) == {np.dtype(float)}
    assert table["accuracy_test"].isna().all()  # the article has no test split
    assert table["accuracy_train"].notna().all()
    assert list(create_run(TrainConfig(), finished.path.parent).epochs()) == list(table)


def test_accuracy_is_the_last_epoch_s_on_train_where_nothing_is_held_out(finished):
    assert finished.accuracy() == finished.epochs()["accuracy_train"].iloc[-1]
    assert create_run(TrainConfig(), finished.path.parent).accuracy() is None


def test_a_line_that_is_still_being_written_is_left_out(finished):
    with (finished.path / "epochs.jsonl").open("a") as file:
        file.write('{"epoch": 5, "base_l')
    assert len(finished.epoch_lines()) == 4
    assert finished.problem is None


def test_snapshots_show_the_rows_they_name(finished):
    rows = finished.rows()
    assert finished.snapshot_epochs() == [1, 2, 3, 4]
    last = finished.snapshot(4)
    assert last.features.shape == (12, 2)
    assert last.centers.shape == last.means.shape == (3, 2)
    assert rows.class_names == ("1", "2", "3")
    assert len(rows.ids) == len(rows.labels) == len(rows.splits) == len(last.predicted) == 12
    everything = finished.embeddings()
    assert np.array_equal(everything.ids, rows.ids)
    assert np.allclose(everything.x, last.features, atol=1e-5)


@pytest.mark.parametrize("epoch", [0, 5, -1])
def test_a_snapshot_that_is_not_there_is_a_problem(finished, epoch):
    with pytest.raises(Problem):
        finished.snapshot(epoch)


def test_a_snapshot_of_something_else_is_a_problem(finished):
    shutil.copy(finished.path / "model.safetensors", finished.path / "snapshots/00002.safetensors")
    with pytest.raises(Problem):
        finished.snapshot(2)


def test_embeddings_of_an_unfinished_run_are_a_problem(tmp_path):
    with pytest.raises(Problem, match="no embeddings yet"):
        create_run(TrainConfig(), tmp_path).embeddings()


def test_shipped_runs_open_by_their_names():
    for run in shipped_runs():
        assert run.problem is None
        assert run.status.state == "done"
        assert open_run(run.id) == run


def test_a_directory_that_is_no_run_is_not_opened(tmp_path):
    with pytest.raises(Problem, match="not a run directory"):
        open_run(tmp_path)


def test_a_copied_run_opens_by_its_directory(finished, tmp_path):
    copy = shutil.copytree(finished.path, tmp_path / "elsewhere")
    assert open_run(copy) == Run(copy)
    assert open_run(copy).embeddings().n == 12


def test_the_classifier_of_a_run_names_what_training_saw_it_name():
    for run in shipped_runs():
        last, w = run.snapshot(run.config.epochs), run.classifier()
        named = (last.features @ w.T).argmax(axis=1)
        assert (named == last.predicted).mean() > 0.995, run.id
        lengths = np.linalg.norm(w, axis=1)
        assert np.allclose(lengths, 1) == (run.config.base == "normface")
