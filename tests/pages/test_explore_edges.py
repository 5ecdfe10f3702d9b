"""Explore on what is hardly an embedding: every map and every question, a picture or a sentence."""

import numpy as np
import pytest

from centerviz.data.embeddings import Embeddings
from centerviz.data.parquet import write_embeddings
from centerviz.web import map_choice, questions, subject

X = np.random.default_rng(0).normal(size=(12, 4)).astype(np.float32)
THREE = np.arange(12) % 3
EDGES = {  # fewer than ten rows, or all the same: t-SNE answers with a sentence at once
    "collapsed to one point": (np.ones_like(X), THREE),
    "zeros": (np.zeros_like(X), THREE),
    "one point": (X[:1], THREE[:1]),
    "one point without a label": (X[:1], None),
    "one class": (X[:9], np.zeros(9, dtype=np.int64)),
    "duplicates only": (X[THREE[:9]], THREE[:9]),
    "each a class of its own": (X[:9], np.arange(9)),
    "huge": (X[:9] * np.float32(1e30), THREE[:9]),
    "one feature": (X[:9, :1], THREE[:9]),
    "classes at one place": (X[[0, 0, 0, 1, 1, 1]], np.arange(6) % 3),
}


@pytest.fixture
def kept(no_runs, open_page):
    """Open a page on rows that lie beside the runs: `kept(x, y)`."""

    def opened(x, y, **query):
        names = () if y is None else tuple(f"c{j}" for j in range(y.max() + 1))
        (no_runs / subject.KEPT).mkdir()
        rows = Embeddings(x, y, names, np.array([f"i{k}" for k in range(len(x))]))
        write_embeddings(no_runs / subject.KEPT / "edge.parquet", rows)
        return open_page("explore", file="edge.parquet", **query)

    return opened


def walk(at, x, y):
    """Every map, and after that every question of raw and of unit features."""
    for code in map_choice.choices(x.shape[1], 0 if y is None else int(y.max()) + 1):
        at.selectbox(key="explore_map").set_value(code).run()
        yield code
    for code in questions.QUESTIONS if y is not None else ["selection"]:
        at.segmented_control(key="explore_ask").set_value(code).run()
        yield code


@pytest.mark.parametrize("name", EDGES)
def test_every_map_and_question_ends_in_a_picture_or_a_sentence(name, kept):
    x, y = EDGES[name]
    at = kept(x, y)
    for code in walk(at, x, y):
        assert not at.exception, (code, at.exception[0].value)
        assert at.header and not at.error, code
        drawn = at.get("bidi_component") or at.get("progress")  # t-SNE says no a moment later
        assert drawn or any("t\\-SNE" in one.value for one in at.info), code


def test_a_hundred_thousand_classes_are_drawn_listed_and_compared(kept):
    n = 100_000
    x = np.random.default_rng(0).normal(size=(n, 3)).astype(np.float32)
    at = kept(x, np.arange(n), dims="2")
    assert not at.error and len(at.dataframe[-1].value) == n
    at.segmented_control(key="explore_ask").set_value("pair").run()
    assert not at.error and at.number_input(key="explore_other_class").max == n - 1
    at.segmented_control(key="explore_ask").set_value("distances").run()
    assert any("100,000 classes have more pairs" in one.value for one in at.info)


@pytest.mark.soak
@pytest.mark.parametrize("classes", [50_000, 100_000])
def test_very_many_classes_are_fine_on_every_map(classes, kept):
    x = np.random.default_rng(0).normal(size=(100_000, 8)).astype(np.float32)
    y = np.arange(len(x)) % classes
    at = kept(x, y)
    for code in walk(at, x, y):
        assert not at.exception and not at.error and at.header, code
