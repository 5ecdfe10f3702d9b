"""Settings of an experiment over their seeds: one number, and accuracy against compactness."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from centerviz.figures.runs import plain
from centerviz.figures.theme import ACCENT, BASELINE, styled
from centerviz.language import _


@dataclass(frozen=True)
class Point:
    """A setting: what it is called, mean and half width over n seeds (None with one seed)."""

    name: str
    mean: float
    half: float | None
    n: int
    is_baseline: bool


@dataclass(frozen=True)
class Dot:
    """A run: its id, what it and its setting are called, and its two numbers."""

    run: str
    name: str
    setting: str
    x: float
    y: float
    is_baseline: bool


def sweep(
    points: Sequence[Point], title: str, *, dark: bool = False, lecture: bool = False
) -> go.Figure:
    """A mark for each setting, in the order given and evenly spaced, with its interval."""
    figure = go.Figure()
    for kind in (True, False):
        shown = [point for point in points if point.is_baseline == kind]
        bars = {
            "type": "data",
            "array": [point.half or 0.0 for point in shown],
            "color": _colour(kind, dark),
            "thickness": 2,
            "width": 6,
        }
        figure.add_trace(
            go.Scatter(
                x=[plain(point.name) for point in shown],
                y=[point.mean for point in shown],
                error_y=bars,
                mode="markers",
                marker=_marker(kind, dark, 10),
                name=_name(kind),
                customdata=[point.n for point in shown],
                hovertemplate="%{y:.4g} · N = %{customdata}<extra></extra>",
            )
        )
    order = [plain(point.name) for point in points]
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=order)
    figure.update_yaxes(title=title)
    return _laid_out(figure, dark, lecture)


def runs_by_two(
    dots: Sequence[Dot], titles: tuple[str, str], *, dark: bool = False, lecture: bool = False
) -> go.Figure:
    """Every run by two numbers, a setting's name at one of its runs; `customdata` is the id."""
    figure = go.Figure()
    named = set()
    for setting in dict.fromkeys(dot.setting for dot in dots):
        shown = [dot for dot in dots if dot.setting == setting]
        kind = shown[0].is_baseline
        end = sorted(range(len(shown)), key=lambda place: shown[place].y)[0 if kind else -1]
        figure.add_trace(
            go.Scatter(
                x=[dot.x for dot in shown],
                y=[dot.y for dot in shown],
                mode="markers+text",
                marker=_marker(kind, dark, 9),
                text=[plain(setting) if place == end else "" for place in range(len(shown))],
                textposition="bottom center" if kind else "top center",
                cliponaxis=False,
                name=_name(kind),
                legendgroup=str(kind),
                showlegend=kind not in named,
                customdata=[dot.run for dot in shown],
                hovertext=[plain(dot.name) for dot in shown],
                hovertemplate="%{hovertext}: %{x:.4g}, %{y:.4g}<extra></extra>",
            )
        )
        named.add(kind)
    figure.update_xaxes(title=titles[0], range=_roomy([dot.x for dot in dots]))
    figure.update_yaxes(title=titles[1], range=_roomy([dot.y for dot in dots]))
    figure.update_layout(dragmode=False, hovermode="closest")
    return _laid_out(figure, dark, lecture)


def _roomy(values: Sequence[float]) -> list[float]:
    """The ends of an axis with room for names beyond the outermost dots.

    >>> _roomy([1.0, 2.0])
    [0.85, 2.15]
    """
    low, high = min(values), max(values)
    room = 0.15 * ((high - low) or abs(high) or 1.0)
    return [low - room, high + room]


def _colour(is_baseline: bool, dark: bool) -> str:
    return (BASELINE if is_baseline else ACCENT)[dark]


def _marker(is_baseline: bool, dark: bool, size: int) -> dict:
    symbol = "square" if is_baseline else "circle"
    return {"color": _colour(is_baseline, dark), "size": size, "symbol": symbol}


def _name(is_baseline: bool) -> str:
    return _("λ = 0") if is_baseline else _("with center loss")


def _laid_out(figure: go.Figure, dark: bool, lecture: bool) -> go.Figure:
    """The legend stands above the axes."""
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    return styled(figure, dark, lecture)
