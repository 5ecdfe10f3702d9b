"""What is offered after a training that became infinite does train."""

import math

import pytest

from centerviz.data.sources import load_dataset
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import Epoch
from centerviz.learning.loop import train
from centerviz.learning.remedy import remedies
from centerviz.problem import Problem

BROKEN = {
    "λ is far too large": {"center_weight": 1e4},
    "centers run away": {"center_rule": "ema", "center_step": 1.0},
    "a rate far too large": {"learning_rate": 100.0, "center_weight": 0.0},
    "a sum over the batch": {"reduction": "sum", "center_weight": 5.0},
}


def losses(config: TrainConfig) -> list[float]:
    news = train(config, load_dataset("article"))
    return [entry.base_loss for entry in news if isinstance(entry, Epoch)]


@pytest.mark.parametrize("settings", BROKEN.values(), ids=BROKEN)
def test_the_first_remedy_trains_where_the_settings_did_not(settings):
    broken = TrainConfig(dataset="article", dim=4, epochs=40, **settings)
    with pytest.raises(Problem, match="infinite"):
        losses(broken)
    mended = broken.model_copy(update=remedies(broken)[0])
    found = losses(mended)
    assert len(found) == 40
    assert all(map(math.isfinite, found))
    assert found[-1] < found[0]


def test_each_remedy_changes_one_setting_and_none_offers_what_is_there():
    for settings in ({}, *BROKEN.values(), {"optimizer": "adam", "learning_rate": 0.1}):
        config = TrainConfig(**settings)
        for change in remedies(config):
            assert list(config.differences(config.model_copy(update=change))) == list(change)
