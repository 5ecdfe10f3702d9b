"""The operating-system lock on a run: who holds it is training the run, now.

The system takes it back the moment its holder dies, however it dies; nothing else says "running".
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from centerviz.problem import Problem

PATIENCE = 1.0  # seconds; a look by `is_held` holds the lock for less than a millisecond


@contextlib.contextmanager
def hold(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock `path`. Raises Busy when another process, or another part of this, has it, and
    Problem where it may not be written."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=patience, poll_interval=0.02)
    except Timeout:
        raise Busy("{name} is being worked on by another process.", name=path.parent.name) from None
    except OSError as error:
        said = {"run": path.parent.name, "reason": error.strerror}
        raise Problem("{run} cannot be written: {reason}.", **said) from None
    try:
        yield
    finally:
        lock.release()


def is_held(path: Path) -> bool:
    """Is somebody holding the lock `path`? Creates nothing."""
    if not path.is_file():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # a place where we may only read: nobody works there
        return False
    lock.release()
    return False


class Busy(Problem):
    """Somebody else holds the lock."""
