"""One number of several settings: mean over seeds with its 95 % interval, λ = 0 in grey."""

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


def sweep(
    points: Sequence[Point], title: str, *, dark: bool = False, lecture: bool = False
) -> go.Figure:
    """A mark for each setting, in the order given and evenly spaced, with its interval."""
    figure = go.Figure()
    kinds = ((True, _("λ = 0"), BASELINE[dark]), (False, _("with center loss"), ACCENT[dark]))
    for kind, name, colour in kinds:
        shown = [point for point in points if point.is_baseline == kind]
        figure.add_trace(
            go.Scatter(
                x=[plain(point.name) for point in shown],
                y=[point.mean for point in shown],
                error_y={
                    "type": "data",
                    "array": [point.half or 0.0 for point in shown],
                    "color": colour,
                    "thickness": 2,
                    "width": 6,
                },
                mode="markers",
                marker={"color": colour, "size": 10, "symbol": "square" if kind else "circle"},
                name=name,
                customdata=[point.n for point in shown],
                hovertemplate="%{y:.4g} · N = %{customdata}<extra></extra>",
            )
        )
    order = [plain(point.name) for point in points]
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=order)
    figure.update_yaxes(title=title)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    return styled(figure, dark, lecture)
