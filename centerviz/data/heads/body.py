"""What stands around a face: background, shoulders, neck and ears, and the skin of the head."""

import numpy as np

from centerviz.data.heads.canvas import Canvas, hump, mound, ramp, smooth
from centerviz.data.heads.shell import Surface
from centerviz.data.heads.traits import Traits

SHIRT = (0.33, 0.38, 0.46)


def background(canvas: Canvas) -> None:
    """A wall, lighter in the middle."""
    glow = 0.14 * mound(canvas.x * 0.4, (canvas.y + 0.2) * 0.4)
    canvas.paint(np.ones_like(canvas.x), (0.60 + glow, 0.64 + glow, 0.70 + glow))


def shoulders(canvas: Canvas, who: Traits) -> None:
    """Neck and shirt."""
    shots = canvas.shots
    x, y = canvas.x + 0.06 * shots.sin_yaw, canvas.y
    thick = np.float32(0.36 + 0.35 * (who.width - 0.72))
    wide = thick + 0.35 * np.maximum(y - 1.05, 0) ** 2
    neck = canvas.cover(np.maximum(np.abs(x) - wide, 0.2 - y))
    canvas.paint(neck, who.skin)
    canvas.bend(neck, np.sqrt(np.maximum(wide * wide - x * x, 0)))
    canvas.darken(neck * 0.55 * hump((y - who.chin + 0.02) / 0.45))
    top = 1.2 + 0.5 * x * x / (1 + 0.55 * x * x) - 0.14 * hump(x / 0.62)
    dip = 0.2 * np.maximum(1 - (x / 0.34) ** 2, 0)
    shirt = canvas.cover((top + dip - y) * 0.85)
    canvas.paint(shirt, SHIRT)
    canvas.bend(shirt, 0.9 * np.sqrt(np.maximum(2.2 - x * x, 0)) - 0.3 * np.maximum(1.6 - y, 0))
    canvas.darken(shirt * 0.3 * hump((y - top - dip) / 0.09))


def skin(canvas: Canvas, who: Traits, head: Surface) -> None:
    """The bare head: colour, slope, and what age and sun have done to it."""
    x, y, cover = head.x, head.y, head.cover
    canvas.paint(cover, who.skin)
    socket = mound((np.abs(x) - who.eye_gap) / 0.3, (y - who.eye_y + 0.03) / 0.2)
    cheek = mound((np.abs(x) - 0.42) / 0.34, (y - 0.3) / 0.32)
    brow = hump((y - who.eye_y + 0.24) / 0.16) * np.maximum(1 - x * x * 2.2, 0)
    chin = mound(x / 0.26, (y - who.chin + 0.17) / 0.2)
    canvas.bend(cover, head.depth + 0.07 * cheek - 0.06 * socket + 0.04 * brow + 0.06 * chin)
    canvas.darken(cover * socket * (0.1 + 0.1 * who.age))
    rosy = cover * (cheek * (0.1 + 0.35 * who.blush))
    canvas.paint(rosy, (0.80, 0.36, 0.32))
    if who.freckles > 0:
        _freckles(canvas, who, head)
    if who.mole_y < 2:
        spot = mound((x - who.mole_x) / 0.065, (y - who.mole_y) / 0.065)
        canvas.paint(cover * ramp(1.6 * spot), (0.28, 0.17, 0.13))
    if who.age > 0.5:
        _lines(canvas, who, head)


def _freckles(canvas: Canvas, who: Traits, head: Surface) -> None:
    where = mound((np.abs(head.x) - 0.3) / 0.42, (head.y - 0.22) / 0.26)
    column = np.floor(head.x * 21).astype(np.int64)
    row = np.floor(head.y * 21).astype(np.int64)
    speck = who.strands[(column * 13 + row * 29) % 64] > 0.62
    canvas.darken(head.cover * where * speck * np.float32(0.42 * min(who.freckles, 1.0)))


def _lines(canvas: Canvas, who: Traits, head: Surface) -> None:
    """Furrows of the forehead, beside the mouth and under the eyes."""
    deep = np.float32(0.42 * (who.age - 0.5))
    x, y = np.abs(head.x), head.y
    for height in (-0.52, -0.40):
        line = hump((y - height - 0.1 * x * x) / 0.035) * np.maximum(1 - 4.5 * x * x, 0)
        canvas.darken(head.cover * line * deep * 1.2)
    fold = hump((x - who.nose_wide - 0.06 - 0.32 * (y - who.nose_tip)) / 0.045)
    canvas.darken(head.cover * fold * hump((y - who.mouth_y + 0.1) / 0.26) * deep * 2)
    bag = hump((y - who.eye_y - 0.17 + 0.6 * (x - who.eye_gap) ** 2) / 0.05)
    canvas.darken(head.cover * bag * hump((x - who.eye_gap) / 0.2) * deep * 1.6)


def ears(canvas: Canvas, who: Traits, head: Surface) -> None:
    """Both ears; the one that turns away goes behind the head."""
    shots = canvas.shots
    for side in (-1, 1):
        out = who.width + 0.35 * who.ear_out
        x = canvas.x - side * out * shots.cos_yaw + 0.02 * shots.sin_yaw
        near = -side * out * shots.sin_yaw
        y = canvas.y - who.eye_y - 0.12
        wide = 0.55 * who.ears * (0.75 + 0.45 * np.abs(near))
        u, v = x / wide, y / who.ears
        round_ = 1 - u * u - v * v
        seen = canvas.cover(-round_ * wide * 0.5)
        beyond = np.maximum(1 - head.cover, smooth((near - 0.06) * 8))
        seen = seen * beyond
        canvas.paint(seen, who.skin)
        canvas.bend(seen, 0.12 * np.maximum(round_, 0))
        canvas.darken(seen * (0.1 + 0.35 * mound(u * 1.7, v * 1.5)))
