"""A person's pictures, painted from the wall behind to what hides the face."""

import numpy as np

from centerviz.data.heads import body, camera, covers, features, hair
from centerviz.data.heads.canvas import Canvas, blank
from centerviz.data.heads.shell import surface
from centerviz.data.heads.shots import COVERS, Shots, shots
from centerviz.data.heads.traits import Traits, traits

BATCH = 8  # pictures at once; more leave the cache


def painted(
    number: int, indices: np.ndarray, strength: dict[str, float], seed: int, side: int
) -> np.ndarray:
    """Pictures `indices` (n,) of person `number`: (n, side, side, 3) uint8.

    A picture is the same whichever others are painted with it.
    """
    who, taken = traits(number, seed), shots(number, indices, strength, seed)
    pictures = np.empty((len(indices), side, side, 3), dtype=np.uint8)
    for kind in range(len(COVERS)):
        alike = np.flatnonzero(taken.kind.ravel() == kind)
        for start in range(0, len(alike), BATCH):
            rows = alike[start : start + BATCH]
            canvas = _portrait(who, taken.only(rows), side)
            grain = camera.grain(number, indices[rows], seed, side)
            pictures[rows] = camera.exposed(canvas, grain)
    return pictures


def _portrait(who: Traits, taken: Shots, side: int) -> Canvas:
    """The painting, from back to front."""
    canvas = blank(taken, side)
    body.background(canvas)
    hair.behind(canvas, who)
    body.shoulders(canvas, who)
    head = surface(canvas, who)
    body.skin(canvas, who, head)
    body.ears(canvas, who, head)
    features.eyes(canvas, who, head)
    features.nose(canvas, who, head)
    features.beard(canvas, who, head)
    features.mouth(canvas, who, head)
    features.brows(canvas, who, head)
    hair.top(canvas, who, head)
    hair.locks(canvas, who, head)
    covers.glasses(canvas, who, head)
    covers.cover(canvas, who, head)
    return canvas
