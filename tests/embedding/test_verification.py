import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.intervals import identity_intervals
from centerviz.embedding.verification import (
    EXACT,
    binned_roc,
    roc,
    scores,
    verification,
)
from tests.embedding.samples import clusters, embeddings


def of(values, labels):
    return np.array(values, dtype=float), np.array(labels, dtype=int)


@given(embeddings(), st.booleans())
def test_scores_agree_with_plain_loops(sample, unit):
    x, y = sample
    z = unit_rows(x)
    expected = {True: [], False: []}
    for i, j in itertools.combinations(range(len(x)), 2):
        score = z[i] @ z[j] if unit else -np.linalg.norm(x[i] - x[j])
        expected[bool(y[i] == y[j])].append(score)
    genuine, impostor = scores(x, y, unit)
    np.testing.assert_allclose(genuine, expected[True], atol=1e-12)
    np.testing.assert_allclose(impostor, expected[False], atol=1e-12)


whole_scores = st.lists(st.integers(-4, 4), min_size=1, max_size=30)


@given(whole_scores, whole_scores)
def test_roc_agrees_with_scikit_learn(genuine, impostor):
    truth = [True] * len(genuine) + [False] * len(impostor)
    far, tar, thresholds = metrics.roc_curve(truth, genuine + impostor, drop_intermediate=False)
    ours = roc(np.array(genuine, dtype=float), np.array(impostor, dtype=float))
    np.testing.assert_allclose(ours.far, far)
    np.testing.assert_allclose(ours.tar, tar)
    np.testing.assert_array_equal(ours.thresholds, thresholds)
    assert ours.auc == pytest.approx(metrics.roc_auc_score(truth, genuine + impostor))
    above = [(g > i) + (g == i) / 2 for g in genuine for i in impostor]
    assert ours.auc == pytest.approx(np.mean(above))


@given(whole_scores, whole_scores)
def test_eer_is_where_the_drawn_curve_meets_the_diagonal(genuine, impostor):
    ours = roc(np.array(genuine, dtype=float), np.array(impostor, dtype=float))
    t = np.linspace(0, len(ours.far) - 1, 20_001)  # a walk along the polyline
    far = np.interp(t, np.arange(len(ours.far)), ours.far)
    tar = np.interp(t, np.arange(len(ours.far)), ours.tar)
    nearest = np.argmin(np.abs(far + tar - 1))
    assert ours.eer == pytest.approx(far[nearest], abs=2e-3)
    assert 0 <= ours.eer <= 1


@given(whole_scores, whole_scores, st.sampled_from([0.0, 0.01, 0.1, 0.5, 1.0]))
def test_tar_at_far_takes_the_largest_set_that_keeps_the_far(genuine, impostor, target):
    ours = roc(np.array(genuine, dtype=float), np.array(impostor, dtype=float))
    best = 0.0
    for threshold in {*genuine, *impostor}:
        if np.mean([s >= threshold for s in impostor]) <= target:
            best = max(best, np.mean([s >= threshold for s in genuine]))
    assert ours.tar_at_far(target) == pytest.approx(best)


def test_tar_at_far_does_not_interpolate():
    curve = roc(np.array([3.0, 1.0]), np.array([2.0, 0.0]))
    assert curve.tar_at_far(0.49) == 0.5 and curve.tar_at_far(0.5) == 1.0


def test_few_impostor_pairs_are_said():
    curve = roc(np.ones(5), np.zeros(9_999))
    assert curve.too_few_for(1e-3) and not curve.too_few_for(1e-2)
    assert (curve.genuine, curve.impostor) == (5, 9_999)


@given(embeddings(), st.floats(0.01, 100), st.booleans())
def test_roc_depends_on_the_order_of_scores_alone(sample, scale, unit):
    x, y = sample
    first, second = verification(x, y, unit), verification(x * scale, y, unit)
    if first.auc is not None:
        assert second.auc == pytest.approx(first.auc, abs=1e-9)
        assert second.eer == pytest.approx(first.eer, abs=1e-9)


@pytest.mark.parametrize("unit", [False, True])
@pytest.mark.parametrize(("n", "classes", "dim"), [(1500, 10, 8), (1500, 400, 3), (400, 1, 2)])
def test_bins_change_nothing_that_is_shown(unit, n, classes, dim):
    x, y = clusters(n + dim, n, classes, dim, apart=1.0)
    exact, binned = roc(*scores(x, y, unit)), binned_roc(x, y, unit)
    assert (binned.genuine, binned.impostor) == (exact.genuine, exact.impostor)
    if classes > 1:
        assert binned.auc == pytest.approx(exact.auc, abs=1e-6)
        assert binned.eer == pytest.approx(exact.eer, abs=1e-4)
        assert binned.tar_at_far(0.01) == pytest.approx(exact.tar_at_far(0.01), abs=2e-3)
    else:
        assert binned.auc is None and binned.eer is None


