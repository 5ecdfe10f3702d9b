"""Places of samples against `place` one by one, against plain loops, and against the axis."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.neighbors import NearestNeighbors

from centerviz.embedding import distances
from centerviz.embedding.distances import place
from centerviz.embedding.neighbours import nearest_mean_accuracy, nearest_rows
from centerviz.embedding.places import (
    astray_by_class,
    between_two,
    mislabels,
    outliers,
    outlyingness,
    places,
)
from centerviz.embedding.statistics import ClassStatistics
from centerviz.embedding.two_classes import along, overlap, shared_edges
from centerviz.problem import Problem
from tests.embedding.samples import clusters, embeddings


def means(x, y):
    return ClassStatistics.from_samples(x, y, int(y.max()) + 1).means


@settings(max_examples=40)
@given(embeddings(most=25))
def test_all_places_are_those_of_each_sample_alone(sample):
    x, y = sample
    x = x.astype(np.float64)
    mu = means(x, y)
    found = places(x, y, mu)
    for row in range(len(x)):
        alone = place(x[row], int(y[row]), mu)
        assert found.own[row] == pytest.approx(alone.own)
        if alone.other is None:
            assert found.nearest[row] == -1 and np.isnan(found.other[row])
        else:
            assert found.other[row] == pytest.approx(alone.other)


def test_samples_astray_are_the_errors_of_the_nearest_mean():
    x, y = clusters(0, 300, 7, 3, apart=1.0)
    mu = means(x, y)
    found = places(x, y, mu)
    assert found.astray.mean() == pytest.approx(1 - nearest_mean_accuracy(x, y, mu))
    counted = [int(found.astray[y == j].sum()) for j in range(7)]
    assert astray_by_class(found, y, 7).tolist() == counted
    assert found.astray.any()


def test_scaling_moves_no_sample_in_any_list():
    x, y = clusters(1, 200, 5, 3, apart=1.0)
    for factor in (1e-150, 1e150):
        for scaled in (x, x * factor):
            found = places(scaled, y, means(scaled, y))
            lists = outliers(found.own, y, 9), between_two(found, 9)
            lists += (mislabels(scaled, y, found, 9).rows,)
            if scaled is x:
                before = lists
        for one, other in zip(before, lists, strict=True):
            assert one.tolist() == other.tolist() and len(one)


def test_lists_are_what_plain_loops_find():
    x, y = clusters(2, 120, 4, 2, apart=1.0)
    found = places(x, y, means(x, y))
    far = [found.own[i] / found.own[y == y[i]].mean() for i in range(120)]
    np.testing.assert_allclose(outlyingness(found.own, y), far)
    expected = sorted((i for i in range(120) if far[i] > 2), key=lambda i: -far[i])
    assert outliers(found.own, y, 99).tolist() == expected and expected
    expected = sorted(range(120), key=lambda i: abs(found.other[i] - found.own[i]))[:8]
    assert between_two(found, 8).tolist() == expected
    judge, votes = NearestNeighbors(n_neighbors=6).fit(x), {}
    for i in np.flatnonzero(found.other < found.own):
        near = judge.kneighbors(x[i : i + 1], return_distance=False)[0]
        votes[i] = sum(y[j] == found.nearest[i] for j in near if j != i)
    odd = mislabels(x, y, found, 99)
    assert set(odd.rows) == {i for i in votes if votes[i] >= 3} and len(odd.rows)
    assert odd.votes.tolist() == sorted((votes[i] for i in odd.rows), reverse=True)


def test_a_wrong_label_is_found():
    x, y = clusters(3, 200, 4, 6, apart=12.0)
    y[17] = (y[17] + 1) % 4
    assert mislabels(x, y, places(x, y, means(x, y)), 5).rows.tolist() == [17]


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.ones((6, 3)), [0, 0, 0, 1, 1, 1]),  # one point
        (np.ones((1, 2)), [0]),
        (np.arange(8.0).reshape(4, 2), [0, 0, 0, 0]),  # one class
        (np.arange(8.0).reshape(4, 2), [0, 1, 2, 3]),  # singletons
        (np.repeat([[0.1, 0.2], [0.3, 0.7]], 3, axis=0), [0, 0, 0, 1, 1, 1]),  # duplicates
        (np.full((6, 2), 1e30), [0, 0, 0, 1, 1, 1]),
    ],
)
def test_awkward_embeddings_have_places_and_short_lists(x, y):
    y = np.array(y)
    found = places(x, y, means(x, y))
    assert not found.astray.any()
    assert not len(outliers(found.own, y, 9)) and not len(mislabels(x, y, found, 9).rows)
    assert len(between_two(found, 9)) <= len(x)


def test_a_class_without_a_mean_has_no_own_distance():
    mu = np.array([[np.nan, np.nan], [3.0, 4.0]])
    found = places(np.zeros((2, 2)), np.array([0, 1]), mu)
    assert np.isnan(found.own[0]) and found.own[1] == 5
    assert found.other[0] == 5 and found.nearest.tolist()[0] == 1
    assert np.isnan(found.other[1]) and found.nearest[1] == -1


def test_too_many_distances_are_refused_before_any_is_taken(monkeypatch):
    monkeypatch.setattr(distances, "MOST_PAIRS", 5)
    with pytest.raises(Problem, match="fewer samples"):
        places(np.zeros((3, 1)), np.zeros(3, dtype=int), np.zeros((2, 1)))


def test_neighbours_are_scikit_learns():
    x, _y = clusters(4, 80, 3, 5)
    rows = np.array([3, 70])
    near, gaps = nearest_rows(x, rows, 6)
    expected, judged = NearestNeighbors(n_neighbors=7).fit(x).kneighbors(x[rows])
    assert near.tolist() == judged[:, 1:].tolist()
    np.testing.assert_allclose(gaps, expected[:, 1:])
    assert nearest_rows(x[:1], np.array([0]), 6)[0].shape == (1, 0)
    same = np.zeros((9, 2))
    assert nearest_rows(same, np.array([0, 4]), 3)[0].tolist() == [[1, 2, 3], [0, 1, 2]]


def test_neighbours_of_many_rows_take_the_memory_of_one():
    x = np.random.default_rng(0).normal(size=(50_000, 2))
    tracemalloc.start()
    nearest_rows(x, np.arange(60))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60 * len(x) * 8 / 4


@settings(max_examples=40)
@given(embeddings(most=25))
def test_beyond_the_middle_of_the_axis_the_other_mean_is_nearer(sample):
    x = sample[0].astype(np.float64)
    a, b = x[0], x[-1]
    t = along(x, a, b)
    if t is None:
        np.testing.assert_array_equal(a, b)
        return
    assert t[0] == pytest.approx(0) and t[-1] == pytest.approx(1)
    to_a, to_b = (np.linalg.norm(x - mean, axis=1) for mean in (a, b))
    clear = np.abs(to_a - to_b) > 1e-6 * (to_a + to_b)
    assert ((t > 0.5) == (to_b < to_a))[clear].all()


def test_overlap_is_one_for_the_same_and_zero_for_what_is_apart():
    rng = np.random.default_rng(0)
    one, far = rng.normal(size=500) * 0.1, 1 + rng.normal(size=300) * 0.1
    edges = shared_edges(one, far)
    assert 0.5 in edges and edges[0] <= one.min() and edges[-1] >= far.max()
    assert overlap(one, one, edges) == pytest.approx(1)
    assert overlap(one, far, edges) == 0
    one, other = rng.normal(0, 0.5, 200_000), rng.normal(1, 0.5, 200_000)
    theory = 2 * 0.158655  # of two normal curves two standard deviations apart: 2Φ(−1)
    assert overlap(one, other, shared_edges(one, other)) == pytest.approx(theory, abs=0.01)
    assert overlap(one, np.empty(0), edges) is None
