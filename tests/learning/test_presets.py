"""The presets do what they say, on digits; directions of the prototype's table, not its digits."""

import functools

import pytest

from centerviz.data.sources import load_dataset
from centerviz.embedding.health import findings
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import Epoch
from centerviz.learning.loop import train
from centerviz.learning.presets import PRESETS
from centerviz.problem import Problem

pytestmark = pytest.mark.slow


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


def codes(told: list[Epoch]) -> set[str]:
    history = [epoch.vitals for epoch in told]
    return {f.code for end in range(len(history)) for f in findings(history[: end + 1])}


def spread(config: TrainConfig) -> float:
    return 1 / trained(config)[0][-1].vitals.fisher


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.healthy])
def test_a_healthy_preset_learns_and_raises_no_finding(name):
    told, failure = trained(PRESETS[name].config)
    assert not failure
    assert told[-1].accuracy["test"] > 0.8
    assert codes(told) == set()


def test_collapse_is_found():
    told, _ = trained(PRESETS["collapse"].config)
    assert told[-1].accuracy["train"] < 0.2
    assert "collapse" in codes(told)


def test_diverging_centers_are_found_before_the_loss_is_no_longer_finite():
    told, failure = trained(PRESETS["diverging"].config)
    assert "epoch 2" in failure
    assert codes(told) == {"diverging"}


def test_center_loss_tightens_the_paper_and_the_article_form():
    for name in ("wen2016", "article"):
        config = PRESETS[name].config
        assert spread(config) < 0.8 * spread(config.model_copy(update={"center_weight": 0.0}))


def test_the_shortcut_spreads_what_it_should_tighten():
    config = PRESETS["shortcut"].config
    assert spread(config) > 2 * spread(PRESETS["article"].config)


def test_to_the_letter_the_article_shrinks_more_than_it_tightens():
    letter, best = (trained(PRESETS[name].config)[0][-1] for name in ("article-literal", "article"))
    assert letter.vitals.fisher < best.vitals.fisher
