"""Boxes hold the distances of their own class."""

import numpy as np

from centerviz.figures.by_class import distances_by_class, matrix_of_means


def test_each_class_has_a_box_of_its_own_distances():
    distances, labels = np.array([1.0, 2.0, 3.0, 9.0]), np.array([0, 0, 2, 2])
    figure = distances_by_class(distances, labels, ("a", "b", "<c>"))
    assert [box.name for box in figure.data] == ["a", "&lt;c>"]
    assert [list(box.x) for box in figure.data] == [[1, 2], [3, 9]]


def test_samples_of_a_class_without_a_mean_are_left_out():
    figure = distances_by_class(np.array([np.nan, 1.0]), np.array([0, 0]), ("a",))
    assert list(figure.data[0].x) == [1]


def test_the_matrix_holds_distance_and_angle_of_the_means_that_there_are():
    gaps = np.array([[0.0, np.nan, 5.0], [np.nan] * 3, [5.0, np.nan, 0.0]])
    (cells,) = matrix_of_means(gaps, gaps * 10, ("a", "b", "<c>")).data
    assert list(cells.x) == list(cells.y) == ["a", "&lt;c>"]
    np.testing.assert_array_equal(cells.z, [[np.nan, 5], [5, np.nan]])
    assert [list(row) for row in cells.text] == [["", "5.00<br>50°"], ["5.00<br>50°", ""]]
    assert "text" in cells.texttemplate
    many = np.ones((20, 20))
    assert matrix_of_means(many, many, [str(j) for j in range(20)]).data[0].texttemplate is None
