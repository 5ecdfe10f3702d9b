"""bf16 is what auto means where the hardware has it: the numbers of a run are those of float32."""

import numpy as np
import pytest

from centerviz.embedding.measure import measure
from centerviz.learning.config import TrainConfig
from centerviz.runs.store import create_run
from centerviz.runs.work import work

CONFIG = TrainConfig(dataset="mnist-6k", dim=16, epochs=6, learning_rate=0.02)
SEEDS = range(3)


@pytest.mark.soak
@pytest.mark.parametrize("weight", [0.0, 0.1])
def test_bf16_trains_as_well_as_float32(tmp_path, weight):
    found = {precision: [] for precision in ("float32", "bf16")}
    for precision, numbers in found.items():
        for seed in SEEDS:
            changed = {"precision": precision, "seed": seed, "center_weight": weight}
            run = create_run(CONFIG.model_copy(update=changed), tmp_path)
            assert work(run).message == ""
            numbers.append((run.accuracy(), measure(run.embeddings())["unit"]["ratio"]))
    accuracy, ratio = (np.mean(found["bf16"], axis=0) - np.mean(found["float32"], axis=0)).T
    assert abs(accuracy) < 0.005
    assert abs(ratio) < 0.05 * np.mean(found["float32"], axis=0)[1]
