"""What the literal form does to a real network: the numbers shown are those of its features."""

import numpy as np
import pytest

from centerviz.language import speaking
from centerviz.lessons.literal import EPOCHS, WISHES, Seen, seen
from centerviz.runs.store import create_run
from centerviz.runs.work import work
from centerviz.web.lesson_training import told


def test_the_numbers_are_those_of_plain_loops_over_the_features(tmp_path):
    run = create_run(WISHES["fixed"].model_copy(update={"epochs": 3}), tmp_path)
    assert work(run).state == "done"
    found, snapshot, y = seen(run), run.snapshot(3), run.rows().labels
    assert found.epochs == (1, 2, 3)
    angles, lengths, spreads = [], [], []
    for j in range(10):
        rows = [row / np.linalg.norm(row) for row in snapshot.features[y == j].astype(float)]
        mean, c = sum(rows) / len(rows), snapshot.centers[j] / np.linalg.norm(snapshot.centers[j])
        angles.append(np.mean([np.degrees(np.arccos(row @ c)) for row in rows]))
        lengths.append(np.linalg.norm(mean))
        spreads.append(np.mean([np.linalg.norm(row - mean) for row in rows]))
    assert found.angles[-1] == pytest.approx(np.mean(angles))
    assert found.lengths[-1] == pytest.approx(np.mean(lengths))
    assert found.spreads[-1] == pytest.approx(np.mean(spreads))
    assert found.angles[-1] == pytest.approx(90, abs=10)  # where the literal form is smallest


def test_the_settings_differ_in_what_the_lesson_compares_alone():
    fixed, means, without = WISHES.values()
    assert set(fixed.differences(means)) == {"center_rule"}
    assert set(means.differences(without)) == {"center_weight"}
    assert without.center_weight == 0
    assert fixed.center_form == "article-dot"


@pytest.mark.parametrize(
    ("length", "end"), [(0.8, "opposite of the aim"), (0.99, "did not spread")]
)
def test_the_sentence_claims_only_what_was_seen(length, end):
    ended = {
        "fixed": Seen((EPOCHS,), (89.6,), (0.9,), (0.4,)),
        "epoch-mean": Seen((EPOCHS,), (30.0,), (length,), (0.5,)),
        "λ = 0": Seen((EPOCHS,), (22.0,), (0.93,), (0.33,)),
    }
    with speaking("en"):
        first, second = told(ended)
    assert "90°" in first
    assert f"{length:.2f}" in second
    assert end in second
