"""An embedding as a map: points by class, kept centers, true means, drift and radii.

Every trace says in `meta` what it shows (`role`) and for which class, and every point carries its
row number in `customdata`, so that a view can move the points without drawing anew.

Letters: N points · C classes · `dims` 2 or 3 · c kept centers (C, dims) · μ true means (C, dims).
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int, Num
from plotly.basedatatypes import BaseTraceType

from centerviz.figures.colouring import MOST_TRACES, Colouring, by_class
from centerviz.figures.runs import plain
from centerviz.figures.theme import FEW_CLASSES, INK, SEQUENTIAL, colour, template
from centerviz.language import _

FEW_POINTS = 1_000  # above which they are smaller in space
CROWDED = 4_000  # points above which WebGL draws them
DENSE = 100_000  # points from which on each is smaller still
CLOUD = 30_000  # points above which the traces are empty and the view draws the points itself
MOST_MARKS = 2_000  # classes above which means and centers would only cover the points
MANY_MARKS = 100  # classes above which they are small
RING_CORNERS = 48
EDGE = "rgba(31,36,33,0.55)"  # thin outline: light colours on white
LINE = "rgba(127,127,127,0.85)"  # drift, trails and rings, on light and on dark


def embedding_map(
    points: Num[np.ndarray, "N dims"],
    labels: Int[np.ndarray, " N"] | None,
    class_names: Sequence[str],
    *,
    colouring: Colouring | None = None,
    centers: Num[np.ndarray, "C dims"] | None = None,
    means: Num[np.ndarray, "C dims"] | None = None,
    radii: Num[np.ndarray, " C"] | None = None,
    unit_circle: bool = False,
    equal_line: bool = False,
    predicted: Int[np.ndarray, " N"] | None = None,
    ids: np.ndarray | None = None,
    extent: tuple[np.ndarray, np.ndarray] | None = None,
    axes: Sequence[str] = ("x₁", "x₂", "x₃"),
    legend: bool = True,
    lecture: bool = False,
    dark: bool = False,
) -> go.Figure:
    """The map of N points in 2 or 3 dimensions, one unit as long on every axis.

    Class colours, and symbols too above twelve classes, unless `colouring` says otherwise (its last
    frame is drawn); kept centers are crosses, true means dots, a line between them is the drift,
    rings (in 3-D spheres) have the given radius around each mean. `labels` None draws all points as
    one group. `extent` fixes the axes: lowest and highest corner, from `extent`; by default that of
    what is drawn. A `crowd` has one trace, of colour and size only. `equal_line` is that of points
    as far from both centers on the axes.
    """
    dims = points.shape[1]
    low, high = spread(points, centers, means) if extent is None else extent
    colouring = colouring or by_class(labels, class_names, len(points), _("all samples"))
    traces = _points(points, colouring, class_names, predicted, ids, lecture)
    if unit_circle:
        traces.append(_line(_rings(np.zeros((1, dims)), np.ones(1)), "circle", dash="dot"))
    if equal_line and dims == 2:
        ends = np.array([[0.0, 0.0], [1.0, 1.0]]) * max(0.0, float(np.min(high)))
        traces.append(_line(ends, "equal", dash="dash"))
    if means is not None and len(means) <= MOST_MARKS:
        look = colouring.of_classes and colouring.values is None, lecture, dark
        traces += _of_classes(means, centers, radii, class_names, look)
    figure = go.Figure(traces)
    figure.update_layout(template=template(dark, lecture), showlegend=legend, dragmode=_drag(dims))
    figure.update_layout(legend={"itemclick": "toggle", "itemdoubleclick": "toggleothers"})
    return _equal_axes(figure, low, high, axes)


def crowd(points: int, groups: int) -> bool:
    """True for so many points, or groups of them, that the view draws them itself."""
    return points > CLOUD or groups > MOST_TRACES


def _of_classes(means, centers, radii, class_names, look) -> list[BaseTraceType]:
    """Means and centers, the lines between them, rings, and two lines that a view fills: trails
    over the epochs and spokes from selected points to their centers."""
    dims = means.shape[1]
    rings = None if radii is None else _rings(means, radii)
    traces = [_line(rings, "rings", dash="dash" if dims == 2 else "solid", dims=dims)]
    if len(means) <= FEW_CLASSES:  # more paths would be a tangle
        traces.append(_line(None, "trails", dims=dims))
    traces.append(_line(None, "spokes", dims=dims))
    if centers is not None:
        traces.append(_line(_drift(means, centers), "drift", width=2, dims=dims))
    traces.append(_marks(means, "means", class_names, *look))
    if centers is not None:
        traces.append(_marks(centers, "centers", class_names, *look))
    return traces


def spread(*clouds: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corner around all clouds (…, dims) with a margin; NaN rows are ignored.

    >>> low, high = spread(np.array([[0.0, 1.0], [10.0, 3.0]]))
    >>> low.tolist(), high.tolist()
    ([-0.6, 0.4], [10.6, 3.6])
    """
    rows = np.concatenate([c.reshape(-1, c.shape[-1]) for c in clouds if c is not None])
    rows = rows[np.isfinite(rows).all(axis=1)]
    if not len(rows):
        return -np.ones(clouds[0].shape[-1]), np.ones(clouds[0].shape[-1])
    low, high = rows.min(axis=0).astype(np.float64), rows.max(axis=0).astype(np.float64)
    margin = max(0.06 * float((high - low).max()), 1e-9)
    return low - margin, high + margin


