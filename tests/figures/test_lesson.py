"""The picture beside a lesson is tested by the data it carries."""

import numpy as np
import pytest

from centerviz.figures.lesson import ASIDE, vector_picture
from centerviz.figures.lesson_chart import chart_picture, maps_picture
from centerviz.lessons import names
from centerviz.lessons.lesson import Chart, Maps
from centerviz.lessons.rendering import lesson


def drawn(name, key="", focus=(), typed=None, **options):
    of = lesson(name)
    read = of.read(of.defaults | (typed or {}))
    labels = [str(label) for label in getattr(read, "labels", ())]
    picture = of.picture(read, key)
    if isinstance(picture, Chart):
        return chart_picture(picture, **options)
    if isinstance(picture, Maps):
        return maps_picture(picture, labels, **options)
    return vector_picture(picture, focus, labels, **options)


def by_role(figure, role):
    return [trace for trace in figure.data if trace.meta["role"] == role]


def test_the_arrows_of_normalisation_are_the_vector_and_its_direction():
    figure = drawn("normalisation")
    (x,), (z, _head) = by_role(figure, "arrow")[:1], by_role(figure, "accent")
    assert [x.x[1], x.y[1], x.z[1]] == [2, 3, 5]
    assert [z.x[1], z.y[1], z.z[1]] == pytest.approx([0.324, 0.487, 0.811], abs=5e-4)


def test_samples_carry_their_row_and_class():
    points = by_role(drawn("centroid"), "points")
    rows = np.concatenate([trace.customdata for trace in points])
    assert sorted(rows.tolist()) == list(range(12))
    assert [trace.meta["label"] for trace in points] == [0, 1, 2]
    assert points[1].x.tolist() == pytest.approx([0.8, 0.7, 0.6, 0.7])


def test_centers_stand_at_the_class_means():
    first = by_role(drawn("centroid"), "center")[0]
    assert [first.x[0], first.y[0], first.z[0]] == pytest.approx([0.5, 0.575, 0.725])


def test_what_a_step_is_not_about_is_faint():
    figure = drawn("centroid", "mean", ("class 2", "c_2"))
    strong = [trace.meta["label"] for trace in by_role(figure, "points") if trace.opacity == 1]
    assert strong == [1]
    assert [trace.opacity for trace in by_role(figure, "center")] == [ASIDE, 1, ASIDE]


def test_the_sphere_has_radius_one_and_stays_inside_the_axes():
    sphere = by_role(drawn("centroid"), "sphere")[0]
    rows = np.stack((sphere.x, sphere.y, sphere.z), axis=1)
    rows = rows[np.isfinite(rows).all(axis=1)]
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)
    assert (rows >= drawn("centroid").layout.scene.xaxis.range[0] - 1e-6).all()


def test_two_dimensions_are_drawn_flat_and_one_unit_is_as_long_on_both_axes():
    figure = drawn("normalisation", typed={"x": "3, 4"})
    assert figure.layout.yaxis.scaleanchor == "x"
    assert figure.layout.xaxis.range[1] > 3
    assert all(trace.type == "scatter" for trace in figure.data)


def test_above_three_dimensions_the_first_three_entries_are_drawn():
    figure = drawn("normalisation", typed={"x": "1, 2, 3, 4"})
    arrow = by_role(figure, "arrow")[0]
    assert [arrow.x[1], arrow.y[1], arrow.z[1]] == [1, 2, 3]


@pytest.mark.parametrize("name", names())
def test_every_step_has_a_picture(name):
    of = lesson(name)
    read = of.read(of.defaults)
    steps = of.steps(read)
    if name == "maps":  # the others draw it under more perplexities and seeds, a process each
        steps = steps[:4]
    for number, step in enumerate(steps):
        figure = drawn(name, step.key, step.focus, dark=number % 2 == 0, lecture=number % 3 == 0)
        assert figure.data
