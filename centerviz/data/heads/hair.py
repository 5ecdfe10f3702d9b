"""Hair: behind the head, on it, and hanging down beside the face."""

from dataclasses import dataclass

import numpy as np

from centerviz.data.heads.canvas import Canvas, hump, ramp, smooth, wave
from centerviz.data.heads.shell import Surface, surface
from centerviz.data.heads.traits import LONG, Traits


@dataclass(frozen=True)
class Cut:
    """A style; what a person's own numbers are added to."""

    volume: float = 1.0  # times the person's
    front: float = 0.0  # lower hairline in the middle
    bend: float = 0.35  # how far the hairline falls towards the temples
    burns: float = 0.12  # y where it ends before the ears
    nape: float = 0.5  # y where it ends behind
    ragged: float = 0.03  # of the hairline
    ripple: float = 0.0  # of the outline
    curls: float = 0.0  # of its surface
    thin: float = 0.0  # how much skin shines through


CUTS = {
    "bald": None,
    "buzz": Cut(0.16, bend=0.22, thin=0.35, nape=0.3),
    "short": Cut(0.7, bend=0.24, ragged=0.05),
    "side": Cut(0.9, bend=0.5, ragged=0.03),
    "swept": Cut(1.35, front=-0.06, bend=0.3, ragged=0.04),
    "curly": Cut(1.5, bend=0.3, ragged=0.08, ripple=0.05, curls=1.0),
    "receding": Cut(0.35, front=-0.3, bend=0.72, ragged=0.05, thin=0.15),
    "fringe": Cut(0.9, front=0.22, bend=0.08, burns=0.4, ragged=0.07),
    "bob": Cut(1.1, front=-0.02, bend=0.45, burns=0.3),
    "long": Cut(0.8, front=-0.05, bend=0.62, burns=0.2),
    "waves": Cut(1.25, front=-0.02, bend=0.5, burns=0.2, ripple=0.03, curls=0.5),
    "bun": Cut(0.35, front=-0.04, bend=0.32, burns=0.05),
    "pixie": Cut(0.8, front=0.08, bend=0.28, burns=0.22, ragged=0.09),
}


def behind(canvas: Canvas, who: Traits) -> None:
    """What is seen of the hair behind neck and ears."""
    shots, y = canvas.shots, canvas.y
    colour = [0.62 * part for part in who.hair]
    if who.style == "bun":
        x = canvas.x + 0.35 * shots.sin_yaw
        knot = 1 - (x / 0.34) ** 2 - ((y + 1.12) / 0.3) ** 2
        cover = canvas.cover(-knot * 0.16)
        canvas.paint(cover, who.hair)
        canvas.bend(cover, 0.3 * np.sqrt(np.maximum(knot, 0)))
    _far_side(canvas, who)
    if who.style not in LONG:
        return
    x = canvas.x + 0.22 * shots.sin_yaw
    end = 0.62 + 0.12 * who.volume if who.style == "bob" else who.length
    wide = who.width + 0.9 * who.volume + 0.05 * wave(y * 1.6) * (who.style == "waves")
    wide = wide + 0.1 * ramp(y) * (who.style != "bob") - 0.9 * ramp(0.1 - y) * ramp(0.1 - y)
    tips = 0.06 * _strands(who, x * 9)
    cover = canvas.cover(np.maximum(np.abs(x) - wide, np.maximum(y - end - tips, -0.6 - y)))
    canvas.paint(cover, colour)
    canvas.bend(cover, 0.5 * np.sqrt(np.maximum(wide * wide - x * x, 0)))
    canvas.darken(cover * 0.4 * _lights(who, x * 11))


def _far_side(canvas: Canvas, who: Traits) -> None:
    """The inside of the hair, seen beside the face when the head turns."""
    cut = CUTS[who.style]
    if cut is None:
        return
    hair = surface(canvas, who, _thickness(canvas, who, cut))
    cover = hair.cover * canvas.cover(hair.y - cut.nape) * (1 - cut.thin)
    canvas.paint(cover, [0.6 * part for part in who.hair])


def _thickness(canvas: Canvas, who: Traits, cut: Cut) -> np.ndarray:
    """How far hair stands out at each height; short hair thins out towards the neck."""
    full = np.float32(0.02 + cut.volume * who.volume)
    if who.style in LONG:
        return full + np.zeros_like(canvas.y)
    return full * (1 - 0.85 * smooth((canvas.y + 0.25) / (0.3 + cut.burns)))


