"""What is typed into a lesson is read as it is meant, or refused with a sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centerviz.lessons.article import LABELS, TABLE
from centerviz.lessons.inputs import read_samples, read_vector
from centerviz.problem import Problem

GOOD = {"x": TABLE, "y": LABELS, "sample": "1"}


@pytest.mark.parametrize(
    "typed",
    [
        "2,3,5",
        " 2 , 3 , 5 ",
        "2 3 5",
        "[2, 3, 5]",
        "2，3，5",
        "2、3、5",
        "2,3,5;",
        "2,3,5\n",
        "+2,3.0,5e0",
    ],
)
def test_a_vector_is_read_in_every_usual_spelling(typed):
    assert read_vector({"x": typed}).tolist() == [2.0, 3.0, 5.0]


def test_a_typographic_minus_is_a_minus():
    assert read_vector({"x": "−3, 4"}).tolist() == [-3.0, 4.0]


@pytest.mark.parametrize(
    "typed", ["1,0;0,1", "1 0\n0 1", "[[1, 0], [0, 1]]", "1,0；0,1", "1,0;0,1;"]
)
def test_a_table_is_read_in_every_usual_spelling(typed):
    read = read_samples({"x": typed, "y": "5 3", "sample": "2"})
    assert read.x.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert (read.labels, read.y.tolist(), read.sample, read.own) == ((3, 5), [1, 0], 1, 0)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "x is empty"),
        ("  ", "x is empty"),
        (";", "x is empty"),
        ("abc", "“abc” is not a number"),
        ("2,,5", "number 2 is missing"),
        ("2,3,x", "number 3: “x” is not a number"),
        ("nan,1", "“nan” cannot be used"),
        ("inf,1", "“inf” cannot be used"),
        ("1e308,1", "“1e308” cannot be used"),
        ("1e-9,1", "“1e-9” cannot be used"),
        ("1_000,1", "“1_000” is not a number"),
        ("5", "given: 1"),
        (",".join("1" * 17), "given: 17"),
        ("0,0,0", "only zeros in row 1"),
        ("1,2;3,4", "this lesson takes one vector"),
        ("1," * 20_000, "x is too long"),
    ],
)
def test_a_vector_that_cannot_be_used_gets_a_sentence(typed, said):
    with pytest.raises(Problem) as problem:
        read_vector({"x": typed})
    assert said in str(problem.value)
    assert str(problem.value).endswith(".")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x": ""}, "x is empty"),
        ({"x": "1,2;3"}, "differ in length: 2 in row 1, 1 in row 2"),
        ({"x": ";".join(["1,2"] * 1000)}, "x has 1000 rows"),
        ({"x": "1,2;0,0", "y": "1,2"}, "only zeros in row 2"),
        ({"x": "1,2;3,nan", "y": "1,2"}, "x, row 2, number 2: “nan”"),
        ({"y": "1, 2"}, "Labels in y: 2; rows in x: 12"),
        ({"y": ", ".join("1" * 12)}, "Different classes in y: 1"),
        ({"y": ", ".join(map(str, range(12)))}, "Different classes in y: 12"),
        ({"y": LABELS.replace("3", "a")}, "y holds “a”"),
        ({"y": LABELS.replace("3", "1.5")}, "y holds “1.5”"),
        ({"y": "1," * 20_000}, "y is too long"),
        ({"sample": "0"}, "sample holds “0”; use a whole number from 1 to 12"),
        ({"sample": "13"}, "sample holds “13”"),
        ({"sample": ""}, "sample holds “”"),
        ({"sample": "one"}, "sample holds “one”"),
    ],
)
def test_samples_that_cannot_be_used_get_a_sentence(change, said):
    with pytest.raises(Problem) as problem:
        read_samples(GOOD | change)
    assert said in str(problem.value)


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=6))
def test_any_text_is_read_or_refused_but_never_an_accident(x, y, sample):
    try:
        read = read_samples({"x": x, "y": y, "sample": sample})
    except Problem as problem:
        assert str(problem)
    else:
        assert np.isfinite(read.x).all()
        assert 0 <= read.sample < len(read.x)
