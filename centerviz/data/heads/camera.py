"""What light, lens and film do to a painted picture."""

import numpy as np

from centerviz.data.heads.canvas import Canvas

GRAIN = np.float32(24.0 / 147.8)  # of the noise at full strength, in grey levels of 0…255


def exposed(canvas: Canvas, noise: np.ndarray) -> np.ndarray:
    """The pictures as the camera keeps them: (n, S, S, 3) uint8.

    `noise` (3, n, S, S) at strength 1, in grey levels.
    """
    light = _blurred(_lit(canvas), canvas.shots.blur) * 255 + noise * canvas.shots.noise
    levels = np.rint(np.minimum(np.maximum(light, 0), 255)).astype(np.uint8)
    return np.ascontiguousarray(levels.transpose(1, 2, 3, 0))


def _lit(canvas: Canvas) -> np.ndarray:
    """Colour times light: from everywhere, and from the lamp as far as a surface faces it.

    Lambert's law, a little softened, and a highlight where the surface mirrors the lamp.
    """
    shots = canvas.shots
    normal = 1 / np.sqrt(1 + canvas.slope_x * canvas.slope_x + canvas.slope_y * canvas.slope_y)
    towards = (
        shots.light_z - canvas.slope_x * shots.light_x - canvas.slope_y * shots.light_y
    ) * normal
    facing = np.maximum((towards + 0.15) / 1.15, 0)
    brightness = shots.fill + shots.key * facing
    mirrored = np.maximum(2 * towards * normal - shots.light_z, 0)
    shine = mirrored * mirrored
    shine = shine * shine
    shine = 0.1 * shots.key * shine * shine * shine
    warm = np.stack([1 + shots.tint, np.ones_like(shots.tint), 1 - shots.tint])
    light = canvas.colour * (brightness * warm) + shine
    over = np.maximum(light - 0.8, 0)
    return light - over * over / (over + 0.4)


def _blurred(light: np.ndarray, blur: np.ndarray) -> np.ndarray:
    """Mixed with neighbours one and two pixels away, both ways; at blur 1, σ = 1.6 pixels."""
    share = np.float32(0.25) * blur
    for step in (1, 2):
        for axis in (2, 3):
            ahead = _moved(light, step, axis)
            back = _moved(light, -step, axis)
            light = light + share * (ahead + back - 2 * light)
    return light


def _moved(light: np.ndarray, step: int, axis: int) -> np.ndarray:
    """Everything `step` pixels on; the edge repeats."""
    side = light.shape[axis]
    places = np.minimum(np.maximum(np.arange(side) + step, 0), side - 1)
    return light.take(places, axis)


def grain(number: int, indices: np.ndarray, seed: int, side: int) -> np.ndarray:
    """The noise of some pictures of a person at strength 1: (3, n, side, side) float32.

    In grey levels; four random bytes summed are nearly a Gaussian.
    """
    rngs = [np.random.default_rng([seed, 2, number, int(i)]) for i in indices]
    content = b"".join(rng.bytes(12 * side * side) for rng in rngs)
    dice = np.frombuffer(content, np.uint8).reshape(len(rngs), 3, side, side, 4)
    total = sum(dice[..., k].astype(np.float32) for k in range(4)) - 510
    return total.transpose(1, 0, 2, 3) * GRAIN
