"""A run ends with the same weights however often it was interrupted on the way."""

import os
import shutil
from itertools import count

import numpy as np
import pytest

from centerviz.data import faces_2
from centerviz.data.dataset import Dataset
from centerviz.data.sources import load_dataset
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import Epoch
from centerviz.problem import Problem
from centerviz.runs import lock
from centerviz.runs.model import embed_dataset
from centerviz.runs.store import create_run
from centerviz.runs.work import _drawn, work
from tests.runs.conftest import SMALL

MODEL = "model.safetensors"


def weights(run):
    return (run.path / MODEL).read_bytes()


def stop_after(run, epoch):
    """A listener that asks for a stop once an epoch is committed."""

    def listen(event):
        if isinstance(event, Epoch) and event.epoch == epoch:
            (run.path / "stop").touch()

    return listen


def test_equal_configs_give_equal_bytes(tmp_path, undisturbed):
    run = create_run(SMALL, tmp_path)
    assert work(run).state == "done"
    assert weights(run) == undisturbed


def test_what_auto_meant_is_written_down(finished):
    assert "auto" not in finished.config.model_dump().values()


def test_provenance_says_what_was_trained_on_what(finished):
    told = finished.provenance()
    assert {"versions", "device", "data", "created", "started"} <= set(told)
    assert told["data"]["samples"] == 12
    assert len(told["data"]["sha256"]) == 64


def test_a_stopped_run_goes_on_where_it_stopped(tmp_path, undisturbed):
    run = create_run(SMALL, tmp_path)
    found = work(run, stop_after(run, 2))
    assert (found.state, found.epoch) == ("stopped", 2)
    assert not (run.path / MODEL).exists()
    assert not (run.path / "stop").exists()
    seen = []
    assert work(run, seen.append).state == "done"
    assert [event.epoch for event in seen if isinstance(event, Epoch)] == [3, 4]
    assert weights(run) == undisturbed
    assert not list(run.path.glob("checkpoint*"))


def test_a_stop_before_the_start_trains_nothing(tmp_path):
    run = create_run(SMALL, tmp_path)
    (run.path / "stop").touch()
    assert work(run).state == "stopped"
    assert run.epoch_lines() == []


def test_a_run_that_is_done_stays_as_it_is(finished):
    before = weights(finished)
    seen = []
    assert work(finished, seen.append).state == "done"
    assert seen == []
    assert weights(finished) == before


@pytest.mark.slow
def test_a_cut_at_every_single_write_loses_at_most_one_epoch(tmp_path, monkeypatch, undisturbed):
    """The power goes at the n-th flush of the training, for every n; each time it is resumed."""
    real, cuts = os.fsync, 0
    for cut in count(1):
        run = create_run(SMALL, tmp_path / str(cut))
        left, committed = [cut], [0]

        def fsync(handle, left=left):
            left[0] -= 1
            if left[0] == 0:
                raise SystemExit("power")
            real(handle)

        def listen(event, committed=committed):
            if isinstance(event, Epoch):
                committed[0] = event.epoch

        monkeypatch.setattr(os, "fsync", fsync)
        try:
            work(run, listen)
        except SystemExit:
            cuts += 1
        monkeypatch.setattr(os, "fsync", real)
        if left[0] > 0:
            break
        first = []
        assert work(run, first.append).state == "done"
        epochs = [event.epoch for event in first if isinstance(event, Epoch)]
        assert not epochs or epochs[0] >= committed[0]
        assert weights(run) == undisturbed
        assert [line["epoch"] for line in run.epoch_lines()] == [1, 2, 3, 4]
        assert not list(run.path.rglob(".*.tmp"))
        shutil.rmtree(run.path)
    assert cuts > 4 * 4


def test_whatever_lies_beyond_the_last_commit_is_dropped(tmp_path, undisturbed):
    run = create_run(SMALL, tmp_path)
    work(run, stop_after(run, 2))
    shutil.copy(run.path / "snapshots/00002.safetensors", run.path / "snapshots/00003.safetensors")
    (run.path / "snapshots/00004.safetensors").write_bytes(b"half")
    with (run.path / "epochs.jsonl").open("a") as file:
        file.write('{"epoch": 3, "seconds": 1}\n{"epoch": 4, "sec')
    (run.path / "checkpoint-00003.safetensors").write_bytes(b"half")
    assert work(run).state == "done"
    assert weights(run) == undisturbed
    assert [line["epoch"] for line in run.epoch_lines()] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: (path / "checkpoint.json").write_text("{"),
        lambda path: (path / "checkpoint.json").write_text('{"epoch": "x"}'),
        lambda path: (path / "checkpoint-00002.safetensors").write_bytes(b"\x00" * 9),
        lambda path: (path / "checkpoint-00002.safetensors").unlink(),
        lambda path: (path / "epochs.jsonl").write_text("?\n"),
        lambda path: (path / "epochs.jsonl").write_text('{"epoch": 1}\n{"epoch": 2}\n'),
        lambda path: (path / "epochs.jsonl").unlink(),
        lambda path: (path / "snapshots/00001.safetensors").unlink(),
    ],
)
def test_a_spoiled_commit_begins_again_and_ends_the_same(tmp_path, undisturbed, spoil):
    run = create_run(SMALL, tmp_path)
    work(run, stop_after(run, 2))
    spoil(run.path)
    seen = []
    assert work(run, seen.append).state == "done"
    assert [event.epoch for event in seen if isinstance(event, Epoch)] == [1, 2, 3, 4]
    assert weights(run) == undisturbed


