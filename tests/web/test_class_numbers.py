"""Numbers by class, of a sample and of a selection, on rows that can be checked on paper."""

import numpy as np
import pytest

from centerviz.web.class_numbers import COUNTED, class_table, sample_of, selection_line
from centerviz.web.movie import Reading, Space
from centerviz.web.subject import Shown


def shown(labels=(0, 0, 1, 1), centers=None):
    """Class a around (0, 0), class b around (10, 0), class c without samples."""
    x = np.array([[-1.0, 0], [1, 0], [7, 0], [13, 0]])
    means = np.array([[0.0, 0], [10, 0], [np.nan, np.nan]])
    part = Space(x, np.array([0, 1, 1, -1]), centers, means)
    none = Reading(None, None, None)
    known = None if labels is None else np.array(labels)
    ids = np.array(["p", "q", "r", "s"])
    code = f"paper {labels}"
    return Shown(code, (code,), part, known, ("a", "b", "c"), ids, none, 4, False)


def test_the_table_has_a_row_for_each_class_with_samples():
    table = class_table(shown())
    assert table["class"].tolist() == ["a", "b"]
    assert table["mean"].tolist() == [1.0, 3.0]
    assert table["max"].tolist() == [1.0, 3.0]
    assert table["nearest"].tolist() == ["b", "a"] and table["gap"].tolist() == [10.0, 10.0]
    assert table["astray"].tolist() == [0, 0]
    assert table["wrong"].tolist() == [1, 1]  # q is called b; s is called nothing


def test_samples_nearer_to_another_class_are_counted_in_their_own():
    table = class_table(shown(labels=(0, 0, 0, 1)))
    assert table["astray"].tolist() == [1, 0]


def test_drift_is_told_where_centers_are_kept():
    centers = np.array([[0.0, 3.0], [10, 4], [0, 0]])
    assert class_table(shown(centers=centers))["drift"].tolist() == [3.0, 4.0]
    assert "drift" not in class_table(shown())


def test_a_single_class_has_no_nearest_one():
    alone = shown(labels=(0, 0, 0, 0))
    alone.space.means[1] = np.nan
    table = class_table(alone)
    assert table["nearest"].tolist() == ["–"] and np.isnan(table["gap"]).all()


def test_a_sample_knows_its_own_and_the_nearest_other_mean():
    sample = sample_of(shown(), "q")
    assert (sample.label, sample.predicted) == ("a", "b")
    assert (sample.place.own, sample.place.other, sample.other_name) == (1.0, 9.0, "b")
    assert sample.place.margin == pytest.approx(8.0)


def test_a_sample_nearer_to_another_class_has_a_negative_margin():
    wrong = sample_of(shown(labels=(0, 0, 0, 1)), "r")
    assert wrong.place.margin == pytest.approx(3 - 7)


def test_the_kept_center_is_told_apart_from_the_mean():
    centers = np.array([[0.0, 3.0], [10, 0], [0, 0]])
    assert sample_of(shown(centers=centers), "q").kept == pytest.approx(np.hypot(1, 3))


def test_a_sample_without_a_label_or_a_place_says_nothing_of_classes():
    assert sample_of(shown(labels=None), "p").place.own is None
    assert sample_of(shown(), "nobody") is None


def test_a_selection_is_counted_by_class():
    line = selection_line(shown(), np.array([0, 1, 3]))
    assert line.startswith("3 samples are selected (a: 2, b: 1)")
    assert "1.667" in line


def test_a_single_class_beyond_those_listed_is_one():
    n = COUNTED + 1
    part = Space(np.eye(n), np.full(n, -1), None, np.eye(n))
    ids, none = np.array([f"s{j}" for j in range(n)]), Reading(None, None, None)
    each = Shown("each", ("each",), part, np.arange(n), tuple("abcdefghi"), ids, none, n, False)
    assert "f: 1 and 1 other class)" in selection_line(each, np.arange(n))
