"""Eyes, brows, nose, mouth and beard, painted on the surface of the head."""

import numpy as np

from centerviz.data.heads.canvas import Canvas, hump, mound, ramp, smooth
from centerviz.data.heads.shell import Surface, nearby
from centerviz.data.heads.traits import Traits

BLACK = (0.08, 0.06, 0.06)


def eyes(canvas: Canvas, who: Traits, head: Surface) -> None:
    """Both eyes: white, iris, pupil, glint, lids and lashes."""
    shots = canvas.shots
    shut = 1 - 0.8 * shots.squint - 0.16 * np.maximum(shots.smile, 0)
    high = np.float32(who.eye_high) * shut * (1 + 0.22 * np.maximum(shots.brows, 0))
    canvas, head = nearby(canvas, head, who.eye_gap + 0.3, who.eye_y - 0.4, who.eye_y + 0.4)
    for side in (-1, 1):
        u = (side * head.x - who.eye_gap) / who.eye_wide
        v = head.y - who.eye_y + who.eye_tilt * u
        bow = np.maximum(1 - u * u, 0)
        upper, lower = -high * bow * (1.12 - 0.2 * u), 0.72 * high * bow
        aside = (np.abs(u) - 1) * who.eye_wide
        inside = canvas.cover(np.maximum(np.maximum(upper - v, v - lower), aside)) * head.cover
        near = np.maximum(1 - 0.6 * u * u, 0) * head.cover
        crease = hump((v - upper + who.fold) / 0.035) * near
        canvas.darken(crease * 0.3)
        canvas.darken(hump((v - lower - 0.05) / 0.06) * near * (0.1 + 0.16 * who.age))
        canvas.paint(inside, (0.90, 0.89, 0.88))
        canvas.darken(inside * 0.3 * ramp(1 - (v - upper) / 0.07))
        _iris(canvas, who, side, u, v, inside)
        line = hump((v - upper + 0.008) / (0.022 + 0.022 * who.lash))
        along = ramp((1.25 - np.abs(u)) * 4) * head.cover
        canvas.paint(line * along * min(0.5 + 0.5 * who.lash, 1.0), BLACK)
        canvas.darken(hump((v - lower) / 0.025) * along * bow * 0.4)


def _iris(canvas: Canvas, who: Traits, side: int, u, v, inside) -> None:
    look = u * who.eye_wide - side * 0.05 * canvas.shots.gaze
    size = np.float32(0.088)
    away = np.sqrt(look * look + (v + 0.008) ** 2)
    canvas.paint(inside * canvas.cover(away - size), [0.45 * part for part in who.iris])
    canvas.paint(inside * canvas.cover(away - 0.78 * size), who.iris)
    canvas.paint(inside * canvas.cover(away - 0.42 * size), BLACK)
    glint = mound((look * side + 0.03) / 0.038, (v + 0.04) / 0.038)
    canvas.paint(inside * ramp(1.4 * glint) * 0.85, (1.0, 1.0, 1.0))


def brows(canvas: Canvas, who: Traits, head: Surface) -> None:
    """Eyebrows: raised, or drawn down towards the nose."""
    lift = canvas.shots.brows
    colour = [0.72 * part for part in who.hair]
    y = who.eye_y - who.brow_y
    canvas, head = nearby(canvas, head, who.eye_gap + 0.36, y - 0.35, y + 0.35)
    for side in (-1, 1):
        u = (side * head.x - who.eye_gap - 0.02) / who.brow_wide
        line = who.eye_y - who.brow_y - who.brow_arch * (1 - (u - 0.12) ** 2) - who.brow_tilt * u
        line = line - 0.075 * lift + 0.07 * np.minimum(lift, 0) * ramp(0.6 - u)
        thick = who.brow_thick * (1.05 - 0.35 * u) * ramp((1.1 - np.abs(u)) * 3.5)
        hairs = canvas.cover(np.abs(head.y - line) - thick, 0.02)
        fine = 0.72 + 0.28 * _strand(who, head.x * 40)
        canvas.paint(hairs * ramp((1.12 - np.abs(u)) * 6) * head.cover * fine * 0.9, colour)


def _strand(who: Traits, place: np.ndarray) -> np.ndarray:
    """How bright the strand at `place` is, 0…1."""
    return who.strands[np.floor(place).astype(np.int64) % 64]


def nose(canvas: Canvas, who: Traits, head: Surface) -> None:
    """The nose, which stands out: it moves further than the face when the head turns."""
    reach = 2.1 * who.nose_wide + who.nose_out
    canvas, head = nearby(canvas, head, reach, who.eye_y - 0.2, who.nose_tip + 0.3)
    shots, y = canvas.shots, head.y
    along = ramp((y - who.eye_y + 0.06) / (who.nose_tip - who.eye_y + 0.06))
    out = who.nose_out * along * (0.45 + 0.55 * along)
    x = head.x - out * shots.sin_yaw / shots.cos_yaw
    wide = who.nose_bridge + (who.nose_wide - who.nose_bridge) * along * along
    below = ramp(1 - (y - who.nose_tip) / 0.09)
    ridge = hump(x / (1.75 * wide)) * out * below * below
    ball = mound(x / 0.12, (y - who.nose_tip + 0.01) / 0.11)
    wings = mound((np.abs(x) - 0.72 * who.nose_wide) / 0.085, (y - who.nose_tip - 0.02) / 0.09)
    bump = 0.8 * ridge + 0.05 * ball + 0.045 * wings
    cover = head.cover * ramp(3 * hump(x / (2.1 * who.nose_wide)) * (y > who.eye_y - 0.1) * below)
    canvas.bend(cover * 0.85, head.depth + bump)
    canvas.darken(
        head.cover * 0.3 * mound(x / (1.25 * who.nose_wide), (y - who.nose_tip - 0.1) / 0.08)
    )
    canvas.darken(
        head.cover
        * 0.22
        * hump((np.abs(x) - who.nose_wide) / 0.045)
        * hump((y - who.nose_tip) / 0.1)
    )
    hole = mound((np.abs(x) - 0.5 * who.nose_wide) / 0.062, (y - who.nose_tip - 0.055) / 0.042)
    canvas.paint(head.cover * ramp(1.5 * hole) * 0.75, [0.3 * part for part in who.skin])


