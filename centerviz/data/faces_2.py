"""faces-2: 500 painted persons in 20,000 pictures of 64×64 pixels, in colour.

Heads in the round, lit by a lamp: what makes pictures of one person differ (article §1.2) are six
nuisances with a strength each, from 0 (none) to 1. Colour, because skin, hair and light are part
of how persons are told apart and mistaken; it costs the network only its first layer. The painting
never changes under the name faces-2, and is the same to the bit on every machine (see `canvas`).
"""

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from centerviz.data import kept
from centerviz.data.dataset import Dataset
from centerviz.data.drawn import arrangement, drawn_dataset, strengths, words
from centerviz.data.heads.picture import painted
from centerviz.data.heads.shots import NUISANCES
from centerviz.problem import Problem

SIDE = 64
SEED = 1
COUNTS = {"identities": (500, 10, 1000), "samples": (40, 4, 40)}  # usual, least, most
VERIFIED = 5  # one person of so many is only verified
DRAWN_AT_ONCE = 2_000  # pictures, a few seconds; more are kept in a file
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)  # strengths of a strip
TRIED = 8  # pictures among which a strip takes the most telling


@dataclass(frozen=True)
class Spec:
    """What stands behind the colon."""

    strength: dict[str, float]
    identities: int
    samples: int  # pictures of a person

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the pictures, person by person."""
        return self.identities, self.samples, SIDE, SIDE, 3

    @property
    def small(self) -> bool:
        """Drawn faster than a file is worth."""
        return self.identities * self.samples <= DRAWN_AT_ONCE

    @property
    def name(self) -> str:
        """Of the file that keeps the pictures."""
        told = repr((SEED, *sorted(self.strength.items()), self.shape))
        return f"faces-2-{hashlib.sha256(told.encode()).hexdigest()[:16]}"

    def person(self, number: int, count: int | None = None) -> np.ndarray:
        """The first `count` pictures of a person, or all: (count, 64, 64, 3) uint8."""
        indices = np.arange(self.samples if count is None else count)
        return painted(number, indices, self.strength, SEED, SIDE)


def read(given: str) -> Spec:
    """The spec in words: strengths 0…1, and how many persons and pictures of each.

    Raises Problem for unknown names and for values out of bounds.

    >>> read("pose=1, identities=20, samples=5").shape
    (20, 5, 64, 64, 3)
    """
    counts, rest = {}, words(given)
    for name, (usual, least, most) in COUNTS.items():
        value = rest.pop(name, str(usual))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise Problem(
                "{name} of {dataset} was given as {value}; it must be a whole number from {least} "
                "to {most}.",
                name=name,
                dataset="faces-2",
                value=value or "''",
                least=least,
                most=most,
            )
        counts[name] = int(value)
    strength = strengths("faces-2", ",".join(f"{k}={v}" for k, v in rest.items()), NUISANCES)
    return Spec(strength, **counts)


def faces(given: str = "") -> Dataset:
    """The whole data set; four persons of five are trained, the others are only in verify.

    Of each trained person's pictures a tenth is val and about a seventh test.

    >>> faces("identities=10,samples=4").inputs.shape
    (40, 64, 64, 3)
    """
    spec = read(given)
    verified, val, test = spec.identities // VERIFIED, max(spec.samples // 10, 1), spec.samples * 3
    test = max(test // 20, 1)
    images = {"train": spec.samples - val - test, "val": val, "test": test, "verify": spec.samples}
    order = arrangement(spec.identities - verified, verified, images)
    pictures = _pictures(spec).reshape(-1, SIDE, SIDE, 3)
    return drawn_dataset("faces-2", pictures, *order, digits=3)


def drawing(given: str) -> Iterator[tuple[int, int]]:
    """Put the pictures into their file where they are not; yields persons done and to do.

    Yields nothing for small sets and for those that are there.
    """
    spec = read(given)
    if spec.small or kept.found(kept.place(spec.name), spec.shape, spec.person) is not None:
        return
    try:
        for done in kept.write(kept.place(spec.name), spec.shape, spec.person):
            yield done, spec.identities
    except OSError:
        return  # no room or no right to write: `faces` draws them into memory


def _pictures(spec: Spec) -> np.ndarray:
    """Pictures of `spec.shape`, from memory or from their file."""
    if not spec.small:
        path = kept.place(spec.name)
        pictures = kept.found(path, spec.shape, spec.person)
        if pictures is None:
            with contextlib.suppress(OSError):  # no room or no right to write
                for _ in kept.write(path, spec.shape, spec.person):
                    pass
                pictures = kept.found(path, spec.shape, spec.person)
        if pictures is not None:
            return pictures
    return np.stack([spec.person(number) for number in range(spec.identities)])


def nuisance_strip(number: int) -> dict[str, np.ndarray]:
    """Person `number` under each nuisance alone, at strengths 0, ¼, ½, ¾ and 1.

    Nuisance -> (5, 64, 64, 3) uint8. Of the person's first pictures the one that changes most.
    """
    none = dict.fromkeys(NUISANCES, 0.0)
    strips = {}
    for nuisance in NUISANCES:
        full = none | {nuisance: 1.0}
        tried = painted(number, np.arange(TRIED), full, SEED, SIDE).astype(np.float64)
        plain = painted(number, np.arange(1), none, SEED, SIDE)
        telling = int(np.abs(tried - plain).mean(axis=(1, 2, 3)).argmax())
        steps = [none | {nuisance: step} for step in STEPS]
        strips[nuisance] = np.concatenate(
            [painted(number, np.array([telling]), step, SEED, SIDE) for step in steps]
        )
    return strips
