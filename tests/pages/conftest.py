"""Finished runs to open pages with, and pages run through the shell."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from centerviz.learning.config import TrainConfig
from centerviz.runs.store import Run, create_run
from centerviz.runs.work import work

ROOT = Path(__file__).resolve().parents[2]
SHELL = ROOT / "centerviz" / "web" / "shell.py"


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A folder with a finished pair on digits, two epochs each: its ids are without, with."""
    root = tmp_path_factory.mktemp("trained")
    for name, weight in (("without", 0.0), ("with", 0.5)):
        run = create_run(TrainConfig(epochs=2, center_weight=weight), root)
        assert work(run).state == "done"
        run.path.rename(root / name)
    return root


@pytest.fixture
def queued(no_runs):
    """Make a run called by its id that nobody works on: `queued("waiting")`."""

    def made(name: str) -> Run:
        run = create_run(TrainConfig(epochs=5), no_runs)
        return Run(run.path.rename(no_runs / name))

    return made


@pytest.fixture
def runs(trained, monkeypatch):
    """The app's own runs are the trained pair."""
    monkeypatch.setenv("CENTERVIZ_RUNS", str(trained))
    return trained


@pytest.fixture
def no_runs(tmp_path, monkeypatch):
    """The app has no runs of its own."""
    monkeypatch.setenv("CENTERVIZ_RUNS", str(tmp_path))
    return tmp_path


@pytest.fixture
def open_page():
    """Open a page through the shell, as a browser does: `open_page("train", run="a,b")`."""

    def opened(name: str, **query: str) -> AppTest:
        at = AppTest.from_file(SHELL, default_timeout=60)
        for key, value in query.items():
            at.query_params[key] = value
        at.switch_page(f"../../pages/{name}.py").run()
        assert not at.exception, [entry.value for entry in at.exception]
        return at

    return opened
