"""faces-1: drawn persons, and what makes pictures of one person differ (article §1.2).

Each nuisance has a strength from 0 (none) to 1. Every picture draws its own random numbers, keyed
by person and number of the picture, and the strengths only scale them: the same picture with more
pose is the same head turned further. The drawing never changes under the name faces-1.
"""

import numpy as np
from PIL import Image, ImageDraw

from centerviz.data.dataset import Dataset
from centerviz.data.drawn import arrangement, drawn_dataset
from centerviz.data.face_parts import CUTS, OCCLUDERS, PARTS
from centerviz.data.face_pen import UNITS, Pen, Person, View

FACE_NUISANCES: dict[str, float] = {
    "pose": 0.5,
    "light": 0.5,
    "expression": 0.5,
    "occlusion": 0.3,
    "noise": 0.3,
}
TRAINED, VERIFIED = 40, 20  # persons
IMAGES = {"train": 20, "val": 4, "test": 6, "verify": 15}  # of each person
SIZE = 32
SUPERSAMPLING = 4
BACKGROUND = (190, 198, 208)
SEED = 1

SKINS = ((255, 224, 196), (244, 204, 170), (226, 178, 138), (198, 144, 102), (160, 108, 74),
          (128, 84, 58), (104, 70, 52))  # fmt: skip
HAIRS = ((32, 26, 28), (58, 38, 28), (104, 66, 40), (150, 104, 58), (216, 178, 104),
          (168, 70, 36), (150, 150, 154), (228, 226, 220))  # fmt: skip
IRISES = ((74, 46, 28), (110, 74, 40), (66, 110, 66), (60, 108, 160), (96, 112, 124))
FRAMES = ((30, 30, 34), (120, 30, 36), (34, 62, 120), (150, 112, 52))
MARKS = ("none", "none", "none", "freckles", "blush", "mole")
BEARDS = ("none", "none", "none", "stubble", "moustache", "goatee", "full")
GLASSES = ("none", "none", "none", "round", "square")
LONG = ("bob", "long", "waves", "bun", "pigtails", "fringe")


def faces(strength: dict[str, float], seed: int = SEED) -> Dataset:
    """The whole data set: 40 persons in train, val and test, 20 others only in verify."""
    persons, numbers, splits = arrangement(TRAINED, VERIFIED, IMAGES)
    who = [person(number, seed) for number in range(TRAINED + VERIFIED)]
    pictures = [
        face(who[p], p, i, strength, seed)
        for p, i in zip(persons.tolist(), numbers.tolist(), strict=True)
    ]
    return drawn_dataset("faces-1", np.stack(pictures), persons, numbers, splits, 2)


def face(
    who: Person, number: int, index: int, strength: dict[str, float], seed: int = SEED
) -> np.ndarray:
    """Picture `index` of person `number`: (32, 32, 3) uint8."""
    rng = np.random.default_rng([seed, 1, number, index])
    picture = drawn(who, _view(rng, strength))
    noise = rng.normal(size=(SIZE, SIZE, 3)) * 26 * strength["noise"]
    return np.rint(np.clip(picture + noise, 0, 255)).astype(np.uint8)


def drawn(who: Person, view: View) -> np.ndarray:
    """The person in one view, without noise: (32, 32, 3) float64, 0…255.

    Drawn larger and averaged down, so that edges are smooth.
    """
    side = SIZE * SUPERSAMPLING
    image = Image.new("RGB", (side, side), BACKGROUND)
    pen = Pen(ImageDraw.Draw(image), who, view, side)
    for part in PARTS:
        part(pen, who, view)
    picture = np.asarray(image.reduce(SUPERSAMPLING), dtype=np.float64)
    return np.clip(picture * _light(view), 0, 255)


def _light(view: View) -> np.ndarray:
    """How bright each pixel and colour is: more towards the light, as on a ball; (32, 32, 3)."""
    ball = np.clip(((np.arange(SIZE) + 0.5) / SIZE - 0.5) * UNITS / 1.1, -1, 1)
    towards = view.light.real * ball[None, :] + view.light.imag * ball[:, None]
    brightness = view.gain * np.exp(0.9 * (towards - 0.45 * abs(view.light)))
    return brightness[..., None] * np.exp(view.tint * np.array([1.0, 0.0, -1.0]))


def _view(rng: np.random.Generator, strength: dict[str, float]) -> View:
    """One view; every number is drawn in every case, and then scaled by its strength."""
    u = rng.uniform(-1, 1, 16)
    pose, light = strength["pose"], strength["light"]
    expression, occlusion = strength["expression"], strength["occlusion"]
    angle = np.pi * u[6]
    return View(
        yaw=0.72 * pose * u[0],
        pitch=0.3 * pose * u[1],
        roll=0.3 * pose * u[2],
        scale=1 + 0.14 * pose * u[3],
        shift=complex(0.16 * pose * u[4], 0.12 * pose * u[5]),
        light=complex(0.8 * light * np.cos(angle), 0.55 * light * np.sin(angle)),
        gain=float(np.exp(0.25 * light * u[7])),
        tint=0.16 * light * u[8],
        smile=expression * u[9],
        mouth_open=expression * max(u[10], 0.0),
        brow_raise=expression * u[11],
        squint=expression * max(u[12], 0.0) ** 2,
        occluder=OCCLUDERS[int((u[13] + 1) / 2 * len(OCCLUDERS)) % len(OCCLUDERS)],
        from_left=bool(u[15] < 0),
        covered=occlusion * max((u[14] + 0.2) / 1.2, 0.0),  # two pictures of five stay free
    )


def person(number: int, seed: int = SEED) -> Person:
    """Person `number`, who looks the same however many others there are."""
    rng = np.random.default_rng([seed, 0, number])
    spread = lambda low, high: float(rng.uniform(low, high))  # noqa: E731
    one_of = lambda values: values[rng.integers(len(values))]  # noqa: E731
    style = list(CUTS)[(number * 7 + seed) % len(CUTS)]
    skin = between(SKINS, spread(0, 1))
    dark = sum(skin) < 380
    hair = one_of(HAIRS[:2] if dark and spread(0, 1) < 0.75 else HAIRS)
    long = style in LONG
    return Person(
        skin=skin,
        hair=hair,
        style=style,
        width=spread(0.66, 0.86),
        jaw=spread(0.6, 1.15),
        chin=spread(0.88, 1.06),
        eye_gap=spread(0.27, 0.38),
        eye_size=spread(0.12, 0.19),
        eye_tilt=spread(-0.1, 0.3),
        iris=one_of(IRISES[:2] if dark else IRISES),
        brow_thick=spread(0.06, 0.17),
        brow_arch=spread(0.0, 0.13),
        nose_length=spread(0.24, 0.42),
        nose_width=spread(0.1, 0.2),
        mouth_width=spread(0.2, 0.36),
        mouth_y=spread(0.54, 0.64),
        lips=spread(0.03, 0.09),
        lip_red=spread(0.35, 0.9) if long else spread(0.1, 0.35),
        beard=one_of(BEARDS) if not long else "none",
        glasses=one_of(GLASSES),
        frame=one_of(FRAMES),
        ears=spread(0.1, 0.17),
        mark=one_of(MARKS),
        lashes=long,
    )


def between(colours: tuple, place: float) -> tuple[int, int, int]:
    """The colour at `place` (0…1) along a row of colours."""
    steps = np.linspace(0, 1, len(colours))
    return tuple(round(float(np.interp(place, steps, part))) for part in zip(*colours, strict=True))
