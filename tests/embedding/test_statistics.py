import numpy as np
import pytest
from hypothesis import given

from centerviz.embedding.statistics import ClassStatistics
from centerviz.problem import Problem
from tests.embedding.samples import ARTICLE, ARTICLE_LABELS, clusters, embeddings


def of(x, y, classes=6, scatter=True):
    return ClassStatistics.from_samples(x, y, classes, scatter)


def same(a: ClassStatistics, b: ClassStatistics, scale: float = 1.0) -> None:
    np.testing.assert_array_equal(a.counts, b.counts)
    np.testing.assert_allclose(a.means, b.means, rtol=1e-10, atol=1e-10 * scale)
    np.testing.assert_allclose(a.within, b.within, rtol=1e-10, atol=1e-10 * scale**2)
    np.testing.assert_allclose(a.scatter, b.scatter, rtol=1e-10, atol=1e-10 * scale**2)


def test_article_means_and_loss_are_those_worked_by_hand():
    found = of(ARTICLE, ARTICLE_LABELS, 3)
    np.testing.assert_allclose(
        found.means, [[0.5, 0.575, 0.725], [0.7, 0.275, 0.45], [0.175, 0.8, 0.35]], atol=1e-15
    )
    np.testing.assert_allclose(found.within / 2, [0.0375, 0.04875, 0.04875], atol=1e-15)
    assert found.within_trace / 2 == pytest.approx(0.135, abs=1e-15)


@given(embeddings())
def test_statistics_agree_with_plain_loops(sample):
    x, y = sample
    found = of(x, y)
    scatter = np.zeros((x.shape[1], x.shape[1]))
    for j in range(6):
        rows = [x[i] for i in range(len(x)) if y[i] == j]
        assert found.counts[j] == len(rows)
        if not rows:
            assert np.isnan(found.means[j]).all() and found.within[j] == 0
            continue
        mean = sum(rows) / len(rows)
        np.testing.assert_allclose(found.means[j], mean, atol=1e-12)
        scatter += sum(np.outer(row - mean, row - mean) for row in rows)
    np.testing.assert_allclose(found.scatter, scatter, atol=1e-10)
    assert found.within_trace == pytest.approx(np.trace(scatter), abs=1e-10)


def test_a_common_mean_of_ten_thousand_costs_no_digits():
    x, y = clusters(0, 500, 5, 8)
    far, near = of(x + 1e4, y), of(x, y)
    assert far.within_trace == pytest.approx(near.within_trace, rel=1e-10)
    assert far.fisher == pytest.approx(near.fisher, rel=1e-10)
    halves = of(x[::2] + 1e4, y[::2]).merged(of(x[1::2] + 1e4, y[1::2]))
    assert halves.within_trace == pytest.approx(near.within_trace, rel=1e-10)


@given(embeddings())
def test_total_scatter_is_within_plus_between(sample):
    x, y = sample
    found = of(x, y)
    rest = x - x.mean(axis=0)
    np.testing.assert_allclose(
        found.scatter + found.between_scatter(), rest.T @ rest, atol=1e-9 * max(1, len(x))
    )
    assert found.total_trace == pytest.approx(float((rest**2).sum()), abs=1e-9)
    assert found.rms_spread == pytest.approx(np.sqrt((rest**2).sum() / len(x)), abs=1e-7)
    assert found.rms_norm == pytest.approx(np.sqrt((x**2).sum() / len(x)), abs=1e-7)
    np.testing.assert_allclose(found.mean, x.mean(axis=0), atol=1e-12)


def test_absent_classes_have_no_mean_and_take_no_part():
    found = of(np.array([[0.0], [2.0], [8.0]]), np.array([1, 1, 4]))
    assert np.isnan(found.means[[0, 2, 3, 5]]).all()
    assert found.classes == 2
    assert found.fisher == of(np.array([[0.0], [2.0], [8.0]]), np.array([0, 0, 1]), 2).fisher


def test_merging_with_nothing_changes_nothing():
    x, y = clusters(1, 20, 6, 3)
    nothing = of(x[:0], y[:0])
    same(of(x, y).merged(nothing), of(x, y))
    same(nothing.merged(of(x, y)), of(x, y))
    assert nothing.n == 0 and nothing.fisher is None


def test_equal_rows_have_exactly_no_scatter():
    x = np.repeat([[0.1, 1e4 + 0.3, 1e30]], 7, axis=0)
    found = of(x, np.zeros(7, dtype=int), 1)
    assert found.within_trace == 0 and found.rms_spread == 0


def test_fisher_is_undefined_for_one_class_and_without_scatter():
    x = np.array([[0.0], [1.0], [2.0]])
    assert of(x, np.zeros(3, dtype=int)).fisher is None
    assert of(x, np.arange(3)).fisher is None


@pytest.mark.parametrize("y", [[-1, 0], [0, 6]])
def test_a_label_outside_the_classes_is_a_problem(y):
    with pytest.raises(Problem, match="must lie in 0 to 5"):
        of(np.zeros((2, 1)), np.array(y))


@pytest.mark.parametrize("scale", [1e-6, 1e6, 1e30])
def test_fisher_does_not_depend_on_scale(scale):
    x, y = clusters(2, 100, 4, 3)
    assert of(x * scale, y).fisher == pytest.approx(of(x, y).fisher, rel=1e-12)
