"""A disk that is full: the system itself refuses to write on, and nothing is lost."""

import contextlib

import pytest

from centerviz.learning.epoch import Epoch
from centerviz.runs.store import create_run
from centerviz.runs.work import work
from tests.runs.conftest import SMALL

resource = pytest.importorskip("resource")


@contextlib.contextmanager
def no_file_above(size: int):
    """No file of this process may grow beyond `size` bytes: what is written further is refused."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_run_that_finds_no_room_says_so_and_goes_on_when_there_is_some(tmp_path, undisturbed):
    run = create_run(SMALL, tmp_path)
    begun = []

    def fill(event) -> None:
        if isinstance(event, Epoch) and event.epoch == 2:
            held.enter_context(no_file_above((run.path / "epochs.jsonl").stat().st_size + 20))

    with contextlib.ExitStack() as held:
        found = work(run, fill)
    assert (found.state, found.epoch) == ("failed", 2)
    assert "Make room and resume it" in found.message
    half = (run.path / "epochs.jsonl").read_bytes().rpartition(b"\n")[2]
    assert len(half) == 20  # of a third line
    assert len(run.epoch_lines()) == 2
    assert work(run, begun.append).state == "done"
    assert [event.epoch for event in begun if isinstance(event, Epoch)] == [3, 4]
    assert (run.path / "model.safetensors").read_bytes() == undisturbed


def test_a_run_without_room_even_for_its_status_is_interrupted(tmp_path, undisturbed):
    run = create_run(SMALL, tmp_path)

    def fill(event) -> None:
        if isinstance(event, Epoch) and event.epoch == 2:
            held.enter_context(no_file_above(0))

    with contextlib.ExitStack() as held:
        found = work(run, fill)
        assert found.state == "failed"
        assert "Make room and resume it" in found.message
    assert run.status.state == "interrupted"
    assert work(run).state == "done"
    assert (run.path / "model.safetensors").read_bytes() == undisturbed
