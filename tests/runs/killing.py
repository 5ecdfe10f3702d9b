"""Trainings that are killed again and again, and what they have to end with."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil

from centerviz.runs import lock
from centerviz.runs.store import LOCK, Run, cluster_folder, create_run, list_runs
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

# Takes up every run whose directory it is told.
APP = """
import sys
from pathlib import Path
from centerviz.runs import queue
from centerviz.runs.store import open_run
for line in sys.stdin:
    run = open_run(Path(line.strip()))
    queue.recover(run.path.parent)
    if run.status.state != "done":
        queue.submit(run)
    print("submitted", flush=True)
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


def clusters(root) -> list[psutil.Process]:
    """The cluster processes of a root."""
    words = [sys.executable, "-m", "centerviz.runs.cluster", str(cluster_folder(root))]
    return [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == words]


def end(process: psutil.Process) -> None:
    """Kill a process and its children, whichever of them are still there."""
    family = [process]
    with contextlib.suppress(psutil.NoSuchProcess):
        family += process.children(recursive=True)
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(family, timeout=30)


def worker(root) -> psutil.Process:
    """The one worker process of the cluster."""
    (process,) = clusters(root)
    return next(p for p in process.children() if "resource_tracker" not in " ".join(p.cmdline()))


@contextlib.contextmanager
def apps(root: Path):
    """A function that hands a run to the queue as the app does after a restart, in an app of its
    own where none is left; it returns that app. The cluster of `root` has one worker."""
    started = []

    def hand_over(run: Run) -> subprocess.Popen:
        if not started or started[-1].poll() is not None:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-c", APP],
                    cwd=ROOT,
                    env={**os.environ, "CENTERVIZ_WORKERS": "1"},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    bufsize=1,
                )
            )
        app = started[-1]
        app.stdin.write(f"{run.path}\n")
        assert app.stdout.readline() == "submitted\n"
        return app

    try:
        yield hand_over
    finally:
        for app in started:
            with app:
                app.kill()
        for process in clusters(root):
            end(process)


def reach(run: Run, instant: float) -> None:
    """Wait for an instant in the life of a run, in epochs: 2.5 is in the middle of the third."""
    wait(lambda: lines(run) >= int(instant) or run.status.state == "done", f"epoch {instant}")
    known = run.epoch_lines()
    moment = time.perf_counter() + instant % 1 * (known[-1]["seconds"] if known else 0.03)
    while time.perf_counter() < moment:
        pass


def kill(victim: str, run: Run, process: int) -> bool:
    """kill -9 the command or the app `process`, or what trains for it. Was it training?"""
    if victim == "worker":
        process = worker(run.path.parent).pid
    elif victim == "cluster":
        (leader,) = clusters(run.path.parent)
        process = -leader.pid  # its process group: scheduler, nanny and worker at once
    was = run.status.state
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    if victim == "app":
        assert run.status.state in (was, "done")  # training goes on without it
        return was == "running"
    wait(lambda: not lock.is_held(run.path / LOCK), "the end of the training")
    assert run.problem is None
    assert run.status.state in ("queued", "interrupted", "done")
    if victim == "worker":
        wait(lambda: replaced(run.path.parent, process), "another worker")
    return run.status.state == "interrupted"


def replaced(root: Path, dead: int) -> bool:
    """Has the cluster a worker again, and forgotten the dead one?"""
    (leader,) = clusters(root)
    living = [p.pid for p in leader.children() if p.status() != psutil.STATUS_ZOMBIE]
    return dead not in living and len(living) == 2  # the worker and multiprocessing's tracker


def killed_until_done(
    flags: list[str], root: Path, victims: Sequence[str], epochs: int, rng: np.random.Generator
) -> tuple[Run, int]:
    """Train, and kill -9 one victim after the other, at random instants spread over the training:
    first "command"s of the command line, then "worker", "app" or "cluster" of the queue.

    Returns the run and how many of the kills hit a running training.
    """
    hits = 0
    instants = (np.arange(len(victims)) + rng.uniform(size=len(victims))) * epochs / len(victims)
    argv = ["train", *flags, "--epochs", epochs, "--runs", root]
    with commands() as start, apps(root) as hand_over:
        for victim, instant in zip(victims, instants, strict=True):
            if victim == "command":
                process, ended = start(*argv)
                (run,) = wait(lambda: list_runs(root), "the run directory")
                argv = ["resume", run.id, "--runs", root]
            else:
                app = hand_over(run)
                process = app.pid
            reach(run, instant)
            if run.status.state == "done":  # it was faster than we
                break
            hits += kill(victim, run, process)
            if victim == "command":
                ended()
            elif victim == "app":
                app.wait()
        hand_over(run)
        wait(lambda: not run.status.active, "the end")
    return run, hits
