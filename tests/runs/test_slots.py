"""One user for each slot; who comes later waits, and may give up."""

import platform
import threading

import pytest
import torch

from centerviz.learning.config import TrainConfig
from centerviz.runs import queue, status
from centerviz.runs.slots import hold_one
from centerviz.runs.store import STOP, cluster_folder, create_run
from centerviz.runs.work import work
from tests.runs.killing import wait

TWO = ["gpu-0", "gpu-1"]


def never() -> bool:
    return False


def test_each_takes_another_slot_and_a_third_gives_up(tmp_path):
    asked = []
    with (
        hold_one(tmp_path, TWO, never) as first,
        hold_one(tmp_path, TWO, never) as second,
        hold_one(tmp_path, TWO, lambda: asked.append(1) or True) as third,
    ):
        assert (first, second, third) == (0, 1, -1)
    assert asked == [1]
    with hold_one(tmp_path, TWO, never) as again:
        assert again == 0


def test_who_waits_gets_the_slot_that_becomes_free(tmp_path):
    asked, got = threading.Event(), []

    def wait_for_one() -> None:
        with hold_one(tmp_path, TWO[:1], asked.set) as place:  # `set` returns None: go on waiting
            got.append(place)

    with hold_one(tmp_path, TWO[:1], never):
        waiting = threading.Thread(target=wait_for_one)
        waiting.start()
        assert asked.wait(30)
        assert got == []
    waiting.join(30)
    assert got == [0]


def test_nobody_waits_where_there_are_no_slots(tmp_path):
    with hold_one(tmp_path, [], never) as place:
        assert place == -1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "train", [work, lambda run: queue.train(str(run.path))], ids=["the command line", "a worker"]
)
def test_a_run_waits_for_the_gpu_that_another_one_uses_until_it_is_stopped(
    tmp_path, monkeypatch, train
):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    run = create_run(TrainConfig(dataset="article", device="cuda"), tmp_path)
    began = status.read(run.path).heartbeat
    with hold_one(cluster_folder(tmp_path), [f"gpu-{platform.node()}-0"], never):
        training = threading.Thread(target=train, args=(run,))
        training.start()
        wait(lambda: status.read(run.path).heartbeat > began, "a sign of life")
        assert run.status.state == "queued"
        (run.path / STOP).touch()
        training.join(30)
    assert run.status.state == "stopped"


def test_a_run_trains_on_the_gpu_that_is_free(tmp_path, monkeypatch):
    run = create_run(TrainConfig(dataset="article", device="cuda"), tmp_path)
    used = []

    def use(number: int) -> None:
        used.append(number)
        (run.path / STOP).touch()  # there is no such GPU here to train on

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", use)
    with hold_one(cluster_folder(tmp_path), [f"gpu-{platform.node()}-0"], never):
        assert work(run).state == "stopped"
    assert used == [1]
