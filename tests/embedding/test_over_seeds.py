"""The mean over seeds, judged by SciPy's t test."""

import numpy as np
import pytest
from scipy import stats

from centerviz.embedding.over_seeds import over_seeds


@pytest.mark.parametrize("n", [2, 5, 20])
def test_the_interval_is_that_of_the_t_test(n):
    v = np.random.default_rng(n).normal(3, 2, n)
    found, judge = over_seeds(v), stats.ttest_1samp(v, 0).confidence_interval(0.95)
    assert found.mean == pytest.approx((judge.low + judge.high) / 2)
    assert found.half == pytest.approx((judge.high - judge.low) / 2)
    assert found.n == n


def test_paired_differences_are_the_paired_t_test():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 6))
    judge = stats.ttest_rel(a, b).confidence_interval()
    assert over_seeds(a - b).half == pytest.approx((judge.high - judge.low) / 2)


def test_undefined_values_are_left_out_and_one_value_has_no_width():
    assert over_seeds([None, np.nan, np.inf]) is None
    assert over_seeds([2.0, None]).half is None
    assert over_seeds([2.0, 2.0]).half == 0
