"""How long an epoch takes: as like runs took here, or measured by training for a few seconds."""

import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.status import Status
from centerviz.runs.store import list_runs, runs_root

LONGEST = 20.0  # seconds of training; an epoch that takes longer is judged by what is done of it
PATIENCE = 300.0  # seconds until the first step: torch is loaded, the data read; drawing is extra
NEWEST = 200  # runs that are looked at
Told = Callable[[int, int], None]  # pictures drawn and to draw; 0, 0 while none are drawn


def cost(config: TrainConfig) -> tuple:
    """What decides how long an epoch takes: equal costs, about equal times."""
    model = config.model if config.model == "lenets++" else ""
    return (config.dataset, model, config.dim, config.batch_size, config.base, config.optimizer)


def known_seconds(root: Path | None = None) -> dict[tuple, float]:
    """Seconds of an epoch by `cost`, from the newest finished runs."""
    found: dict[tuple, float] = {}
    for run in list_runs(root)[:NEWEST]:
        said = run.status
        if said.state == "done" and said.epoch and said.seconds:
            found.setdefault(cost(run.config), said.seconds / said.epoch)
    return found


def measured_seconds(config: TrainConfig, told: Told = lambda done, parts: None) -> float:
    """Seconds of an epoch, by beginning such a training in a process and folder of its own.

    `told` hears a few times a second how far it is; what it raises ends the measuring. Raises
    Problem where it does not get as far as the first steps.
    """
    short = config.model_copy(update={"epochs": 1, "warmup_epochs": 0})
    runs_root().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".probe-", dir=runs_root()))
    process = subprocess.Popen(
        [sys.executable, *shlex.split(short.command_line())[1:], "--runs", str(folder)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        found = _watch(process, folder, told)
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
    if found is None:
        raise Problem("The time could not be measured; Start says what is wrong.")
    return found


def _watch(process: subprocess.Popen, folder: Path, told: Told) -> float | None:
    """Seconds of an epoch as far as the process got; None where it ended before the first step."""
    until, drawn = time.monotonic() + PATIENCE, 0
    while True:
        ended = process.poll() is not None
        said = next((run.status for run in list_runs(folder)), None)
        share = 0.0 if said is None else _share(said)
        if said is not None and _draws(said) and said.step > drawn:
            drawn, until = said.step, time.monotonic() + PATIENCE
        enough = share and (said.seconds >= LONGEST or said.state == "done")
        if enough or ended or (not share and time.monotonic() > until):
            return said.seconds / share if share else None
        told(*((said.step, said.steps) if said is not None and _draws(said) else (0, 0)))
        time.sleep(0.2)


def _draws(said: Status) -> bool:
    """Are these steps pictures that are drawn? Training has taken time at its first step."""
    return said.step > 0 and not said.seconds


def _share(said: Status) -> float:
    """How much of the one epoch is done.

    >>> _share(Status("running", step=5, steps=10, seconds=2.0)), _share(Status("done", epoch=1))
    (0.5, 1.0)
    >>> _share(Status("running", step=5, steps=10))  # pictures
    0.0
    """
    if said.epoch:
        return 1.0
    return said.step / said.steps if said.steps and not _draws(said) else 0.0
