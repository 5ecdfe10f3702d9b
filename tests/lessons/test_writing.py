"""Numbers are written as they are, or rounded and marked so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centerviz.lessons.writing import Line, about, is_exact, latex, plain, written


@given(st.integers(-(10**9), 10**9).map(lambda v: v / 10**6))
def test_a_number_with_six_decimals_is_written_out(value):
    text, exact = written(value)
    assert exact
    assert float(text) == value


@given(st.floats(1e-9, 1e9))
def test_a_rounded_number_is_near_and_says_that_it_is_rounded(value):
    text, exact = written(value)
    assert float(text) == pytest.approx(value, rel=0.06, abs=1e-11)
    assert exact or float(text) != value


def test_what_a_binary_sum_leaves_is_not_shown():
    assert written(0.1 + 0.2) == ("0.3", True)
    assert written(-1e-17) == ("0", True)
    assert written(4.890275000000001) == ("4.890275", True)


def test_long_lists_are_broken_into_rows():
    assert latex(np.arange(8)).startswith("[0")
    assert latex(np.arange(9)).count(r"\\") == 2


def test_one_rounded_number_marks_the_whole_line():
    line = Line(5)
    assert (line(0.5), line.sign) == ("0.5", "=")
    assert (line(1 / 3), line.sign) == ("0.33333", r"\approx")
    assert line(0.25) == "0.25"
    assert line.sign == r"\approx"
    assert line.factor(-2.0) == "(-2)"


def test_tables_and_marks():
    assert plain([[1, 0.5]]) == "[1, 0.5]"
    assert about([0.5, 1 / 3]) == r"\approx [0.5,\, 0.333]"
    assert is_exact([[1, 2], [3, 4.5]])
    assert not is_exact([1, 2 / 3])
