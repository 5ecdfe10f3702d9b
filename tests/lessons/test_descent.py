"""The article's literal form, followed downhill, does what the lesson says of it."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from centerviz.learning import formulas
from centerviz.lessons import descent
from centerviz.lessons.centroid import centroids
from centerviz.lessons.rendering import lesson

few = settings(max_examples=8, deadline=None)


def read(**typed):
    of = lesson("shortcut")
    return of.read(of.defaults | typed)


@st.composite
def starts(draw):
    """Unit vectors of two classes in space, and their means."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    y = np.repeat([0, 1], 4)
    z = formulas.unit_vector(rng.normal(size=(2, 3))[y] + 0.3 * rng.normal(size=(8, 3)))
    return z, np.stack([formulas.class_mean(z, y, j) for j in range(2)]), y


@few
@given(starts())
def test_one_step_goes_against_autograds_gradient_of_the_literal_form(start):
    z, c, y = start
    tz = torch.from_numpy(z).requires_grad_()
    formulas.article_literal_loss(tz, torch.from_numpy(c), torch.from_numpy(y)).backward()
    moved = formulas.unit_vector(z - 0.1 * tz.grad.numpy())
    assert descent.literal_step(z, c, y, 0.1) == pytest.approx(moved)
    assert formulas.norm(moved) == pytest.approx(np.ones(8))


@few
@given(starts())
def test_with_centers_held_every_angle_turns_towards_a_right_angle(start):
    z, c, y = start
    path = descent.paths(z, c, y, held=True)
    off = [np.abs(formulas.inner_product(at, c[y])) for at, _c in path]
    assert all((later <= before + 1e-12).all() for before, later in pairwise(off))
    assert all((held == c).all() for _z, held in path)
    literal = [formulas.article_literal_loss(at, c, y) for at, _c in path]
    assert literal[-1] <= literal[0]


def test_the_articles_classes_end_orthogonal_or_with_vanished_centers():
    steps = descent.steps(read())
    assert steps["held"].value == pytest.approx([90, 90, 90], abs=0.1)
    assert max(steps["means"].value) < 0.2
    samples = read()
    z = formulas.unit_vector(samples.x)
    start = formulas.norm(centroids(z, samples))
    assert start.min() > 0.98


@few
@given(starts())
def test_centers_of_compact_classes_shrink_when_they_follow_their_means(start):
    z, c, y = start
    path = descent.paths(z, c, y, held=False)
    z_end, c_end = path[-1]
    for j in range(2):
        if formulas.norm(c[j]) > 0.9:
            assert formulas.norm(c_end[j]) < 0.5 * formulas.norm(c[j])
        assert c_end[j] == pytest.approx(z_end[y == j].mean(0))


@pytest.mark.parametrize("key", ["held", "means"])
def test_the_chart_ends_where_the_step_does(key):
    samples = read()
    chart = descent.chart(samples, key)
    ends = [values[-1] for values in chart.series.values()]
    assert ends == pytest.approx(descent.steps(samples)[key].value)
    assert list(chart.groups.values()) == [0, 1, 2]
    assert len(chart.x) == descent.STEPS + 1


def test_a_center_without_direction_leaves_the_two_steps_out():
    of = lesson("shortcut")
    samples = read(x="1, 0; -1, 0; 0, 1", y="1, 1, 2", sample="3")
    keys = [step.key for step in of.steps(samples)]
    assert not {"held", "means"} & set(keys)
    assert "vanishing" in keys
