"""Two classes along the axis between their means, as overlapping histograms.

Places are without unit: 0 and 1 are the two means, ½ is where both are as near.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from centerviz.figures.runs import BELOW, plain
from centerviz.figures.theme import INK, colour, styled
from centerviz.language import _

DASHES = ("solid", "dot")


def two_histograms(
    places: Sequence[Float[np.ndarray, " _"]],
    edges: Float[np.ndarray, " _"],
    labels: Sequence[int],
    names: Sequence[str],
    *,
    dark: bool = False,
    lecture: bool = False,
) -> go.Figure:
    """The share of each class by its place on the axis, with the middle and both means marked.

    `places`: of the samples of each of the two classes; `labels` their numbers, for the colours.
    The second class has a dotted outline, so that colour is not all that tells them apart.
    """
    figure = go.Figure()
    for values, label, name, dash in zip(places, labels, names, DASHES, strict=True):
        counts, _edges = np.histogram(values, edges)
        share = counts / max(len(values), 1)
        figure.add_trace(
            go.Scatter(
                x=edges,
                y=np.append(share, share[-1]),
                mode="lines",
                line={"shape": "hv", "color": colour(label), "dash": dash},
                fill="tozeroy",
                name=_("class {name}", name=plain(name)),
                hovertemplate="%{y:.1%}<extra>" + plain(name) + "</extra>",
            )
        )
    figure.add_vline(x=0.5, line={"color": INK[dark], "width": 2, "dash": "dash"})
    for place, label in zip((0.0, 1.0), labels, strict=True):
        figure.add_vline(x=place, line={"color": colour(label), "width": 2})
    figure.update_xaxes(title=_("place: 0 and 1 are the means"))
    figure.update_yaxes(title=_("share of the class"), rangemode="tozero", tickformat=".0%")
    figure.update_layout(BELOW)
    return styled(figure, dark, lecture)
