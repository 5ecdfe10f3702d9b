"""Where the rays of a picture meet a head, and what lies there.

A head is a pile of ellipses, one at each height y: half as wide as `a`, and `DEEP` times as deep,
its middle `ahead` of the axis of the neck. A head that yaws keeps each point at its height, so
that a ray meets one ellipse: a quadratic equation in its depth d.
"""

from dataclasses import dataclass, fields

import numpy as np

from centerviz.data.heads.canvas import Canvas, ramp, window
from centerviz.data.heads.traits import Traits

DEEP = 1.12
FORWARD = 0.38  # how far the chin stands before the middle of the head
TINY = 1e-6


@dataclass(frozen=True)
class Surface:
    """What each ray meets, (n, S, S); beyond the outline the nearest edge."""

    x: np.ndarray  # where on the head
    y: np.ndarray
    z: np.ndarray
    depth: np.ndarray  # towards the viewer
    edge: np.ndarray  # signed distance to the outline, negative inside
    cover: np.ndarray

    def part(self, where: tuple[slice, ...]) -> "Surface":
        """What the rays of a window meet."""
        return Surface(*(getattr(self, field.name)[where] for field in fields(self)))


def nearby(canvas: Canvas, head: Surface, across: float, top, bottom) -> tuple[Canvas, Surface]:
    """Only the part of the pictures with a height from `top` to `bottom` and |x| < `across`."""
    seen = (np.abs(head.x) < across) & (head.y > top) & (head.y < bottom) & (head.edge < 0.1)
    where = window(seen)
    return canvas.part(where), head.part(where)


def surface(canvas: Canvas, who: Traits, grow: float | np.ndarray = 0.0, ripple=0.0) -> Surface:
    """The head, or what lies `grow` outside it; `ripple` (n, S, S) moves its outline."""
    shots, y = canvas.shots, canvas.y
    square, steep = _profile(y, who, grow)
    ahead = FORWARD * ramp(y) * (2 - ramp(y))
    q = canvas.x - ahead * shots.sin_yaw
    sin, cos = shots.sin_yaw, shots.cos_yaw
    inverse = 1 / (DEEP * DEEP)
    a = sin * sin + cos * cos * inverse
    b = sin * cos * (inverse - 1)
    left = a * square - q * q * inverse
    fall = 2 * inverse * q
    edge = ripple - left / (np.sqrt(fall * fall + (a * steep) ** 2) + TINY)
    d = (np.sqrt(np.maximum(left, 0)) - q * b) / a
    return Surface(
        x=q * cos - d * sin,
        y=y,
        z=q * sin + d * cos,
        depth=d + ahead * cos,
        edge=edge,
        cover=canvas.cover(edge),
    )


def _profile(y: np.ndarray, who: Traits, grow) -> tuple[np.ndarray, np.ndarray]:
    """The square of the half width at each height, and how fast it changes downwards."""
    up = y < 0
    high = np.where(up, np.float32(1.0), np.float32(who.chin)) + grow
    bend = np.where(up, np.float32(who.crown), np.float32(who.jaw))
    wide = who.width + grow
    wide = wide * wide
    t = np.minimum(np.abs(y) / high, 1.25)
    t2 = t * t
    square = wide * (1 - t2 * (bend + (1 - bend) * t2))
    steep = -2 * wide * t * (bend + 2 * (1 - bend) * t2) / high
    cheek = who.cheek * wide
    near = np.maximum(1 - ((y - 0.18) / 0.42) ** 2, 0)
    return square + cheek * near * near, np.where(up, -steep, steep)
