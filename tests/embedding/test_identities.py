"""The laws that the numbers obey, over shapes, offsets to 10,000 and scales from 1e-6 to 1e6."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.clustering import calinski_harabasz, davies_bouldin, fisher, silhouette
from centerviz.embedding.collapse import effective_rank, mean_resultant_lengths, nc1, nc2
from centerviz.embedding.distances import inter, radii, ratio_about
from centerviz.embedding.neighbours import retrieval
from centerviz.embedding.statistics import ClassStatistics
from centerviz.embedding.verification import verification
from tests.embedding.samples import embeddings

CLASSES = 6
offsets = st.one_of(st.just(0.0), st.floats(-1e4, 1e4))
scales = st.floats(-6, 6).map(lambda power: 10.0**power)


def of(x, y, scatter=False):
    return ClassStatistics.from_samples(x, y, CLASSES, scatter)


def mean_ratio(x, y):
    return ratio_about(x, y, of(x, y).means)


def simplex(x, y):
    found = nc2(of(x, y).means)
    return None if found is None else found.norm_cv


SCALE_FREE = (mean_ratio, fisher, silhouette, davies_bouldin, calinski_harabasz, nc1, simplex)


@given(embeddings(), offsets, scales, st.data())
def test_parts_merge_in_any_order_and_grouping(sample, offset, scale, data):
    x, y = sample[0] + offset, sample[1]
    x = x * scale
    cuts = sorted(data.draw(st.lists(st.integers(0, len(x)), min_size=3, max_size=3)))
    parts = [of(*part, True) for part in zip(np.split(x, cuts), np.split(y, cuts), strict=True)]
    a, b, c, d = (parts[i] for i in data.draw(st.permutations(range(4))))
    whole, one, other = of(x, y, True), a.merged(b).merged(c).merged(d), a.merged(b.merged(c))
    for merged in (one, other.merged(d), d.merged(other)):
        np.testing.assert_array_equal(merged.counts, whole.counts)
        np.testing.assert_allclose(merged.means, whole.means, rtol=1e-10, atol=1e-10 * scale)
        for name in ("within", "scatter"):
            ours, theirs = getattr(merged, name), getattr(whole, name)
            np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10 * scale**2)


@given(embeddings(), offsets, scales)
def test_total_scatter_is_within_plus_between(sample, offset, scale):
    x, y = (sample[0] + offset) * scale, sample[1]
    found = of(x, y, True)
    rest = x - x.mean(axis=0)
    total, size = rest.T @ rest, max(float((rest**2).sum()), scale**2 * 1e-6)
    np.testing.assert_allclose(found.scatter + found.between_scatter(), total, atol=1e-7 * size)
    assert found.within_trace + found.between_trace == pytest.approx(
        np.trace(total), abs=1e-7 * size
    )


@settings(max_examples=60)
@given(embeddings(), offsets, scales)
def test_scale_free_numbers_stay_under_scaling_shifting_and_turning(sample, offset, scale):
    x, y = sample
    if (fisher(x, y) or 0) > 1e6:  # next to full collapse there is nothing but rounding
        return
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(x.shape[1],) * 2))[0]
    moved = (x @ turn + offset) * scale
    for number in SCALE_FREE:
        before, after = number(x, y), number(moved, y)
        if number is nc1 and before is not None and before > 1e6:
            continue  # means that nearly coincide in a direction
        assert (before is None) == (after is None), number.__name__
        if before is not None:
            assert after == pytest.approx(before, rel=1e-5, abs=1e-5), number.__name__


@given(embeddings(), offsets, scales)
def test_distances_follow_the_scale_and_ranks_do_not_move(sample, offset, scale):
    x, y = sample
    moved = (x + offset) * scale
    before, after = (radii(s, y, of(s, y).means) for s in (x, moved))
    for name in ("mean", "median", "p95", "max"):
        expected = getattr(before, name) * scale
        np.testing.assert_allclose(getattr(after, name), expected, rtol=1e-6, atol=1e-9 * scale)
    gaps, wider = inter(of(x, y).means), inter(of(moved, y).means)
    if gaps.mean:
        assert wider.mean == pytest.approx(gaps.mean * scale, rel=1e-6)
    rank = effective_rank(x)
    if rank is not None:
        assert effective_rank(moved) == pytest.approx(rank, rel=1e-5)


@settings(max_examples=60)
@given(embeddings(most=20), st.sampled_from([0.0, 16.0, 8192.0]), st.integers(-20, 20))
def test_rankings_do_not_depend_on_where_or_how_large(sample, offset, power):
    x, y = np.round(sample[0] * 64) / 64, sample[1]  # so that moved rows are exact
    moved = (x + offset) * 2.0**power
    assert retrieval(moved, y) == retrieval(x, y)
    before, after = verification(x, y, unit=False), verification(moved, y, unit=False)
    assert (after.auc, after.eer) == (before.auc, before.eer)


@given(embeddings(), scales, st.floats(0, 1))
def test_unit_features_obey_the_inner_product_and_the_resultant_length(sample, scale, length):
    x, y = sample
    x = (x + (np.linalg.norm(x, axis=1, keepdims=True) == 0)) * scale
    z, c = unit_rows(x), unit_rows(np.linspace(-1, 1, x.shape[1])[None] + 0.1)[0] * length
    squared = ((z - c) ** 2).sum(axis=1)
    np.testing.assert_allclose(squared / 2, 0.5 + c @ c / 2 - z @ c, atol=1e-12)
    assert squared.min() >= 0 and squared.max() <= 4 + 1e-12  # for a center within the sphere
    np.testing.assert_allclose(np.linalg.norm(z, axis=1), 1, atol=1e-12)
    found, lengths = of(z, y), mean_resultant_lengths(x, y, CLASSES)
    for j in np.unique(y):
        own, mu = z[y == j], found.means[j]
        assert lengths[j] == pytest.approx(np.linalg.norm(mu))
        assert (own @ mu).mean() == pytest.approx(lengths[j] ** 2, abs=1e-12)  # the article's form
        assert found.within[j] / 2 / len(own) == pytest.approx((1 - lengths[j] ** 2) / 2, abs=1e-12)


@given(embeddings(), offsets, scales)
def test_the_square_of_own_split_intra_is_too_small_by_its_share(sample, offset, scale):
    """Σ‖x − μ‖² / (n−1) is unbiased: what own means give is (n−1)/n of it."""
    x, y = (sample[0] + offset) * scale, sample[1]
    found = of(x, y)
    for j in np.unique(y):
        own = x[y == j]
        if len(own) > 1:
            unbiased = own.var(axis=0, ddof=1).sum()
            biased = found.within[j] / len(own)
            share = (len(own) - 1) / len(own)
            assert biased == pytest.approx(share * unbiased, rel=1e-6, abs=1e-9 * scale**2)


def test_a_center_kept_fixed_gives_the_same_gradient_either_way():
    """∂½‖z−c‖²/∂x = ∂(−z·c)/∂x = −(I − zzᵀ)c/‖x‖, by differences."""
    rng = np.random.default_rng(0)
    for dim in (1, 2, 7):
        x, c = rng.normal(size=dim) * 3, rng.normal(size=dim)
        z, step = x / np.linalg.norm(x), 1e-6
        expected = -(c - z * (z @ c)) / np.linalg.norm(x)
        for form in (lambda u, c=c: ((u - c) ** 2).sum() / 2, lambda u, c=c: -u @ c):
            found = [
                (form(unit_rows((x + e)[None])[0]) - form(unit_rows((x - e)[None])[0])) / (2 * step)
                for e in np.eye(dim) * step
            ]
            np.testing.assert_allclose(found, expected, atol=1e-8)
