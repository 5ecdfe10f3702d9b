"""Names of runs beside each other, and user text that stays text."""

import pytest

from centerviz.learning.config import TrainConfig
from centerviz.runs.store import create_run
from centerviz.web.naming import titles


def runs(root, *configs):
    return [create_run(config, root) for config in configs]


def test_runs_are_called_by_what_differs(tmp_path):
    pair = runs(tmp_path, TrainConfig(center_weight=0), TrainConfig())
    assert titles(pair) == ["λ = 0", "λ = 0.1"]


def test_two_settings_still_make_a_title(tmp_path):
    pair = runs(tmp_path, TrainConfig(dim=3, seed=1), TrainConfig())
    assert titles(pair) == ["D = 3, seed = 1", "D = 2, seed = 0"]


@pytest.mark.parametrize(
    "configs",
    [
        (TrainConfig(), TrainConfig()),
        (TrainConfig(),),
        (TrainConfig(dim=3, seed=1, epochs=2), TrainConfig()),
    ],
)
def test_otherwise_runs_are_called_by_their_id(tmp_path, configs):
    given_runs = runs(tmp_path, *configs)
    assert titles(given_runs) == [run.id for run in given_runs]


def test_a_damaged_run_is_called_by_its_id(tmp_path):
    pair = runs(tmp_path, TrainConfig(center_weight=0), TrainConfig())
    (pair[0].path / "config.json").write_text("[", encoding="utf-8")
    assert titles(pair) == [run.id for run in pair]
