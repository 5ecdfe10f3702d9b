"""ROC curves and score histograms are tested by the data they carry."""

import numpy as np
import pytest
from scipy.special import ndtr

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


def test_normal_scores_are_straight_lines_on_a_det_curve_and_meet_the_diagonal_at_the_eer():
    threshold = np.linspace(6, -6, 2001)
    far, tar = ndtr(-threshold), ndtr(2 - threshold)  # impostors around 0, genuine around 2
    curve, mark, diagonal = verification.det_curves(
        {"run": (far, tar)}, eers={"run": float(ndtr(-1.0))}
    ).data
    np.testing.assert_allclose(np.asarray(curve.x) + curve.y, -2.0, atol=0.02)
    assert mark.x[0] == pytest.approx(-1.0) == mark.y[0]
    np.testing.assert_array_equal(diagonal.x, diagonal.y)


def test_rates_of_zero_and_one_have_no_place_on_a_det_curve():
    figure = verification.det_curves({"run": (FAR, TAR)}, eers={"run": 0.0})
    assert len(figure.data) == 2 and len(figure.data[0].x) == 2
