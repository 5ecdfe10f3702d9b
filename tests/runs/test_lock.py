"""The lock says who works on a run, and only as long as somebody does."""

import subprocess
import sys

import pytest

from centerviz.runs import lock

HOLD = """
import sys
from pathlib import Path
from centerviz.runs import lock
with lock.hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_look_creates_nothing(tmp_path):
    assert not lock.is_held(tmp_path / "lock")
    assert list(tmp_path.iterdir()) == []


def test_held_by_another_part_of_this_process(tmp_path):
    with lock.hold(tmp_path / "lock"):
        assert lock.is_held(tmp_path / "lock")
        with pytest.raises(lock.Busy), lock.hold(tmp_path / "lock", patience=0.0):
            pass
        assert lock.is_held(tmp_path / "lock")
    assert not lock.is_held(tmp_path / "lock")


def test_a_killed_holder_holds_nothing(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        assert lock.is_held(tmp_path / "lock")
        holder.kill()
    assert not lock.is_held(tmp_path / "lock")
    with lock.hold(tmp_path / "lock", patience=0.0):
        pass


def test_a_place_that_cannot_be_written_is_a_problem(tmp_path):
    (tmp_path / "run").write_text("a file")
    held = lock.hold(tmp_path / "run" / "lock")
    with pytest.raises(lock.Problem, match="run cannot be written"), held:
        pass
