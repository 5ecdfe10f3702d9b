"""A lasso holds what lies inside it, whatever its form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centerviz.web.embedding_view.outline import inside

GRID = np.stack(np.meshgrid(np.arange(9.0), np.arange(9.0)), axis=-1).reshape(-1, 2) + 0.5


def test_a_lasso_in_the_form_of_a_u_leaves_its_hollow_out():
    u = {"kind": "lasso", "x": [0, 9, 9, 6, 6, 3, 3, 0], "y": [0, 0, 9, 9, 3, 3, 9, 9]}
    held = GRID[inside(GRID, u)]
    hollow = (held[:, 0] > 3) & (held[:, 0] < 6) & (held[:, 1] > 3)
    assert len(held) == 63 and not hollow.any()


@given(st.permutations([0, 1]), st.permutations([0, 1]))
def test_a_box_is_the_same_from_any_corner(across, up):
    box = {"kind": "box", "x": [[2, 5][i] for i in across], "y": [[1, 4][i] for i in up]}
    assert inside(GRID, box).sum() == 9


@given(st.integers(0, 7), st.booleans())
def test_a_lasso_is_the_same_wherever_it_begins_and_whichever_way_it_runs(turn, backwards):
    x, y = [0, 9, 9, 6, 6, 3, 3, 0], [0, 0, 9, 9, 3, 3, 9, 9]
    corners = np.roll(np.array([x, y]), turn, axis=1)[:, :: -1 if backwards else 1]
    outline = {"kind": "lasso", "x": corners[0].tolist(), "y": corners[1].tolist()}
    reference = {"kind": "lasso", "x": x, "y": y}
    np.testing.assert_array_equal(inside(GRID, outline), inside(GRID, reference))


@pytest.mark.parametrize("kind", ["lasso", "box"])
def test_an_outline_without_corners_holds_nothing(kind):
    assert not inside(GRID, {"kind": kind, "x": [], "y": []}).any()


def test_an_outline_on_what_a_camera_saw_holds_the_points_in_front_of_it():
    turned = [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, -1], [0, 0, 0, 1]]  # x and y change places
    matrix = np.array(turned, dtype=float).ravel().tolist()  # w = 1 − z
    points = np.array([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.5, 0.9], [0.0, 0.5, 2.0]])
    box = {"kind": "box", "x": [0.4, 0.6], "y": [-0.1, 0.1], "matrix": matrix}
    assert inside(points, box).tolist() == [False, True, False, False]
    wide = box | {"x": [0.4, 6.0]}  # 0.5 / (1 − 0.9) = 5
    assert inside(points, wide).tolist() == [False, True, True, False]
    assert inside(points[:2, :2], box).tolist() == [False, True]
