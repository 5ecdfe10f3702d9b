"""kill -9 at any instant, of whatever takes part: the run resumes and ends with the same bits."""

import numpy as np
import pytest

from centerviz.learning.config import TrainConfig
from tests.runs.killing import killed_until_done, undisturbed, weights

EPOCHS = 20
QUEUE = ("worker", "cluster", "worker")  # in any order; the app last: training ends without it


def hold_through_five_kills(tmp_path, dataset: str, seed: int) -> int:
    """Kill whatever trains, again and again; everything must be as if nobody had.

    Returns how many of the kills hit a running training.
    """
    flags = ["--dataset", dataset, "--dim", "3", "--seed", str(seed)]
    rng = np.random.default_rng(seed)
    victims = ["command", *map(str, rng.permutation(QUEUE)), "app"]
    run, hits = killed_until_done(flags, tmp_path / "runs", victims, EPOCHS, rng)
    assert run.status.state == "done"
    config = TrainConfig(dataset=dataset, dim=3, seed=seed, epochs=EPOCHS)
    assert weights(run) == undisturbed(config, tmp_path / "undisturbed")
    assert [line["epoch"] for line in run.epoch_lines()] == list(range(1, EPOCHS + 1))
    assert run.snapshot_epochs() == list(range(1, EPOCHS + 1))
    assert not list(run.path.glob("checkpoint*"))
    return hits


@pytest.mark.slow
def test_five_kills_and_the_same_weights(tmp_path):
    assert hold_through_five_kills(tmp_path, "article", seed=0) >= 3


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 11))
def test_fifty_kills_and_the_same_weights(tmp_path, seed):
    assert hold_through_five_kills(tmp_path, "digits" if seed % 2 else "article", seed) >= 1
