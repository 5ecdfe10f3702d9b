"""Charts beside a lesson: lines, dots or bars of its numbers, and maps of its samples side by side.

Class colours belong to classes; other series are ink, accent and grey. Dash, mark and hatching
tell series apart as well, so that colour is never alone.
"""

import re
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from centerviz.figures.maps import spread
from centerviz.figures.pictures import Chart, Maps
from centerviz.figures.runs import BELOW, plain
from centerviz.figures.theme import ACCENT, BASELINE, INK, SYMBOLS, colour, styled
from centerviz.language import _

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
HATCHES = ("", "/", ".", "x", "\\", "+")
MARKED = 24  # points up to which a line carries marks
FEW, ACROSS = 2, 2  # maps that get a row each; maps in a row where there are more
GAP = 0.14  # between maps, as a share of the figure


def chart_picture(chart: Chart, *, dark: bool = False, lecture: bool = False) -> go.Figure:
    """The chart with its series as lines, dots or bars, and a dashed line at `at`."""
    draw = {"lines": _line, "dots": _dots, "bars": _bars}[chart.kind]
    shades = _shades(chart, dark)
    figure = go.Figure(
        [
            draw(chart.x, values, symbols(name), shades[name], number, lecture)
            for number, (name, values) in enumerate(chart.series.items())
        ]
    )
    if chart.at is not None:
        figure.add_vline(x=chart.at, line={"dash": "dash", "width": 2, "color": INK[dark]})
    figure.update_xaxes(title=symbols(chart.x_title))
    if isinstance(chart.x[0], str):
        figure.update_xaxes(type="category")
    figure.update_yaxes(title=symbols(chart.y_title))
    figure.update_layout(BELOW, showlegend=len(chart.series) > 1)
    return styled(figure, dark, lecture)


def symbols(text: str) -> str:
    """A symbol with its index set low; nothing in it is markup.

    >>> symbols("L_C"), symbols("c_{12}"), symbols("a < b")
    ('L<sub>C</sub>', 'c<sub>12</sub>', 'a &lt; b')
    """
    return re.sub(r"_(?:\{([^}]*)\}|(\w+))", r"<sub>\1\2</sub>", plain(text))


def _shades(chart: Chart, dark: bool) -> dict[str, str]:
    """The colour of each series: that of its class, else ink, accent and grey in turn."""
    others = [name for name in chart.series if name not in chart.groups]
    turns = (INK[dark], ACCENT[dark], BASELINE[dark])
    shades = {name: turns[place % len(turns)] for place, name in enumerate(others)}
    return shades | {name: colour(group) for name, group in chart.groups.items()}


def _line(x: tuple, values: tuple, name: str, shade: str, number: int, lecture: bool) -> go.Scatter:
    marker = _marker(shade, number, lecture)
    return go.Scatter(
        x=x,
        y=values,
        mode="lines+markers" if len(x) <= MARKED else "lines",
        name=name,
        line={"color": shade, "dash": DASHES[number % len(DASHES)]},
        marker=marker | {"size": marker["size"] - 4},
        hovertemplate=_hover(name),
    )


def _dots(x: tuple, values: tuple, name: str, shade: str, number: int, lecture: bool) -> go.Scatter:
    marker = _marker(shade, number, lecture)
    return go.Scatter(
        x=x, y=values, mode="markers", name=name, marker=marker, hovertemplate=_hover(name)
    )


def _bars(x: tuple, values: tuple, name: str, shade: str, number: int, lecture: bool) -> go.Bar:
    return go.Bar(
        x=[symbols(place) if isinstance(place, str) else place for place in x],
        y=values,
        name=name,
        text=[_written(value) for value in values],
        marker={"color": shade, "pattern": {"shape": HATCHES[number % len(HATCHES)]}},
        hovertemplate=_hover(name),
    )


def _written(value: float | int | None) -> str:
    """A bar's number: three digits, whole numbers in full.

    >>> _written(0.12345), _written(142560)
    ('0.123', '142,560')
    """
    if value is None:
        return ""
    return f"{value:,.0f}" if value == round(value) else f"{value:.3g}"


def _marker(shade: str, number: int, lecture: bool) -> dict:
    symbol = SYMBOLS[number % len(SYMBOLS)]
    return {"color": shade, "symbol": symbol, "size": 14 if lecture else 10}


def _hover(name: str) -> str:
    return f"%{{x}}<br>%{{y:.4~g}}<extra>{name}</extra>"


def maps_picture(
    maps: Maps, class_names: Sequence[str], *, dark: bool = False, lecture: bool = False
) -> go.Figure:
    """Two maps below each other, more of them two in a row; one unit as long on both axes."""
    across = 1 if len(maps.points) <= FEW else ACROSS
    down = -(-len(maps.points) // across)
    titles = [symbols(title) for title in maps.titles]
    figure = make_subplots(
        down, across, subplot_titles=titles, horizontal_spacing=GAP, vertical_spacing=GAP
    )
    groups = np.array(maps.groups)
    for number, points in enumerate(maps.points):
        row, column = divmod(number, across)
        place = {"row": row + 1, "col": column + 1}
        for group in np.unique(groups).tolist():
            trace = _cloud(points[groups == group], group, class_names, lecture)
            figure.add_trace(trace.update(showlegend=number == 0), **place)
        low, high = spread(points)
        figure.update_xaxes(range=[low[0], high[0]], **place)
        figure.update_yaxes(range=[low[1], high[1]], **place)
        figure.update_yaxes(scaleanchor=f"x{number + 1}" if number else "x", **place)
    figure.update_annotations(font={"size": 22 if lecture else 15})
    figure.update_layout(BELOW)
    return styled(figure, dark, lecture).update_layout(margin={"t": 48 if lecture else 32})


def _cloud(points: np.ndarray, group: int, class_names: Sequence[str], lecture: bool) -> go.Scatter:
    """The samples of one class; their mark tells the class as well as their colour."""
    name = _("class {name}", name=class_names[group])
    return go.Scatter(
        x=points[:, 0],
        y=points[:, 1],
        mode="markers",
        name=name,
        legendgroup=name,
        marker=_marker(colour(group), group, lecture) | {"size": 9 if lecture else 6},
        hovertemplate=f"{name}<extra></extra>",
        meta={"label": group},
    )
