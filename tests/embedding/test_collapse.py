import numpy as np
import pytest
from hypothesis import given

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.collapse import (
    effective_rank,
    mean_resultant_lengths,
    nc1,
    nc2,
    nc3,
    nc4,
)
from centerviz.embedding.statistics import ClassStatistics
from tests.embedding.samples import clusters, embeddings


def nc1_by_loops(x, y):
    """The definition as it is written, with D×D matrices and a pseudo-inverse."""
    names = np.unique(y)
    mu = np.array([x[y == j].mean(axis=0) for j in names])
    within = np.mean(
        [np.cov(x[y == j].T, bias=True).reshape(x.shape[1], -1) for j in names], axis=0
    )
    gap = mu - mu.mean(axis=0)
    between = gap.T @ gap / len(names)
    return np.trace(within @ np.linalg.pinv(between, rcond=1e-10, hermitian=True)) / len(names)


@given(embeddings())
def test_nc1_agrees_with_the_definition(sample):
    x, y = sample
    found = nc1(x, y)
    if found is not None and found < 1e6:
        assert found == pytest.approx(nc1_by_loops(x, y), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("dim", [1, 2, 9, 10, 50])  # D below, at and above C − 1
def test_nc1_agrees_with_the_definition_for_any_number_of_dimensions(dim):
    x, y = clusters(dim, 300, 10, dim)
    assert nc1(x, y) == pytest.approx(nc1_by_loops(x, y), rel=1e-9)
    assert nc1(x * 1e6 + 1e4, y) == pytest.approx(nc1(x, y), rel=1e-6)


def test_nc1_counts_each_class_once():
    x, y = np.array([[-1.0], [1.0], [9.0], [11.0]]), np.array([3, 3, 8, 8])
    more = np.concatenate([x, np.tile(x[:2], (50, 1))]), np.concatenate([y, np.full(100, 3)])
    assert nc1(*more) == pytest.approx(nc1(x, y))


def test_nc1_is_zero_at_full_collapse_and_undefined_without_classes_apart():
    assert nc1(np.repeat([[0.0], [1.0]], 3, axis=0), np.repeat([0, 1], 3)) == 0
    assert nc1(np.ones((6, 2)), np.repeat([0, 1], 3)) is None
    assert nc1(np.arange(3.0)[:, None], np.zeros(3, dtype=int)) is None
    assert nc1(np.array([[-1.0], [1.0], [-2.0], [2.0]]), np.repeat([0, 1], 2)) is None


def test_a_simplex_has_no_nc2():
    mu = np.eye(4) * 3 + 7
    found = nc2(mu)
    assert found.reachable
    np.testing.assert_allclose(
        [found.norm_cv, found.cosine_std, found.cosine_offset], 0, atol=1e-12
    )
    square = nc2(np.array([[1.0, 1], [1, -1], [-1, -1], [-1, 1]]))
    assert not square.reachable and square.norm_cv == 0
    assert square.cosine_offset == pytest.approx((4 * (1 / 3) + 2 * (2 / 3)) / 6)
    assert nc2(np.ones((2, 2))) is None and nc2(np.array([[1.0], [np.nan]])) is None


def test_a_classifier_that_points_to_the_means_has_no_nc3():
    mu = clusters(0, 5, 5, 4)[0]
    gap = mu - mu.mean(axis=0)
    assert nc3(3 * gap, mu + 7) == pytest.approx(0, abs=1e-12)
    assert nc3(-gap, mu) == pytest.approx(4)
    w = np.random.default_rng(1).normal(size=mu.shape)
    by_hand = sum(
        (w[i, j] / np.sqrt((w**2).sum()) - gap[i, j] / np.sqrt((gap**2).sum())) ** 2
        for i in range(len(mu))
        for j in range(4)
    )
    assert nc3(w, mu) == pytest.approx(by_hand)
    absent = np.vstack([mu, np.full((1, 4), np.nan)])
    assert nc3(np.vstack([w, w[:1]]), absent) == pytest.approx(by_hand)
    assert nc3(w, np.full_like(mu, 0.1)) is None


def test_nc4_counts_where_classifier_and_nearest_mean_disagree():
    x, y = clusters(2, 200, 5, 3, apart=1.0)
    mu = ClassStatistics.from_samples(x, y, 6).means
    w = np.random.default_rng(0).normal(size=(6, 3))
    seen = [j for j in range(6) if not np.isnan(mu[j]).any()]
    apart = [
        max(seen, key=lambda j, row=row: row @ w[j])
        != min(seen, key=lambda j, row=row: np.linalg.norm(row - mu[j]))
        for row in x
    ]
    assert nc4(x, w, mu) == pytest.approx(np.mean(apart))
    assert nc4(x[:0], w, mu) is None
    unit_mu = unit_rows(mu[seen])
    assert nc4(unit_rows(x), unit_mu, unit_mu) == 0  # on the sphere the nearest has most cosine


def test_nc2_in_blocks_is_nc2_at_once():
    mu = np.random.default_rng(0).normal(size=(700, 3)) + 5
    gap = mu - mu.mean(axis=0)
    norm = np.linalg.norm(gap, axis=1)
    cosines = (gap @ gap.T / np.outer(norm, norm))[np.triu_indices(700, 1)]
    expected = [norm.std() / norm.mean(), cosines.std(), np.abs(cosines + 1 / 699).mean()]
    found = nc2(mu)
    assert [found.norm_cv, found.cosine_std, found.cosine_offset] == pytest.approx(expected)


@pytest.mark.parametrize("dim", [1, 3, 6])
def test_effective_rank_of_a_cross_is_its_number_of_axes(dim):
    axes = np.vstack([np.eye(dim), -np.eye(dim)])
    for x in (axes, axes * 1e-6, axes * 1e30, axes + 1e4):
        assert effective_rank(x) == pytest.approx(dim, rel=1e-6)


def test_effective_rank_is_the_same_from_rows_and_columns():
    x = np.random.default_rng(0).normal(size=(12, 11))
    wide = np.hstack([x, np.zeros((12, 30))])
    assert effective_rank(wide) == pytest.approx(effective_rank(x), rel=1e-9)
    p = np.linalg.svd(x - x.mean(axis=0), compute_uv=False) ** 2
    p = p[p > 1e-12] / p.sum()
    assert effective_rank(x) == pytest.approx(np.exp(-(p * np.log(p)).sum()), rel=1e-9)


def test_effective_rank_is_undefined_for_equal_rows():
    assert effective_rank(np.ones((5, 3))) is None
    assert effective_rank(np.ones((1, 3))) is None
    assert effective_rank(np.full((4, 2), 1e4 + 0.1)) is None


@given(embeddings())
def test_identities_of_unit_features_hold(sample):
    """½‖z−c‖² = ½ + ½‖c‖² − z·c; mean ½‖z−μ‖² = ½(1 − R̄²); mean cosines are R̄²."""
    x, y = sample
    x = x + (np.linalg.norm(x, axis=1, keepdims=True) == 0)  # no zero vectors
    z, c = unit_rows(x), np.linspace(-1, 1, x.shape[1])
    half = ((z - c) ** 2).sum(axis=1) / 2
    np.testing.assert_allclose(half, 0.5 + c @ c / 2 - z @ c, atol=1e-12)
    found = ClassStatistics.from_samples(z, y, 6)
    lengths = mean_resultant_lengths(x, y, 6)
    for j in np.unique(y):
        n, own = found.counts[j], z[y == j]
        assert found.within[j] / (2 * n) == pytest.approx((1 - lengths[j] ** 2) / 2, abs=1e-12)
        cosines = own @ own.T
        assert cosines.mean() == pytest.approx(lengths[j] ** 2, abs=1e-12)
        if n > 1:
            others = (cosines.sum() - np.trace(cosines)) / (n * (n - 1))
            assert others == pytest.approx((n * lengths[j] ** 2 - 1) / (n - 1), abs=1e-12)
        if lengths[j] > 1e-6:
            unit_mean = found.means[j] / lengths[j]
            np.testing.assert_allclose(
                ((own - unit_mean) ** 2).sum(axis=1) / 2, 1 - own @ unit_mean, atol=1e-9
            )
    assert np.isnan(lengths[found.counts == 0]).all()
