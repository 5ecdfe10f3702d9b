"""ROC curves and score histograms are tested by the data they carry."""

import numpy as np
import pytest

from centerviz.figures import verification

FAR = np.array([0.0, 0.0, 0.01, 0.1, 1.0])
TAR = np.array([0.0, 0.5, 0.8, 0.9, 1.0])


def test_a_short_curve_is_drawn_whole():
    figure = verification.roc_curves({"run": (FAR, TAR)})
    assert list(figure.data[0].x) == list(FAR)
    assert list(figure.data[0].y) == list(TAR)


def test_a_long_curve_keeps_its_ends_and_its_low_end_on_a_log_axis():
    far = np.linspace(0.0, 1.0, 100_001)
    figure = verification.roc_curves({"run": (far, np.sqrt(far))}, log=True)
    drawn = np.asarray(figure.data[0].x)
    assert len(drawn) <= verification.DRAWN + 2
    assert drawn[0] == 0.0
    assert drawn[-1] == 1.0
    assert (drawn[1:] < 1e-3).sum() > 50


def test_points_of_a_thinned_curve_lie_on_the_curve():
    far = np.linspace(0.0, 1.0, 5001)
    figure = verification.roc_curves({"run": (far, far**0.5)})
    assert figure.data[0].y == pytest.approx(np.sqrt(figure.data[0].x))


def test_the_equal_error_rate_sits_where_both_errors_are_equal():
    figure = verification.roc_curves({"run": (FAR, TAR)}, eers={"run": 0.1})
    mark = figure.data[1]
    assert (mark.x[0], mark.y[0]) == (0.1, 0.9)


def test_an_equal_error_rate_of_zero_has_no_place_on_a_log_axis():
    figure = verification.roc_curves({"run": (FAR, TAR)}, log=True, eers={"run": 0.0})
    assert [trace.name for trace in figure.data] == ["run", "chance"]


def test_histograms_of_pairs_share_bins_and_add_up_to_one():
    genuine, impostor = np.array([0.8, 0.9, 0.9]), np.array([-0.5, 0.0, 0.1, 0.85])
    figure = verification.score_histogram(genuine, impostor, 0.5, "cosine")
    first, second = figure.data
    assert (first.x == second.x).all()
    assert [first.y.sum(), second.y.sum()] == pytest.approx([1.0, 1.0])
    assert figure.layout.shapes[0].x0 == 0.5


def test_genuine_and_impostor_bars_differ_by_more_than_colour():
    figure = verification.score_histogram(np.ones(2), np.zeros(2), None, "cosine")
    first, second = figure.data
    assert first.marker.pattern.shape != second.marker.pattern.shape


def test_scores_that_are_all_equal_are_drawn():
    figure = verification.score_histogram(np.zeros(3), np.zeros(3), np.inf, "cosine")
    assert figure.data[0].y.sum() == pytest.approx(1.0)
