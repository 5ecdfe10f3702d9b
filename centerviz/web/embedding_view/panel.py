"""A map as it travels to the browser: numbers as base64 blocks, words as JSON.

Letters: E epochs · F frames, 1 or E · N rows of a panel · C classes · `dims` 2 or 3.
"""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from centerviz.figures.colouring import Colouring, shades
from centerviz.figures.maps import CLOUD, crowd
from centerviz.figures.theme import Figure

MOST_FACTS = 4_000_000  # numbers that a hover shows; of more rows a click has to ask for them
MOST_WINDOWS = 4  # of frames that are kept packed, as several sessions may look at one panel


@dataclass(frozen=True)
class Density:
    """How many rows fall into each cell of a 2-D map, of more rows than are drawn as points."""

    counts: np.ndarray  # (H, W) int, the first row is the lowest
    low: np.ndarray  # (2,) corner of the first cell
    high: np.ndarray  # (2,) opposite corner


@dataclass(frozen=True)
class Panel:
    """One map. Its traces say what they are in `meta` (figures.maps writes that).

    `ids` link panels: the same id is the same sample. Without `frames` the figure stands still.
    A crowd (`maps.crowd`) is drawn by WebGL2 from frames and groups, which it needs.
    """

    title: str
    figure: Figure  # from figures.maps.embedding_map, its `extent` that of all frames
    ids: np.ndarray  # (N,) str
    frames: np.ndarray | None = None  # (E, N, dims): the points of every epoch
    labels: np.ndarray | None = None  # (N,) classes; None: there are none
    class_names: Sequence[str] = ()
    colouring: Colouring | None = None  # what the figure was given
    facts: np.ndarray | None = None  # (F, N, 4) from `movie.Space.facts`, for the hover
    centers: np.ndarray | None = None  # (E, C, dims): kept centers
    means: np.ndarray | None = None  # (E, C, dims): true class means, NaN where absent
    radii: np.ndarray | None = None  # (E, C): ring or sphere around each mean
    readouts: Sequence[Sequence[str]] | None = None  # per epoch: short strings under the map
    alt: str = ""  # what a person who cannot see the map should read
    marks: dict | None = None  # what can be pointed at, from figures.lesson_terms
    density: Density | None = None  # 2-D, of all rows where only some are drawn

    @property
    def crowded(self) -> bool:
        """True where the view draws the points itself."""
        groups = 0 if self.colouring is None else len(self.colouring.names)
        return crowd(len(self.ids), groups)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each id."""
        return {name: row for row, name in enumerate(np.asarray(self.ids, dtype=str).tolist())}

    @cached_property
    def stamp(self) -> int:
        """Another number for other samples."""
        return zlib.crc32(np.ascontiguousarray(self.ids, dtype=str).tobytes())

    @property
    def map_stamp(self) -> int:
        """Another number where the same samples stand elsewhere."""
        frames = 0 if self.frames is None else len(self.frames)
        axes = self.figure.layout
        axes = axes.scene if "scene" in axes else axes
        said = [(a.title.text, a.range) for a in (axes[f"{x}axis"] for x in "xyz"[: self.dims])]
        return zlib.crc32(repr((self.stamp, frames, said)).encode())

    @property
    def dims(self) -> int:
        """2 or 3."""
        return 2 if self.frames is None else self.frames.shape[2]

    @cached_property
    def packed(self) -> dict:
        """What the browser gets of it besides frames and the numbers of its samples."""
        return {
            "title": self.title,
            "alt": self.alt,
            "marks": self.marks,
            "figure": self.figure.to_json(validate=False),
            "count": len(self.ids),
            "crowd": self.crowded,
            "labels": None if self.labels is None else integers(self.labels),
            "classes": list(self.class_names) if self.facts is not None or self.crowded else [],
            "ids": self._ids(),
            "groups": self._groups(),
            "byClass": self.colouring is None or self.colouring.of_classes,
            "scale": self._scale(),
            "centers": block(self.centers),
            "means": block(self.means),
            "radii": block(self.radii),
            "density": self._density(),
            "readouts": self.readouts and [list(line) for line in self.readouts],
        }

    @property
    def bytes_of_frame(self) -> int:
        """What one frame weighs on its way."""
        moving = [self.frames, *self._by_frame().values()]
        sizes = [a[0].nbytes for a in moving if a is not None and len(a) > 1]
        return sum(sizes)

    def frames_packed(self, first: int, last: int) -> dict:
        """The frames first…last−1 of all that changes with the epochs."""
        window = (first, last)
        found = self._windows.get(window)
        if found is None:
            found = {"frames": block(self.frames, window)}
            found |= {name: block(a, window) for name, a in self._by_frame().items()}
            for old in list(self._windows)[: 1 - MOST_WINDOWS]:
                self._windows.pop(old, None)
            self._windows[window] = found
        return found

    @cached_property
    def _windows(self) -> dict[tuple[int, int], dict]:
        """What was packed before, the latest windows of frames."""
        return {}

    def _by_frame(self) -> dict[str, np.ndarray | None]:
        """Numbers of each row that may change with the epochs, float32 or small integers."""
        colouring, facts = self.colouring, self.facts
        of = values = None
        if colouring is not None and (self.crowded or len(colouring.groups) > 1):
            of = colouring.groups[:, :, None].astype("<i4")
        if colouring is not None and colouring.values is not None:
            values = colouring.values[:, :, None].astype("<f4")
        if facts is not None and facts[0].size > MOST_FACTS:
            facts = None
        return {"of": of, "values": values, "facts": facts}

    def _ids(self) -> list[str] | None:
        return np.asarray(self.ids, dtype=str).tolist() if len(self.ids) <= CLOUD else None

    def _groups(self) -> dict | None:
        """Names, colours and marks of the groups of a crowd, whose figure has one trace."""
        colouring = self.colouring
        if colouring is None or not self.crowded:
            return None
        some = range(min(len(colouring.names), 160))  # colours and marks repeat before that
        return {
            "names": list(colouring.names),
            "colours": list(colouring.colours) or [colouring.colour(j) for j in some],
            "marks": [colouring.symbol(j, self.dims) for j in some],
        }

    def _scale(self) -> dict | None:
        """The colour bar."""
        if self.colouring is None or self.colouring.values is None:
            return None
        (low, high), beyond = self.colouring.span, list(self.colouring.beyond)
        ends = {"low": low, "high": high, "beyond": beyond}
        return {"title": self.colouring.title, "colours": shades(), **ends}

    def _density(self) -> dict | None:
        """Shades of the cells, 0 to 255 by the logarithm of their counts."""
        if self.density is None:
            return None
        counts = np.log1p(self.density.counts)
        shade = np.round(255 * counts / max(counts.max(), 1e-9)).astype(np.uint8)
        return {
            "shape": list(shade.shape),
            "bdata": base64.b64encode(shade.tobytes()).decode(),
            "low": self.density.low.tolist(),
            "high": self.density.high.tolist(),
        }


def block(values: np.ndarray | None, window: tuple[int, int] | None = None) -> dict | None:
    """Frames of an array as shape and base64; (E, K) becomes (E, K, 1). Floats are float32.

    `window` takes the frames first…last−1 of several; `first` and `total` then say which.
    """
    if values is None:
        return None
    kind = "i4" if values.dtype.kind in "iu" else "f4"
    total, (first, last) = len(values), window or (0, len(values))
    if total == 1:
        first, last = 0, 1
    values = np.ascontiguousarray(values[first:last], dtype=f"<{kind}")
    shape = values.shape if values.ndim == 3 else (*values.shape, 1)
    bdata = base64.b64encode(values.tobytes()).decode()
    return {"shape": list(shape), "dtype": kind, "bdata": bdata, "first": first, "total": total}


def integers(values: Sequence[int] | np.ndarray) -> dict:
    raw = np.asarray(values, dtype="<i4").tobytes()
    return {"dtype": "i4", "bdata": base64.b64encode(raw).decode()}
