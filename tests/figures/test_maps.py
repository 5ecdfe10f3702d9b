"""Maps carry the data they were given, class by class, on equal axes."""

import numpy as np
import pytest

from centerviz.figures import maps
from centerviz.figures.maps import CROWDED, embedding_map, spread
from centerviz.figures.theme import CLASS_COLOURS, FEW_CLASSES, colour, symbol

NAMES = ("cat", "dog", "owl")


def cloud(n=30, dims=2, classes=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, dims)).astype(np.float32), np.arange(n) % classes


def roles(figure):
    return [trace.meta["role"] for trace in figure.data]


@pytest.mark.parametrize("dims", [2, 3])
def test_every_point_is_drawn_once_and_knows_its_row(dims):
    points, labels = cloud(dims=dims)
    figure = embedding_map(points, labels, NAMES)
    rows = np.concatenate([trace.customdata for trace in figure.data])
    assert sorted(rows) == list(range(30))
    for trace in figure.data:
        assert set(labels[np.asarray(trace.customdata)]) == {trace.meta["label"]}
        drawn = np.stack([trace[axis] for axis in "xyz"[:dims]], axis=1)
        np.testing.assert_array_equal(drawn, points[np.asarray(trace.customdata)])


def test_a_class_has_the_same_colour_whatever_else_is_drawn():
    points, labels = cloud()
    kept = labels != 0
    figure = embedding_map(points[kept], labels[kept], NAMES)
    assert [trace.marker.color for trace in figure.data] == [colour(1), colour(2)]


def test_many_classes_have_symbols_besides_colours():
    points, labels = cloud(60, classes=20)
    figure = embedding_map(points, labels, [str(j) for j in range(20)])
    assert len({trace.marker.symbol for trace in figure.data}) > 1
    marks = {(colour(j), symbol(j, 100)) for j in range(2 * len(CLASS_COLOURS))}
    assert len(marks) == 2 * len(CLASS_COLOURS)


def test_up_to_twelve_classes_are_circles():
    assert {symbol(j, FEW_CLASSES) for j in range(FEW_CLASSES)} == {"circle"}


def test_axes_are_equal():
    points, labels = cloud()
    flat = embedding_map(points * [[1, 9]], labels, NAMES).layout
    assert flat.yaxis.scaleanchor == "x" and flat.yaxis.scaleratio == 1
    points, labels = cloud(dims=3)
    scene = embedding_map(points * np.array([[1, 5, 9]]), labels, NAMES).layout.scene
    lengths = {round(axis.range[1] - axis.range[0], 6) for axis in (scene.xaxis, scene.yaxis)}
    assert scene.aspectmode == "cube" and len(lengths) == 1


def test_the_axes_stay_where_they_are_told_to():
    points, labels = cloud()
    extent = np.array([-5.0, -6.0]), np.array([7.0, 8.0])
    layout = embedding_map(points, labels, NAMES, extent=extent).layout
    assert layout.xaxis.range == (-5, 7) and layout.yaxis.range == (-6, 8)


def test_kept_centers_are_crosses_and_true_means_dots_with_the_drift_between():
    points, labels = cloud()
    means, centers = np.eye(3, 2), np.eye(3, 2) + 0.5
    figure = embedding_map(points, labels, NAMES, centers=centers, means=means)
    by_role = dict(zip(roles(figure), figure.data, strict=True))
    assert by_role["centers"].marker.symbol == "x"
    assert by_role["means"].marker.symbol == "circle"
    drift = by_role["drift"]
    np.testing.assert_allclose(drift.x[:2], [means[0, 0], centers[0, 0]])
    assert np.isnan(drift.x[2])


def test_a_ring_has_the_radius_of_its_class():
    points, labels = cloud()
    means, radii = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]]), np.array([1.0, 2.0, 3.0])
    figure = embedding_map(points, labels, NAMES, means=means, radii=radii)
    ring = next(trace for trace in figure.data if trace.meta["role"] == "rings")
    corners = np.stack((ring.x, ring.y), axis=1)
    for part, mean, radius in zip(np.split(corners, 3), means, radii, strict=True):
        away = np.linalg.norm(part[:-1] - mean, axis=1)
        np.testing.assert_allclose(away, radius, rtol=1e-5)


def test_in_space_a_ring_is_a_sphere_of_three_circles():
    points, labels = cloud(dims=3)
    radii = np.array([1.0, 2.0, 3.0])
    figure = embedding_map(points, labels, NAMES, means=np.eye(3), radii=radii, unit_circle=True)
    drawn = {t.meta["role"]: np.stack((t.x, t.y, t.z), axis=1) for t in figure.data}
    sphere = drawn["circle"][np.isfinite(drawn["circle"]).all(axis=1)]
    np.testing.assert_allclose(np.linalg.norm(sphere, axis=1), 1, rtol=1e-6)
    assert (np.ptp(sphere, axis=0) == 2).all()
    for part, mean, radius in zip(np.split(drawn["rings"], 3), np.eye(3), radii, strict=True):
        away = np.linalg.norm(part[np.isfinite(part).all(axis=1)] - mean, axis=1)
        np.testing.assert_allclose(away, radius, rtol=1e-5)


def test_names_are_text_and_no_markup():
    points, labels = cloud()
    names = ("<a href=x>", "%{x}", "owl")
    figure = embedding_map(points, labels, names, ids=np.array(["<b>"] * 30), predicted=labels)
    for trace in figure.data:
        assert "<a" not in trace.hovertemplate
        assert all("<b>" not in text for text in trace.text)


def test_points_without_labels_are_one_group():
    points, _ = cloud()
    figure = embedding_map(points, None, ())
    assert len(figure.data) == 1 and len(figure.data[0].x) == 30


def test_crowds_are_drawn_by_webgl():
    points, labels = cloud(CROWDED + 1)
    assert {trace.type for trace in embedding_map(points, labels, NAMES).data} == {"scattergl"}


def test_absent_classes_do_not_stretch_the_axes():
    means = np.array([[0.0, 0.0], [np.nan, np.nan], [10.0, 10.0]])
    low, high = spread(means)
    assert np.isfinite(low).all() and high.max() < 11
    assert np.isfinite(spread(np.full((2, 2), np.nan))).all()


def test_of_a_crowd_the_view_draws_the_points(monkeypatch):
    points, labels = cloud()
    drawn = [embedding_map(points, labels, tuple("abc"))]
    monkeypatch.setattr(maps, "CLOUD", 29)
    drawn.append(embedding_map(points, labels, tuple("abc"), ids=labels.astype(str)))
    plain, bare = ([t for t in f.data if t.meta["role"] == "points"] for f in drawn)
    assert [len(trace.x) for trace in plain] == [10] * 3
    assert [(len(trace.x), len(trace.customdata)) for trace in bare] == [(0, 0)]
    assert drawn[0].layout.xaxis.range == drawn[1].layout.xaxis.range


def test_of_very_many_classes_there_is_one_trace_and_no_means():
    points, labels = cloud(5_000, classes=5_000)
    names = tuple(map(str, range(5_000)))
    figure = embedding_map(points, labels, names, means=points)
    assert roles(figure) == ["points"]
