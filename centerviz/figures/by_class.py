"""How far the samples of each class lie from their class mean: one box a class.

Letters: N samples.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int

from centerviz.figures.runs import plain
from centerviz.figures.theme import colour, styled
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
    """‖x − μ_y‖ by class, in feature units: box of quartiles, median, whiskers of 1.5 box lengths.

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
    figure.update_xaxes(title=_("distance to the class mean"), rangemode="tozero")
    figure.update_yaxes(autorange="reversed", type="category", title=_("class"))
    figure.update_layout(showlegend=False, boxgap=0.25)
    return styled(figure, dark, lecture)
