"""Samples and pairs carried into lessons are numbers that the lessons take."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from centerviz.lessons.rendering import lesson
from centerviz.runs.store import open_run
from centerviz.web.batches import batch, batch_of_run, twenty_pairs


@settings(max_examples=40)
@given(
    arrays(np.float64, (9, 3), elements=st.floats(-1e5, 1e5)),
    st.lists(st.integers(0, 4), min_size=9, max_size=9).filter(lambda y: len(set(y)) > 1),
    st.integers(0, 8),
)
def test_whatever_is_carried_can_be_worked(x, y, row):
    taken = batch(x, np.array(y), row)
    if taken is None:
        return
    of = lesson("center-loss")
    read = of.read(of.defaults | taken)
    assert read.sample == 0
    assert read.labels[read.own] == y[row] + 1
    assert read.x[0] == pytest.approx(x[row], abs=6e-4, rel=1e-5)
    assert of.steps(read)


def test_the_sample_comes_first_and_then_its_nearest_of_each_class():
    x = np.array([[1.0, 0.0], [9.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 9.0]])
    taken = batch(x, np.array([0, 0, 0, 1, 1]), 2)
    assert taken == {"x": "2, 0; 1, 0; 9, 0; 0, 1; 0, 9", "y": "1, 1, 1, 2, 2", "sample": "1"}


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.ones((4, 17)), [0, 0, 1, 1]),
        (np.ones((4, 1)), [0, 0, 1, 1]),
        (np.ones((4, 2)), [0, 0, 0, 0]),
        (np.zeros((4, 2)), [0, 0, 1, 1]),
        (np.full((4, 2), 1e9), [0, 0, 1, 1]),
        (np.full((4, 2), np.nan), [0, 0, 1, 1]),
        (np.ones((4, 2)), [0, 0, 100, 100]),
    ],
)
def test_what_no_lesson_can_take_is_not_carried(x, y):
    assert batch(x, np.array(y), 0) is None


def test_classes_that_are_named_by_numbers_keep_them():
    x, y = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 4.0]]), np.array([0, 0, 2, 2])
    names = {("0", "4", "9"): "9, 9, 0, 0", ("0", "9"): "3, 3, 1, 1", ("a", "b", "9"): "3, 3, 1, 1"}
    for class_names, shown in (*names.items(), (("0", "9", "9"), "3, 3, 1, 1")):
        assert batch(x, y, 2, class_names)["y"] == shown


def test_the_classifier_of_a_run_comes_with_the_classes_of_its_samples():
    taken = batch_of_run("digits-2d-with", 3)
    w = open_run("digits-2d-with").classifier()
    present = sorted({int(label) for label in taken["y"].split(", ")})
    rows = [[float(cell) for cell in row.split(",")] for row in taken["w"].split(";")]
    assert rows == pytest.approx(w[present], abs=6e-4)


def test_twenty_pairs_keep_the_spread_of_the_scores():
    genuine, impostor = np.linspace(0.2, 1.0, 900), np.linspace(-1.0, 0.6, 4000)
    of = lesson("verification")
    read = of.read(of.defaults | twenty_pairs(genuine, impostor))
    assert of.steps(read)
    scores = of.inputs[0].numbers(twenty_pairs(genuine, impostor)["scores"])
    assert (min(scores[:8]), max(scores[:8])) == pytest.approx((0.25, 0.95), abs=1e-3)
    assert np.mean(scores[8:]) == pytest.approx(impostor.mean(), abs=1e-3)
