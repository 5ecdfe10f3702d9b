"""Trainings that are killed again and again, and what they have to end with."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from centerviz.runs.store import Run, create_run, list_runs
from centerviz.runs.work import work

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 120.0  # seconds for anything to happen

# Imports torch once; each command then runs in a child of its own, which a kill -9 ends alone.
STARTER = """
import json, os, sys
import centerviz.learning.ahead, centerviz.runs.work
from centerviz.cli import main
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        sys.stdout = sys.stderr = open(os.devnull, "w")
        os._exit(main(json.loads(line)))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def wait(what, for_: str):
    """Poll until `what()` is true; returns it."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.005)
    raise AssertionError(f"waited {DEADLINE} s for {for_}")


@contextlib.contextmanager
def commands():
    """A function that starts a command of the command line; it returns the process id and a
    function that waits for the end and returns the exit code."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )

    def start(*argv: object):
        starter.stdin.write(json.dumps([str(word) for word in argv]) + "\n")
        return int(starter.stdout.readline()), lambda: int(starter.stdout.readline())

    with starter:
        yield start


def lines(run: Run) -> int:
    """Lines of epochs.jsonl, committed or not."""
    file = run.path / "epochs.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def weights(run: Run) -> bytes:
    """The bytes of the finished model."""
    return (run.path / "model.safetensors").read_bytes()


def undisturbed(config, root: Path) -> bytes:
    """The weights of a training that nobody disturbs."""
    run = create_run(config, root)
    assert work(run).state == "done"
    return weights(run)


def killed_until_done(
    flags: list[str], root: Path, kills: int, epochs: int, rng: np.random.Generator
) -> tuple[Run, int]:
    """Train by the command line and kill -9 it `kills` times, at instants spread over its life:
    each time at a random epoch further on, and a random moment later.

    Returns the run and how many of the kills found it alive.
    """
    hits = 0
    with commands() as start:
        argv = ["train", *flags, "--epochs", epochs, "--runs", root]
        for kill in range(1, kills + 1):
            child, ended = start(*argv)
            (run,) = wait(lambda: list_runs(root), "the run directory")
            argv = ["resume", run.id, "--runs", root]
            aim = int(rng.integers(0, (epochs - 1) * kill // kills, endpoint=True))
            wait(lambda: lines(run) >= aim or run.status.state == "done", f"epoch {aim}")  # noqa: B023
            moment = time.perf_counter() + rng.uniform(0, 0.03)
            while time.perf_counter() < moment:
                pass
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            hits += ended() == -signal.SIGKILL
            assert run.problem is None
            assert run.status.state in ("queued", "interrupted", "done")
        _, ended = start(*argv)
        assert ended() == 0
    return run, hits
