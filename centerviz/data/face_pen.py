"""A person, a view, and the pen that turns face coordinates into pixels.

Face coordinates are complex numbers x + iy, x to the right and y down; z points to the viewer. The
head is a solid about 2 units high: features lie on its curved front and turn with it, outlines
stay round.
"""

import cmath
import math
from dataclasses import dataclass

import numpy as np
from PIL import ImageDraw

UNITS = 2.8  # height and width of the picture, in face coordinates
MIDDLE = -0.06j  # of the picture
CIRCLE = np.exp(1j * np.linspace(0, 2 * np.pi, 24, endpoint=False))  # (24,)

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Person:
    """What makes a person: the same in every picture. Lengths in face coordinates."""

    skin: Colour
    hair: Colour
    style: str  # of the hair
    width: float  # of the head, from the middle
    jaw: float  # below 1 square, above 1 pointed
    chin: float  # height of the lower half
    eye_gap: float  # from the middle
    eye_size: float
    eye_tilt: float
    iris: Colour
    brow_thick: float
    brow_arch: float
    nose_length: float
    nose_width: float
    mouth_width: float
    mouth_y: float
    lips: float  # their thickness
    lip_red: float
    beard: str
    glasses: str
    frame: Colour
    ears: float
    mark: str  # freckles, mole, blush or none
    lashes: bool


@dataclass(frozen=True)
class View:
    """What differs from picture to picture of one person."""

    yaw: float = 0.0  # radians, as are pitch and roll
    pitch: float = 0.0
    roll: float = 0.0
    scale: float = 1.0
    shift: complex = 0j
    smile: float = 0.0  # −1 … 1
    mouth_open: float = 0.0  # 0 … 1
    brow_raise: float = 0.0  # −1 … 1
    squint: float = 0.0  # 0 open … 1 closed
    light: complex = 0j  # towards the light
    gain: float = 1.0  # of all light
    tint: float = 0.0  # above 0 warm
    occluder: str = "mask"
    from_left: bool = True  # where a block comes from
    covered: float = 0.0  # 0 nothing … 1 all that the occluder can cover


class Pen:
    """Fills polygons, given in face coordinates, as one view shows them."""

    def __init__(self, draw: ImageDraw.ImageDraw, person: Person, view: View, side: int):
        self.draw, self.width, self.view = draw, person.width, view
        self.sin_yaw, self.cos_yaw = math.sin(view.yaw), math.cos(view.yaw)
        self.sin_pitch, self.cos_pitch = math.sin(view.pitch), math.cos(view.pitch)
        unit = side / UNITS
        self.turn = cmath.rect(view.scale * unit, view.roll)
        self.origin = (view.shift - MIDDLE) * unit + (1 + 1j) * side / 2

    def on_face(self, points: np.ndarray, lift: float = 0.0) -> np.ndarray:
        """Points (P,) of the curved front of the head, `lift` above it, in the picture's plane."""
        x, y = points.real, points.imag
        bulge = 1 - (x / (self.width * 1.12)) ** 2 - (y / 1.2) ** 2
        z = 0.95 * np.sqrt(np.maximum(bulge, 0)) + lift
        depth = z * self.cos_yaw - x * self.sin_yaw
        turned = x * self.cos_yaw + z * self.sin_yaw
        return turned + 1j * (y * self.cos_pitch - depth * self.sin_pitch)

    def around(self, points: np.ndarray, forward: float | np.ndarray = 0.0) -> np.ndarray:
        """Points (P,) of an outline, which stays round when the head turns.

        What lies `forward` of the middle of the head moves to the side all the same.
        """
        return points + forward * (self.sin_yaw - 1j * self.sin_pitch)

    def fill(self, plane: np.ndarray, colour: Colour) -> None:
        """A polygon (P,) in the picture's plane."""
        pixels = plane * self.turn + self.origin
        self.draw.polygon(pixels.view(np.float64).tolist(), fill=colour)

    def spot(self, middle: complex, radii: complex, colour: Colour, lift=0.0, tilt=0.0) -> None:
        """An ellipse on the face."""
        self.fill(self.on_face(ellipse(middle, radii, tilt), lift), colour)

    def stroke(self, points: np.ndarray, thick: float, colour: Colour, lift: float = 0.0) -> None:
        """A line on the face, thinner towards its ends."""
        half = 0.5j * thick * np.sin(np.linspace(0.25, np.pi - 0.25, len(points)))
        both = np.concatenate([points - half, (points + half)[::-1]])
        self.fill(self.on_face(both, lift), colour)


def ellipse(middle: complex, radii: complex, tilt: float = 0.0) -> np.ndarray:
    """An ellipse (24,) with the radii rx + i·ry, turned by `tilt` radians."""
    return middle + (CIRCLE.real * radii.real + 1j * CIRCLE.imag * radii.imag) * cmath.exp(
        1j * tilt
    )


def outline(person: Person, grow: float = 0.0) -> np.ndarray:
    """The head from the front, (24,), `grow` larger."""
    c, s = CIRCLE.real, CIRCLE.imag
    x = (person.width + grow) * np.sign(c) * np.abs(c) ** np.where(s > 0, person.jaw, 0.95)
    return x + 1j * np.where(s > 0, person.chin + grow, 0.98 + grow) * s


def shade(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above.

    >>> shade((100, 200, 250), 1.1)
    (110, 220, 255)
    """
    return tuple(min(255, round(value * factor)) for value in colour)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` (0…1) of the other colour.

    >>> mixed((0, 0, 0), (100, 200, 50), 0.5)
    (50, 100, 25)
    """
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
