"""Distance histograms are tested by the data they carry."""

import numpy as np
import pytest

from centerviz.figures import distributions

RUNS = {"without": np.array([0.2, 0.4, 0.4, 0.6]), "with": np.array([0.1, 0.1, 0.2, 0.2])}


def test_shares_of_a_run_add_up_to_one():
    figure = distributions.distances(RUNS)
    assert [trace.y[:-1].sum() for trace in figure.data] == pytest.approx([1.0, 1.0])


def test_both_runs_share_their_bins():
    first, second = distributions.distances(RUNS).data
    assert (first.x == second.x).all()


def test_far_outliers_are_counted_in_the_last_bin():
    values = np.append(np.full(999, 0.1), 50.0)
    figure = distributions.distances({"one": values})
    assert figure.data[0].x[-1] < 50
    assert figure.data[0].y[:-1].sum() == pytest.approx(1.0)


def test_medians_are_marked():
    figure = distributions.distances(RUNS)
    assert [shape.x0 for shape in figure.layout.shapes] == pytest.approx([0.4, 0.15])
    assert [trace.name for trace in figure.data] == [
        "without, median 0.400",
        "with, median 0.150",
    ]


def test_a_run_without_samples_still_has_its_outline():
    figure = distributions.distances({"empty": np.array([])})
    assert not figure.data[0].y.any()
    assert not figure.layout.shapes
