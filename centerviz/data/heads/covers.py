"""Glasses that belong to a person, and what hides a face in a picture."""

import numpy as np

from centerviz.data.heads.canvas import Canvas, box, capsule, hump, ramp, smooth, wave
from centerviz.data.heads.shell import Surface, nearby, surface
from centerviz.data.heads.shots import COVERS
from centerviz.data.heads.traits import Traits

RIMS = {"round": (0.185, 0.18, 0.18), "square": (0.2, 0.145, 0.05), "wide": (0.22, 0.15, 0.1)}


def glasses(canvas: Canvas, who: Traits, head: Surface) -> None:
    """The glasses somebody always wears."""
    if who.glasses != "none":
        wide, high, corner = RIMS[who.glasses]
        _worn(canvas, who, head, (wide, high, corner), who.frame, 0.024, np.float32(0.07))


def _worn(canvas, who, head, shape, colour, thick, dark) -> None:
    """Two lenses before the eyes, a bridge between them and temples to the ears."""
    shots = canvas.shots
    wide, high, corner = shape
    canvas, head = nearby(canvas, head, 9.0, who.eye_y - 0.4, who.eye_y + 0.45)
    x = head.x - 0.1 * shots.sin_yaw / shots.cos_yaw
    y = head.y - who.eye_y - 0.02
    seen = head.cover
    away = box(np.abs(x) - who.eye_gap, y, wide, high, corner)
    rim = canvas.cover(np.abs(away) - thick) * seen
    lens = canvas.cover(away) * seen
    canvas.darken(ramp(1 - np.abs(away - 0.04) / 0.05) * seen * 0.14 * (1 - lens))
    canvas.paint(lens * dark, (0.06, 0.07, 0.09))
    glare = hump((np.abs(x) - who.eye_gap + 0.6 * y + 0.04) / 0.07) * lens
    canvas.paint(glare * 0.16, (1.0, 1.0, 1.0))
    gap = who.eye_gap - wide
    bridge = canvas.cover(np.maximum(np.abs(x) - gap, np.abs(y + 0.05 - 1.2 * x * x) - thick))
    hinge = who.eye_gap + wide
    arm = canvas.cover(np.maximum(hinge - np.abs(head.x), np.abs(y + 0.05) - thick)) * seen
    for part in (bridge * seen, arm, rim):
        canvas.paint(part, colour)


def cover(canvas: Canvas, who: Traits, head: Surface) -> None:
    """What hides part of the face in this picture; the pictures of one call share their kind."""
    kind = COVERS[int(canvas.shots.kind.flat[0])] if canvas.shots.cover.any() else "nothing"
    if kind == "glasses":
        _dark_glasses(canvas, who, head)
    elif kind == "scarf":
        _scarf(canvas, who)
    elif kind == "hand":
        _hand(canvas, who)


def _dark_glasses(canvas: Canvas, who: Traits, head: Surface) -> None:
    share = canvas.shots.cover
    shape = (0.17 + 0.09 * share, 0.1 + 0.1 * share, 0.09 * share + 0.03)
    dark = smooth(share * 1.6 + 0.1)
    _worn(canvas, who, head, shape, (0.07, 0.07, 0.08), 0.02 + 0.02 * share, dark)


def _scarf(canvas: Canvas, who: Traits) -> None:
    """A striped scarf, wound around the neck and up over chin, mouth and nose."""
    shots = canvas.shots
    cloth = surface(canvas, who, 0.1)
    x, y = canvas.x, canvas.y
    upper = 1.3 - 1.12 * shots.cover
    upper = upper + 0.12 * cloth.x * cloth.x + 0.03 * wave(cloth.x * 1.1 + shots.dye)
    wide = who.width + 0.12
    around = np.maximum(np.abs(x) - wide - 0.1 * ramp(y - 0.9), upper - y)
    whole = canvas.cover(np.maximum(around, np.where(y < 0.8, cloth.edge, -1)))
    dye = shots.dye
    stripe = smooth(2.5 * wave(y * 2.4 + 0.35 * x + 0.2 * x * x) - 0.8)
    base = (0.25 + 0.5 * dye, 0.3 + 0.25 * wave(dye * 0.9), 0.62 - 0.4 * dye)
    canvas.paint(whole, [b + (0.82 - b) * 0.75 * stripe for b in base])
    folds = 0.035 * wave(y * 3.1 - 0.5 * x * x + 0.4 * wave(x * 0.8 + dye))
    canvas.bend(whole, np.where(y < 0.8, cloth.depth, np.sqrt(np.maximum(1.2 - x * x, 0))) + folds)
    canvas.darken(whole * 0.35 * hump((y - upper) / 0.06))


def _hand(canvas: Canvas, who: Traits) -> None:
    """A hand with four fingers, raised from below before one side of the face."""
    shots = canvas.shots
    reach = shots.cover
    x = shots.side * canvas.x - 0.98 + 0.78 * reach
    y = canvas.y - 1.25 + 0.95 * reach
    skin = [0.94 * part for part in who.skin]
    arm = capsule(x, y, np.float32(0.1), np.float32(0.3), np.float32(0.3), np.float32(2.2), 0.22)
    palm = box(x, y, 0.3, 0.3, 0.2)
    parts = [(np.minimum(palm, arm), 0.3)]
    for finger, (length, lean) in enumerate(
        ((0.36, 0.2), (0.46, 0.07), (0.44, -0.07), (0.33, -0.2))
    ):
        root = np.float32(0.21 - 0.14 * finger)
        tip = root + np.float32(lean), np.float32(-0.22 - length)
        parts.append((capsule(x, y, root, np.float32(-0.2), *tip, 0.075), 0.075))
    thumb = capsule(
        x, y, np.float32(-0.2), np.float32(0.1), np.float32(-0.46), np.float32(-0.16), 0.08
    )
    for away, thick in [*parts, (thumb, 0.08)]:
        cover_ = canvas.cover(away)
        canvas.darken(ramp(1 - np.maximum(away, 0) / 0.07) * (1 - cover_) * 0.25)
        canvas.paint(cover_, skin)
        inner = ramp(-away / thick)
        canvas.bend(cover_, thick * np.sqrt(np.maximum(1 - (1 - inner) ** 2, 0)))
        canvas.darken(cover_ * 0.22 * (1 - inner))
