"""How a picture is taken: pose, light, expression, what covers the face, noise and blur.

Every number is drawn in every case and then scaled by the strength of its nuisance: the same
picture with more pose is the same head turned further. Angles are drawn as tangents of their half,
from which sine and cosine follow by division alone.
"""

from dataclasses import dataclass, fields

import numpy as np

NUISANCES: dict[str, float] = {
    "pose": 0.7,
    "light": 0.7,
    "expression": 0.7,
    "occlusion": 0.6,
    "noise": 0.4,
    "blur": 0.4,
}
COVERS = ("nothing", "glasses", "scarf", "hand")


@dataclass(frozen=True)
class Shots:
    """n pictures; each field (n, 1, 1) float32."""

    sin_yaw: np.ndarray
    cos_yaw: np.ndarray
    sin_roll: np.ndarray
    cos_roll: np.ndarray
    scale: np.ndarray
    shift_x: np.ndarray  # head units
    shift_y: np.ndarray
    light_x: np.ndarray  # towards the light, length 1
    light_y: np.ndarray
    light_z: np.ndarray
    key: np.ndarray  # brightness from there
    fill: np.ndarray  # brightness from everywhere
    tint: np.ndarray  # above 0 warm
    smile: np.ndarray  # −1 … 1
    gape: np.ndarray  # 0 closed … 1 open mouth
    brows: np.ndarray  # −1 drawn down … 1 raised
    squint: np.ndarray  # 0 open … 1 nearly closed
    gaze: np.ndarray  # −1 to the left … 1
    kind: np.ndarray  # which of COVERS
    cover: np.ndarray  # 0 nothing … 1 all that it can cover
    side: np.ndarray  # −1 or 1: where a hand comes from
    dye: np.ndarray  # 0 … 1: colour of a scarf
    noise: np.ndarray  # 0 … 1
    blur: np.ndarray  # 0 … 1

    def only(self, rows: np.ndarray) -> "Shots":
        """Some of the pictures."""
        return Shots(*(getattr(self, field.name)[rows] for field in fields(self)))


def shots(number: int, indices: np.ndarray, strength: dict[str, float], seed: int) -> Shots:
    """Pictures `indices` (n,) of person `number`, each from random numbers of its own."""
    draws = [np.random.default_rng([seed, 1, number, int(i)]).random(24) for i in indices]
    u = (2 * np.array(draws) - 1).astype(np.float32).T[:, :, None, None]  # −1 … 1
    pose, light, expression = (np.float32(strength[k]) for k in ("pose", "light", "expression"))
    sin_yaw, cos_yaw = _turned(0.40 * pose * u[0])
    sin_roll, cos_roll = _turned(0.17 * pose * u[1])
    aim_x, aim_y = 0.22 + 2.2 * light * u[5], -0.35 + 1.1 * light * u[6]
    length = np.sqrt(aim_x * aim_x + aim_y * aim_y + 1)
    kind = np.floor((u[13] + 1) * 0.5 * len(COVERS))
    hidden = np.float32(strength["occlusion"]) * np.where(kind > 0, 0.3 + 0.7 * np.abs(u[14]), 0)
    return Shots(
        sin_yaw=sin_yaw,
        cos_yaw=cos_yaw,
        sin_roll=sin_roll,
        cos_roll=cos_roll,
        scale=1 + 0.16 * pose * u[2],
        shift_x=0.2 * pose * u[3],
        shift_y=0.16 * pose * u[4],
        light_x=aim_x / length,
        light_y=aim_y / length,
        light_z=1 / length,
        key=0.66 * (1 + 0.35 * light * u[7]),
        fill=0.52 - 0.3 * light * np.abs(u[8]),
        tint=0.14 * light * u[9],
        smile=expression * u[10],
        gape=expression * np.maximum(u[11] * 1.6 - 0.6, 0),
        brows=expression * u[12],
        squint=expression * np.maximum(u[15], 0) * np.abs(u[15]),
        gaze=expression * u[16],
        kind=kind.astype(np.float32),
        cover=np.sqrt(hidden).astype(np.float32),
        side=np.where(u[17] < 0, -1, 1).astype(np.float32),
        dye=(u[18] + 1) * 0.5,
        noise=np.float32(strength["noise"]) * (0.4 + 0.6 * np.abs(u[19])),
        blur=np.float32(strength["blur"]) * (0.3 + 0.7 * np.abs(u[20])),
    )


def _turned(half: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sine and cosine of the angle whose half has the tangent `half`."""
    square = half * half
    return 2 * half / (1 + square), (1 - square) / (1 + square)
