"""The embedded cluster: it outlives the app, dies alone with a worker, stops when asked."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time

import pytest
from distributed.security import Security

from centerviz.learning.config import TrainConfig
from centerviz.runs import cluster, queue, status
from centerviz.runs.files import read_json, write_json
from centerviz.runs.store import STOP, Run, cluster_folder, create_run
from tests.runs.given import Told
from tests.runs.killing import ROOT, clusters, end, undisturbed, wait, weights, worker

LONG = TrainConfig(dataset="article", epochs=60)
SHORT = TrainConfig(dataset="article", epochs=5)
APP = """
import sys
from pathlib import Path
from centerviz.runs import queue
from centerviz.runs.store import open_run
queue.submit(open_run(Path(sys.argv[1])))
print("submitted", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A root whose cluster has one worker; two apps start it at once, and are killed."""
    root = tmp_path_factory.mktemp("queue")
    env = {**os.environ, "CENTERVIZ_WORKERS": "1", "CENTERVIZ_IDLE": "120"}
    runs = [create_run(LONG, root, name=name) for name in ("first", "second")]
    apps = [
        subprocess.Popen(
            [sys.executable, "-c", APP, str(run.path)],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for run in runs
    ]
    try:
        for app in apps:
            with app:
                assert app.stdout.readline() == b"submitted\n"
                app.kill()
        yield root
    finally:
        queue.disconnect(root)
        for process in clusters(root):
            end(process)


def ended(run: Run) -> str:
    """Wait until nothing happens any more by itself; returns the state."""
    wait(lambda: not run.status.active, f"the end of {run.id}")
    return run.status.state


@pytest.mark.slow
def test_two_apps_start_one_cluster_and_it_outlives_them(root):
    assert len(clusters(root)) == 1
    runs = {run.provenance()["name"]: run for run in map(Run, root.glob("[a-z]*"))}
    assert [ended(run) for run in runs.values()] == ["done", "done"]
    assert weights(runs["first"]) == weights(runs["second"])


@pytest.mark.slow
def test_nobody_else_can_reach_the_cluster(root):
    folder = cluster_folder(root)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / cluster.ADDRESS).stat().st_mode) == 0o600
    said = json.loads((folder / cluster.ADDRESS).read_text())
    assert said["address"].startswith("tls://127.0.0.1:")
    strangers = Security.temporary()
    foreign = {
        "ca": strangers.tls_ca_file,
        "cert": strangers.tls_client_cert,
        "key": strangers.tls_client_key,
    }
    for credentials in (foreign, {**said, "cert": foreign["cert"], "key": foreign["key"]}, None):
        with pytest.raises(queue.Problem, match="does not answer"):
            cluster.dial(said["address"], credentials, timeout=2.0)
    cluster.dial(said["address"], said).close()


def test_runs_that_no_queue_takes_can_be_taken_up_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_CLUSTER", "nowhere://")
    runs = [create_run(SHORT, tmp_path) for _ in range(2)]
    with pytest.raises(queue.Problem):
        queue.submit_all(runs)
    assert [run.status.state for run in runs] == ["interrupted", "interrupted"]


def test_a_given_cluster_that_is_away_is_no_trouble_for_a_look(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_CLUSTER", "tcp://127.0.0.1:9")
    monkeypatch.setattr(queue, "START_DIAL", 0.2)
    monkeypatch.setattr(queue, "LOOK_DIAL", 0.2)
    run = waiting_for_an_hour(tmp_path)
    assert queue.queue_position(run) is None
    assert queue.recover(tmp_path) == []
    assert status.read(run.path).state == "queued"  # it may wait there all the same
    with pytest.raises(queue.Problem, match="does not answer"):
        queue.submit(run)


def waiting_for_an_hour(root) -> Run:
    """A queued run of which nothing was heard for long."""
    run = create_run(SHORT, root)
    said = read_json(run.path / status.FILE)
    write_json(run.path / status.FILE, {**said, "heartbeat": time.time() - 3600})
    return run


def test_a_queued_run_that_its_cluster_does_not_know_is_interrupted(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_CLUSTER", "tcp://told")
    monkeypatch.setitem(queue._clients, tmp_path, Told())
    run = waiting_for_an_hour(tmp_path)
    assert queue.recover(tmp_path) == [run]
    assert status.read(run.path).state == "interrupted"


def test_a_connection_that_is_lost_while_runs_are_queued_is_a_problem(tmp_path, monkeypatch):
    def lost():
        raise OSError("gone")

    monkeypatch.setitem(queue._clients, tmp_path, Told(list, lost))
    runs = [create_run(SHORT, tmp_path) for _ in range(2)]
    with pytest.raises(queue.Problem, match="connection to the queue was lost: gone"):
        queue.submit_all(runs)
    assert [status.read(run.path).state for run in runs] == ["interrupted", "interrupted"]


def test_a_run_whose_turn_comes_while_it_is_queued_again_is_handed_over_again(
    tmp_path, monkeypatch
):
    """It was stopped while it waited; its old task ends just when it is put back in line."""
    run = create_run(SHORT, tmp_path)
    queue.request_stop(run)
    old = f"{queue.PREFIX}{run.id}:1"

    def turn() -> list:
        assert queue.train(str(run.path)) == "stopped"
        return [(old, False)]  # as it was a moment before

    client = Told(lambda: [(old, False)], turn, lambda: [(old, True)], list)
    monkeypatch.setitem(queue._clients, tmp_path, client)
    queue.submit(run)
    assert run.status.state == "queued"
    assert queue.queue_position(run) == 1


def test_a_run_that_cannot_be_stopped_leaves_no_other_running(tmp_path):
    runs = [create_run(SHORT, tmp_path) for _ in range(3)]
    (runs[1].path / STOP).symlink_to(tmp_path / "nowhere" / "stop")  # nobody can write it
    with pytest.raises(queue.Problem, match=f"{runs[1].id} cannot be stopped"):
        queue.stop_all(runs, patience=30.0)
    assert [run.status.state for run in runs] == ["stopped", "queued", "stopped"]


def test_a_run_that_is_gone_cannot_be_stopped(tmp_path):
    run = create_run(SHORT, tmp_path)
    shutil.rmtree(run.path)
    with pytest.raises(queue.Problem, match="cannot be stopped"):
        queue.request_stop(run)


@pytest.mark.slow
def test_runs_wait_in_line_and_a_waiting_one_stops_at_once(root):
    runs = [create_run(LONG.model_copy(update={"epochs": 5000}), root) for _ in range(3)]
    for run in runs:
        queue.submit(run)
    wait(lambda: runs[0].status.epoch > 2, "the first epochs")
    assert [queue.queue_position(run) for run in runs] == [0, 1, 2]
    queue.submit(runs[1])  # a second click changes nothing
    assert [queue.queue_position(run) for run in runs] == [0, 1, 2]
    queue.request_stop(runs[1])
    assert runs[1].status.state == "stopped"
    queue.submit(runs[1])  # its task still waits
    assert (runs[1].status.state, queue.queue_position(runs[1])) == ("queued", 1)
    queue.request_stop(runs[1])
    queue.request_stop(runs[0])
    assert ended(runs[0]) == "stopped"
    wait(lambda: runs[2].status.epoch > 2, "the third run's turn")
    assert queue.stop_all(runs, patience=30.0) == []
    assert runs[2].status.state == "stopped"
    assert runs[1].epoch_lines() == []
    assert queue.queue_position(runs[1]) is None


@pytest.mark.slow
def test_a_killed_worker_takes_no_other_run_with_it_and_its_own_resumes(root, tmp_path):
    config = LONG.model_copy(update={"seed": 7})
    run, waiting = create_run(config, root), create_run(SHORT, root)
    queue.submit(run)
    queue.submit(waiting)
    wait(lambda: run.status.epoch > 5, "the first epochs")
    worker(root).kill()
    assert ended(run) == "interrupted"
    assert ended(waiting) == "done"
    assert run in queue.recover(root)
    queue.submit(run)
    assert ended(run) == "done"
    assert weights(run) == undisturbed(config, tmp_path)


@pytest.mark.slow
def test_a_run_whose_cluster_is_gone_is_offered_again(root, tmp_path, monkeypatch):
    run, waiting = (create_run(LONG.model_copy(update={"epochs": 5000}), root) for _ in range(2))
    queue.submit(run)
    queue.submit(waiting)
    wait(lambda: run.status.epoch > 2, "the first epochs")
    for process in clusters(root):
        end(process)
    assert run.status.state == "interrupted"
    assert queue.queue_position(waiting) is None
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert {run, waiting} <= set(queue.recover(root))
    assert waiting.status.state == "interrupted"


@pytest.mark.slow
def test_an_idle_cluster_ends_by_itself(tmp_path):
    env = {**os.environ, "CENTERVIZ_WORKERS": "1", "CENTERVIZ_IDLE": "1"}
    command = [sys.executable, "-m", "centerviz.runs.cluster", str(tmp_path / ".cluster")]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
    assert not (tmp_path / ".cluster" / cluster.ADDRESS).exists()


def test_a_cluster_that_does_not_answer_is_a_problem():
    with pytest.raises(queue.Problem, match="does not answer"):
        cluster.dial("tcp://127.0.0.1:9", None, timeout=1.0)