def test_nobody_else_may_work_on_the_run(tmp_path):
    run = create_run(SMALL, tmp_path)
    with lock.hold(run.path / "lock"), pytest.raises(lock.Busy):
        work(run)
    assert run.epoch_lines() == []


def test_a_training_that_blows_up_fails_with_a_sentence_and_keeps_its_epochs(tmp_path):
    wild = {"center_rule": "ema", "center_step": 1.0, "center_weight": 1.0, "epochs": 300}
    run = create_run(SMALL.model_copy(update=wild), tmp_path)
    found = work(run)
    assert found.state == "failed"
    assert "not a number" in found.message
    assert len(run.epoch_lines()) == found.epoch == len(run.snapshot_epochs())
    assert not (run.path / MODEL).exists()


def test_an_unexpected_error_is_written_down_and_raised(tmp_path):
    run = create_run(SMALL, tmp_path)

    def broken(event):
        raise RuntimeError("a mistake of ours")

    with pytest.raises(RuntimeError):
        work(run, broken)
    assert run.status.state == "failed"
    assert "a mistake of ours" in run.status.message


def test_other_data_under_the_same_name_is_refused(tmp_path, undisturbed):
    table = tmp_path / "table.csv"
    rows = [f"{label},{x},{x * x}" for label in "ab" for x in range(1, 9)]
    table.write_text("\n".join(["label,f1,f2", *rows]))
    config = SMALL.model_copy(update={"dataset": str(table)})
    run = create_run(config, tmp_path / "runs")
    work(run, stop_after(run, 1))
    old = table.read_text()
    table.write_text(old.replace("8,64", "8,65"))
    found = work(run)
    assert (found.state, found.epoch) == ("failed", 1)
    assert "has changed" in found.message
    table.write_text(old)
    assert work(run).state == "done"


def test_data_that_is_gone_fails_with_a_sentence(tmp_path):
    config = SMALL.model_copy(update={"dataset": str(tmp_path / "gone")})
    run = create_run(config, tmp_path / "runs")
    found = work(run)
    assert found.state == "failed"
    assert "gone" in found.message


def test_a_saved_model_gives_the_same_features_again(finished):
    again = embed_dataset(finished, load_dataset("article"))
    assert np.array_equal(again.x, finished.embeddings().x)
    assert np.array_equal(again.centers, finished.embeddings().centers)
    assert (
        again.metadata["predicted"].tolist() == finished.embeddings().metadata["predicted"].tolist()
    )


def test_a_model_of_vectors_refuses_images(finished):
    with pytest.raises(Problem, match="takes 3"):
        embed_dataset(finished, load_dataset("digits"))


def test_a_model_of_images_takes_images_of_another_size(tmp_path):
    run = create_run(TrainConfig(epochs=1, dim=3), tmp_path)
    assert work(run).state == "done"
    rng = np.random.default_rng(0)
    other = Dataset(
        name="colour",
        inputs=rng.integers(0, 256, (5, 20, 14, 3), dtype=np.uint8),
        labels=np.array([0, 1, 0, 1, 0]),
        class_names=("cat", "dog"),
        splits=np.full(5, "test"),
        ids=np.array(list("abcde")),
        source="drawn",
        licence="none",
    )
    found = embed_dataset(run, other)
    assert found.x.shape == (5, 3)
    assert np.isfinite(found.x).all()
    assert found.class_names == ("cat", "dog")


def test_drawing_the_pictures_shows_as_steps_and_can_be_stopped(monkeypatch, tmp_path):
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "kept"))
    monkeypatch.setattr(faces_2, "DRAWN_AT_ONCE", 0)
    monkeypatch.setattr("centerviz.runs.work.BEAT", 0.0)
    config = SMALL.model_copy(update={"dataset": "faces-2:identities=10,samples=4"})
    run = create_run(config, tmp_path)
    (run.path / "stop").touch()
    assert not _drawn(run, run.status)
    assert (run.status.step, run.status.steps) == (1, 10)
    assert not list((tmp_path / "kept" / "centerviz").iterdir())
    (run.path / "stop").unlink()
    assert _drawn(run, run.status)
    assert run.status.step == 10
    assert len(list((tmp_path / "kept" / "centerviz").iterdir())) == 1
