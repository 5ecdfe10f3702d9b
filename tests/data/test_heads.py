"""The geometry, the shapes and the camera of the painted heads, against laws and plain sums."""

import numpy as np
import pytest

from centerviz.data.heads import camera, canvas
from centerviz.data.heads.shell import DEEP, surface
from centerviz.data.heads.shots import NUISANCES, shots
from centerviz.data.heads.traits import traits

FULL = dict.fromkeys(NUISANCES, 1.0)


@pytest.fixture(scope="module")
def paper():
    return canvas.blank(shots(3, np.arange(6), FULL, 1), 64)


def test_every_ray_meets_the_head_where_the_quadratic_says(paper):
    head, seen = surface(paper, traits(3, 1)), paper.shots
    inside = head.edge < -0.05
    # back through the yaw: the point on the head lies on the ray of its pixel
    ahead = (head.depth - (head.z * seen.cos_yaw - head.x * seen.sin_yaw)) / seen.cos_yaw
    ray = head.x * seen.cos_yaw + (head.z + ahead) * seen.sin_yaw
    np.testing.assert_allclose(ray[inside], paper.x[inside], atol=1e-4)
    # and on the ellipse of its height: x² + (z / DEEP)² is one number for each height
    square = head.x**2 + (head.z / DEEP) ** 2
    order = np.argsort(paper.y[inside])
    y, same = paper.y[inside][order], square[inside][order]
    near = np.diff(y) < 1e-3
    assert near.sum() > 1000
    assert np.abs(np.diff(same)[near]).max() < 5e-3


def test_head_is_as_wide_and_as_high_as_its_person(paper):
    who, straight = traits(8, 1), canvas.blank(shots(8, np.arange(1), FULL | {"pose": 0.0}, 1), 256)
    inside = surface(straight, who).edge[0] < 0
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    y, x = straight.y[0][:, 0], straight.x[0][0]
    assert y[rows[0]] == pytest.approx(-1, abs=0.02)
    assert y[rows[-1]] == pytest.approx(who.chin, abs=0.02)
    widest = np.abs(x[columns]).max()
    assert who.width - 0.02 < widest < who.width * np.sqrt(1 + abs(who.cheek)) + 0.02


def test_wave_is_nearly_a_sine():
    x = np.linspace(-2, 2, 401, dtype=np.float32)
    np.testing.assert_allclose(canvas.wave(x), np.sin(2 * np.pi * x), atol=0.06)


def test_distances_of_shapes_are_distances():
    x, y = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(-2, 2, 41))
    ends = np.hypot(x, y - np.clip(y, -1, 1))
    np.testing.assert_allclose(canvas.capsule(x, y, 0, -1, 0, 1, 0.25), ends - 0.25, atol=1e-12)
    corner = np.hypot(np.maximum(abs(x) - 0.7, 0), np.maximum(abs(y) - 0.2, 0)) - 0.3
    np.testing.assert_allclose(canvas.box(x, y, 1.0, 0.5, 0.3), corner, atol=1e-12)


def test_half_covered_pixel_is_half_painted(paper):
    one = paper.part(np.s_[:, :1, :2])
    one.colour[:] = 0.25
    one.paint(one.cover(np.zeros_like(one.x)), (1.0, 0.25, 0.0))
    np.testing.assert_allclose(one.colour[:, 0, 0, 0], (0.625, 0.25, 0.125))
    assert paper.colour[0, 0, 0, 1] == 0.625  # the window is the picture


def test_slope_of_a_plane_is_its_slope():
    straight = canvas.blank(shots(1, np.arange(1), FULL | {"pose": 0.0}, 1), 32)
    straight.bend(np.ones_like(straight.x), 0.5 * straight.x - 0.25 * straight.y)
    np.testing.assert_allclose(straight.slope_x[0, 1:-1, 1:-1], 0.5, atol=1e-5)
    np.testing.assert_allclose(straight.slope_y[0, 1:-1, 1:-1], -0.25, atol=1e-5)


def test_full_blur_spreads_a_point_by_its_sigma_and_keeps_its_light():
    point = np.zeros((3, 1, 33, 33), dtype=np.float32)
    point[:, 0, 16, 16] = 1
    blurred = camera._blurred(point, np.ones((1, 1, 1), dtype=np.float32))[0, 0]
    away = np.arange(33) - 16
    assert blurred.sum() == pytest.approx(1)
    assert np.sqrt((blurred.sum(0) * away**2).sum()) == pytest.approx(1.58, abs=0.01)
    level = np.full((3, 1, 9, 9), 0.5, dtype=np.float32)
    np.testing.assert_array_equal(camera._blurred(level, np.float32([[[0.7]]])), level)


def test_noise_has_the_spread_of_its_grey_levels_and_no_mean():
    noise = camera.grain(0, np.arange(4), 1, 64)
    assert noise.std() == pytest.approx(24, rel=0.02)
    assert abs(noise.mean()) < 0.5
    assert not np.array_equal(noise[:, 0], noise[:, 1])
