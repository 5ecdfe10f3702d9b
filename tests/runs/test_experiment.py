"""The runs of an experiment know each other, and their seeds speak together."""

import pytest

from centerviz.learning.config import TrainConfig
from centerviz.learning.plan import Plan
from centerviz.problem import Problem
from centerviz.runs import files
from centerviz.runs.experiment import experiment_of, runs_of, start, summary
from centerviz.runs.store import create_run, list_runs

PLAN = Plan(TrainConfig(dim=3), True, (0, 1), {"center_weight": ("0.1", "1")})


def test_every_run_of_a_plan_is_written_and_knows_its_experiment(tmp_path):
    alone = create_run(TrainConfig(), tmp_path)
    runs, others = start(PLAN, tmp_path, "A look"), start(PLAN, tmp_path)
    assert [run.config for run in runs] == list(PLAN.configs())
    assert {run.status.state for run in runs} == {"queued"}
    assert runs[0].provenance()["name"] == "A look center_weight 0 seed 0"
    assert others[-1].id.startswith("digits-dim-3-center-weight-1-seed-1-")
    assert runs_of(experiment_of(runs[3]), tmp_path) == runs
    assert runs_of(experiment_of(others[0]), tmp_path) == others
    assert experiment_of(alone) == ""
    assert runs_of("", tmp_path) == runs_of("another", tmp_path) == []


def test_an_experiment_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    real, left = files.os.fsync, [10]

    def full(handle):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(Problem, match="No space left"):
        start(PLAN, tmp_path)
    assert list_runs(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_word_for_an_experiment_is_none(tmp_path):
    run = create_run(TrainConfig(), tmp_path)
    (run.path / "provenance.json").write_text('{"experiment": ["a"]}')
    assert experiment_of(run) == ""


def test_seeds_are_averaged_and_compared_with_their_own_baselines():
    found = {(0.0, 0): 0.5, (0.0, 1): 0.9, (0.1, 0): 0.4, (0.1, 1): 0.6, (1.0, 0): 0.3}
    results = [
        (TrainConfig(center_weight=lam, seed=seed), {"ratio": value, "accuracy": None})
        for (lam, seed), value in found.items()
    ]
    without, some, much = summary(results)
    assert [row.differs for row in (without, some, much)] == [
        {"center_weight": 0.0},
        {"center_weight": 0.1},
        {"center_weight": 1.0},
    ]
    assert (without.numbers["ratio"].mean, without.numbers["ratio"].n) == (pytest.approx(0.7), 2)
    assert without.differences == {}
    assert some.differences["ratio"].mean == pytest.approx((0.4 - 0.5 + 0.6 - 0.9) / 2)
    assert some.differences["ratio"].n == 2
    assert much.differences["ratio"].mean == pytest.approx(0.3 - 0.5)
    assert much.differences["ratio"].half is None
    assert some.numbers["accuracy"] is some.differences["accuracy"] is None
