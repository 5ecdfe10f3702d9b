"""The parts of a drawn face, from the hair behind it to what stands before it."""

import math
from dataclasses import dataclass

import numpy as np

from centerviz.data.face_pen import (
    CIRCLE,
    UNITS,
    Pen,
    Person,
    View,
    ellipse,
    mixed,
    outline,
    shade,
)  # fmt: skip

SHIRT = (88, 98, 116)
BLACK = (24, 24, 28)
OCCLUDERS = ("mask", "sunglasses", "block", "beanie")
EYE_Y = -0.1
_U5, _U7, _U9, _U17 = (np.linspace(-1, 1, count) for count in (5, 7, 9, 17))


@dataclass(frozen=True)
class Cut:
    """A hair style: how thick, where the hairline runs, and what hangs down."""

    volume: float
    forehead: float  # y of the hairline in the middle
    temple: float  # y where it ends at the sides
    power: float = 4.0  # of the hairline: high is straight
    part: float = 0.0  # x of the hairline's highest point
    wave: float = 0.0  # height of the waves of the outer edge
    waves: int = 0
    back: float = 0.0  # y down to which hair hangs behind; 0 not at all
    locks: float = 0.0  # y down to which it hangs before the ears; 0 not at all


CUTS: dict[str, Cut | None] = {
    "bald": None,
    "buzz": Cut(0.03, -0.62, 0.0),
    "short": Cut(0.13, -0.55, 0.1, 3.0),
    "parted": Cut(0.18, -0.62, 0.12, 1.6, part=0.45),
    "fringe": Cut(0.14, -0.36, 0.2, 9.0, locks=0.35),
    "curly": Cut(0.25, -0.52, 0.16, 3.0, wave=0.07, waves=9),
    "afro": Cut(0.2, -0.55, 0.1, 3.0),
    "spiky": Cut(0.2, -0.52, 0.02, 4.0, wave=0.13, waves=7),
    "bob": Cut(0.17, -0.42, 0.2, 5.0, back=0.72, locks=0.66),
    "long": Cut(0.15, -0.6, 0.2, 1.4, back=1.45, locks=1.1),
    "waves": Cut(0.2, -0.58, 0.2, 1.7, part=-0.4, wave=0.04, waves=8, back=1.35, locks=0.9),
    "bun": Cut(0.08, -0.6, 0.05, 2.2),
    "pigtails": Cut(0.1, -0.48, 0.08, 2.0),
    "receding": Cut(0.06, -0.9, 0.12, 0.9),
    "quiff": Cut(0.3, -0.6, 0.02, 4.0, part=0.2),
}


def _polygon(*corners: tuple[float, float]) -> np.ndarray:
    return np.array([complex(x, y) for x, y in corners])


def _mirrored(points: np.ndarray, side: int) -> np.ndarray:
    """The points for the right side (1), or their mirror image for the left (−1)."""
    return points if side == 1 else -points.conj()


_SHOULDERS = _polygon(
    (-1.8, 2.6), (-1.25, 1.38), (-0.5, 1.12), (0.5, 1.12), (1.25, 1.38), (1.8, 2.6)
)
_NECK = _polygon((-0.36, 0.4), (0.36, 0.4), (0.4, 1.2), (0.0, 1.36), (-0.4, 1.2))
_FRECKLES = _polygon((0.3, 0.2), (0.42, 0.29), (0.2, 0.32), (0.5, 0.17))
_BEARD_EDGE = _polygon((1.0, 0.18), (0.69, 0.36), (0.36, 0.34), (0.0, 0.42), (-0.36, 0.34),
                       (-0.69, 0.36), (-1.0, 0.18))  # fmt: skip


def back_hair(pen: Pen, person: Person, view: View) -> None:
    """What is seen of the hair behind the head."""
    cut, colour = CUTS[person.style], shade(person.hair, 0.9)
    if person.style == "bun":
        pen.fill(pen.around(ellipse(-1.12j, 0.36 + 0.3j), -0.25), colour)
    if person.style == "afro":
        pen.fill(pen.around(ellipse(-0.36j, person.width + 0.38 + 0.96j), -0.1), person.hair)
    if person.style == "pigtails":
        for side in (-1, 1):
            tail = ellipse(side * (person.width + 0.24) + 0.3j, 0.22 + 0.5j, -side * 0.25)
            pen.fill(pen.around(tail, -0.2), colour)
    if cut is None or not cut.back:
        return
    wide, low = person.width + 0.75 * cut.volume, cut.back
    top = wide * CIRCLE.real[12:] + 1j * (0.98 + cut.volume) * CIRCLE.imag[12:]
    ends = _polygon((1.08 * wide, 0.8 * low), (0.85 * wide, low), (-0.85 * wide, low),
                    (-1.08 * wide, 0.8 * low))  # fmt: skip
    pen.fill(pen.around(np.concatenate([top, ends]), -0.2), shade(person.hair, 0.72))


