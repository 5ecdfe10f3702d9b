"""A finished run of two epochs on digits, for what reads runs."""

import pytest

from centerviz.learning.config import TrainConfig
from centerviz.runs.store import create_run
from centerviz.runs.work import work


@pytest.fixture(scope="session")
def digits_run(tmp_path_factory):
    run = create_run(TrainConfig(epochs=2), tmp_path_factory.mktemp("films"))
    assert work(run).state == "done"
    return run


@pytest.fixture(scope="session")
def sphere_run(tmp_path_factory):
    """Center loss on unit features, more of them than a map has dimensions."""
    config = TrainConfig(epochs=2, dim=4, normalize=True, base="normface")
    run = create_run(config, tmp_path_factory.mktemp("films"))
    assert work(run).state == "done"
    return run
