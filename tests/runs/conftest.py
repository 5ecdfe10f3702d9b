"""A finished run on the article's twelve vectors: trained in a blink."""

import shutil

import pytest

from centerviz.learning.config import TrainConfig
from centerviz.runs.store import Run, create_run
from centerviz.runs.work import work

SMALL = TrainConfig(dataset="article", epochs=4)


@pytest.fixture(scope="session")
def _finished(tmp_path_factory) -> Run:
    run = create_run(SMALL, tmp_path_factory.mktemp("finished"))
    assert work(run).state == "done"
    return run


@pytest.fixture
def finished(_finished, tmp_path) -> Run:
    """A copy that a test may spoil."""
    return Run(shutil.copytree(_finished.path, tmp_path / "runs" / _finished.id))


@pytest.fixture(scope="session")
def undisturbed(_finished) -> bytes:
    """The weights that every run of SMALL has to end with."""
    return (_finished.path / "model.safetensors").read_bytes()


def tree(folder):
    """Every file under a folder with its bytes."""
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
