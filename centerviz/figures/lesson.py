"""The picture beside a lesson: vectors, samples, centers, and the sphere of radius 1.

Marks come as the lessons name them; what the step is about is drawn strongly, the rest faintly.
Above three dimensions the first three entries are drawn.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

import numpy as np
import plotly.graph_objects as go

from centerviz.figures.maps import spread
from centerviz.figures.pictures import Mark
from centerviz.figures.theme import ACCENT, FAINT, INK, colour, template
from centerviz.language import _

ASIDE = 0.35  # opacity of what the step is not about
WIDTHS = {"link": 1, "arrow": 2.5, "accent": 5}
TIP = defaultdict(lambda: 1.0, arrow=1.08, accent=1.08)  # room for the name at an arrow's tip
SIZES = {"sample": {2: 10, 3: 4}, "center": {2: 14, 3: 5}}  # 3-D is drawn about twice as large
LINES = "lines+text"  # the map view repaints plain `lines` in ink; these keep their colour
CORNERS = 61  # of a circle
GRID_DEGREES = (30, 60, 90, 120, 150)  # circles of latitude and longitude on the sphere


def vector_picture(
    marks: Sequence[Mark],
    focus: Collection[str],
    class_names: Sequence[str],
    *,
    dark: bool = False,
    lecture: bool = False,
) -> go.Figure:
    """All marks with the sphere of radius 1, one unit as long on every axis; 2-D or 3-D.

    Samples carry their number, from 0, in `customdata`. Marks named in `focus` are drawn strongly;
    with an empty `focus` all of them are.
    """
    dims = min(3, len(marks[0].end))
    ends = [mark.end[:dims] * TIP[mark.kind] for mark in marks]
    starts = [mark.start[:dims] for mark in marks if mark.start is not None]
    low, high = spread(np.array([*ends, *starts, np.zeros(dims)]))
    high = np.maximum(high, 1.06)
    strong = [not focus or mark.name in focus for mark in marks]
    traces = [_sphere(low, high, dims, dark)]
    for mark, clear in zip(marks, strong, strict=True):
        if mark.kind in ("link", "arrow", "accent"):
            traces += _line(mark, dims, clear, dark, lecture)
    traces += _samples(marks, strong, dims, class_names, lecture)
    traces += _dots(marks, dims, lecture)
    traces += _centers(marks, strong, dims, class_names, dark, lecture)
    figure = go.Figure(traces)
    figure.update_layout(template=template(dark, lecture), showlegend=False)
    return _axes(figure, low, high)


def _xyz(rows: np.ndarray) -> dict:
    return dict(zip("xyz", np.ascontiguousarray(rows.T, dtype=np.float32), strict=False))


def _scatter(dims: int) -> type:
    return go.Scatter3d if dims == 3 else go.Scatter


def _shown(name: str) -> str:
    """A mark's name with its index set low.

    >>> _shown("c_2")
    'c<sub>2</sub>'
    """
    letter, _found, index = name.partition("_")
    return f"{letter}<sub>{index}</sub>" if index else name


def _circles(dims: int) -> Iterator[np.ndarray]:
    """The unit circle, or circles of latitude and longitude on the unit sphere: (CORNERS, dims)."""
    turn = np.linspace(0, 2 * np.pi, CORNERS)
    flat = np.stack((np.cos(turn), np.sin(turn)), axis=1)
    if dims == 2:
        yield flat
        return
    for degrees in GRID_DEGREES:
        angle = np.radians(degrees)
        yield np.column_stack((flat * np.sin(angle), np.full(CORNERS, np.cos(angle))))
    for degrees in (0, *GRID_DEGREES):
        angle = np.radians(degrees)
        yield np.column_stack((flat[:, :1] * [np.cos(angle), np.sin(angle)], flat[:, 1]))


def _sphere(low: np.ndarray, high: np.ndarray, dims: int, dark: bool) -> go.Scatter | go.Scatter3d:
    """The sphere's circles as one faint line, only where the axes reach."""
    gap = np.full((1, dims), np.nan)
    rows = np.concatenate([part for circle in _circles(dims) for part in (circle, gap)])
    rows[((rows < low) | (rows > high)).any(axis=1)] = np.nan
    return _scatter(dims)(
        **_xyz(rows),
        mode=LINES,
        line={"color": FAINT[dark], "width": 2 if dims == 3 else 1.5},
        hoverinfo="skip",
        name=_("unit sphere"),
        meta={"role": "sphere"},
    )


