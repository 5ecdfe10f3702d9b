"""`embedding_view`: panels side by side, one play bar, linked hover and selection.

The points of all epochs travel once; the browser plays them. Python hears only of what a person
settled on: the epoch where playing stopped, the clicked sample, the selected ones.

Letters: E epochs (frames), N rows of a panel, C classes, `dims` 2 or 3.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import streamlit as st

from centerviz.figures.maps import CLOUD
from centerviz.figures.theme import Figure
from centerviz.language import _
from centerviz.web.component import component
from centerviz.web.embedding_view.outline import inside

STATES = ("epoch", "pinned", "selection")  # what page and browser both may change
LET_GO = -1  # how the browser says that nothing is pinned any more
ROUNDS = 2  # how often a map plays by itself before it rests on the last epoch


@dataclass(frozen=True)
class Panel:
    """One map. Its traces say what they are in `meta` (figures.maps writes that).

    `ids` link panels: the same id is the same sample. Without `frames` the figure stands still.
    Above `maps.CLOUD` rows the points are a cloud: drawn by WebGL2 from frames and labels.
    """

    title: str
    figure: Figure  # from figures.maps.embedding_map, its `extent` that of all frames
    ids: np.ndarray  # (N,) str
    frames: np.ndarray | None = None  # (E, N, dims): the points of every epoch; E = 1 for a cloud
    labels: np.ndarray | None = None  # (N,): a cloud needs them; None: no classes
    centers: np.ndarray | None = None  # (E, C, dims): kept centers
    means: np.ndarray | None = None  # (E, C, dims): true class means, NaN where absent
    radii: np.ndarray | None = None  # (E, C): ring around each mean (2-D only)
    readouts: Sequence[Sequence[str]] | None = None  # per epoch: short strings under the map
    alt: str = ""  # what a person who cannot see the map should read
    marks: dict | None = None  # what can be pointed at, from figures.lesson_terms

    @cached_property
    def packed(self) -> dict:
        """What the browser gets of it besides the numbers of its samples."""
        return {
            "title": self.title,
            "alt": self.alt,
            "marks": self.marks,
            "figure": self.figure.to_json(validate=False),
            "labels": _cloud_labels(self),
            "frames": _block(self.frames),
            "centers": _block(self.centers),
            "means": _block(self.means),
            "radii": _block(self.radii),
            "readouts": self.readouts and [list(line) for line in self.readouts],
        }


@dataclass(frozen=True)
class Sprite:
    """Thumbnails in one sheet: the address from `asgi.offer` and the tile of each id."""

    url: str
    tile: int  # pixels of a square tile
    columns: int
    rows: int
    ids: np.ndarray  # (M,) str, in the order of the tiles


@dataclass(frozen=True)
class ViewState:
    """What came back from the browser."""

    epoch: int | None  # where playing stopped or the slider was let go; None: there are no frames
    pinned: str | None  # id of the clicked point
    selected: tuple[str, ...]  # ids inside the lasso or box
    moved: dict | None = None  # of a mark that was just dragged: its input, row and numbers


_component = component(
    Path(__file__).parent,
    "view",
    ("frames.js", "cloud.js", "cloud_panel.js", "marks.js", "panel.js"),
)


def embedding_view(
    panels: Sequence[Panel],
    key: str,
    *,
    epochs: Sequence[int] = (),
    epoch: int | None = None,
    autoplay: bool = False,
    height: int = 420,
    sprite: Sprite | None = None,
    selected: Sequence[str] = (),
    pinned: str | None = None,
) -> ViewState:
    """Draw the panels; returns the epoch, the pinned sample and the selection.

    `epochs` numbers the frames (E,); `epoch` is the one shown first (default: the last).
    `epoch`, `selected` and `pinned` win over the browser's when the page changes them; what came
    from the browser may be handed back as it is. `height` is that of a map in pixels at normal
    type size.
    """
    samples = _samples(panels)
    number = {name: code for code, name in enumerate(samples.tolist())}
    last = epochs[-1] if len(epochs) else None
    settled = st.session_state.get(key) or {}
    held = {name: _answer(key, name, settled.get(name)) for name in STATES}
    if held["selection"] is not None:
        held["selection"] = sorted(_codes(held["selection"], panels, number))
    wished = {
        "epoch": last if epoch is None else epoch,
        "pinned": number.get(pinned, LET_GO),
        "selection": sorted(number[i] for i in selected if i in number),
    }
    asked = _asked(key, {name: (wished[name], held[name]) for name in STATES})
    result = _component(
        key=key,
        data={
            "panels": [_packed(panel, number) for panel in panels],
            "epochs": [int(e) for e in epochs],
            "autoplay": autoplay,
            "rounds": ROUNDS,
            "height": height,
            "sprite": _packed_sprite(sprite, samples),
            "words": _words(),
            **asked,
        },
        on_epoch_change=_nothing,
        on_pinned_change=_nothing,
        on_selection_change=_nothing,
        on_moved_change=_nothing,
    )
    drawn = _answer(key, "selection", result.selection)
    codes = asked["selection"]["value"] if drawn is None else _codes(drawn, panels, number)
    code = _answer(key, "pinned", result.pinned)
    code = asked["pinned"]["value"] if code is None else code
    settled_on = _answer(key, "epoch", result.epoch)
    return ViewState(
        epoch=_known(settled_on, epochs, asked["epoch"]["value"]),
        pinned=str(samples[code]) if _is_code(code, samples) else None,
        selected=tuple(str(samples[c]) for c in codes if _is_code(c, samples)),
        moved=result.moved,
    )


def _nothing() -> None:
    """A state needs a callback to exist; the values are read from the result."""


def _samples(panels: Sequence[Panel]) -> np.ndarray:
    """All ids of all panels, sorted: a sample's number is its place here."""
    return np.unique(np.concatenate([np.asarray(panel.ids, dtype=str) for panel in panels]))


