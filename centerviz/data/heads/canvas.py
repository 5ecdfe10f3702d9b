"""The pictures while they are painted, and the soft shapes they are painted with.

Only + − × ÷ √, comparisons and roundings of float32 are used, no sine, no power, no exponential:
IEEE 754 fixes each to the bit, so that every machine paints the same pictures.

Letters: n pictures · S pixels a side · x to the right, y down, z to the front, in units of half the
height of a head · e the width of a pixel in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from centerviz.data.heads.shots import Shots

UNITS = 2.6  # height and width of a picture
MIDDLE = 0.06  # y of its middle

Colour = Sequence[float | np.ndarray]  # red, green, blue 0…1, each a number or an array


@dataclass
class Canvas:
    """Pictures (n, S, S): colour by channel, and the slope of what is seen."""

    shots: Shots
    x: np.ndarray  # of each pixel, turned back and moved back to an upright head
    y: np.ndarray
    e: np.ndarray  # (n, 1, 1)
    colour: np.ndarray  # (3, n, S, S), 0…1
    slope_x: np.ndarray  # how fast it comes nearer to the right
    slope_y: np.ndarray

    def part(self, where: tuple[slice, ...]) -> "Canvas":
        """A window; what is painted there is painted here."""
        planes = (self.slope_x[where], self.slope_y[where])
        return Canvas(
            self.shots, self.x[where], self.y[where], self.e, self.colour[:, *where], *planes
        )

    def cover(self, distance: np.ndarray, soft: float = 0.0) -> np.ndarray:
        """How much of each pixel lies inside: 1 where the signed distance is negative, 0 beyond."""
        return ramp(0.5 - distance / (self.e + soft))

    def paint(self, cover: np.ndarray, colour: Colour) -> None:
        """Lay a colour over the picture, as thick as `cover` (n, S, S) says."""
        for plane, value in zip(self.colour, colour, strict=True):
            plane += cover * (value - plane)

    def darken(self, amount: np.ndarray) -> None:
        """Take away a share (n, S, S) of the light of each pixel; below 0 adds."""
        self.colour *= 1 - amount

    def bend(self, cover: np.ndarray, depth: np.ndarray) -> None:
        """Let what is covered slope as the surface `depth` (n, S, S) towards the viewer does."""
        half = 0.5 / (self.e * self.shots.scale)
        for plane, ahead, behind in (
            (self.slope_x, np.s_[:, :, 2:], np.s_[:, :, :-2]),
            (self.slope_y, np.s_[:, 2:, :], np.s_[:, :-2, :]),
        ):
            inner = np.s_[:, :, 1:-1] if plane is self.slope_x else np.s_[:, 1:-1, :]
            rise = np.zeros_like(depth)
            rise[inner] = (depth[ahead] - depth[behind]) * half
            plane += cover * (rise - plane)


def blank(shots: Shots, side: int) -> Canvas:
    """Black pictures of `side` pixels."""
    grid = ((np.arange(side, dtype=np.float32) + 0.5) / side - 0.5) * UNITS
    across, down = grid[None, :] - shots.shift_x, grid[:, None] - shots.shift_y
    cos, sin = shots.cos_roll / shots.scale, shots.sin_roll / shots.scale
    x, y = across * cos + down * sin, down * cos - across * sin + np.float32(MIDDLE)
    zeros = np.zeros((5, *x.shape), dtype=np.float32)
    return Canvas(shots, x, y, UNITS / side / shots.scale, zeros[:3], zeros[3], zeros[4])


def window(seen: np.ndarray) -> tuple[slice, ...]:
    """The rows and columns that hold what is seen (n, S, S) bool in any picture, and one around.

    >>> seen = np.zeros((1, 8, 8), bool)
    >>> seen[0, 2, 3:6] = True
    >>> window(seen)[1:]
    (slice(1, 4, None), slice(2, 7, None))
    """
    whole = seen.any(axis=0)
    found = [np.flatnonzero(whole.any(axis=axis)) for axis in (1, 0)]
    if not len(found[0]):
        return slice(None), slice(0, 0), slice(0, 0)
    return slice(None), *(slice(max(int(at[0]) - 1, 0), int(at[-1]) + 2) for at in found)


def ramp(x: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, straight between."""
    return np.minimum(np.maximum(x, 0), 1)


def smooth(x: np.ndarray) -> np.ndarray:
    """The same without corners."""
    t = ramp(x)
    return t * t * (3 - 2 * t)


def hump(x: np.ndarray) -> np.ndarray:
    """A hill: 1 at 0, 0 from ±1 on."""
    left = np.maximum(1 - x * x, 0)
    return left * left


def mound(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A round hill: 1 in the middle, 0 from radius 1 on."""
    left = np.maximum(1 - x * x - y * y, 0)
    return left * left


def wave(x: np.ndarray) -> np.ndarray:
    """Between −1 and 1 with period 1, like a sine; made of parabolas."""
    t = x - np.floor(x)
    half = np.where(t < 0.5, t, t - 0.5)
    return np.where(t < 0.5, 16.0, -16.0).astype(np.float32) * half * (0.5 - half)


def box(x: np.ndarray, y: np.ndarray, wide, high, corner) -> np.ndarray:
    """Signed distance to a box with the half sides `wide` and `high` and round corners."""
    over_x = np.maximum(np.abs(x) - (wide - corner), 0)
    over_y = np.maximum(np.abs(y) - (high - corner), 0)
    return np.sqrt(over_x * over_x + over_y * over_y) - corner


def capsule(x: np.ndarray, y: np.ndarray, ax, ay, bx, by, thick) -> np.ndarray:
    """Signed distance to a line from a to b, `thick` to either side."""
    dx, dy = bx - ax, by - ay
    t = ramp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy))
    away_x, away_y = x - ax - t * dx, y - ay - t * dy
    return np.sqrt(away_x * away_x + away_y * away_y) - thick
