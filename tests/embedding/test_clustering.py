import warnings

import numpy as np
import pytest
from hypothesis import given
from sklearn import metrics

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.clustering import (
    calinski_harabasz,
    davies_bouldin,
    fisher,
    numbered,
    silhouette,
    silhouettes,
)
from centerviz.embedding.geometry import PAIRS
from tests.embedding.samples import ARTICLE, ARTICLE_LABELS, clusters, embeddings

SCORES = (fisher, silhouette, davies_bouldin, calinski_harabasz)


def spread(x):
    """As scikit-learn is to be asked: after dividing by the RMS spread."""
    rest = x - x.mean(axis=0)
    return rest / np.sqrt((rest**2).sum(axis=1).mean())


@given(embeddings())
def test_scores_agree_with_scikit_learn(sample):
    x, y = sample
    if fisher(x, y) is None or fisher(x, y) > 1e8:
        return
    x = spread(x)
    assert calinski_harabasz(x, y) == pytest.approx(metrics.calinski_harabasz_score(x, y), rel=1e-9)
    ours = davies_bouldin(x, y)
    if ours is not None:
        assert ours == pytest.approx(metrics.davies_bouldin_score(x, y), rel=1e-6)
    theirs = metrics.silhouette_samples(x, y)
    alone = np.bincount(y)[y] == 1
    np.testing.assert_allclose(silhouettes(x, y)[~alone], theirs[~alone], atol=1e-6)
    assert silhouette(x, y) == pytest.approx(theirs[~alone].mean(), abs=1e-6)


@pytest.mark.parametrize("unit", [False, True])
@pytest.mark.parametrize("dim", [1, 3, 40])
def test_scores_agree_with_scikit_learn_on_larger_samples(unit, dim):
    x, y = clusters(dim, 3000, 17, dim)
    x = unit_rows(x) if unit else x
    assert len(x) ** 2 > PAIRS  # several blocks
    if unit and dim == 1:
        y = y % 2
    assert silhouette(x, y) == pytest.approx(metrics.silhouette_score(x, y), abs=1e-9)
    assert davies_bouldin(x, y) == pytest.approx(metrics.davies_bouldin_score(x, y), rel=1e-9)
    assert calinski_harabasz(x, y) == pytest.approx(metrics.calinski_harabasz_score(x, y), rel=1e-9)


@given(embeddings(most=15))
def test_silhouettes_agree_with_plain_loops(sample):
    x, y = sample
    found = silhouettes(x, y)
    for i in range(len(x)):
        to = [np.linalg.norm(x[i] - x[j]) for j in range(len(x))]
        own = [to[j] for j in range(len(x)) if y[j] == y[i] and j != i]
        others = [
            np.mean([to[j] for j in range(len(x)) if y[j] == k])
            for k in set(y.tolist()) - {int(y[i])}
        ]
        if not own or not others:
            assert np.isnan(found[i])
            continue
        a, b = np.mean(own), min(others)
        assert found[i] == pytest.approx((b - a) / max(a, b) if max(a, b) > 0 else 0, abs=1e-6)


@given(embeddings())
def test_scores_do_not_depend_on_scale_shift_order_or_names(sample):
    x, y = sample
    order = np.random.default_rng(0).permutation(len(x))
    names = np.array([900, -7, 3, 10**12, 0, 5])
    for score in SCORES:
        expected = score(x, y)
        for other in (score(x * 1e-6, y), score(x * 1e6, y), score(x[order], names[y][order])):
            if expected is None:
                assert other is None
            else:
                assert other == pytest.approx(expected, rel=1e-6, abs=1e-6)
        moved = score(x + 1e4, y)
        if expected is not None and fisher(x, y) < 1e8 and moved is not None:
            assert moved == pytest.approx(expected, rel=1e-5, abs=1e-5)


@given(embeddings())
def test_calinski_harabasz_is_fisher_times_degrees_of_freedom(sample):
    x, y = sample
    _, classes = numbered(y)
    if fisher(x, y) is not None:
        expected = fisher(x, y) * (len(x) - classes) / (classes - 1)
        assert calinski_harabasz(x, y) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.ones((6, 2)), [0, 0, 0, 1, 1, 1]),  # scikit-learn answers Davies–Bouldin 0 here
        (np.repeat([[0.1, 0.2], [3.0, 4.0]], 3, axis=0), [0, 0, 0, 1, 1, 1]),  # no spread inside
        (np.arange(6.0).reshape(3, 2), [4, 4, 4]),  # one class
        (np.arange(6.0).reshape(3, 2), [0, 1, 2]),  # all alone
        (np.ones((1, 2)), [0]),
        (np.zeros((0, 2)), []),
    ],
)
def test_undefined_scores_are_none(score, x, y):
    assert score(x, np.array(y, dtype=int)) is None


def test_davies_bouldin_is_undefined_where_two_means_coincide():
    x = np.array([[-1.0], [1.0], [-2.0], [2.0], [8.0], [9.0]])
    y = np.array([0, 0, 1, 1, 2, 2])
    assert davies_bouldin(x, y) is None
    assert silhouette(x, y) == pytest.approx(metrics.silhouette_score(x, y))


def test_samples_alone_in_their_class_take_no_part_in_the_silhouette():
    x, y = np.array([[0.0], [1.0], [4.0], [9.0]]), np.array([0, 0, 1, 2])
    assert silhouette(x, y) == pytest.approx((0.75 + 2 / 3) / 2)
    assert metrics.silhouette_score(x, y) == pytest.approx((0.75 + 2 / 3) / 4)


def test_huge_and_far_values_keep_their_scores():
    x, y = clusters(3, 200, 4, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for score in SCORES:
            assert score(x * 1e30, y) == pytest.approx(score(x, y), rel=1e-9)
            assert score(x + 1e4, y) == pytest.approx(score(x, y), rel=1e-6)


def test_article_scores_agree_with_scikit_learn():
    for x in (ARTICLE, unit_rows(ARTICLE)):
        assert silhouette(x, ARTICLE_LABELS) == pytest.approx(
            metrics.silhouette_score(x, ARTICLE_LABELS)
        )
        assert davies_bouldin(x, ARTICLE_LABELS) == pytest.approx(
            metrics.davies_bouldin_score(x, ARTICLE_LABELS)
        )
