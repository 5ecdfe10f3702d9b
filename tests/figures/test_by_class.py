"""Boxes hold the distances of their own class."""

import numpy as np

from centerviz.figures.by_class import distances_by_class


def test_each_class_has_a_box_of_its_own_distances():
    distances, labels = np.array([1.0, 2.0, 3.0, 9.0]), np.array([0, 0, 2, 2])
    figure = distances_by_class(distances, labels, ("a", "b", "<c>"))
    assert [box.name for box in figure.data] == ["a", "&lt;c>"]
    assert [list(box.x) for box in figure.data] == [[1, 2], [3, 9]]


def test_samples_of_a_class_without_a_mean_are_left_out():
    figure = distances_by_class(np.array([np.nan, 1.0]), np.array([0, 0]), ("a",))
    assert list(figure.data[0].x) == [1]
