import itertools

import numpy as np
import pytest
from hypothesis import given

from centerviz.data.embeddings import unit_rows
from centerviz.embedding import distances
from centerviz.embedding.clustering import davies_bouldin_of
from centerviz.embedding.distances import Inter, distances_to_means, inter, intra, ratio, separation
from centerviz.embedding.neighbours import nearest_means
from centerviz.embedding.statistics import ClassStatistics
from tests.embedding.samples import ARTICLE, ARTICLE_LABELS, clusters, embeddings

CLASSES = 6


def means(x, y):
    return ClassStatistics.from_samples(x, y, CLASSES).means


@given(embeddings())
def test_intra_by_class_agrees_with_plain_loops(sample):
    x, y = sample
    mu = means(x, y)
    found = intra(distances_to_means(x, y, mu), y, CLASSES)
    kept = []
    for j in range(CLASSES):
        far = [
            np.sqrt(((row - mu[j]) ** 2).sum())
            for row, label in zip(x, y, strict=True)
            if label == j
        ]
        assert found.counts[j] == len(far)
        if not far:
            assert np.isnan([found.mean[j], found.median[j], found.p95[j], found.max[j]]).all()
            continue
        expected = [np.mean(far), np.median(far), np.percentile(far, 95), max(far)]
        got = [found.mean[j], found.median[j], found.p95[j], found.max[j]]
        np.testing.assert_allclose(got, expected, atol=1e-12)
        if len(far) >= 2:
            kept.append(far)
    if kept:
        assert found.macro == pytest.approx(np.mean([np.mean(far) for far in kept]), abs=1e-12)
        assert found.micro == pytest.approx(np.mean(np.concatenate(kept)), abs=1e-12)
    else:
        assert found.macro is None and found.micro is None


@given(embeddings())
def test_inter_agrees_with_plain_loops(sample):
    x, y = sample
    mu = means(x, y)
    present = [row for row in mu if not np.isnan(row).any()]
    gaps = [np.sqrt(((a - b) ** 2).sum()) for a, b in itertools.combinations(present, 2)]
    found = inter(mu)
    if not gaps:
        assert found == Inter(None, None)
        return
    assert found.mean == pytest.approx(np.mean(gaps), abs=1e-12)
    assert found.min == pytest.approx(min(gaps), abs=1e-12)
    matrix = distances.inter_matrix(mu)
    assert np.nanmax(matrix) == pytest.approx(max(gaps), abs=1e-12)
    assert np.isnan(matrix[np.isnan(mu).any(axis=1)]).all()


def test_inter_in_blocks_is_inter_at_once():
    mu = np.random.default_rng(0).normal(size=(1100, 3))
    upper = distances.inter_matrix(mu)[np.triu_indices(1100, 1)]
    assert inter(mu).mean == pytest.approx(upper.mean(), rel=1e-12)
    assert inter(mu).min == pytest.approx(upper.min(), rel=1e-12)


def test_the_nearest_pairs_are_those_of_plain_loops_block_by_block(monkeypatch):
    monkeypatch.setattr(distances, "BLOCK", 3)
    mu = np.array([[0, 0], [1, 0], [1.5, 0.9], [50, 0], [60, 0], [np.nan, 0], [50, 1]])
    found, gaps = distances.nearest_pairs(mu, 4)
    far = {(a, b): np.linalg.norm(mu[a] - mu[b]) for a in range(7) for b in range(a + 1, 7)}
    judged = sorted((gap, pair) for pair, gap in far.items() if np.isfinite(gap))[:4]
    assert found == [pair for _gap, pair in judged] == [(0, 1), (3, 6), (1, 2), (0, 2)]
    np.testing.assert_allclose(gaps, [gap for gap, _pair in judged])
    assert len(distances.nearest_pairs(mu, 99)[0]) == 15
    assert distances.nearest_pairs(mu[:1], 4)[0] == []


def test_article_distances_are_those_worked_by_hand():
    mu = means(ARTICLE, ARTICLE_LABELS)
    squared = distances_to_means(ARTICLE, ARTICLE_LABELS, mu) ** 2
    by_hand = [0.00125, 0.02125, 0.04125, 0.01125, *[0.038125, 0.003125, 0.028125, 0.028125] * 2]
    np.testing.assert_allclose(squared, by_hand, atol=1e-15)


