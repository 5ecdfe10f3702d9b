"""Slots: what only so many runs can use at a time, as GPUs, each a lock that its user holds."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from centerviz.runs import lock

LOOK = 0.2  # seconds between two looks for a free one


@contextlib.contextmanager
def hold_one(folder: Path, names: Sequence[str], give_up: Callable[[], bool]) -> Iterator[int]:
    """Hold the first free slot of `names`, as soon as there is one; yields its place in the list.

    −1 where there are none to wait for, and once `give_up` says so. The system takes a slot back
    from a holder that dies.
    """
    if names:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.ExitStack() as held:
        place = _first_free(folder, names, held)
        while names and place < 0 and not give_up():
            time.sleep(LOOK)
            place = _first_free(folder, names, held)
        yield place


def _first_free(folder: Path, names: Sequence[str], held: contextlib.ExitStack) -> int:
    for place, name in enumerate(names):
        try:
            held.enter_context(lock.hold(folder / name, patience=0.0))
        except lock.Busy:
            continue
        return place
    return -1