def top(canvas: Canvas, who: Traits, head: Surface) -> None:
    """The hair on the head, down to the hairline; and its shadow on the forehead."""
    cut = CUTS[who.style]
    if cut is None:
        return
    ripple = 0.0
    if cut.ripple:
        ripple = cut.ripple * wave(canvas.x * 2.6 + who.part) * wave(canvas.y * 2.3 + 0.3)
    hair = surface(canvas, who, _thickness(canvas, who, cut), ripple)
    line = _hairline(who, cut, hair)
    inside = canvas.cover((hair.y - line) * 0.8, 0.03 + 0.1 * cut.thin)
    shadow = head.cover * (1 - hair.cover * inside)
    canvas.darken(shadow * 0.32 * hump(ramp((head.y - line) / 0.16)) * (head.z > 0))
    cover = hair.cover * inside * (1 - cut.thin)
    canvas.paint(cover, who.hair)
    place = (hair.x - 0.3 * who.part * (1 - hair.y)) * 13 + 2.5 * hair.y * (1 + cut.curls)
    lights = _lights(who, place)
    if cut.curls:
        lights = lights + cut.curls * wave(hair.x * 3.1 + hair.y + lights) * wave(
            hair.y * 2.7 + 0.4 * lights
        )
    canvas.bend(cover, hair.depth + 0.03 * lights)
    canvas.darken(cover * (0.34 * lights - 0.1))
    shine = hump((hair.y + 0.72 + 0.25 * hair.x * hair.x) / 0.2) * (1 - lights)
    canvas.darken(-cover * 0.28 * shine)
    if who.style in ("side", "long", "swept"):
        parting = hump((hair.x - 0.5 * who.part) / 0.05) * (hair.y < -0.6)
        canvas.darken(cover * parting * 0.3)


def _hairline(who: Traits, cut: Cut, hair: Surface) -> np.ndarray:
    """y down to which hair grows at each place of the shell."""
    side = np.abs(hair.x - 0.45 * who.part * (cut.bend > 0.4)) / who.width
    flat = side * side
    front = who.forehead + cut.front + (cut.bend + who.temple) * flat * (0.4 + 0.6 * flat)
    front = front + cut.ragged * (2 * _strands(who, hair.x * 12) - 1)
    burns = smooth((np.abs(hair.x) / who.width - 0.86) / 0.12)
    line = front + (cut.burns - front) * burns * (cut.burns > front)
    back = smooth((0.02 - hair.z) / 0.16)
    return line + (cut.nape - line) * back * (cut.nape > line)


def _strands(who: Traits, place: np.ndarray) -> np.ndarray:
    """Between the numbers of two neighbouring strands, 0…1."""
    whole = np.floor(place)
    share = place - whole
    index = whole.astype(np.int64)
    here, there = who.strands[index % 64], who.strands[(index + 1) % 64]
    return here + (there - here) * share


def _lights(who: Traits, place: np.ndarray) -> np.ndarray:
    """Coarse and fine strands together, 0…1."""
    return 0.6 * _strands(who, place) + 0.4 * _strands(who, place * 2.3 + 7)


def locks(canvas: Canvas, who: Traits, head: Surface) -> None:
    """Hair that hangs before the ears and the shoulders."""
    if who.style not in LONG:
        return
    shots, y = canvas.shots, canvas.y
    end = 0.6 + 0.12 * who.volume if who.style == "bob" else who.length
    for side in (-1, 1):
        x = side * (canvas.x - 0.12 * shots.sin_yaw)
        inner = who.width * (0.84 - 0.12 * ramp(-y)) + 0.05 * wave(y * 1.1 + 0.2 * side)
        inner = inner - 0.1 * ramp((y - 0.3) / 0.8)
        outer = who.width + 0.92 * who.volume - 0.08 * ramp((y - 0.7) / 0.5)
        outer = outer - 0.6 * ramp(0.05 - y) * ramp(0.05 - y)
        tip = end - 0.15 * ramp((inner + 0.12 - x) / 0.2) - 0.08 * _strands(who, x * 9)
        within = np.maximum(np.maximum(inner - x, x - outer), np.maximum(y - tip, -0.5 - y))
        cover = canvas.cover(within)
        canvas.darken(ramp((0.1 - (inner - x)) * 8) * ramp((inner - x) * 20) * head.cover * 0.25)
        canvas.paint(cover, [0.9 * part for part in who.hair])
        lights = _lights(who, x * 13 + 1.5 * wave(y * 0.7) + 3 * side)
        middle = (x - (inner + outer) / 2) / 0.25
        canvas.bend(cover, 0.22 * np.sqrt(np.maximum(1 - middle * middle, 0)))
        canvas.darken(cover * (0.36 * lights - 0.06))