def body(pen: Pen, person: Person, view: View) -> None:
    """Shoulders in a shirt, and the neck."""
    pen.fill(pen.around(_SHOULDERS, -0.15), SHIRT)
    pen.fill(pen.around(_NECK), shade(person.skin, 0.78))


def head(pen: Pen, person: Person, view: View) -> None:
    """Ears, head, and marks of the skin."""
    away = abs(pen.sin_yaw) * 0.12
    for side in (-1, 1):
        ear = ellipse(side * (person.width - away) + 0.05j, person.ears * (1 + 1.5j))
        pen.fill(pen.around(ear), shade(person.skin, 0.86))
    pen.fill(_lower(pen, outline(person)), person.skin)
    for side in (-1, 1):
        if person.mark == "blush":
            pen.spot(side * 0.42 + 0.28j, 0.14 + 0.1j, mixed(person.skin, (226, 96, 96), 0.42))
        elif person.mark == "freckles":
            for place in _mirrored(_FRECKLES, side).tolist():
                pen.spot(place, 0.04 + 0.035j, shade(person.skin, 0.7))
    if person.mark == "mole":
        pen.spot(0.36 + 0.42j, 0.055 + 0.055j, shade(person.skin, 0.38))


def _lower(pen: Pen, points: np.ndarray) -> np.ndarray:
    """An outline of the head in the plane; its lower half lies forward, so that the chin turns."""
    return pen.around(points, 0.3 * np.clip(points.imag, 0, 1))


def nose(pen: Pen, person: Person, view: View) -> None:
    """The nose, one flank in shadow."""
    tip, wide = -0.05 + person.nose_length, person.nose_width
    dark, flank = shade(person.skin, 0.8), wide if view.yaw <= 0 else -wide
    bridge = _polygon((-0.05, -0.08), (0.05, -0.08), (wide, tip), (0.0, tip + 0.07), (-wide, tip))
    pen.fill(pen.on_face(bridge, 0.12), shade(person.skin, 0.92))
    pen.fill(pen.on_face(_polygon((0.0, -0.05), (flank, tip), (0.0, tip + 0.07)), 0.14), dark)
    pen.spot(1j * (tip + 0.03), wide + 0.055j, dark, 0.16)
    pen.spot(1j * (tip - 0.03), 0.62 * wide + 0.055j, shade(person.skin, 1.08), 0.22)


def beard(pen: Pen, person: Person, view: View) -> None:
    """What grows below the mouth."""
    if person.beard in ("none", "moustache"):
        return
    colour = mixed(person.skin, person.hair, 0.4 if person.beard == "stubble" else 0.95)
    if person.beard == "goatee":
        pen.spot(1j * (person.mouth_y + 0.16), person.mouth_width + 0.06 + 0.26j, colour)
        return
    jaw = outline(person, 0.0 if person.beard == "stubble" else 0.05)
    jaw = jaw[jaw.imag > 0.12][::-1]  # from the left to the right
    edge = _BEARD_EDGE.real * person.width + 1j * _BEARD_EDGE.imag
    pen.fill(np.concatenate([_lower(pen, jaw), pen.on_face(edge)]), colour)


def mouth(pen: Pen, person: Person, view: View) -> None:
    """Lips, and what is seen between them."""
    bend = 0.13 * view.smile * (1 - 2 * _U9**2) + 0.02
    line = _U9 * person.mouth_width * (1 + 0.18 * view.smile) + 1j * (person.mouth_y + bend)
    swell, gap = 1j * np.sqrt(1 - _U9**2), 0.24 * view.mouth_open
    between = lambda above, below: pen.on_face(  # noqa: E731
        np.concatenate([line - swell * above, (line + swell * below)[::-1]]), 0.03
    )
    red = mixed(shade(person.skin, 0.72), (178, 44, 56), person.lip_red)
    pen.fill(between(person.lips * 0.9 + gap * 0.35, person.lips * 1.2 + gap), red)
    pen.fill(between(gap * 0.3, gap + 0.012), (70, 22, 26))
    if view.mouth_open > 0.3:
        pen.fill(between(gap * 0.3, gap * 0.12), (240, 236, 228))


