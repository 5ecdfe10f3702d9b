"""A cluster of somebody else: a scheduler and workers, processes of their own; and a client whose
scheduler says what a test tells it to."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

from centerviz.runs.cluster import PRELOAD
from tests.runs.killing import ROOT, wait


@contextlib.contextmanager
def given_cluster(
    folder: Path, *flags: str, homes: Sequence[Path] = (ROOT, ROOT, ROOT)
) -> Iterator[str]:
    """The address of its scheduler; the workers have one thread each.

    `homes` are the folders in which scheduler and workers start: who starts elsewhere than in ROOT
    does not have CenterViz.
    """
    file = folder / "scheduler.json"
    shared = [f"--scheduler-file={file}", "--no-dashboard", *flags]
    worker = ["dask_worker", "--nthreads=1", "--no-nanny", *shared]
    commands = [["dask_scheduler", "--host=127.0.0.1", "--port=0", *shared]]
    commands += [worker + ["--preload", PRELOAD] * (home == ROOT) for home in homes[1:]]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *its_flags],
            cwd=home,
            env={**env, "OMP_NUM_THREADS": "1"},
            stderr=subprocess.DEVNULL,
        )
        for home, (name, *its_flags) in zip(homes, commands, strict=True)
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


class Told:
    """A client as Dask's. `answers` are called one after the other for what the scheduler knows,
    (task, given to a worker); after the last one it knows what has been submitted since."""

    status = "running"
    scheduler = SimpleNamespace(address="tcp://told")

    def __init__(self, *answers: Callable[[], list[tuple[str, bool]]]):
        self.answers, self.submitted = list(answers), []

    def run_on_scheduler(self, _question):
        return self.answers.pop(0)() if self.answers else [(key, False) for key in self.submitted]

    def run(self, _question, on_error):
        return {"a worker": True}

    def submit(self, _task, _path, key, **_options):
        self.submitted.append(key)

    def close(self, timeout):
        pass
