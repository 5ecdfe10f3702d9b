"""A cluster of somebody else: a scheduler and two workers, processes of their own."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from centerviz.runs.cluster import PRELOAD
from tests.runs.killing import ROOT, wait


@contextlib.contextmanager
def given_cluster(folder: Path, *flags: str) -> Iterator[str]:
    """The address of its scheduler; the workers have one thread each."""
    file = folder / "scheduler.json"
    shared = [f"--scheduler-file={file}", "--no-dashboard", *flags]
    commands = [
        ["dask_scheduler", "--host=127.0.0.1", "--port=0", *shared],
        *2 * [["dask_worker", "--nthreads=1", "--no-nanny", *shared, "--preload", PRELOAD]],
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *its_flags],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stderr=subprocess.DEVNULL,
        )
        for name, *its_flags in commands
    ]

    def address() -> str | None:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):  # half written
            return json.loads(file.read_text())["address"]

    try:
        yield wait(address, "the scheduler")
    finally:
        for process in processes:
            process.kill()
            process.wait()
