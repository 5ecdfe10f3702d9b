import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from centerviz.embedding.lfw import FOLDS, _folds, lfw
from centerviz.embedding.verification import pair_scores
from tests.embedding.samples import clusters


@pytest.mark.parametrize("unit", [False, True])
def test_each_fold_is_judged_by_the_best_threshold_of_the_others(unit):
    x, y = clusters(0, 300, 30, 4, apart=1.0)
    found, fold = lfw(x, y * 7 - 5, unit), _folds(y)
    pairs = []
    for k in range(FOLDS):
        own = fold == k
        first, second, score = pair_scores(x[own], unit)
        pairs.append((score, y[own][first] == y[own][second]))
    for k in range(FOLDS):
        score, same = (
            np.concatenate([pairs[j][part] for j in range(FOLDS) if j != k]) for part in (0, 1)
        )
        chosen = balanced_accuracy_score(same, score >= found.thresholds[k])
        order = np.argsort(-score)
        told, ends = same[order], np.flatnonzero(np.diff(score[order], append=np.nan) != 0)
        shares = [(np.cumsum(kind) / kind.sum())[ends] for kind in (told, ~told)]
        assert chosen == pytest.approx(((1 + shares[0] - shares[1]) / 2).max(), abs=1e-12)
        held, truth = pairs[k]
        expected = balanced_accuracy_score(truth, held >= found.thresholds[k])
        assert found.accuracies[k] == pytest.approx(expected)
    assert found.accuracy == pytest.approx(np.mean(found.accuracies))
    assert found.error == pytest.approx(np.std(found.accuracies, ddof=1) / np.sqrt(10))
    assert found.identities == 30


def test_folds_share_no_identity_and_each_has_pairs():
    y = np.concatenate([np.repeat(np.arange(12), 3), np.arange(12, 40)])
    fold = _folds(y)
    assert all(len(np.unique(fold[y == j])) == 1 for j in range(40))
    for k in range(FOLDS):
        counts = np.unique(y[fold == k], return_counts=True)[1]
        assert len(counts) == 4 and counts.max() == 3


def test_with_too_few_identities_there_is_no_protocol():
    x = np.random.default_rng(0).normal(size=(60, 2))
    assert lfw(x, np.arange(60) % 19, True) is None
    assert lfw(x, np.arange(60), True) is None
    assert lfw(x[:0], np.zeros(0, dtype=int), True) is None
    assert lfw(x, np.arange(60) % 20, True).identities == 20


def test_noise_is_told_by_chance_and_constant_rows_exactly_so():
    rng = np.random.default_rng(1)
    noise = lfw(rng.normal(size=(600, 8)), np.arange(600) % 60, False)
    assert noise.accuracy == pytest.approx(0.5, abs=4 * noise.error + 0.02)
    constant = lfw(np.ones((60, 3)), np.arange(60) % 20, True)
    assert constant.accuracies == (0.5,) * FOLDS


def test_identities_beyond_ten_thousand_rows_are_left_out():
    y = np.arange(12_000) % 400
    fold = _folds(y)
    assert (fold >= 0).sum() == 9_990  # 333 identities of 30 rows
    assert all(len(np.unique(fold[y == j])) == 1 for j in range(400))
