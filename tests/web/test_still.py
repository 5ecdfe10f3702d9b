"""Maps that stand still: every map of odd embeddings is drawn, and of very many rows a share."""

import json
import zlib

import numpy as np
import pytest

from centerviz.data.embeddings import Embeddings
from centerviz.embedding.axes import Axes
from centerviz.embedding.sampling import stratified
from centerviz.embedding.tsne import Frame
from centerviz.language import speaking
from centerviz.problem import Problem
from centerviz.web import colours, exporting, map_choice, map_limits, still, subject
from centerviz.web.embedding_view.view import _Names, _packed
from centerviz.web.map_choice import MapChoice

LOOK = ("en", False, False)


def embeddings(x, labels=None, classes=0):
    x = np.asarray(x, dtype=np.float32)
    ids = np.array([f"r{k}" for k in range(len(x))])
    names = tuple(f"c{j}" for j in range(classes))
    return Embeddings(x, labels, names, ids)


def odd(kind):
    """Embeddings at the edge of what there is."""
    rng, zeros = np.random.default_rng(0), np.zeros((40, 5))
    halves = np.arange(40) % 2
    return {
        "collapsed": lambda: embeddings(np.arange(5) + zeros, halves, 2),
        "zeros": lambda: embeddings(zeros, halves, 2),
        "constant column": lambda: embeddings(zeros + rng.normal(size=(40, 1)), halves, 2),
        "one point": lambda: embeddings(zeros[:1] + 1, halves[:1], 1),
        "one class": lambda: embeddings(rng.normal(size=(40, 5)), 0 * halves, 1),
        "duplicates": lambda: embeddings(rng.normal(size=(2, 5))[halves], halves, 2),
        "one feature": lambda: embeddings(rng.normal(size=(40, 1)), halves, 2),
        "unlabelled": lambda: embeddings(rng.normal(size=(40, 5))),
        "very large": lambda: embeddings(1e38 * rng.normal(size=(40, 5)), halves, 2),
        "every row a class": lambda: embeddings(rng.normal(size=(40, 5)), np.arange(40), 40),
    }[kind]()


KINDS = ("collapsed", "zeros", "constant column", "one point", "one class", "duplicates")
KINDS += ("one feature", "unlabelled", "very large", "every row a class")


def drawn(e, method, dims, colour="class", look=LOOK):
    """The panel of one map, or None where a sentence says why there is none."""
    unit = method in map_choice.UNIT
    kind = {"sphere": "raw"}.get(method, method.removesuffix("-unit"))
    choice = MapChoice(method, Axes(kind, dims), unit, colour=colour)
    key = f"{zlib.crc32(e.x.tobytes())} {e.labels is None} {method} {dims} {colour}"
    shown = subject.shown_file(key, e, None, unit)
    try:
        drawing = still.drawing_of(shown.key, choice.axes, shown, None)
    except Problem:
        return None
    return still.panel_on_axes(shown.key, choice, look, shown, drawing, (e, None))


@pytest.mark.parametrize("kind", KINDS)
def test_every_map_of_an_odd_embedding_is_drawn_with_finite_numbers(kind):
    e = odd(kind)
    classes = 0 if e.labels is None else len(e.class_names)
    for method in map_choice.choices(e.dim, classes):
        if method == "tsne":
            continue  # a process of its own, with a guard
        for dims in map_choice.dims_of(method, e.dim):
            panel = drawn(e, method, dims)
            assert panel is not None, f"{method} in {dims}-D"
            json.dumps(_packed(panel, _Names.of_panels([panel]), (0, 1)), allow_nan=False)
            assert np.isfinite(panel.frames).all()
            axes = panel.figure.layout.scene if dims == 3 else panel.figure.layout
            assert all(axes[f"{x}axis"].range[0] < axes[f"{x}axis"].range[1] for x in "xyz"[:dims])
    for colour in colours.offered(e.labels, np.empty(0), None, e.metadata):
        assert drawn(e, "raw", 2, colour) is not None


def test_a_hundred_thousand_classes_are_drawn_as_a_crowd():
    rng = np.random.default_rng(0)
    e = embeddings(rng.normal(size=(100_000, 3)), np.arange(100_000), 100_000)
    for dims in (2, 3):
        panel = drawn(e, "raw", dims)
        assert panel.crowded and len(panel.packed["groups"]["names"]) == 100_000
        assert len(panel.packed["groups"]["colours"]) < 200


def test_of_very_many_rows_each_class_has_its_share_and_the_density_counts_all(monkeypatch):
    monkeypatch.setattr(subject, "SOME_ROWS", 100)
    monkeypatch.setattr(subject, "MOST_ROWS", 500)
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [900, 90, 10])
    e = embeddings(rng.normal(size=(1_000, 4)) + labels[:, None], labels, 3)
    flat, deep = drawn(e, "pca", 2), drawn(e, "pca", 3)
    assert np.bincount(flat.labels).tolist() == [90, 9, 1]
    assert flat.density.counts.sum() == 1_000
    assert deep.density is None
    low, high = flat.figure.layout.xaxis.range
    assert (flat.density.low[0], flat.density.high[0]) == (low, high)


def test_each_session_reads_the_axes_in_its_own_language():
    e = odd("duplicates")
    titles = []
    for code in ("zh", "en"):
        with speaking(code):
            panel = drawn(e, "centers", 2, look=(code, False, False))
        titles.append(panel.figure.layout.xaxis.title.text)
    assert titles == ["到 c0 的中心的距离", "distance to the center of c0"]


def test_a_map_that_is_taken_home_speaks_the_language_of_its_session():
    for code, tag in (("en", "en"), ("zh", "zh-Hans")):
        page = exporting.made(odd("duplicates"), exporting.PAGE, "t", code)
        assert f'<html lang="{tag}">'.encode() in page


def test_each_map_of_the_same_rows_has_a_trustworthiness_of_its_own():
    x = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    shown = subject.shown_file("two maps", embeddings(x), None, unit=False)
    frames = [Frame(9, 9, points, 5.0, None) for points in (x, x[::-1])]
    said = [map_limits.tsne_limits(shown, frame, 0) for frame in frames]
    assert "trustworthiness 1.000" in said[0] and "trustworthiness 1.000" not in said[1]


def test_a_share_without_labels_is_a_seeded_choice():
    rows = np.arange(50) * 3
    some = stratified(None, rows, 10, seed=4)
    assert len(set(some)) == 10 and set(some) <= set(rows)
    np.testing.assert_array_equal(some, stratified(None, rows, 10, seed=4))
    assert set(some) != set(stratified(None, rows, 10, seed=5))
