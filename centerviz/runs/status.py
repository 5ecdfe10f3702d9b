"""Where a run stands: status.json.

States: queued, running, stopped (asked to), interrupted (killed), done, failed; damaged is a
directory that is no readable run.
"""

import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from centerviz.language import N_, _
from centerviz.problem import Problem
from centerviz.runs.files import read_json, write_json

STATES = ("queued", "running", "interrupted", "stopped", "done", "failed", "damaged")
FILE = "status.json"
TOO_ODD = N_("{file} holds something else than expected.")


@dataclass(frozen=True)
class Status:
    """One look at a run. `message` words template and values in the reader's language."""

    state: str
    epoch: int = 0  # finished epochs
    epochs: int = 0  # of the config
    step: int = 0  # batches done in the epoch under way
    steps: int = 0  # batches of an epoch
    seconds: float = 0.0  # of training so far, earlier attempts included
    heartbeat: float = 0.0  # Unix time of the last sign of life
    template: str = ""
    values: dict = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What there is to say about it, or nothing."""
        try:
            return _(self.template).format(**self.values) if self.template else ""
        except (KeyError, IndexError, ValueError, AttributeError):  # a file from elsewhere
            return self.template

    @property
    def share(self) -> float:
        """How much of the run is done, in [0, 1].

        >>> Status("running", epoch=1, epochs=4, step=5, steps=10).share
        0.375
        """
        if self.state == "done":
            return 1.0
        part = self.step / self.steps if self.steps else 0.0
        return min((self.epoch + part) / self.epochs, 1.0) if self.epochs else 0.0

    @property
    def active(self) -> bool:
        """Is something still going to happen by itself?"""
        return self.state in ("queued", "running")

    @property
    def resumable(self) -> bool:
        """Can it be taken up again?"""
        return self.state in ("interrupted", "stopped", "failed")

    def saying(self, problem: Problem) -> "Status":
        """The same with a problem's sentence."""
        values = {name: str(value) for name, value in problem.values.items()}
        return replace(self, template=problem.template, values=values)


def write(folder: Path, status: Status) -> None:
    """Write the status with the present time as its heartbeat."""
    write_json(folder / FILE, asdict(replace(status, heartbeat=time.time())))


def read(folder: Path) -> Status:
    """The status as it was last written. Raises Problem for a damaged file."""
    found, blank = read_json(folder / FILE), Status("")
    values = {name: found.get(name, getattr(blank, name)) for name in Status.__dataclass_fields__}
    for name, value in values.items():
        kind = type(getattr(blank, name))
        if type(value) not in ((int, float) if kind is float else (kind,)):
            raise Problem(TOO_ODD, file=FILE)
    if values["state"] not in STATES:
        raise Problem(TOO_ODD, file=FILE)
    times = {name: float(values[name]) for name in ("seconds", "heartbeat")}
    return Status(**{**values, **times})
