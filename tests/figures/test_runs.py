"""Names of runs in figures."""

from centerviz.figures.runs import plain


def test_a_placeholder_of_plotly_is_broken_by_a_space_that_is_not_seen():
    assert plain("50%{x}") == "50%\u200b{x}"
    assert len(plain("50%{x}")) == 7
