"""Maps that stand still: a file's rows on axes, or where t-SNE put them.

Letters: N rows · C classes · `dims` 2 or 3.
"""

from dataclasses import replace

import numpy as np
import streamlit as st

from centerviz.data.embeddings import Embeddings, unit_rows
from centerviz.embedding.axes import Axes, Drawing, as_it_is, by_lda, by_pca
from centerviz.embedding.distances import radii
from centerviz.figures.maps import embedding_map, spread
from centerviz.language import _
from centerviz.web import colours, session
from centerviz.web.embedding_view import Density, Panel
from centerviz.web.map_choice import MapChoice
from centerviz.web.movie import titles, two_centers
from centerviz.web.subject import Shown

CELLS = 256  # of a density along each axis
BLOCK = 100_000  # rows that are placed at a time


@st.cache_resource(max_entries=16, show_spinner=False)
def drawing_of(key: tuple, axes: Axes, _shown: Shown, _train: tuple | None) -> Drawing:
    """The axes for the rows of a file; `_train` has features and labels to fit them to."""
    part = _shown.space
    if axes.method == "raw":
        return as_it_is(_shown.dim, axes, "z" if _shown.unit else "x")
    if axes.method == "centers":
        return two_centers(part, axes, _shown.class_names)
    x, labels = _train or (part.x, _shown.labels)
    return by_pca(x, axes.dims) if axes.method == "pca" else by_lda(x, labels, axes.dims)


@st.cache_resource(max_entries=8, show_spinner=False)
def panel_on_axes(
    key: tuple,
    choice: MapChoice,
    look: tuple[str, bool, bool],
    _shown: Shown,
    _drawing: Drawing,
    _all: tuple[Embeddings, str | None],
) -> Panel:
    """The rows, class means and kept centers on the axes; `look` is from `session`, `_all` the file
    and its split, of which `_shown` may be some rows only."""
    places = places_of_all(_shown, _drawing, *_all)
    shown, drawing, part, axes = _shown, _drawing, _shown.space, choice.axes
    means = None if shown.labels is None else drawing.place(part.means)
    centers = None if part.centers is None else drawing.place(part.centers)
    whole = axes.method == "raw" and shown.dim <= axes.dims
    sizes = None
    if whole and choice.rings and shown.labels is not None:
        sizes = radii(part.x, shown.labels, part.means).mean
    panel = _panel(
        shown,
        drawing.place(part.x),
        titles(drawing.names, axes.method == "centers"),
        choice.colour,
        means=means,
        centers=centers,
        radii=sizes,
        unit_circle=shown.unit and whole,
        equal_line=axes.method == "centers",
        extent=None if places is None else spread(places),
    )
    return panel if places is None else replace(panel, density=density(places))


def places_of_all(
    shown: Shown, drawing: Drawing, e: Embeddings, split: str | None
) -> np.ndarray | None:
    """Where all rows of a split are on a map of which only some are drawn, (M, 2) float32; None
    where all are drawn, and for a map in space, which can show no density."""
    if shown.total == len(shown.ids) or drawing.dims == 3:
        return None
    rows = np.arange(e.n) if split is None else np.flatnonzero(e.splits == split)
    parts = (e.x[rows[start : start + BLOCK]] for start in range(0, len(rows), BLOCK))
    return np.concatenate([drawing.place(unit_rows(x) if shown.unit else x) for x in parts])


def density(places: np.ndarray) -> Density:
    """How many of the places (M, 2) are in each cell."""
    low, high = spread(places)
    ranges = list(zip(low, high, strict=True))
    counts, _x, _y = np.histogram2d(*places.T.astype(np.float64), bins=CELLS, range=ranges)
    return Density(counts.T.astype(np.int64), low, high)


def what_is_drawn(shown: Shown, dims: int) -> str:
    """A sentence for under a map that does not draw all rows; empty where it does."""
    if shown.total == len(shown.ids):
        return ""
    if dims == 3:
        return _("Of each class its share is drawn; in 2-D a shade counts all rows.")
    return _("Of each class its share is drawn; the shade under them counts all rows.")


def panel_of_tsne(shown: Shown, points: np.ndarray, colour: str) -> Panel:
    """Where t-SNE put the rows (N, dims); it has no place for means, and its units mean nothing."""
    names = tuple(f"t-SNE {i + 1}" for i in range(points.shape[1]))
    panel = _panel(shown, points, names, colour)
    bare = {"showticklabels": False}
    if points.shape[1] == 2:
        panel.figure.update_layout(xaxis=bare, yaxis=bare)
    else:
        panel.figure.update_scenes(xaxis=bare, yaxis=bare, zaxis=bare)
    return panel


def _panel(
    shown: Shown, points: np.ndarray, names: tuple[str, ...], colour: str, **extras
) -> Panel:
    facts = shown.space.facts(shown.labels)[None]
    of = shown.labels, shown.class_names, facts, shown.splits, shown.metadata
    colouring = colours.colouring(colour, *of)
    figure = embedding_map(
        points,
        shown.labels,
        shown.class_names,
        colouring=colouring,
        axes=names,
        lecture=session.lecture(),
        dark=session.dark(),
        **extras,
    )
    moving = {name: _one(extras.get(name)) for name in ("means", "centers", "radii")}
    return Panel(
        "",
        figure,
        shown.ids,
        frames=points[None],
        labels=shown.labels,
        class_names=shown.class_names,
        colouring=colouring,
        facts=facts,
        alt=_("Map of {n} samples: {title}.", n=len(points), title=_(", ").join(names)),
        **moving,
    )


def _one(values: np.ndarray | None) -> np.ndarray | None:
    """As the only frame."""
    return None if values is None else values[None]
