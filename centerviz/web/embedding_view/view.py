"""`embedding_view`: panels side by side, one play bar, linked hover and selection.

Letters: E epochs (frames), N rows of a panel, C classes, `dims` 2 or 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go


@dataclass(frozen=True)
class Panel:
    """One map. Its traces say what they are in `meta` (figures.maps writes that).

    `ids` link panels: the same id is the same sample. Without `frames` the figure stands still.
    """

    title: str
    figure: go.Figure  # from figures.maps.embedding_map, drawn for the first epoch shown
    ids: np.ndarray  # (N,) str
    frames: np.ndarray | None = None  # (E, N, dims) float32: the points of every epoch
    centers: np.ndarray | None = None  # (E, C, dims) float32: kept centers
    means: np.ndarray | None = None  # (E, C, dims) float32: true class means, NaN where absent
    radii: np.ndarray | None = None  # (E, C) float32: ring around each mean (2-D only)
    readouts: Sequence[Sequence[str]] | None = None  # per epoch: short strings under the map
    alt: str = ""  # what a person who cannot see the map should read


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

    epoch: int  # the epoch shown when playing stopped or the slider was let go
    pinned: str | None  # id of the clicked point
    selected: tuple[str, ...]  # ids inside the lasso or box


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
    `selected` and `pinned` set by the page win over the browser's when they change.
    """
    raise NotImplementedError