def moustache(pen: Pen, person: Person, view: View) -> None:
    """What grows above the mouth."""
    if person.beard not in ("moustache", "goatee", "full"):
        return
    y = person.mouth_y - 0.11 - person.lips + (0.07 - 0.03 * view.smile) * _U9**2
    line = _U9 * (person.mouth_width + 0.04) + 1j * y
    pen.stroke(line, 0.17, shade(person.hair, 0.95), 0.05)


def eyes(pen: Pen, person: Person, view: View) -> None:
    """Eyes with iris, pupil and upper lid."""
    wide = person.eye_size
    high = wide * 0.72 * max(1 - 0.85 * view.squint, 0.1) * (1 + 0.2 * max(view.brow_raise, 0))
    for side in (-1, 1):
        middle, tilt = side * person.eye_gap + 1j * EYE_Y, -side * person.eye_tilt
        pen.spot(middle, 1.3 * wide + 1.55j * high, shade(person.skin, 0.84), 0.0, tilt)
        pen.spot(middle, wide + 1j * high, (248, 248, 246), 0.01, tilt)
        look = middle + 0.015 * side
        pen.spot(look, min(wide * 0.58, high * 1.1) + 0.96j * high, person.iris, 0.02)
        pen.spot(look, 0.28 * wide + 0.55j * high, (22, 18, 20), 0.02)
        rise = high * np.sqrt(1 - 0.8 * _U7**2) + _U7 * side * person.eye_tilt * wide
        lid = middle + 1.12 * wide * _U7 - 1j * rise
        pen.stroke(lid, 0.1 if person.lashes else 0.06, (40, 28, 28), 0.02)


def brows(pen: Pen, person: Person, view: View) -> None:
    """Eyebrows: raised, or drawn down towards the nose."""
    frown = 0.02 + 0.09 * min(view.brow_raise, 0.0)
    for side in (-1, 1):
        y = -0.37 - person.brow_arch * (1 - _U7**2) - 0.09 * view.brow_raise + frown * side * _U7
        line = side * person.eye_gap + 1.35 * person.eye_size * _U7 + 1j * y
        pen.stroke(line, person.brow_thick, shade(person.hair, 0.75), 0.04)


def _top(person: Person, volume: float, temple: float, count: int = 21) -> np.ndarray:
    """The outer edge of the hair (count,), from the left temple over the top to the right one."""
    high = 0.98 + volume
    start = -math.asin(min(temple / high, 0.95))
    t = np.linspace(np.pi - start, start, count)
    thick = 0.75 * volume * np.clip(0.3 + 1.2 * np.sin(t), 0.15, 1)
    return (person.width + thick) * np.cos(t) - 1j * high * np.sin(t)


def front_hair(pen: Pen, person: Person, view: View) -> None:
    """The hair over the top of the head, down to the hairline."""
    cut = CUTS[person.style]
    if cut is None:
        pen.spot(-0.22 - 0.72j, 0.16 + 0.08j, shade(person.skin, 1.12))
        return
    top = _top(person, cut.volume, cut.temple, 61 if cut.waves else 21)
    if cut.waves:
        t = np.linspace(0, np.pi, len(top))
        top = top * (1 + cut.wave * np.abs(np.sin(t * cut.waves)) * np.sin(t) ** 0.4)
    if person.style == "quiff":
        top = top + 0.12 * np.clip(-top.imag - 0.6, 0, 1)
    u = _U17[::-1]
    bent = np.clip((u - cut.part) / np.where(u > cut.part, 1 - cut.part, 1 + cut.part), -1, 1)
    y = cut.forehead + (cut.temple - cut.forehead) * np.abs(bent) ** cut.power
    hairline = pen.on_face(u * person.width * 0.99 + 1j * y)
    pen.fill(np.concatenate([pen.around(top), hairline]), person.hair)
    if cut.locks:
        _locks(pen, person, cut)
    pen.stroke(0.3 * _U7 - 0.1 - 0.82j, 0.1, shade(person.hair, 1.25), cut.volume)


