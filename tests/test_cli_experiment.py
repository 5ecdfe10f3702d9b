"""An experiment from the command line, on a cluster of somebody else: a scheduler and two workers,
processes of their own on a shared folder."""

import json
import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from centerviz import cli_experiment
from centerviz.cli import main
from centerviz.runs import queue
from centerviz.runs.store import list_runs, open_run
from tests.runs.given import Told, given_cluster
from tests.runs.killing import wait

EXPERIMENT = ["--dataset=article", "--epochs=60", "--pair", "--seeds=0:2"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with given_cluster(tmp_path_factory.mktemp("cluster")) as address:
        yield address


def interrupt_when_two_train(root: Path) -> None:
    """Ctrl-C, once two runs are in their third epoch or later at the same time."""

    def both() -> bool:
        found = [run.status for run in list_runs(root)] if root.is_dir() else []
        return sum(one.state == "running" and one.epoch > 2 for one in found) == 2

    try:
        wait(both, "two runs side by side")
    finally:  # else the command would wait for ever
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.slow
def test_an_experiment_trains_side_by_side_is_interrupted_and_resumed(
    cluster, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("CENTERVIZ_CLUSTER", cluster)
    root = tmp_path / "runs"
    interrupting = threading.Thread(target=interrupt_when_two_train, args=(root,))
    interrupting.start()
    assert main(["train", *EXPERIMENT, "--runs", str(root), "--json"]) == 130
    interrupting.join()
    out, err = capsys.readouterr()
    name = err.partition(":")[0]
    assert out == ""
    assert f"resume {name}" in err
    assert {run.status.state for run in list_runs(root)} == {"stopped"}
    assert main(["stop", name, "--runs", str(root)]) == 2  # nothing is left to stop

    assert main(["resume", name, "--runs", str(root), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    runs = [open_run(Path(run["dir"])) for run in found["runs"]]
    assert [(run.config.center_weight, run.config.seed) for run in runs] == [
        (0.0, 0),
        (0.0, 1),
        (0.1, 0),
        (0.1, 1),
    ]
    assert {run["state"] for run in found["runs"]} == {"done"}
    without, with_ = found["summary"]
    ratios = [run["unit"]["ratio"] for run in found["runs"]]
    assert without["settings"] == {"center_weight": 0.0}
    assert without["numbers"]["unit.ratio"]["mean"] == pytest.approx(np.mean(ratios[:2]))
    paired = with_["differences"]["unit.ratio"]
    assert paired["mean"] == pytest.approx(np.mean(np.subtract(ratios[2:], ratios[:2])))
    assert paired["n"] == 2

    assert main(["resume", name, "--runs", str(root)]) == 0  # all are done: told again
    out, err = capsys.readouterr()
    assert out.count("unit.ratio") == 2
    assert "randomness of training" in err
    assert main(["runs", "--runs", str(root)]) == 0
    assert capsys.readouterr().out.count(name) == 4


def test_a_cluster_that_does_not_answer_ends_with_1_and_says_how_to_go_on(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("CENTERVIZ_CLUSTER", "tcp://127.0.0.1:9")
    monkeypatch.setattr(queue, "START_DIAL", 0.2)
    assert main(["train", *EXPERIMENT, "--runs", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert "does not answer" in err
    assert f"resume {err.partition(':')[0]}" in err


def test_runs_that_the_cluster_has_lost_are_not_waited_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CENTERVIZ_CLUSTER", "tcp://told")
    monkeypatch.setattr(cli_experiment, "LOST", 0.0)
    monkeypatch.setattr(queue, "GRACE", 0.0)
    monkeypatch.setattr(Told, "run_on_scheduler", forgetful)
    monkeypatch.setitem(queue._clients, tmp_path, Told())
    assert main(["train", *EXPERIMENT, "--runs", str(tmp_path)]) == 1
    assert "0 of 4 runs are done; to go on" in capsys.readouterr().err


def forgetful(client: Told, _question) -> list[tuple[str, bool]]:
    """A scheduler that has lost the last task as soon as somebody has seen it."""
    seen = [(key, True) for key in client.submitted]
    client.submitted.clear()
    return seen
