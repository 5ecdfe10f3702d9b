"""What the rows of an embedding tell of its health, silent on sound ones."""

import numpy as np
import pytest

from centerviz.data.embeddings import Embeddings
from centerviz.embedding.checkup import checkup
from centerviz.embedding.measure import measure_scatter
from tests.embedding.samples import clusters

Y = np.arange(60) % 3


def codes(x, y=Y, dropped=0):
    accuracy = None
    if y is not None:
        rows = Embeddings(np.asarray(x, dtype=np.float32), y, (), np.arange(len(x)).astype(str))
        accuracy = measure_scatter(rows)["nearest_mean_accuracy"]
    return [found.code for found in checkup(np.asarray(x, dtype=np.float64), y, accuracy, dropped)]


@pytest.mark.parametrize("scale", [1e-20, 1.0, 1e20])
def test_a_sound_embedding_of_any_scale_has_no_findings(scale):
    x, y = clusters(0, 60, 5, 3)
    assert codes(scale * x, y) == [] and codes(scale * x, None) == []


def test_a_point_a_line_and_a_guess_are_told_apart():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(60, 5))
    assert codes(1 + 1e-7 * noise) == ["point"]
    assert codes(np.outer(3.0 * Y, np.ones(5)) + 1e-4 * noise) == ["line"]
    many = np.arange(600) % 5
    assert codes(rng.normal(size=(600, 5)), many) == ["collapse"]


def test_rows_that_were_left_out_are_named_with_how_many_there_were():
    x, y = clusters(0, 60, 5, 3)
    (found,) = checkup(x, y, 1.0, dropped=4)
    assert found.code == "non-finite" and found.values == {"dropped": 4, "all": 64}


@pytest.mark.parametrize("x", [np.ones((1, 3)), np.zeros((1, 1)), np.arange(4.0)[:, None]])
def test_few_rows_or_one_feature_are_not_judged_by_their_shape(x):
    assert checkup(x, np.arange(len(x)), None) == ()


def test_one_class_is_not_called_a_guess():
    x, _y = clusters(0, 60, 5, 3)
    assert codes(x, np.zeros(60, dtype=np.int64)) == []
