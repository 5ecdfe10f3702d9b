"""Tables of text for the editor, and back again without a change."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centerviz.lessons.article import LABELS, TABLE
from centerviz.problem import Problem
from centerviz.web.lesson_inputs import frame, texts

cell = st.text("0123456789.-abc", min_size=1, max_size=5)


@settings(max_examples=40)
@given(
    st.integers(1, 4).flatmap(
        lambda d: st.lists(st.lists(cell, min_size=d, max_size=d), min_size=1, max_size=8)
    )
)
def test_a_table_comes_back_as_it_was_typed(rows):
    x = "; ".join(", ".join(row) for row in rows)
    y = ", ".join("1" for _ in rows)
    assert texts(frame(x, y)) == (x, y)


def test_the_articles_table_has_twelve_numbered_rows():
    table = frame(TABLE, LABELS)
    assert table.shape == (12, 4)
    assert table.index.tolist() == list(range(1, 13))
    assert table.columns.tolist() == ["y", "x₁", "x₂", "x₃"]


def test_short_rows_and_missing_classes_become_empty_cells():
    assert frame("1, 2; 3", "7").values.tolist() == [["7", "1", "2"], ["", "3", ""]]


def test_rows_that_were_emptied_go():
    table = frame("1, 2; 3, 4", "1, 2")
    table.loc[3] = [None, None, None]
    assert texts(table) == ("1, 2; 3, 4", "1, 2")


def test_two_numbers_in_one_cell_get_a_sentence():
    table = frame("1, 2", "1")
    table.loc[1, "x₁"] = "0,5"
    with pytest.raises(Problem, match="one number in each cell"):
        texts(table)
