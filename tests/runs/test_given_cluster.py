"""A cluster of somebody else by CENTERVIZ_CLUSTER=tls://…: a scheduler and two workers, processes
of their own on a shared folder. Who has no certificate reaches nothing."""

import dask
import pytest
from distributed.security import Security

from centerviz.cli import main
from centerviz.learning.config import TrainConfig
from centerviz.runs import queue
from centerviz.runs.store import cluster_folder, create_run, list_runs
from tests.runs.given import given_cluster
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
    flags = [
        f"--tls-{name}{'-file' if name == 'ca' else ''}={p}" for name, p in certificate.items()
    ]
    with given_cluster(tmp_path, "--protocol=tls", *flags) as address:
        yield address


@pytest.mark.slow
def test_runs_train_side_by_side_on_a_cluster_by_tls(address, certificate, tmp_path, monkeypatch):
    root = tmp_path / "runs"
    monkeypatch.setenv("CENTERVIZ_CLUSTER", address)
    runs = [create_run(ENDLESS, root), create_run(ENDLESS, root)]
    with monkeypatch.context() as patient, pytest.raises(queue.Problem, match="does not answer"):
        patient.setattr(queue, "START_DIAL", 2.0)
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


@pytest.mark.slow
def test_a_cluster_without_a_worker_that_has_centerviz_takes_no_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(queue, "HAND_OVER_SECONDS", 0.5)
    root = tmp_path / "runs"
    with given_cluster(tmp_path, homes=(ROOT, tmp_path)) as address:
        monkeypatch.setenv("CENTERVIZ_CLUSTER", address)
        assert main(["train", "--pair", "--dataset=article", "--epochs=1", f"--runs={root}"]) == 1
    said = capsys.readouterr().err
    assert "no worker that takes runs; start one" in said
    assert "0 of 2 runs are done; to go on" in said
    assert [run.status.state for run in list_runs(root)] == ["interrupted", "interrupted"]


@pytest.mark.slow
def test_a_scheduler_that_does_not_have_centerviz_is_a_problem(tmp_path, monkeypatch):
    run = create_run(ENDLESS, tmp_path / "runs")
    with given_cluster(tmp_path, homes=(tmp_path,)) as address:
        monkeypatch.setenv("CENTERVIZ_CLUSTER", address)
        assert queue.queue_position(run) is None
        with pytest.raises(queue.Problem, match="does not have this version of CenterViz"):
            queue.submit(run)
