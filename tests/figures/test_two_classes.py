"""The histograms of two classes, by the data that they carry."""

import numpy as np

from centerviz.figures.theme import colour
from centerviz.figures.two_classes import two_histograms


def test_each_class_has_its_shares_its_colour_and_a_line_of_its_own():
    edges = np.array([0.0, 0.5, 1.0])
    figure = two_histograms(
        [np.array([0.1, 0.2, 0.3, 0.9]), np.empty(0)], edges, (2, 5), ("a<b", "c")
    )
    one, other = figure.data
    assert one.y.tolist() == [0.75, 0.25, 0.25] and other.y.tolist() == [0, 0, 0]
    assert (one.line.color, other.line.color) == (colour(2), colour(5))
    assert one.line.dash != other.line.dash
    assert "a&lt;b" in one.name
    assert [line.x0 for line in figure.layout.shapes] == [0.5, 0.0, 1.0]
