import numpy as np
import pytest
from hypothesis import given
from sklearn.decomposition import PCA

from centerviz.embedding.pca import PcaMap
from centerviz.problem import Problem
from tests.embedding.samples import clusters, embeddings


@pytest.mark.parametrize(("n", "dim"), [(300, 5), (20, 60), (50, 2)])
def test_axes_and_variance_agree_with_scikit_learn(n, dim):
    x, _ = clusters(n, n, 6, dim)
    judge = PCA(2, svd_solver="full").fit(x)
    found = PcaMap.fit(x, 2)
    np.testing.assert_allclose(found.explained, judge.explained_variance_ratio_, rtol=1e-9)
    np.testing.assert_allclose(found.variance, judge.explained_variance_, rtol=1e-9)
    np.testing.assert_allclose(np.abs(found.axes), np.abs(judge.components_), atol=1e-9)
    np.testing.assert_allclose(np.abs(found.transform(x)), np.abs(judge.transform(x)), atol=1e-4)


def test_a_common_mean_in_float32_changes_nothing():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 20)) * np.linspace(1, 4, 20)
    near, far = (PcaMap.fit((x + mean).astype(np.float32), 2) for mean in (0, 1000))
    np.testing.assert_allclose(far.explained, near.explained, rtol=1e-4)
    assert abs((far.axes * near.axes).sum(axis=1)).min() > 0.9999


@pytest.mark.parametrize("mean", [0, 1000, 300_001.3])  # at the last, float32 is off by 0.01
def test_float32_rows_give_the_shares_of_their_float64_values(mean, monkeypatch):
    rng = np.random.default_rng(1)
    x = (rng.normal(size=(9_000, 300)) * np.linspace(0.1, 3, 300) + mean).astype(np.float32)
    exact = PcaMap.fit(x.astype(np.float64), 50).explained
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        found.append(PcaMap.fit(x, 50))
    np.testing.assert_allclose(found[0].explained, exact, rtol=1e-6)
    np.testing.assert_array_equal(found[0].axes, found[1].axes)


def test_axes_point_to_where_their_largest_loading_is_positive():
    x, _ = clusters(1, 100, 3, 4)
    for rows in (x, -x, x[::-1]):
        axes = PcaMap.fit(rows, 3).axes
        assert (axes[np.arange(3), np.abs(axes).argmax(axis=1)] > 0).all()
    np.testing.assert_allclose(PcaMap.fit(x, 3).axes, PcaMap.fit(-x, 3).axes, atol=1e-9)


def test_two_runs_share_one_map():
    (x, _), (other, _) = clusters(2, 80, 3, 6), clusters(3, 40, 3, 6)
    shared = PcaMap.fit(x, 2)
    expected = (other - x.mean(axis=0)) @ shared.axes.T
    np.testing.assert_allclose(shared.transform(other), expected, atol=1e-5)


@given(embeddings())
def test_any_rows_give_a_finite_map(sample):
    x, _ = sample
    for rows in (x, x * 1e30, x * 1e-30, x + 1e4):
        found = PcaMap.fit(rows, 3)
        assert np.isfinite(found.transform(rows)).all()
        assert found.transform(rows).shape == (len(x), 3)
        assert 0 <= found.explained.sum() <= 1 + 1e-9
        assert (found.axes[x.shape[1] :] == 0).all()


def test_rows_without_spread_have_no_explained_variance():
    found = PcaMap.fit(np.full((5, 3), 0.1), 2)
    assert found.explained.sum() == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(found.transform(np.full((5, 3), 0.1)), 0, atol=1e-9)
    assert PcaMap.fit(np.ones((1, 3)), 2).explained.sum() == 0


def test_no_rows_are_a_problem():
    with pytest.raises(Problem, match="no rows"):
        PcaMap.fit(np.zeros((0, 3)))
