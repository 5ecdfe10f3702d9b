import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.neighbours import (
    SAMPLED,
    K,
    _smallest,
    knn_accuracy,
    map_at_r,
    nearest_mean_accuracy,
    nearest_means,
    r_precision,
    recall_at_1,
    retrieval,
)
from centerviz.embedding.statistics import ClassStatistics
from tests.embedding.samples import clusters, embeddings


def squared(x):
    """Exact squared distances of rows of whole numbers."""
    return ((x[:, None] - x[None]) ** 2).sum(axis=2)


def retrieved(order, y, i, r):
    """Recall@1, R-precision and AP@R of one ranking, as the definitions read."""
    hits = [y[j] == y[i] for j in order]
    precision = [sum(hits[: k + 1]) / (k + 1) for k in range(r)]
    return (
        hits[0],
        sum(hits[:r]) / r,
        sum(p for p, hit in zip(precision, hits, strict=False) if hit) / r,
    )


def retrieval_by_loops(x, y):
    """Means over the queries; each the mean over all rankings that the distances allow."""
    found, d2 = [], squared(x)
    for i in range(len(x)):
        others = [j for j in range(len(x)) if j != i]
        r = sum(y[j] == y[i] for j in others)
        if not r:
            continue
        orders = [
            order
            for order in itertools.permutations(others)
            if all(d2[i, a] <= d2[i, b] for a, b in itertools.pairwise(order))
        ]
        found.append(np.mean([retrieved(order, y, i, r) for order in orders], axis=0))
    return np.mean(found, axis=0) if found else None, len(found)


@given(embeddings(most=6, whole=True))
def test_retrieval_averages_over_the_orders_of_ties(sample):
    x, y = sample
    expected, queries = retrieval_by_loops(x, y)
    found = retrieval(x * 0.1 + 0.7, y)  # no longer exact in binary: ties must still be ties
    assert (found.queries, found.skipped) == (queries, len(x) - queries)
    numbers = (found.recall_at_1, found.r_precision, found.map_at_r)
    if expected is None:
        assert numbers == (None, None, None)
    else:
        assert numbers == pytest.approx(tuple(expected), abs=1e-12)


@pytest.mark.parametrize(("n", "classes"), [(300, 3), (300, 100), (2500, 9)])
def test_retrieval_agrees_with_plain_loops_without_ties(n, classes):
    x, y = clusters(n, n, classes, 6, apart=1.0)
    found = []
    for i in range(n):
        order = np.argsort(((x - x[i]) ** 2).sum(axis=1))
        hits = y[order[order != i]] == y[i]
        r = int(hits.sum())
        if r:
            precision = np.cumsum(hits[:r]) / np.arange(1, r + 1)
            found.append([hits[0], hits[:r].mean(), precision[hits[:r]].sum() / r])
    whole = retrieval(x, y)
    expected = np.mean(found, axis=0)
    assert [whole.recall_at_1, whole.r_precision, whole.map_at_r] == pytest.approx(expected)
    assert whole.queries == len(found)
    assert [recall_at_1(x, y), r_precision(x, y), map_at_r(x, y)] == pytest.approx(expected)


@pytest.mark.slow
def test_retrieval_agrees_with_pytorch_metric_learning():
    import torch
    from pytorch_metric_learning.distances import LpDistance
    from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
    from pytorch_metric_learning.utils.inference import CustomKNN

    x, y = clusters(1, 700, 8, 5, apart=1.0)
    y[0] = 99  # a query without another of its class
    judge = AccuracyCalculator(
        include=("precision_at_1", "r_precision", "mean_average_precision_at_r"),
        k="max_bin_count",
        device=torch.device("cpu"),
        knn_func=CustomKNN(LpDistance(normalize_embeddings=False)),
    )
    theirs = judge.get_accuracy(torch.from_numpy(x), torch.from_numpy(y))
    ours = retrieval(x, y)
    assert ours.recall_at_1 == pytest.approx(theirs["precision_at_1"])
    assert ours.r_precision == pytest.approx(theirs["r_precision"])
    assert ours.map_at_r == pytest.approx(theirs["mean_average_precision_at_r"])
    assert ours.skipped == 1


def test_the_smallest_are_found_where_a_sample_of_the_columns_misleads():
    rng = np.random.default_rng(0)
    d2 = rng.random((6, 5_000))
    d2[:3, ::SAMPLED] /= 1e6  # the sample promises more small ones than there are
    d2[3:, ::SAMPLED] += 1e6  # the sample knows of none
    for k in (1, 7, 60, 5_000, 5_001):
        np.testing.assert_array_equal(_smallest(d2.copy(), k), np.sort(d2)[:, :k])


def test_numbers_do_not_depend_on_the_threads(monkeypatch):
    x, y = clusters(9, 3_000, 12, 5, apart=1.0)
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        found.append((retrieval(x, y), knn_accuracy(x, y)))
    assert found[0] == found[1]


def test_identical_points_retrieve_by_chance():
    y = np.repeat([0, 1, 2], [10, 20, 31])
    for x in (np.full((61, 3), 0.1), np.zeros((61, 3)), np.full((61, 2), 1e30)):
        found = retrieval(x, y)
        r = np.bincount(y)[y] - 1
        assert found.recall_at_1 == pytest.approx((r / 60).mean())
        assert found.r_precision == pytest.approx((r / 60).mean())


