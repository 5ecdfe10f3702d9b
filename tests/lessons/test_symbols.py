"""The glossary: every letter of every formula, in both languages."""

import re

import pytest

from centerviz.lessons import names
from centerviz.lessons.rendering import lesson
from centerviz.lessons.symbols import glossary, letters, used

# How formulas are set, not what they speak of.
SETTING = {"begin", "bmatrix", "end", "cdot", "cos", "frac", "tfrac", "geq", "leq", "in", "infty"}
SETTING |= {"ldots", "left", "right", "max", "min", "lVert", "rVert", "propto", "quad", "qquad"}
SETTING |= {"sqrt", "sum", "textstyle"}


def test_both_languages_explain_the_same_symbols_written_the_same():
    english, chinese = glossary("en"), glossary("zh")
    assert list(english) == list(chinese)
    words = {"intra", "inter", "FA", "FAR", "TA", "TAR", "FRR", "EER", "AUC"}
    for key in english:
        assert english[key].title == chinese[key].title
        assert re.search(r"[\u4e00-\u9fff]", chinese[key].body), key
        assert english[key].body.endswith("."), key
        assert "$" in english[key].title or key in words | {"ema", "softmax", "PCA", "tSNE"}


@pytest.mark.parametrize("name", names())
def test_every_symbol_of_a_lesson_is_explained(name):
    of = lesson(name)
    steps = of.steps(of.read(of.defaults))
    present = set().union(*(letters(step.formula) for step in steps))
    assert present - SETTING <= set(glossary("en"))
    shown = {part.title for part in used(steps, "en")}
    assert {glossary("en")[key].title for key in present - SETTING} == shown


def test_no_symbol_is_explained_that_no_lesson_uses():
    every = [of.steps(of.read(of.defaults)) for of in map(lesson, names())]
    present = set().union(*(letters(step.formula) for steps in every for step in steps))
    assert set(glossary("en")) <= present