def _drag(dims: int) -> str:
    return "pan" if dims == 2 else "orbit"


def _xyz(rows: np.ndarray) -> dict:
    """Coordinates of a trace, float32: half the bytes and no visible difference."""
    return dict(zip("xyz", np.ascontiguousarray(rows.T, dtype=np.float32), strict=False))


def _points(points, colouring, class_names, predicted, ids, lecture) -> list[BaseTraceType]:
    """One trace per group that has points, in the order of the groups; one for a crowd."""
    dims, many = points.shape[1], len(points) > CROWDED
    kind = go.Scatter3d if dims == 3 else go.Scattergl if many else go.Scatter
    size = 2 if len(points) >= DENSE else 3 if many else 6
    if dims == 3:
        size = min(size, 2.5 if len(points) > FEW_POINTS else 3.5)
    of = colouring.groups[-1]
    crowded = crowd(len(points), len(colouring.names))
    moving = len(colouring.groups) > 1  # a group may be empty now and not in another epoch
    groups = [0] if crowded else range(len(colouring.names)) if moving else np.unique(of).tolist()
    traces = []
    for group in groups:
        rows = np.flatnonzero(of == group)[: 0 if crowded else None]
        name = colouring.names[group] if len(colouring.names) else ""
        traces.append(
            kind(
                **_xyz(points[rows]),
                mode="markers",
                name=name,
                customdata=rows.astype(np.int32),
                text=_hover_text(rows, class_names, predicted, ids),
                hovertemplate=f"<b>{plain(name)}</b>%{{text}}<extra></extra>",
                marker={
                    **_paint(colouring, rows, group),
                    "symbol": "circle" if crowded else colouring.symbol(group, dims),
                    "size": size + 2 * lecture,
                    "opacity": 0.85,
                    "line": {"width": 0 if many else 0.6, "color": EDGE},
                },
                meta={"role": "points", "label": group},
                legendgroup=str(group),
            )
        )
    return traces


def _paint(colouring: Colouring, rows: np.ndarray, group: int) -> dict:
    """One colour for the group, or that of a bar for each of its points."""
    if colouring.values is None:
        return {"color": colouring.colour(group)}
    low, high = colouring.span
    bar = {"title": {"text": plain(colouring.title)}, "thickness": 12}
    return {
        "color": colouring.values[-1][rows],
        "colorscale": SEQUENTIAL,
        "cmin": low,
        "cmax": high,
        "showscale": bool(group == colouring.groups[-1].min()),
        "colorbar": bar,
    }


def _hover_text(rows, class_names, predicted, ids) -> list[str]:
    """What the hover says of each row besides its class."""
    said = [""] * len(rows)
    if predicted is not None:
        guess = [class_names[p] if 0 <= p < len(class_names) else "–" for p in predicted[rows]]
        word = _("predicted")
        said = [f"<br>{word} {plain(name)}" for name in guess]
    if ids is not None:
        said = [f"{text}<br>{plain(str(i))}" for text, i in zip(said, ids[rows], strict=True)]
    return said


