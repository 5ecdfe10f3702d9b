"""A cluster of somebody else by CENTERVIZ_CLUSTER=tls://…: a scheduler and two workers, processes
of their own on a shared folder. Who has no certificate reaches nothing."""

import json
import os
import subprocess
import sys

import dask
import pytest
from distributed.security import Security

from centerviz.learning.config import TrainConfig
from centerviz.runs import queue
from centerviz.runs.cluster import PRELOAD
from centerviz.runs.store import cluster_folder, create_run
from tests.runs.killing import ROOT, wait

ENDLESS = TrainConfig(dataset="article", epochs=5000)


@pytest.fixture
def certificate(tmp_path) -> dict[str, str]:
    """The files of a certificate of our own making, by what they are."""
    made = Security.temporary()
    parts = {"ca": made.tls_ca_file, "cert": made.tls_client_cert, "key": made.tls_client_key}
    for name, content in parts.items():
        (tmp_path / f"{name}.pem").write_text(content)
    return {name: str(tmp_path / f"{name}.pem") for name in parts}


@pytest.fixture
def address(tmp_path, certificate):
    """Of the scheduler of two workers with one thread each."""
    file = tmp_path / "scheduler.json"
    tls = [f"--tls-{name}{'-file' if name == 'ca' else ''}={p}" for name, p in certificate.items()]
    shared = [f"--scheduler-file={file}", "--protocol=tls", "--no-dashboard", *tls]
    commands = [
        ["dask_scheduler", "--host=127.0.0.1", "--port=0", *shared],
        *2 * [["dask_worker", "--nthreads=1", "--no-nanny", *shared, "--preload", PRELOAD]],
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *flags],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stderr=subprocess.DEVNULL,
        )
        for name, *flags in commands
    ]
    try:
        wait(file.exists, "the scheduler")
        yield json.loads(file.read_text())["address"]
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_runs_train_side_by_side_on_a_cluster_by_tls(address, certificate, tmp_path, monkeypatch):
    root = tmp_path / "runs"
    monkeypatch.setenv("CENTERVIZ_CLUSTER", address)
    runs = [create_run(ENDLESS, root), create_run(ENDLESS, root)]
    with pytest.raises(queue.Problem, match="does not answer"):
        queue.submit(runs[0])
    tls = {"ca-file": certificate["ca"]}
    tls |= {f"client.{part}": certificate[part] for part in ("cert", "key")}
    try:
        with dask.config.set({f"distributed.comm.tls.{name}": path for name, path in tls.items()}):
            for run in runs:
                queue.submit(run)
        wait(lambda: all(run.status.epoch > 1 for run in runs), "both side by side")
        assert queue.stop_all(runs, patience=30.0) == []
    finally:
        queue.disconnect(root)
    assert address.startswith("tls://")
    assert [run.status.state for run in runs] == ["stopped", "stopped"]
    assert not cluster_folder(root).exists()  # none of our own was started