def _is_code(code: object, samples: np.ndarray) -> bool:
    return isinstance(code, int) and 0 <= code < len(samples)


def _known(epoch: object, epochs: Sequence[int], otherwise: int | None) -> int | None:
    """The browser's epoch if it is one of ours."""
    if epoch in epochs:
        return int(epoch)
    return otherwise


def _answer(key: str, name: str, said: dict | None) -> object:
    """What the browser settled on; None where the page has wished for something else since.

    Each wish has a number, its turn, and the browser says which one it knew of.
    """
    turn = st.session_state.get(f"{key} asked", {}).get(name, {}).get("turn", 0)
    return said["value"] if said and said.get("turn") == turn else None


def _asked(key: str, values: dict[str, tuple]) -> dict:
    """What the page asked for last, each wish with its turn; `values` are its wishes now and what
    the browser holds. A wish that is as before, or only repeats the browser's, is not a new one.

    So the data stays the same to the byte while a person plays, and is not sent again.
    """
    memory = st.session_state.setdefault(f"{key} asked", {})
    wishes = st.session_state.setdefault(f"{key} wishes", {})
    for name, (wanted, browser) in values.items():
        last = memory.setdefault(name, {"value": wanted, "turn": 0})
        held = last["value"] if browser is None else browser
        is_new = browser is None or wanted != wishes[name]
        if is_new and wanted != held:
            memory[name] = {"value": wanted, "turn": last["turn"] + 1}
        wishes[name] = wanted
    return dict(memory)


def _codes(selection: dict | None, panels: Sequence[Panel], number: dict[str, int]) -> list[int]:
    """The sample numbers of a selection that came as numbers or, when large, as an outline."""
    if not selection:
        return []
    if "codes" in selection:
        return [int(code) for code in selection["codes"]]
    index, frame = int(selection["panel"]), int(selection["frame"])
    if not 0 <= index < len(panels):
        return []
    panel = panels[index]
    if panel.frames is None or not 0 <= frame < len(panel.frames):
        points = _drawn(panel)
    else:
        points = panel.frames[frame]
    held = inside(points, selection)
    if panel.labels is not None:
        held &= ~np.isin(panel.labels, selection.get("hidden", []))
    rows = np.flatnonzero(held)
    return [number[str(panel.ids[row])] for row in rows]


def _drawn(panel: Panel) -> np.ndarray:
    """The points of a figure that stands still, in the order of the rows: (N, 2)."""
    points = np.full((len(panel.ids), 2), np.nan)
    for trace in panel.figure.data:
        if trace.meta["role"] == "points":
            points[np.asarray(trace.customdata)] = np.stack((trace.x, trace.y), axis=1)
    return points


def _block(values: np.ndarray | None) -> dict | None:
    """An array as shape and base64 float32; (E, K) becomes (E, K, 1)."""
    if values is None:
        return None
    values = np.ascontiguousarray(values, dtype="<f4")
    shape = values.shape if values.ndim == 3 else (*values.shape, 1)
    return {"shape": list(shape), "bdata": base64.b64encode(values.tobytes()).decode()}


def _integers(values: Sequence[int] | np.ndarray) -> dict:
    raw = np.asarray(values, dtype="<i4").tobytes()
    return {"dtype": "i4", "bdata": base64.b64encode(raw).decode()}


def _packed(panel: Panel, number: dict[str, int]) -> dict:
    """A panel as JSON for the browser."""
    return panel.packed | {"codes": _integers([number[str(name)] for name in panel.ids])}


def _cloud_labels(panel: Panel) -> dict | None:
    """The class of each point of a cloud; None where the figure holds the points."""
    if len(panel.ids) <= CLOUD:
        return None
    return _integers(np.zeros(len(panel.ids)) if panel.labels is None else panel.labels)


def _packed_sprite(sprite: Sprite | None, samples: np.ndarray) -> dict | None:
    """Where the thumbnails are, and the tile of every sample (−1: it has none)."""
    if sprite is None:
        return None
    tile_of = {str(name): tile for tile, name in enumerate(sprite.ids)}
    return {
        "url": sprite.url,
        "tile": sprite.tile,
        "columns": sprite.columns,
        "rows": sprite.rows,
        "tiles": _integers([tile_of.get(name, -1) for name in samples.tolist()]),
    }


def _words() -> dict[str, str]:
    """Every word that the browser's side shows. {epoch} and {epochs} are filled there."""
    return {
        "play": _("Play the epochs"),
        "pause": _("Pause"),
        "back": _("One epoch back"),
        "next": _("One epoch on"),
        "slider": _("Epoch"),
        "speed": _("Speed"),
        "bar": _("Play bar"),
        "epoch": _("epoch {epoch} of {epochs}"),
        "legend": _("Classes and marks shown"),
        "terms": _("Terms of the formula"),
        "point": _("Point at a symbol, a term or a vector: it stands out and tells its numbers."),
        "chip": _("Click hides or shows it; a double click leaves only this class."),
        "loading": _("Drawing the map…"),
        "move": _("Drag to move or turn; + and − come closer or go away, 0 shows everything"),
        "lasso": _("Drag around samples to select them; also with Shift"),
        "closer": _("Closer"),
        "farther": _("Farther away"),
        "everything": _("Show everything"),
        "webgl": _(
            "So many points are drawn by WebGL 2, which this browser lacks or has switched off. "
            "Use another browser, or a smaller split; the numbers beside it are right all the same."
        ),
        "failed": _(
            "The map could not be drawn in this browser. Reload the page; the numbers beside it "
            "are right all the same."
        ),
    }