def _line(mark: Mark, dims: int, clear: bool, dark: bool, lecture: bool) -> list:
    """A link as a plain line; an arrow as a line with a head and its name at the tip."""
    ink = ACCENT[dark] if mark.kind == "accent" else INK[dark]
    shade = ink if mark.group is None else colour(mark.group)
    width = WIDTHS[mark.kind] * (2 if dims == 3 else 1) * (1.5 if lecture else 1)
    ends = np.stack((mark.start[:dims], mark.end[:dims]))
    shared = {"opacity": 1 if clear else ASIDE, "hoverinfo": "skip", "meta": {"role": mark.kind}}
    line = {"color": shade, "width": width}
    if mark.kind == "link":
        return [_scatter(dims)(**_xyz(ends), mode=LINES, line=line, name=mark.name, **shared)]
    drawn = _scatter(dims)(
        **_xyz(ends),
        mode="lines+text",
        text=["", "" if mark.start.any() else f"<b>{_shown(mark.name)}</b>"],
        textposition="top center",
        textfont={"color": shade, "size": 22 if lecture else 15},
        line=line,
        name=mark.name,
        **shared,
    )
    if mark.group is not None:  # a sample or a center stands at its tip
        return [drawn]
    if dims == 3:
        return [drawn, _head(ends, shade, shared)]
    drawn.mode += "+markers"
    drawn.marker = {"symbol": "arrow", "angleref": "previous", "size": [0, 14], "color": shade}
    return [drawn]


def _head(ends: np.ndarray, shade: str, shared: dict) -> go.Cone:
    """The head of a 3-D arrow, a tenth of its length."""
    way = (ends[1] - ends[0]) * 0.1
    return go.Cone(
        **_xyz(ends[1:]),
        **dict(zip("uvw", way[:, None], strict=True)),
        anchor="tip",
        sizemode="raw",
        colorscale=[[0, shade], [1, shade]],
        showscale=False,
        **shared,
    )


def _size(kind: str, dims: int, lecture: bool) -> int:
    """Of a marker; a line from a sample to its center must be longer than they are wide.

    >>> _size("sample", 2, False), _size("sample", 3, True)
    (10, 6)
    """
    return SIZES[kind][dims] + (2 if dims == 3 else 3) * lecture


def _samples(marks, strong, dims, class_names, lecture) -> list:
    """The samples, one trace for each class and strength; the row number is their place."""
    paired = zip(marks, strong, strict=True)
    samples = [(mark, clear) for mark, clear in paired if mark.kind == "sample"]
    traces = []
    for group, clear in sorted({(mark.group, clear) for mark, clear in samples}):
        rows = [i for i, (mark, c) in enumerate(samples) if (mark.group, c) == (group, clear)]
        label = _("class {name}", name=class_names[group])
        traces.append(
            _scatter(dims)(
                **_xyz(np.array([samples[i][0].end[:dims] for i in rows])),
                mode="markers",
                name=label,
                customdata=np.array(rows, dtype=np.int32),
                text=[_("sample {n}", n=i + 1) for i in rows],
                hovertemplate=f"<b>{label}</b><br>%{{text}}<extra></extra>",
                opacity=1 if clear else ASIDE,
                marker={"color": colour(group), "size": _size("sample", dims, lecture)},
                meta={"role": "points", "label": group},
            )
        )
    return traces


def _dots(marks, dims, lecture) -> list:
    """Points that are no samples, each with its name beside it."""
    dots = [mark for mark in marks if mark.kind == "dot"]
    if not dots:
        return []
    colours = [colour(mark.group) for mark in dots]
    drawn = _scatter(dims)(
        **_xyz(np.array([mark.end[:dims] for mark in dots])),
        mode="markers+text",
        text=[_shown(mark.name) for mark in dots],
        textposition="top center",
        hoverinfo="skip",
        marker={"color": colours, "size": _size("sample", dims, lecture)},
        meta={"role": "dots"},
    )
    return [drawn]


def _centers(marks, strong, dims, class_names, dark, lecture) -> list:
    """The centers as diamonds with an edge."""
    traces = []
    for mark, clear in zip(marks, strong, strict=True):
        if mark.kind != "center":
            continue
        traces.append(
            _scatter(dims)(
                **_xyz(mark.end[None, :dims]),
                mode="markers",
                name=mark.name,
                hovertemplate=f"<b>{_shown(mark.name)}</b><extra></extra>",
                opacity=1 if clear else ASIDE,
                marker={
                    "color": colour(mark.group),
                    "symbol": "diamond",
                    "size": _size("center", dims, lecture),
                    "line": {"color": INK[dark], "width": 2},
                },
                meta={"role": "center"},
            )
        )
    return traces


def _axes(figure: go.Figure, low: np.ndarray, high: np.ndarray) -> go.Figure:
    """Fixed axes named x₁, x₂, x₃ with one unit as long on each of them."""
    titles = ("x₁", "x₂", "x₃")
    if len(low) == 2:
        figure.update_xaxes(title_text=titles[0], range=[low[0], high[0]])
        figure.update_yaxes(
            title_text=titles[1], range=[low[1], high[1]], scaleanchor="x", scaleratio=1
        )
        return figure
    axes = {
        f"{name}axis": {"title": {"text": titles[i]}, "range": [low[i], high[i]], "nticks": 5}
        for i, name in enumerate("xyz")
    }
    eye = {"x": 1.55, "y": 1.45, "z": 0.75}
    sides = 1.1 * (high - low) / (high - low).max()  # all of it is in the picture
    return figure.update_layout(
        scene={
            "aspectmode": "manual",
            "aspectratio": dict(zip("xyz", sides.tolist(), strict=True)),
            "camera": {"eye": eye, "center": {"x": 0, "y": 0, "z": -0.1}},
            **axes,
        }
    )