@pytest.mark.parametrize("tight", [1e-2, 1e-6])
def test_bins_stay_fine_where_classes_are_tight(tight):
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(20), 15)
    x = np.repeat(unit_rows(rng.normal(size=(20, 3))), 15, axis=0)
    x = x + tight * rng.normal(size=x.shape) * (1 + y[:, None])
    for unit in (False, True):
        genuine = -scores(x, y, False)[0]
        bounds = roc(*scores(x, y, unit))
        assert binned_roc(x, y, unit).auc == pytest.approx(bounds.auc, abs=1e-6)
        assert len(np.unique(binned_roc(x, y, unit).tar)) > len(genuine) / 20


def test_constant_rows_are_told_apart_by_chance():
    y = np.arange(40) % 4
    for row in ([0.1, 0.2, 0.3], [0.0, 0.0, 0.0], [1e30, -1e30, 1e30]):
        x = np.repeat([row], 40, axis=0)
        for unit in (False, True):
            for curve in (verification(x, y, unit), binned_roc(x, y, unit)):
                assert (curve.auc, curve.eer) == (0.5, 0.5)


def test_one_kind_of_pair_defines_nothing():
    for y in ([0, 0, 0], [0, 1, 2]):
        curve = verification(*of([[0], [1], [3]], y), unit=False)
        assert curve.auc is None and curve.eer is None and curve.tar_at_far(0.1) is None
        assert curve.eer_threshold is None
    assert verification(*of(np.zeros((1, 2)), [0]), unit=True).auc is None
    assert verification(*of(np.zeros((0, 2)), []), unit=False).auc is None


def test_a_perfect_embedding_has_no_errors():
    curve = verification(*of([[0], [1], [9], [10]], [0, 0, 1, 1]), unit=False)
    assert (curve.auc, curve.eer, curve.tar_at_far(0.0)) == (1.0, 0.0, 1.0)
    assert curve.eer_threshold == -1.0


def test_many_pairs_are_counted_in_bins():
    x, y = clusters(5, 2_900, 30, 3, apart=0.7)
    curve = verification(x, y, False)
    assert curve.genuine + curve.impostor > EXACT
    assert len(curve.thresholds) < EXACT / 10
    half = verification(x[::2], y[::2], False)
    assert curve.auc == pytest.approx(half.auc, abs=0.01)


def test_intervals_hold_the_number_and_are_wider_than_pairs_would_promise():
    x, y = clusters(6, 200, 12, 4, apart=1.0)
    curve, found = verification(x, y, True), identity_intervals(x, y, True, draws=100)
    assert found.auc.low < curve.auc < found.auc.high
    assert found.eer.low < curve.eer < found.eer.high
    assert found.tar_at_far[1e-2].low <= curve.tar_at_far(1e-2) <= found.tar_at_far[1e-2].high
    by_pairs = 4 * np.sqrt(curve.auc * (1 - curve.auc) / curve.impostor)
    assert found.auc.high - found.auc.low > by_pairs
    assert identity_intervals(x, y, True, draws=100) == found


def test_intervals_weigh_identities_as_copies_would():
    """Of w copies of an identity: genuine pairs count w times, impostor pairs w_a·w_b times."""
    from centerviz.embedding import intervals

    x, y = clusters(8, 12, 3, 2, apart=1.0)
    w = np.array([2, 0, 1])
    i, j = np.triu_indices(12, 1)
    score = -np.linalg.norm(x[i] - x[j], axis=1)
    order = np.argsort(-score)
    a, b = y[i][order], y[j][order]
    ours = intervals._weighted_roc(a, b, score[order], np.arange(len(a)), w)
    genuine, impostor = [], []
    for s, p, q in zip(score, y[i], y[j], strict=True):
        (genuine if p == q else impostor).extend([s] * int(w[p] if p == q else w[p] * w[q]))
    expected = roc(np.array(genuine), np.array(impostor))
    assert (ours.auc, ours.eer) == pytest.approx((expected.auc, expected.eer))


def test_intervals_are_none_where_nothing_is_defined():
    found = identity_intervals(*of([[0], [1], [3]], [0, 0, 0]), unit=False, draws=10)
    assert found.auc is None and found.eer is None and found.identities == 1
