"""Measuring an epoch: drawing the pictures is neither training nor waiting."""

import subprocess
import sys
import threading
import time

import pytest

from centerviz.learning.config import TrainConfig
from centerviz.runs import lock, probe, status
from centerviz.runs.status import Status
from centerviz.runs.store import create_run


@pytest.fixture
def process():
    """A child that only waits."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        yield child
        child.kill()


def test_pictures_may_take_longer_to_draw_than_patience_lasts(tmp_path, process, monkeypatch):
    monkeypatch.setattr(probe, "PATIENCE", 0.6)
    run, told = create_run(TrainConfig(epochs=1), tmp_path), set()

    def draw_and_train():
        with lock.hold(run.path / "lock"):
            for step in range(1, 6):
                status.write(run.path, Status("running", epochs=1, step=step, steps=5))
                time.sleep(0.3)
            status.write(run.path, Status("running", epochs=1))
            time.sleep(0.3)
            status.write(run.path, Status("running", epochs=1, step=2, steps=4, seconds=20.0))
            time.sleep(0.5)

    writer = threading.Thread(target=draw_and_train)
    writer.start()
    assert probe._watch(process, tmp_path, lambda *parts: told.add(parts)) == 40.0
    assert {(1, 5), (5, 5), (0, 0)} <= told
    writer.join()


def test_drawing_that_does_not_go_on_is_given_up(tmp_path, process, monkeypatch):
    monkeypatch.setattr(probe, "PATIENCE", 0.3)
    run = create_run(TrainConfig(epochs=1), tmp_path)
    status.write(run.path, Status("running", epochs=1, step=1, steps=5))
    assert probe._watch(process, tmp_path, print) is None


def test_a_drawing_that_ends_is_no_time_of_an_epoch(tmp_path, process):
    run = create_run(TrainConfig(epochs=1), tmp_path)
    status.write(run.path, Status("interrupted", epochs=1, step=3, steps=5))
    process.kill()
    process.wait()
    assert probe._watch(process, tmp_path, print) is None


def test_who_is_told_may_end_it(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_RUNS", str(tmp_path))

    def leave(done, parts):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        probe.measured_seconds(TrainConfig(dataset="article"), leave)
    assert not list(tmp_path.iterdir())