@given(embeddings())
def test_ratio_does_not_depend_on_scale_shift_or_rotation(sample):
    x, y = sample

    def found(x):
        mu = means(x, y)
        return ratio(intra(distances_to_means(x, y, mu), y, CLASSES).macro, inter(mu).mean)

    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(x.shape[1],) * 2))[0]
    expected = found(x)
    for moved in (x * 1e-6, x * 1e6, x + 100, x @ turn):
        if expected is None:
            assert found(moved) is None
        elif expected < 1e6:
            assert found(moved) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_shrinking_makes_intra_smaller_and_ratio_not():
    x, y = clusters(0, 100, 4, 3)
    mu = means(x, y)
    full, half = (intra(distances_to_means(s * x, y, s * mu), y, CLASSES).macro for s in (1, 0.5))
    assert half == pytest.approx(full / 2)
    assert ratio(half, inter(mu / 2).mean) == pytest.approx(ratio(full, inter(mu).mean))


def test_ratio_is_undefined_where_all_means_lie_at_one_place():
    rows = np.outer(np.arange(1, 7), [0.1, 0.7, 0.3])  # unit rows are equal up to rounding
    y = np.repeat([0, 1], 3)
    mu = means(unit_rows(rows), y)
    assert inter(mu).mean == 0
    assert ratio(1.0, inter(mu).mean) is None
    assert ratio(None, 1.0) is None


def test_angles_of_means_keep_their_digits_near_zero():
    mu = np.array([[1.0, 0.0], [1.0, 1e-9], [-2.0, 0.0], [np.nan, np.nan], [0.0, 0.0]])
    found = distances.angles(mu)
    assert found[0, 1] == pytest.approx(np.degrees(1e-9), rel=1e-6)
    assert found[0, 2] == pytest.approx(180)
    assert np.isnan(found[3]).all() and np.isnan(found[4]).all()


@given(embeddings())
def test_separation_agrees_with_plain_loops(sample):
    x, y = sample
    pairs = list(itertools.combinations(range(len(x)), 2))
    gap = {p: np.sqrt(((x[p[0]] - x[p[1]]) ** 2).sum()) for p in pairs}
    same = [gap[i, j] for i, j in pairs if y[i] == y[j]]
    different = [gap[i, j] for i, j in pairs if y[i] != y[j]]
    found = separation(x, y)
    assert (found.max_same is None) == (not same)
    assert (found.min_different is None) == (not different)
    if same and different:
        assert found.max_same == pytest.approx(max(same), abs=1e-6)
        assert found.min_different == pytest.approx(min(different), abs=1e-6)
        if abs(max(same) - min(different)) > 1e-5:
            assert found.holds == (max(same) < min(different))
    else:
        assert found.holds is None


@given(embeddings())
def test_own_means_are_closer_than_means_without_the_sample(sample):
    """‖x − mean of the others‖ = n/(n−1) ‖x − μ‖: why own-split intra is biased."""
    x, y = sample
    for j in np.unique(y):
        own = x[y == j]
        if len(own) > 1:
            n = len(own)
            others = (own.sum(axis=0) - own[0]) / (n - 1)
            assert np.linalg.norm(own[0] - others) == pytest.approx(
                n / (n - 1) * np.linalg.norm(own[0] - own.mean(axis=0)), abs=1e-9
            )


def test_separation_in_blocks_is_separation_at_once():
    x, y = np.random.default_rng(0).normal(size=(1300, 2)), np.arange(1300) % 3
    gaps, same = distances.cdist(x, x), y[:, None] == y
    found = separation(x, y)
    assert found.max_same == pytest.approx(gaps[same].max(), rel=1e-9)
    assert found.min_different == pytest.approx(gaps[~same].min(), rel=1e-6)
    assert found.share == pytest.approx(found.max_same / found.min_different)
    assert separation(x, np.arange(1300)).max_same is None


def test_ten_thousand_classes_are_judged_as_ten_are():
    """Two samples at ±1 around the points of a grid ten apart: every number is known."""
    grid = 10.0 * np.stack(np.meshgrid(np.arange(100), np.arange(100)), axis=-1).reshape(-1, 2)
    aside = np.array([1.0, 0.0])
    x = np.concatenate([grid + aside, grid - aside])
    y = np.tile(np.arange(10_000), 2)
    statistics = ClassStatistics.from_samples(x, y, 10_000)
    np.testing.assert_allclose(statistics.means, grid, atol=1e-9)
    found = distances.radii(x, y, statistics.means)
    np.testing.assert_allclose(found.mean, 1.0, atol=1e-9)
    assert statistics.fisher == pytest.approx(2 * 100 * (100**2 - 1) / 12)  # of a grid
    assert inter(statistics.means).min == pytest.approx(10)
    assert (nearest_means(x, statistics.means) == y).all()
    assert davies_bouldin_of(found.mean, statistics.means) == pytest.approx(0.2)
