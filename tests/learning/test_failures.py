"""Runs made to fail are found out, each by its own check; a run on the same data is well."""

import pytest

from centerviz.embedding.health import findings
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import Epoch
from centerviz.learning.loop import train
from centerviz.problem import Problem


def found(dataset, **settings) -> set[str]:
    """The codes of all findings of all epochs; a run that ends early counts up to there."""
    config = TrainConfig(**{"dataset": "blobs", "epochs": 8, "batch_size": 16, **settings})
    vitals, codes = [], set()
    try:
        for news in train(config, dataset):
            if isinstance(news, Epoch):
                vitals.append(news.vitals)
                codes |= {finding.code for finding in findings(vitals)}
    except Problem as problem:
        codes.add("not finite" if "infinite or not a number" in str(problem) else str(problem))
    return codes


@pytest.mark.parametrize("weight", [0.0, 0.1])
def test_a_run_that_is_well_has_no_findings(blobs, weight):
    assert found(blobs, center_weight=weight, dim=3, learning_rate=0.01) == set()


def test_a_huge_lambda_collapses(blobs):
    codes = found(blobs, center_weight=1e3, normalize=True, base="normface", epochs=12)
    assert "collapse" in codes


def test_centers_whose_step_is_lost_in_rounding_are_frozen(blobs):
    assert found(blobs, center_step=1e-12, epochs=3) == {"frozen"}


def test_samples_of_a_class_that_add_up_make_ema_diverge(blobs):
    assert "diverging" in found(blobs, center_rule="ema", center_step=0.5, epochs=3)


def test_lambda_times_learning_rate_ends_in_numbers_that_are_not_finite(blobs):
    assert found(blobs, center_weight=1e6, learning_rate=10) == {"not finite"}


def test_norms_that_decay_under_a_loss_of_angles_are_shrinkage(blobs):
    angles = {"base": "normface", "dim": 3, "center_weight": 0.01, "schedule": "constant"}
    adam = {"optimizer": "adam", "learning_rate": 0.005, "weight_decay": 0.2}
    assert found(blobs, **angles, **adam, epochs=14) == {"shrinkage"}