def _marks(places, role, class_names, coloured, lecture, dark) -> BaseTraceType:
    """Kept centers as crosses, true means as dots, in the class colours or in ink."""
    dims, classes = places.shape[1], range(len(places))
    cross = role == "centers"
    kind = go.Scatter3d if dims == 3 else go.Scatter
    name = _("kept center c") if cross else _("true mean μ")
    shape = ("cross" if dims == 3 else "x") if cross else "circle"  # 3-D draws letters: x is rare
    edge = "#ffffff" if dark else "#111111"
    size = 3 if len(places) > MANY_MARKS else 5 if dims == 3 or len(places) > FEW_CLASSES else 8
    return kind(
        **_xyz(places),
        mode="markers",
        name=name,
        text=[plain(class_names[j]) for j in classes],
        hovertemplate=f"<b>{name}</b><br>%{{text}}<extra></extra>",
        marker={
            "color": [colour(j) if coloured else INK[dark] for j in classes],
            "symbol": shape,
            "size": size + 2 * cross + 3 * lecture,
            "line": {"width": 1.5 if size > 3 else 0.7, "color": edge},
        },
        meta={"role": role},
    )


def _line(rows, role, *, dash="solid", width=1, dims=2) -> BaseTraceType:
    """A thin grey line through `rows` (None: empty for now), broken at NaN rows."""
    dims = dims if rows is None else rows.shape[1]
    kind = go.Scatter3d if dims == 3 else go.Scatter
    return kind(
        **_xyz(np.empty((0, dims)) if rows is None else rows),
        mode="lines",
        line={"color": LINE, "width": width * (2 if dims == 3 else 1), "dash": dash},
        hoverinfo="skip",
        showlegend=False,
        connectgaps=False,
        meta={"role": role},
    )


def _drift(means: np.ndarray, centers: np.ndarray) -> Float[np.ndarray, "rows dims"]:
    """From each mean to its center, NaN between two classes."""
    gap = np.full_like(means, np.nan)
    return np.stack((means, centers, gap), axis=1).reshape(-1, means.shape[1])


def _rings(middles: np.ndarray, radii: np.ndarray) -> Float[np.ndarray, "rows dims"]:
    """Circles of the given radii, in 3-D three great circles of a sphere; NaN between any two."""
    dims = middles.shape[1]
    turn = np.linspace(0, 2 * np.pi, RING_CORNERS + 1)
    circle = np.stack((np.cos(turn), np.sin(turn)), axis=1)
    drawn = []
    for flat in ([0, 1], [0, 2], [1, 2])[: 3 if dims == 3 else 1]:
        corner = np.zeros((len(turn), dims))
        corner[:, flat] = circle
        rings = middles[:, None] + radii[:, None, None] * corner
        drawn.append(np.concatenate((rings, np.full((len(middles), 1, dims), np.nan)), axis=1))
    return np.concatenate(drawn, axis=1).reshape(-1, dims)


def _equal_axes(figure: go.Figure, low, high, axes) -> go.Figure:
    """Fixed axes with one unit as long on each of them."""
    if len(low) == 2:
        figure.update_xaxes(title_text=plain(axes[0]), range=[low[0], high[0]])
        figure.update_yaxes(
            title_text=plain(axes[1]), range=[low[1], high[1]], scaleanchor="x", scaleratio=1
        )
        return figure
    half = float((high - low).max()) / 2
    middle = (low + high) / 2
    scene = {
        f"{name}axis": {
            "title": {"text": plain(axes[i])},
            "range": [middle[i] - half, middle[i] + half],
            "showspikes": False,
        }
        for i, name in enumerate("xyz")
    }
    camera = {"eye": {"x": 1.22, "y": 1.22, "z": 0.85}, "center": {"x": 0, "y": 0, "z": -0.12}}
    return figure.update_layout(scene={"aspectmode": "cube", "camera": camera, **scene})
