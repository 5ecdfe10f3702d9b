"""Runs that were deleted: each lies in a folder beside the others and can be brought back."""

import time
from pathlib import Path

from centerviz.problem import Problem
from centerviz.runs import lock
from centerviz.runs.store import LOCK, SHIPPED, Run, runs_root

TRASH = ".trash"


def delete_run(run: Run) -> Path:
    """Move a run to the trash folder beside it; returns where it lies, for `restore_run`.

    Raises Problem while it is being trained, and for the runs that come with the repository.
    """
    if run.path.parent == SHIPPED:
        raise Problem("{run} comes with CenterViz and stays.", run=run.id)
    if lock.is_held(run.path / LOCK):
        raise Problem("{run} is being trained; stop it first.", run=run.id)
    trash = run.path.parent / TRASH
    place = trash / f"{run.id}~{time.time_ns()}"
    try:
        trash.mkdir(exist_ok=True)
        run.path.rename(place)
    except OSError as error:
        raise Problem(
            "{run} cannot be moved: {reason}.", run=run.id, reason=error.strerror
        ) from None
    return place


def restore_run(place: Path) -> Run:
    """Undo `delete_run`. Raises Problem when the id has been taken by another run since."""
    name = place.name.rpartition("~")[0]
    back = place.parent.parent / name
    if place.parent.name != TRASH or not place.is_dir() or back.exists():
        raise Problem("{run} cannot be brought back.", run=name)
    try:
        place.rename(back)
    except OSError as error:
        raise Problem(
            "{run} cannot be brought back: {reason}.", run=name, reason=error.strerror
        ) from None
    return Run(back)


def deleted(root: Path | None = None) -> list[Path]:
    """The runs in the trash of `root`, as `delete_run` returned them, latest first."""
    trash = (root or runs_root()).absolute() / TRASH
    if not trash.is_dir():
        return []
    found = [path for path in trash.iterdir() if path.name.rpartition("~")[2].isdigit()]
    return sorted(found, key=lambda path: int(path.name.rpartition("~")[2]), reverse=True)
