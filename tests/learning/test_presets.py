"""The presets do what they say, on digits; directions of the prototype's table, not its digits.

Half the epochs tell a healthy one from the others; the shipped runs have all of theirs.
"""

import functools

import pytest

from centerviz.data.sources import load_dataset
from centerviz.embedding.health import findings
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import Epoch
from centerviz.learning.loop import train
from centerviz.learning.presets import PRESETS
from centerviz.problem import Problem
from centerviz.runs.record import history
from centerviz.runs.store import shipped_runs

pytestmark = pytest.mark.slow
HALF = 15


@functools.cache
def trained(config: TrainConfig) -> tuple[list[Epoch], str]:
    """All epochs of a run on digits, and the sentence it ended with, if it failed."""
    told = []
    try:
        for news in train(config, load_dataset("digits")):
            if isinstance(news, Epoch):
                told.append(news)
    except Problem as problem:
        return told, str(problem)
    return told, ""


def preset(name: str, epochs: int = HALF, **settings) -> TrainConfig:
    return PRESETS[name].config.model_copy(update={"epochs": epochs, **settings})


def codes(vitals: list) -> set[str]:
    return {f.code for end in range(len(vitals)) for f in findings(vitals[: end + 1])}


def told_by(config: TrainConfig) -> set[str]:
    return codes([epoch.vitals for epoch in trained(config)[0]])


def spread(config: TrainConfig) -> float:
    return 1 / trained(config)[0][-1].vitals.fisher


@pytest.mark.parametrize("name", [name for name, one in PRESETS.items() if one.healthy])
def test_a_healthy_preset_learns_and_raises_no_finding(name):
    told, failure = trained(preset(name))
    assert not failure
    assert told[-1].accuracy["test"] > 0.6
    assert told_by(preset(name)) == set()


def test_every_shipped_run_is_well_from_its_first_epoch_to_its_last():
    for run in shipped_runs():
        lines = run.epoch_lines()
        assert len(lines) == run.config.epochs
        assert codes(history(lines)) == set(), run.id


def test_collapse_is_found():
    told, _ = trained(preset("collapse", 6))
    assert told[-1].accuracy["train"] < 0.2
    assert "collapse" in told_by(preset("collapse", 6))


def test_diverging_centers_are_found_before_the_loss_is_no_longer_finite():
    _, failure = trained(PRESETS["diverging"].config)
    assert "epoch 2" in failure
    assert told_by(PRESETS["diverging"].config) == {"diverging"}


def test_center_loss_tightens_the_paper_and_the_article_form():
    for name in ("wen2016", "article"):
        assert spread(preset(name)) < 0.8 * spread(preset(name, center_weight=0.0))


def test_the_shortcut_spreads_what_it_should_tighten_and_is_found_out():
    config = PRESETS["shortcut"].config
    assert spread(config) > 2 * spread(preset("article"))
    assert told_by(config) == {"loosening"}


def test_to_the_letter_the_article_shrinks_more_than_it_tightens():
    letter, best = (trained(preset(name))[0][-1] for name in ("article-literal", "article"))
    assert letter.vitals.fisher < best.vitals.fisher
