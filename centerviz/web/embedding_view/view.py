"""`embedding_view`: panels side by side, one play bar, linked hover and selection.

The points of all epochs travel once; the browser plays them. Python hears only of what a person
settled on: the epoch where playing stopped, the clicked sample, the selected ones.

Letters: E epochs (frames), N rows of a panel.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from centerviz.web.component import component
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
    samples, number = _samples(panels)
    last = epochs[-1] if len(epochs) else None
    settled = st.session_state.get(key) or {}
    held = {name: _answer(key, name, settled.get(name)) for name in STATES}
    if held["selection"] is not None:
        held["selection"] = sorted(_codes(held["selection"], panels, number))
    wished = {
        "epoch": last if epoch is None else epoch,
        "pinned": number.get(pinned, LET_GO),
        "selection": sorted(number[i] for i in selected if i in number),
        "legend": legend if legend and LEGEND.fullmatch(legend) else "",
    }
    asked = _asked(key, {name: (wished[name], held[name]) for name in STATES})
    first, stop = window(panels, len(epochs), _anchor(settled.get("need"), epochs, epoch))
    result = _component(
        key=key,
        data={
            "panels": [_packed(panel, number, len(panels), (first, stop)) for panel in panels],
            "epochs": [int(e) for e in epochs],
            "window": [first, stop],
            "autoplay": autoplay,
            "rounds": ROUNDS,
            "height": height,
            "sprite": _packed_sprite(sprite, samples),
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
    drawn = _answer(key, "selection", result.selection)
    codes = asked["selection"]["value"] if drawn is None else _codes(drawn, panels, number)
    code = _answer(key, "pinned", result.pinned)
    code = asked["pinned"]["value"] if code is None else code
    settled_on = _answer(key, "epoch", result.epoch)
    hides = _answer(key, "legend", result.legend)
    hides = asked["legend"]["value"] if hides is None else str(hides)
    return ViewState(
        epoch=_known(settled_on, epochs, asked["epoch"]["value"]),
        pinned=str(samples[code]) if _is_code(code, samples) else None,
        selected=tuple(str(samples[c]) for c in codes if _is_code(c, samples)),
        legend=hides if LEGEND.fullmatch(hides) else "",
        moved=result.moved,
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


def _samples(panels: Sequence[Panel]) -> tuple[np.ndarray, dict[str, int]]:
    """The ids of all panels, and the place of each there: a sample's number.

    The numbers of a single panel are those of its rows.
    """
    if len(panels) == 1:
        return np.asarray(panels[0].ids, dtype=str), panels[0].row_of
    samples = np.unique(np.concatenate([np.asarray(panel.ids, dtype=str) for panel in panels]))
    return samples, {name: code for code, name in enumerate(samples.tolist())}


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
    if panel.colouring is not None:
        of = panel.colouring.groups[min(frame, len(panel.colouring.groups) - 1)]
        held &= ~hidden_groups(str(selection.get("legend", "")), len(panel.colouring.names))[of]
    rows = np.flatnonzero(held)
    if len(panels) == 1:
        return rows.tolist()
    return [number[str(panel.ids[row])] for row in rows]


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


def _packed(panel: Panel, number: dict[str, int], panels: int, frames: tuple[int, int]) -> dict:
    """A panel as JSON for the browser; alone, its samples have the numbers of its rows."""
    codes = None
    if panels > 1:
        codes = integers([number[str(name)] for name in panel.ids])
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