def test_one_row_far_away_does_not_take_the_digits_of_the_others():
    x, y = clusters(4, 60, 3, 2)
    far, names = np.vstack([x, [[1e30, -1e30]]]), np.append(y, 9)
    assert retrieval(far, names).map_at_r == pytest.approx(retrieval(x, y).map_at_r)
    assert retrieval(x + 1e4, y).map_at_r == pytest.approx(retrieval(x, y).map_at_r)
    assert retrieval(x * 1e30, y).map_at_r == pytest.approx(retrieval(x, y).map_at_r)


def test_without_queries_there_is_no_retrieval():
    for x, y in ((np.zeros((0, 2)), []), (np.ones((1, 2)), [3]), (np.eye(3), [1, 2, 3])):
        found = retrieval(x, np.array(y, dtype=int))
        assert (found.recall_at_1, found.map_at_r, found.queries) == (None, None, 0)
        assert found.skipped == len(x)


def knn_by_loops(x, y, gallery=None, known=None):
    """Votes of the k nearest, in order of distance and then of row number."""
    hits = 0
    for i in range(len(x)):
        others = [
            (sum((a - b) ** 2 for a, b in zip(x[i], row, strict=True)), j)
            for j, row in enumerate(x if gallery is None else gallery)
            if gallery is not None or j != i
        ]
        labels = [(y if known is None else known)[j] for _, j in sorted(others)[:K]]
        votes = Counter(labels)
        winner = next(label for label in labels if votes[label] == max(votes.values()))
        hits += winner == y[i]
    return hits / len(x)


@given(embeddings(whole=True))
def test_knn_agrees_with_plain_loops_where_points_tie(sample):
    x, y = sample
    if len(x) < 2:
        assert knn_accuracy(x, y) is None
        return
    assert knn_accuracy(x, y) == pytest.approx(knn_by_loops(x, y))
    half = len(x) // 2
    ours = knn_accuracy(x[half:], y[half:], x[:half], y[:half])
    assert ours == pytest.approx(knn_by_loops(x[half:], y[half:], x[:half], y[:half]))


def test_knn_agrees_with_plain_loops_in_a_crowd_of_ties():
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 3, (900, 2)).astype(float), rng.integers(0, 3, 900)
    some = np.arange(0, 900, 30)
    assert knn_accuracy(x[some], y[some], x, y) == pytest.approx(
        knn_by_loops(x[some], y[some], x, y)
    )


def test_knn_agrees_with_scikit_learn_for_two_classes():
    x, y = clusters(0, 4000, 2, 5, apart=0.5)  # two classes and five votes: never a tie
    judge = KNeighborsClassifier(n_neighbors=5).fit(x[:3000], y[:3000])
    expected = judge.score(x[3000:], y[3000:])
    assert knn_accuracy(x[3000:], y[3000:], x[:3000], y[:3000]) == pytest.approx(expected)


def test_a_tied_vote_goes_to_the_nearest():
    gallery, known = np.array([[1.0], [2.0], [3.0], [4.0], [9.0]]), np.array([5, 7, 7, 5, 1])
    assert knn_accuracy(np.zeros((1, 1)), np.array([5]), gallery, known) == 1
    assert knn_accuracy(np.zeros((1, 1)), np.array([7]), gallery, known) == 0


def test_a_gallery_below_five_votes_as_a_whole_and_an_empty_one_not_at_all():
    x, y = np.array([[0.0], [5.0]]), np.array([0, 1])
    assert knn_accuracy(x, y, np.array([[1.0], [4.0], [4.5]]), np.array([0, 1, 1])) == 0.5
    assert knn_accuracy(x, y, np.empty((0, 1)), np.empty(0, dtype=int)) is None
    assert knn_accuracy(x[:1], y[:1]) is None


@given(embeddings())
def test_nearest_mean_agrees_with_plain_loops(sample):
    x, y = sample
    mu = ClassStatistics.from_samples(x, y, 6).means
    for row, got in zip(x, nearest_means(x, mu), strict=True):
        far = [np.inf if np.isnan(m).any() else np.linalg.norm(row - m) for m in mu]
        assert far[got] == pytest.approx(min(far), abs=1e-6)


@pytest.mark.parametrize("unit", [False, True])
def test_nearest_mean_agrees_with_scikit_learn(unit):
    x, y = clusters(7, 900, 30, 4, apart=1.0)
    x = unit_rows(x) if unit else x
    mu = ClassStatistics.from_samples(x[:600], y[:600], 30).means
    judge = NearestCentroid().fit(x[:600], y[:600])
    expected = judge.score(x[600:], y[600:])
    assert nearest_mean_accuracy(x[600:], y[600:], mu) == pytest.approx(expected)
    assert nearest_mean_accuracy(x[:0], y[:0], mu) is None


def test_equal_means_are_one_tie_and_the_lowest_class_wins():
    mu = np.repeat([[0.1, 0.2, 0.3]], 4, axis=0)
    assert nearest_means(np.random.default_rng(0).normal(size=(50, 3)), mu).tolist() == [0] * 50
