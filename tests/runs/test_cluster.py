"""The cluster keeps its workers, whenever one is lost."""

import os
import subprocess
import sys

import psutil
import pytest

from centerviz.runs.store import cluster_folder
from tests.runs.killing import ROOT, end, replaced, wait, worker


@pytest.mark.slow
def test_a_worker_that_dies_while_it_starts_is_replaced(tmp_path):
    command = [sys.executable, "-m", "centerviz.runs.cluster", str(cluster_folder(tmp_path))]
    env = {**os.environ, "CENTERVIZ_WORKERS": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) as started:
        leader = psutil.Process(started.pid)
        try:
            wait(lambda: len(leader.children()) == 2, "the worker's start")
            first = worker(tmp_path)
            first.kill()
            wait(lambda: replaced(tmp_path, first.pid), "another worker")
        finally:
            end(leader)
