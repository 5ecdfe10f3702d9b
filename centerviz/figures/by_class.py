"""Class by class: boxes of distances to the class mean, and the matrix between the means.

Letters: N samples · C classes.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int

from centerviz.figures.runs import plain
from centerviz.figures.theme import FEW_CLASSES, SEQUENTIAL, colour, styled
from centerviz.language import _

MOST_POINTS = 2_000  # samples up to which those outside the whiskers are drawn one by one


def distances_by_class(
    distances: Float[np.ndarray, " N"],
    labels: Int[np.ndarray, " N"],
    class_names: Sequence[str],
    *,
    dark: bool = False,
    lecture: bool = False,
) -> go.Figure:
    """‖x − μ_y‖ / mean inter-class distance by class: box of quartiles, median, whiskers of 1.5
    box lengths.

    Classes stand in their order from top to bottom; those without samples are left out.
    """
    figure = go.Figure()
    for label in np.unique(labels).tolist():
        own = distances[labels == label]
        figure.add_trace(
            go.Box(
                x=own[np.isfinite(own)].astype(np.float32),
                name=plain(class_names[label]),
                marker={"color": colour(label), "size": 4},
                line={"width": 2 if lecture else 1.2},
                boxpoints="outliers" if len(labels) <= MOST_POINTS else False,
                boxmean=True,
                orientation="h",
                hoverinfo="x+name",
            )
        )
    title = _("distance to class mean ÷ inter-class distance").replace(" ÷", "<br>÷")  # narrow
    figure.update_xaxes(title=title, rangemode="tozero")
    figure.update_yaxes(autorange="reversed", type="category", title=_("class"))
    figure.update_layout(showlegend=False, boxgap=0.25)
    return styled(figure, dark, lecture)


def matrix_of_means(
    gaps: Float[np.ndarray, "C C"],
    angles: Float[np.ndarray, "C C"],
    class_names: Sequence[str],
    *,
    dark: bool = False,
    lecture: bool = False,
) -> go.Figure:
    """‖μ_a − μ_b‖ as colour, in feature units, and the angle about the origin, in degrees.

    With few classes both stand in the cells, else they are told on hover. Classes without a mean
    are left out; so is the diagonal.
    """
    seen = np.flatnonzero(~np.isnan(np.diag(gaps)))
    names = [plain(class_names[j]) for j in seen]
    z = gaps[np.ix_(seen, seen)].copy()
    np.fill_diagonal(z, np.nan)
    turned = angles[np.ix_(seen, seen)]
    both = [[_cell(*one) for one in zip(*row, strict=True)] for row in zip(z, turned, strict=True)]
    figure = go.Figure(
        go.Heatmap(
            z=z.astype(np.float32),
            x=names,
            y=names,
            text=both,
            colorscale=SEQUENTIAL,
            colorbar={"title": _("distance"), "thickness": 12},
            texttemplate="%{text}" if len(seen) <= FEW_CLASSES else None,
            hovertemplate="%{y} – %{x}<br>%{text}<extra></extra>",
            hoverongaps=False,
        )
    )
    figure.update_xaxes(type="category", title=_("class"), showgrid=False, constrain="domain")
    figure.update_yaxes(
        type="category", title=_("class"), showgrid=False, autorange="reversed", scaleanchor="x"
    )
    return styled(figure, dark, lecture)


def _cell(gap: float, angle: float) -> str:
    """Distance and angle of one pair; nothing on the diagonal, no angle for a mean at the origin.

    >>> _cell(0.8, 45.2), _cell(3.0, float("nan")), _cell(float("nan"), 0.0)
    ('0.800<br>45°', '3.00', '')
    """
    if np.isnan(gap):
        return ""
    return f"{gap:#.3g}" + ("" if np.isnan(angle) else f"<br>{angle:.0f}°")
