"""LDA is scikit-learn's, its quotient is the largest there is, and awkward rows give a map too."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.linalg import eigh
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from centerviz.embedding.lda import LdaMap
from centerviz.embedding.lda import within as spreads
from centerviz.embedding.pca import PcaMap
from tests.embedding.samples import clusters, embeddings


def scatters(x, y):
    """S_W and S_B by plain loops."""
    within, between = np.zeros((2, x.shape[1], x.shape[1]))
    for j in np.unique(y):
        part, off = x[y == j], x[y == j].mean(axis=0) - x.mean(axis=0)
        between += len(part) * np.outer(off, off)
        for row in part:
            within += np.outer(row - part.mean(axis=0), row - part.mean(axis=0))
    return within, between


def test_the_axes_solve_the_eigenproblem_of_the_scatters():
    x, y = clusters(0, 80, 4, 5)
    found = LdaMap.fit(x, y, 3)
    within, between = scatters(x, y)
    values, vectors = eigh(between, within)
    np.testing.assert_allclose(found.explained, values[::-1][:3] / values[-3:].sum(), rtol=1e-6)
    for axis, judge in zip(found.axes, vectors.T[::-1], strict=False):
        cosine = axis @ judge / np.linalg.norm(axis) / np.linalg.norm(judge)
        assert abs(cosine) == pytest.approx(1, abs=1e-6)


def test_points_are_those_of_scikit_learn_up_to_sign():
    x, y = clusters(1, 70, 5, 6)
    judge = LinearDiscriminantAnalysis(n_components=2).fit(x, y).transform(x)
    np.testing.assert_allclose(np.abs(LdaMap.fit(x, y).transform(x)), np.abs(judge), atol=1e-4)


def test_two_classes_have_one_axis_and_the_rest_is_what_it_does_not_see():
    x, y = clusters(2, 60, 2, 6)
    found = LdaMap.fit(x, y, 3)
    assert found.found == 1
    first, *rest = found.axes
    np.testing.assert_allclose([first @ axis for axis in rest], 0, atol=1e-9)
    np.testing.assert_allclose(spreads(found.transform(x).astype(float), y), 1, rtol=0.05)


@pytest.mark.parametrize(
    "x, y",
    [
        (np.ones((6, 3)), np.arange(6) % 2),
        (np.eye(3)[np.arange(12) % 3], np.arange(12) % 3),
        (np.random.default_rng(0).normal(size=(20, 4)), np.zeros(20, dtype=int)),
        (np.random.default_rng(0).normal(size=(20, 4)), np.arange(20)),
    ],
    ids=["constant", "collapsed", "one class", "singletons"],
)
def test_without_spread_or_classes_it_is_a_pca(x, y):
    found = LdaMap.fit(x, y, 2)
    assert found.found == 0
    np.testing.assert_allclose(found.axes, PcaMap.fit(x, 2).axes)


@settings(max_examples=30)
@given(embeddings())
def test_any_rows_give_a_finite_map(sample):
    x, y = sample
    for rows in (x, x * 1e30, x + 1e4):
        found = LdaMap.fit(rows, y, 3)
        points = found.transform(rows)
        assert points.shape == (len(x), 3) and np.isfinite(points).all()
        assert found.found <= min(len(np.unique(y)) - 1, x.shape[1])
