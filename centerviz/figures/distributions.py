"""How far samples lie from their class mean, as overlapping histograms of two runs.

Distances come in units of the run's own mean inter-class distance: a map that only shrank then
looks as it is, no tighter than before.
"""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from centerviz.figures.runs import BELOW, plain, run_colours
from centerviz.figures.theme import styled
from centerviz.language import _

BINS = 48
TAIL = 0.995  # quantile at which the axis ends; what lies beyond is drawn in the last bin


def distances(
    by_run: Mapping[str, Float[np.ndarray, " _"]], *, dark: bool = False, lecture: bool = False
) -> go.Figure:
    """Share of samples by distance to their class mean, one outline a run, medians marked.

    `by_run`: name shown -> ‖x − μ_y‖ / mean inter-class distance, one entry a sample. All runs
    share the bins; the last bin holds everything beyond it.
    """
    figure = go.Figure()
    edges = shared_bins(list(by_run.values()))
    colours = run_colours(len(by_run), dark)
    for (name, values), colour in zip(by_run.items(), colours, strict=True):
        counts, _edges = np.histogram(np.minimum(values, edges[-1]), edges)
        share = counts / max(len(values), 1)
        figure.add_trace(_outline(_named(name, values), edges, share, colour))
        if len(values):
            median = float(np.median(values))
            figure.add_vline(x=median, line={"color": colour, "width": 2, "dash": "dash"})
    figure.update_xaxes(title=_("distance to class mean ÷ inter-class distance"))
    figure.update_yaxes(title=_("share of samples"), rangemode="tozero", tickformat=".0%")
    figure.update_layout(BELOW)
    return styled(figure, dark, lecture)


def shared_bins(samples: list[np.ndarray]) -> Float[np.ndarray, " _"]:
    """Bin edges from 0 to where 99.5 % of all samples lie.

    >>> shared_bins([np.array([0.0, 0.5]), np.array([1.0])])[[0, -1]].round(2)
    array([0.  , 0.99])
    """
    everything = np.concatenate([*samples, np.zeros(1)])
    end = float(np.quantile(everything[np.isfinite(everything)], TAIL))
    return np.linspace(0.0, end if end > 0 else 1.0, BINS + 1)


def _outline(name: str, edges: np.ndarray, share: np.ndarray, colour: str) -> go.Scatter:
    return go.Scatter(
        x=edges,
        y=np.append(share, share[-1]),
        mode="lines",
        line={"shape": "hv", "color": colour},
        fill="tozeroy",
        name=name,
        hovertemplate="%{y:.1%}<extra>" + name + "</extra>",
    )


def _named(name: str, values: np.ndarray) -> str:
    """The run with its median: two labels at two near lines would lie on each other."""
    if not len(values):
        return plain(name)
    return _("{name}, median {value}", name=plain(name), value=f"{np.median(values):.3f}")
