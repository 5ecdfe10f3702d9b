"""A run at a glance: what a list tells of it, every file read once."""

from dataclasses import dataclass

from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs import record, status
from centerviz.runs.status import Status
from centerviz.runs.store import Run

WATCHED = ("config.json", "status.json", "epochs.jsonl", "provenance.json")


@dataclass(frozen=True)
class Glance:
    """What stands in the small files of a run directory."""

    status: Status
    about: dict  # provenance: name, note, times
    config: TrainConfig | None = None  # None for a damaged one
    last: dict | None = None  # its last finished epoch
    problem: Problem | None = None  # why it is damaged


def stamps(run: Run) -> tuple[int, ...]:
    """When the files that a glance reads were written; 0 for one that isn't there."""
    found = []
    for name in WATCHED:
        try:
            found.append((run.path / name).stat().st_mtime_ns)
        except OSError:
            found.append(0)
    return tuple(found)


def glance(run: Run) -> Glance:
    """A look at a run, whatever state its directory is in."""
    about = run.provenance()
    try:
        config, last = run.config, record.last_line(run.path)
        return Glance(run.standing(status.read(run.path)), about, config, last)
    except Problem as problem:
        return Glance(Status("damaged").saying(problem), about, problem=problem)