def _locks(pen: Pen, person: Person, cut: Cut) -> None:
    inner, outer = person.width * 0.8, person.width + 0.75 * cut.volume
    lock = _polygon((inner * 0.92, -0.5), (inner, 0.1), (inner * 1.02, cut.locks),
                    (outer, cut.locks * 0.92), (outer * 1.03, 0.0),
                    (outer * 0.9, -0.55))  # fmt: skip
    for side in (-1, 1):
        pen.fill(pen.around(_mirrored(lock, side), 0.22), shade(person.hair, 0.9))


def glasses(pen: Pen, person: Person, view: View) -> None:
    """Glasses with round or square rims."""
    if person.glasses == "none":
        return
    radii = 0.25 + 0.25j if person.glasses == "round" else 0.28 + 0.19j
    power, hinge = (1.0 if person.glasses == "round" else 0.45), person.eye_gap + radii.real - 0.04
    c, s = (np.sign(part) * np.abs(part) ** power for part in (CIRCLE.real, CIRCLE.imag))
    temple = _polygon((hinge, -0.12), (person.width * 0.98, -0.1), (person.width * 0.98, -0.03),
                      (hinge, -0.05))  # fmt: skip
    for side in (-1, 1):
        rim = [(radii.real - d) * c + 1j * (radii.imag - d) * s for d in (0.0, 0.075)]
        ring = np.concatenate([rim[0], rim[0][:1], rim[1][:1], rim[1][::-1]])
        pen.fill(pen.on_face(ring + side * person.eye_gap + 1j * EYE_Y, 0.1), person.frame)
        pen.fill(pen.on_face(_mirrored(temple, side), 0.05), person.frame)
    gap = max(person.eye_gap - radii.real, 0.02) + 0.03
    bridge = _polygon((-gap, -0.15), (gap, -0.15), (gap, -0.08), (-gap, -0.08))
    pen.fill(pen.on_face(bridge, 0.12), person.frame)


def occluder(pen: Pen, person: Person, view: View) -> None:
    """What stands before the face; the more is covered, the further it reaches."""
    if view.covered > 0:
        {"sunglasses": _sunglasses, "mask": _mask, "beanie": _beanie, "block": _block}[
            view.occluder
        ](pen, person, view, view.covered**0.7)


def _sunglasses(pen: Pen, person: Person, view: View, share: float) -> None:
    for side in (-1, 1):
        lens = ellipse(side * person.eye_gap - 0.08j, share * (0.34 + 0.26j))
        pen.fill(pen.on_face(lens, 0.16), BLACK)
    wide = person.width * share
    bar = _polygon((-wide, -0.16), (wide, -0.16), (wide, -0.06), (-wide, -0.06))
    pen.fill(pen.on_face(bar, 0.12), BLACK)


def _mask(pen: Pen, person: Person, view: View, share: float) -> None:
    top = 0.98 - 0.86 * share
    edge = _U9 * person.width * 0.98 + 1j * (top + 0.14 * _U9**2)
    jaw = outline(person, 0.04)
    jaw = jaw[(jaw.imag > top + 0.1)]  # from the right to the left
    pen.fill(np.concatenate([pen.on_face(edge, 0.08), _lower(pen, jaw)]), (138, 182, 206))


def _beanie(pen: Pen, person: Person, view: View, share: float) -> None:
    rim, cut = -1.1 + 0.86 * share, CUTS[person.style]
    top = _top(person, 0.14 + (0.0 if cut is None else cut.volume), rim)
    edge = _U9[::-1] * top[-1].real + 1j * (rim + 0.06 * (1 - _U9**2))
    pen.fill(np.concatenate([pen.around(top), pen.on_face(edge, 0.06)]), (150, 70, 62))


def _block(pen: Pen, person: Person, view: View, share: float) -> None:
    reach = -UNITS / 2 + 1.35 * share
    block = _polygon((-2.2, -0.45), (reach, -0.3), (reach, 0.75), (-2.2, 0.9))
    pen.fill(_mirrored(block, 1 if view.from_left else -1), (176, 148, 96))


PARTS = (
    back_hair, body, head, nose, beard, mouth, moustache, eyes, brows, front_hair, glasses,
    occluder,
)  # fmt: skip  # from back to front
