"""Who is portrayed: what stays the same in every picture of a person.

Numbers hang together as they do among people, by three leanings that are not told to anybody:
how soft the features are, how old and how heavy; all overlap widely between persons.
"""

from dataclasses import dataclass

import numpy as np

from centerviz.data.faces import BEARDS, FRAMES, HAIRS, IRISES, SKINS, between

STYLES = (
    "bald", "buzz", "short", "side", "swept", "curly", "receding",
    "fringe", "bob", "long", "waves", "bun", "pixie",
)  # fmt: skip
LONG = ("bob", "long", "waves")
Colour = tuple[float, float, float]  # 0 … 1


@dataclass(frozen=True)
class Traits:
    """One person; lengths in units of half the height of a head, colours 0…1."""

    skin: Colour
    hair: Colour
    iris: Colour
    lips: Colour
    frame: Colour
    style: str
    beard: str
    glasses: str
    width: float  # of the head, from the middle
    chin: float  # height of the lower half
    jaw: float  # low is square, high is pointed
    crown: float  # the same of the skull
    cheek: float  # how far the cheekbones stand out
    eye_gap: float  # from the middle
    eye_y: float
    eye_wide: float
    eye_high: float
    eye_tilt: float
    fold: float  # of the upper lid
    lash: float
    brow_y: float  # above the eye
    brow_thick: float
    brow_arch: float
    brow_tilt: float
    brow_wide: float
    nose_tip: float  # y
    nose_wide: float
    nose_bridge: float
    nose_out: float
    mouth_y: float
    mouth_wide: float
    lip_up: float
    lip_low: float
    mood: float  # where the corners of the mouth rest
    ears: float
    ear_out: float
    age: float  # lines and shadows, 0 … 1
    blush: float
    freckles: float
    mole_x: float
    mole_y: float
    forehead: float  # y of the hairline
    temple: float
    part: float
    volume: float
    length: float  # of long hair, y
    strands: np.ndarray  # (64,) float32, 0…1: how they are lit, how they end


def traits(number: int, seed: int) -> Traits:
    """Person `number`, who looks the same however many others there are."""
    rng = np.random.default_rng([seed, 0, number])
    soft, age, heavy = (float(v) for v in rng.random(3))
    male = soft < 0.5
    u = iter((2 * rng.random(128) - 1).tolist())
    near = lambda middle, by: middle + by * 0.5 * (next(u) + next(u))  # noqa: E731
    chance = lambda: (next(u) + 1) / 2  # noqa: E731
    pick = lambda values: values[min(int(chance() * len(values)), len(values) - 1)]  # noqa: E731
    tone = chance()
    skin = _colour(between(SKINS, 0.93 * tone), near(0, 0.05), near(0, 0.02))
    hairs = HAIRS[:3] if tone > 0.55 else (*HAIRS[:5], *HAIRS[:6])
    hair = _colour(HAIRS[6 + (next(u) > 0)] if age > 0.86 else pick(hairs), near(0, 0.08), 0.0)
    style = pick(STYLES[:7] if male else STYLES[7:])
    lean = 2 * soft - 1
    return Traits(
        skin=skin,
        hair=hair,
        iris=_colour(pick(IRISES[:2] if tone > 0.5 else IRISES), near(0, 0.05), 0.0),
        lips=_lips(skin, 0.3 + 0.25 * soft + near(0, 0.25)),
        frame=_colour(pick(FRAMES), 0.0, 0.0),
        style=style,
        beard=pick(BEARDS) if male else "none",
        glasses=pick(("none",) * 9 + ("round", "square", "wide")),
        width=near(0.69, 0.075) + 0.04 * heavy - 0.015 * lean,
        chin=near(1.0, 0.07) - 0.02 * lean,
        jaw=near(0.72, 0.4) + 0.22 * lean - 0.25 * heavy,
        crown=near(0.62, 0.25),
        cheek=near(0.03, 0.07),
        eye_gap=near(0.30, 0.045),
        eye_y=near(-0.02, 0.06),
        eye_wide=near(0.148, 0.028) + 0.008 * lean,
        eye_high=near(0.075, 0.028) + 0.012 * lean,
        eye_tilt=near(0.025, 0.07),
        fold=near(0.05, 0.035),
        lash=0.35 + 0.5 * soft + near(0, 0.15),
        brow_y=near(0.2, 0.055) + 0.02 * lean,
        brow_thick=near(0.045, 0.026) - 0.012 * lean,
        brow_arch=near(0.05, 0.055) + 0.012 * lean,
        brow_tilt=near(-0.03, 0.07),
        brow_wide=near(0.19, 0.04),
        nose_tip=near(0.34, 0.075),
        nose_wide=near(0.155, 0.05) - 0.012 * lean,
        nose_bridge=near(0.075, 0.03),
        nose_out=near(0.26, 0.08),
        mouth_y=near(0.59, 0.055),
        mouth_wide=near(0.25, 0.055),
        lip_up=near(0.045, 0.028) + 0.008 * lean,
        lip_low=near(0.07, 0.032) + 0.012 * lean,
        mood=near(0.0, 0.35),
        ears=near(0.2, 0.05),
        ear_out=near(0.05, 0.05),
        age=age,
        blush=max(near(0.1, 0.5), 0.0),
        freckles=max(near(-0.4, 1.2), 0.0) * (tone < 0.5),
        mole_x=near(0.0, 0.9),
        mole_y=near(0.25, 0.7) if chance() < 0.25 else 9.0,
        forehead=near(-0.61, 0.12) - 0.05 * age * male,
        temple=near(0.0, 0.12),
        part=near(0.0, 0.7),
        volume=near(0.14, 0.08),
        length=near(1.05, 0.4),
        strands=rng.random(64).astype(np.float32),
    )


def _colour(rgb: tuple[int, int, int], lighter: float, warmer: float) -> Colour:
    """A colour 0…1, somewhat lighter or darker, warmer or colder."""
    shares = (1 + lighter + warmer, 1 + lighter, 1 + lighter - warmer)
    return tuple(min(value / 255 * share, 1.0) for value, share in zip(rgb, shares, strict=True))


def _lips(skin: Colour, red: float) -> Colour:
    """Darker and redder than the skin."""
    return tuple(
        (1 - red) * 0.86 * own + red * other
        for own, other in zip(skin, (0.66, 0.24, 0.26), strict=True)
    )