def mouth(canvas: Canvas, who: Traits, head: Surface) -> None:
    """Lips, what is seen between them, and the shadow under them."""
    canvas, head = nearby(canvas, head, 0.65, who.mouth_y - 0.6, who.mouth_y + 0.65)
    shots = canvas.shots
    smile = shots.smile + who.mood * 0.6
    wide = who.mouth_wide * (1 + 0.2 * shots.smile - 0.1 * shots.gape)
    u = head.x / wide
    bow = np.maximum(1 - u * u, 0)
    line = who.mouth_y - 0.11 * smile * (u * u - 0.35) + 0.012 * hump(u / 0.4)
    half = 0.17 * shots.gape + 0.05 * np.maximum(smile - 0.45, 0)
    top = line - 0.35 * half * bow
    bottom = line + half * bow
    lip_top = top - who.lip_up * bow * (1.15 - 0.3 * hump(u / 0.28))
    lip_bottom = bottom + who.lip_low * bow * (1 - 0.15 * u * u)
    y, aside = head.y, (np.abs(u) - 1) * wide
    lips = canvas.cover(np.maximum(np.maximum(lip_top - y, y - lip_bottom), aside)) * head.cover
    canvas.darken(head.cover * 0.26 * mound(u / 0.8, (y - lip_bottom - 0.05) / 0.065))
    canvas.paint(lips, who.lips)
    bulge = 0.05 * hump((y - lip_bottom + 0.5 * who.lip_low) / who.lip_low)
    bulge = bulge + 0.035 * hump((y - lip_top - 0.5 * who.lip_up) / who.lip_up)
    canvas.bend(lips, head.depth + bulge)
    hole = canvas.cover(np.maximum(np.maximum(top - y, y - bottom), aside)) * head.cover
    hole = hole * ramp(half * 60)
    canvas.paint(hole, (0.26, 0.08, 0.09))
    teeth = canvas.cover(np.maximum(top - y, y - top - 0.55 * half * bow - 0.01)) * hole
    canvas.paint(teeth * ramp(1.1 - u * u), (0.90, 0.88, 0.83))
    ends = ramp((1.12 - np.abs(u)) * 5) * head.cover
    canvas.darken(hump((y - line) / 0.03) * ends * 0.55 * ramp(1 - half * 25))
    fold = hump((np.abs(head.x) - wide - 0.07 + 0.25 * (who.mouth_y - y)) / 0.05)
    canvas.darken(
        head.cover
        * fold
        * hump((y - who.mouth_y + 0.12) / 0.24)
        * 0.28
        * np.maximum(shots.smile, 0)
    )


def beard(canvas: Canvas, who: Traits, head: Surface) -> None:
    """What grows on cheeks, chin and lip, around the mouth."""
    if who.beard == "none":
        return
    canvas, head = nearby(canvas, head, 9.0, -0.2, 1.4)
    shots, x, y = canvas.shots, np.abs(head.x), head.y
    smile = shots.smile + who.mood * 0.6
    thick = {"stubble": 0.42, "moustache": 0.9}.get(who.beard, 0.92)
    corner = who.mouth_wide * (1 + 0.2 * shots.smile)
    side = ramp((x - corner) / (0.95 * who.width - corner))
    cheeks = who.mouth_y - 0.08 + 0.1 * side - 0.55 * side * side
    lip = who.mouth_y + who.lip_low + 0.17 * shots.gape + 0.03
    inner = smooth((x / corner - 0.85) * 5)
    edge = lip + (cheeks - lip) * inner
    region = canvas.cover(edge - y, 0.05)
    if who.beard == "goatee":
        region = region * ramp((corner + 0.04 - x) / 0.06)
    if who.beard == "moustache":
        region = np.zeros_like(region)
    top = who.mouth_y - who.lip_up - 0.11 * smile * (x * x / (corner * corner) - 0.35)
    droop = 0.12 * (x / corner) ** 2
    band = np.maximum(np.abs(y - top + 0.055 - droop) - 0.055, (x - corner - 0.03))
    lip_hair = canvas.cover(band, 0.03)
    whole = np.maximum(region, lip_hair * (who.beard != "none")) * head.cover
    fine = 0.75 + 0.25 * _strand(who, head.x * 37 + 3 * np.floor(head.y * 9))
    canvas.paint(whole * fine * thick, [0.8 * part for part in who.hair])
    if who.beard == "full":
        canvas.bend(region * head.cover * 0.6, head.depth + 0.06 * smooth((y - edge) / 0.12))
