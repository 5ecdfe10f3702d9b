"""`embedding_view`: panels side by side, one play bar, linked hover and selection.

The points of all epochs travel once; the browser plays them. Python hears only of what a person
settled on: the epoch where playing stopped, the clicked sample, the selected ones.

Letters: E epochs (frames), N rows of a panel.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from centerviz.web.component import component
from centerviz.web.embedding_view import agreement
from centerviz.web.embedding_view.outline import inside
from centerviz.web.embedding_view.panel import Panel, integers
from centerviz.web.embedding_view.words import words

STATES = ("epoch", "pinned", "selection", "legend")  # what page and browser both may change
LET_GO = -1  # how the browser says that nothing is pinned any more
MOST_BYTES = 20_000_000  # of frames that are sent at once; the browser asks for others
LEGEND = re.compile(r"(?:(?:only|hide):\d{1,7}(?:,\d{1,7})*)?(?:;(?:means|centers)(?:,centers)?)?")
ROUNDS = 2  # how often a map plays by itself before it rests on the last epoch


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
    legend: str = ""  # what the legend hides, as `embedding_view` takes it
    moved: dict | None = None  # of a mark that was just dragged: its input, row and numbers


_component = component(
    Path(__file__).parent,
    "view",
    (
        "frames.js",
        "cloud.js",
        "cloud_grid.js",
        "cloud_panel.js",
        "lens.js",
        "tools.js",
        "legend.js",
        "hover.js",
        "marks.js",
        "panel.js",
    ),
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
    legend: str | None = None,
) -> ViewState:
    """Draw the panels; returns the epoch, the pinned sample and the selection.

    `epochs` numbers the frames (E,); `epoch` is the one shown first (default: the last).
    `epoch`, `selected`, `pinned` and `legend` win over the browser's when the page changes them;
    what came from the browser may be handed back as it is. `legend` says which groups are hidden,
    `only:7` or `hide:3,5;means`; None: the page does not want to know. `height` is that of a map
    in pixels at normal type size.
    """
    names = _Names.of_panels(panels)
    last = epochs[-1] if len(epochs) else None
    wished = {
        "epoch": last if epoch is None else epoch,
        "pinned": names.number.get(pinned, LET_GO),
        "selection": names.numbers(selected),
        "legend": legend if legend and LEGEND.fullmatch(legend) else "",
    }
    settled = st.session_state.get(key) or {}
    held = _told(key, settled, names, panels)
    if held["pinned"] is not None:
        held["pinned"] = names.number.get(held["pinned"], LET_GO)
    if held["selection"] is not None:
        held["selection"] = names.numbers(held["selection"])
    asked = agreement.asked(key, {name: (wished[name], held[name]) for name in STATES}, names.of)
    first, stop = window(panels, len(epochs), _anchor(settled.get("need"), epochs, epoch))
    result = _component(
        key=key,
        data={
            "panels": [_packed(panel, names, (first, stop)) for panel in panels],
            "epochs": [int(e) for e in epochs],
            "window": [first, stop],
            "map": _map(panels),
            "autoplay": autoplay,
            "rounds": ROUNDS,
            "height": height,
            "sprite": _packed_sprite(sprite, names.samples),
            "words": words(),
            "tellsLegend": legend is not None,
            **asked,
        },
        on_epoch_change=_nothing,
        on_pinned_change=_nothing,
        on_selection_change=_nothing,
        on_legend_change=_nothing,
        on_need_change=_nothing,
        on_moved_change=_nothing,
    )
    wish = {name: asked[name]["value"] for name in STATES}
    return _agreed(wish, _told(key, settled, names, panels), names, epochs, result.moved)


@dataclass(frozen=True)
class _Names:
    """The ids of all panels; the place of each there is the number of a sample."""

    samples: np.ndarray  # (M,) str
    number: dict[str, int]
    alone: bool  # of a single panel: the numbers are those of its rows
    of: int  # another number for other samples

    @classmethod
    def of_panels(cls, panels: Sequence[Panel]) -> "_Names":
        if len(panels) == 1:
            one = panels[0]
            return cls(np.asarray(one.ids, dtype=str), one.row_of, True, one.stamp)
        ids = np.unique(np.concatenate([np.asarray(panel.ids, dtype=str) for panel in panels]))
        number = {name: code for code, name in enumerate(ids.tolist())}
        return cls(ids, number, False, hash(tuple(panel.stamp for panel in panels)))

    def numbers(self, ids: Sequence[str]) -> list[int]:
        """Their numbers in order, without those that are not here."""
        return sorted(self.number[name] for name in ids if name in self.number)

    def ids(self, numbers: Sequence[object]) -> tuple[str, ...]:
        """The ids of numbers that a browser sent; what is none is left out."""
        known = [n for n in numbers if isinstance(n, int) and 0 <= n < len(self.samples)]
        return tuple(self.samples[known].tolist())


def _told(key: str, said: Mapping, names: _Names, panels: Sequence[Panel]) -> dict:
    """What the browser settled on, samples by their ids; None where it said nothing, or that is
    void."""
    shown = _map(panels)
    one = lambda number: next(iter(names.ids([number])), "")  # noqa: E731
    several = lambda value: names.ids(_numbers(value, panels, names))  # noqa: E731
    return {
        "epoch": agreement.answer(key, "epoch", said.get("epoch")),
        "pinned": agreement.meant(key, "pinned", said.get("pinned"), shown, one),
        "selection": agreement.meant(key, "selection", said.get("selection"), shown, several),
        "legend": agreement.answer(key, "legend", said.get("legend")),
    }


def _agreed(
    wish: dict, told: dict, names: _Names, epochs: Sequence[int], moved: dict | None
) -> ViewState:
    """The browser's words, and where it said nothing the page's."""
    pinned, selected, legend = told["pinned"], told["selection"], told["legend"]
    if pinned is None:
        pinned = next(iter(names.ids([wish["pinned"]])), "")
    legend = wish["legend"] if legend is None else str(legend)
    return ViewState(
        epoch=int(told["epoch"]) if told["epoch"] in epochs else wish["epoch"],
        pinned=pinned or None,
        selected=names.ids(wish["selection"]) if selected is None else selected,
        legend=legend if LEGEND.fullmatch(legend) else "",
        moved=moved,
    )


def window(panels: Sequence[Panel], frames: int, anchor: int) -> tuple[int, int]:
    """The frames first…last−1 that are sent: all of them, or 20 MB of them around `anchor`."""
    each = sum(panel.bytes_of_frame for panel in panels)
    most = max(MOST_BYTES // max(each, 1), 2)
    if frames <= most:
        return 0, max(frames, 1)
    first = min(max(anchor - most // 4, 0), frames - most)
    return first, first + most


def _anchor(need: object, epochs: Sequence[int], epoch: int | None) -> int:
    """The frame that must be there: what the browser lacks, else that of the epoch."""
    if isinstance(need, int) and 0 <= need < len(epochs):
        return need
    return epochs.index(epoch) if epoch in epochs else max(len(epochs) - 1, 0)


def hidden_groups(legend: str, groups: int) -> np.ndarray:
    """The mask (G,) of the groups that a legend hides.

    >>> hidden_groups("only:1", 3).tolist(), hidden_groups("hide:0,9;means", 3).tolist()
    ([True, False, True], [True, False, False])
    """
    mode, _sep, listed = legend.partition(";")[0].partition(":")
    named = np.zeros(groups, dtype=bool)
    numbers = [int(number) for number in listed.split(",") if number.isdigit()]
    named[[number for number in numbers if number < groups]] = True
    return ~named if mode == "only" else named


def _nothing() -> None:
    """A state needs a callback to exist; the values are read from the result."""


def _map(panels: Sequence[Panel]) -> int:
    """Another number for other maps."""
    return hash(tuple(panel.map_stamp for panel in panels)) & 0x7FFFFFFF


def _numbers(selection: dict | None, panels: Sequence[Panel], names: _Names) -> Sequence[int]:
    """The sample numbers of a selection that came as numbers or, when large, as an outline."""
    if not selection:
        return []
    if "codes" in selection:
        return list(selection["codes"])
    index, frame = int(selection["panel"]), int(selection["frame"])
    if not 0 <= index < len(panels):
        return []
    panel = panels[index]
    if panel.frames is None or not 0 <= frame < len(panel.frames):
        points = _drawn(panel)
    else:
        points = panel.frames[frame]
    held = inside(points, selection)
    if panel.colouring is not None:
        of = panel.colouring.groups[min(frame, len(panel.colouring.groups) - 1)]
        held &= ~hidden_groups(str(selection.get("legend", "")), len(panel.colouring.names))[of]
    rows = np.flatnonzero(held)
    return rows.tolist() if names.alone else names.numbers(panel.ids[rows].tolist())


def _drawn(panel: Panel) -> np.ndarray:
    """The points of a figure that stands still, in the order of the rows: (N, dims)."""
    points = np.full((len(panel.ids), 2), np.nan)
    for trace in panel.figure.data:
        if trace.meta["role"] == "points":
            axes = (trace.x, trace.y) if trace.type != "scatter3d" else (trace.x, trace.y, trace.z)
            if len(axes) > points.shape[1]:
                points = np.full((len(panel.ids), 3), np.nan)
            points[np.asarray(trace.customdata)] = np.stack(axes, axis=1)
    return points


def _packed(panel: Panel, names: _Names, frames: tuple[int, int]) -> dict:
    """A panel as JSON for the browser; alone, its samples have the numbers of its rows."""
    codes = None if names.alone else integers([names.number[str(name)] for name in panel.ids])
    return panel.packed | panel.frames_packed(*frames) | {"codes": codes}


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
        "tiles": integers([tile_of.get(name, -1) for name in samples.tolist()]),
    }
