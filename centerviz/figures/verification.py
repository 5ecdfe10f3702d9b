"""Same or different: ROC and DET curves, and histograms of pair scores."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float
from scipy.special import ndtri

from centerviz.figures.runs import BELOW, plain, run_colours
from centerviz.figures.theme import INK, styled
from centerviz.language import _

DRAWN = 600  # points of a ROC curve that are drawn; the numbers use all of them
BINS = 80
RATES = (0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8)  # ticks of a DET curve


def roc_curves(
    curves: Mapping[str, tuple[Float[np.ndarray, " T"], Float[np.ndarray, " T"]]],
    *,
    log: bool = False,
    eers: Mapping[str, float | None] | None = None,
    dark: bool = False,
    lecture: bool = False,
) -> go.Figure:
    """TAR over FAR, one curve a run, its EER marked where TAR = 1 − FAR.

    `curves`: name shown -> (far, tar), both rising from 0 to 1. `log` spreads the low end, where
    a door or a border works.
    """
    figure = go.Figure()
    colours = run_colours(len(curves), dark)
    for (name, (far, tar)), colour in zip(curves.items(), colours, strict=True):
        keep = drawn_points(far, log)
        figure.add_trace(_curve(name, far[keep], tar[keep], colour))
        eer = (eers or {}).get(name)
        if eer is not None and (eer > 0 or not log):
            figure.add_trace(_eer_mark(name, eer, eer, 1 - eer, colour))
    _chance(figure, log, [far for far, _tar in curves.values()])
    figure.update_yaxes(title=_("TAR: same, taken for same"), range=[-0.01, 1.01], tickformat=".0%")
    figure.update_xaxes(title=_("FAR: different, taken for same"))
    figure.update_layout(BELOW)
    return styled(figure, dark, lecture)


def det_curves(
    curves: Mapping[str, tuple[Float[np.ndarray, " T"], Float[np.ndarray, " T"]]],
    *,
    eers: Mapping[str, float | None] | None = None,
    dark: bool = False,
    lecture: bool = False,
) -> go.Figure:
    """FRR = 1 − TAR over FAR, both axes stretched as normal deviates (Martin et al. 1997).

    `curves`: name shown -> (far, tar). Normal scores become straight lines, and the EER is where
    a curve meets the diagonal. Rates of 0 and 1 lie at infinity and are left out.
    """
    figure = go.Figure()
    for (name, (far, tar)), colour in zip(
        curves.items(), run_colours(len(curves), dark), strict=True
    ):
        keep = drawn_points(far, log=True)
        far, missed = far[keep], 1 - tar[keep]
        inside = (far > 0) & (far < 1) & (missed > 0) & (missed < 1)
        figure.add_trace(
            go.Scatter(
                x=ndtri(far[inside]),
                y=ndtri(missed[inside]),
                customdata=np.stack([far[inside], missed[inside]], axis=1),
                mode="lines",
                name=plain(name),
                line={"color": colour},
                hovertemplate="FAR %{customdata[0]:.2%}<br>FRR %{customdata[1]:.2%}<extra></extra>",
            )
        )
        eer = (eers or {}).get(name)
        if eer is not None and 0 < eer < 1:
            figure.add_trace(_eer_mark(name, eer, float(ndtri(eer)), float(ndtri(eer)), colour))
    ends = ndtri([RATES[0] / 2, 0.9])
    figure.add_trace(_line(_("FAR = FRR"), ends, ends))
    ticks = {"tickvals": ndtri(RATES), "ticktext": [f"{100 * rate:g}%" for rate in RATES]}
    both = {"range": ends.tolist(), "zeroline": False, **ticks}
    figure.update_xaxes(title=_("FAR: different, taken for same"), **both)
    figure.update_yaxes(title=_("FRR: same, taken for different"), **both)
    figure.update_layout(BELOW)
    return styled(figure, dark, lecture)


def drawn_points(far: Float[np.ndarray, " T"], log: bool, most: int = DRAWN) -> np.ndarray:
    """Row numbers of at most `most` points: ends kept, evenly spread on the axis that is drawn.

    >>> drawn_points(np.linspace(0.0, 1.0, 11), log=False, most=3)
    array([ 0,  5, 10])
    """
    if len(far) <= most:
        return np.arange(len(far))
    first = far[far > 0].min() if log and (far > 0).any() else 0.0
    ends = (np.log10(first), 0.0) if first > 0 else (0.0, 1.0)
    ticks = np.linspace(*ends, most)
    wanted = 10**ticks if first > 0 else ticks
    near = np.searchsorted(far, wanted * (1 + 1e-12), side="right") - 1  # the best TAR at that FAR
    return np.unique(np.concatenate([[0], near, [len(far) - 1]]))


def score_histogram(
    genuine: Float[np.ndarray, " G"],
    impostor: Float[np.ndarray, " I"],
    threshold: float | None,
    axis: str,
    *,
    dark: bool = False,
    lecture: bool = False,
) -> go.Figure:
    """Shares of genuine and impostor pairs by score, in common bins; a line at the threshold.

    `axis` names the score ("cosine").
    """
    both = np.concatenate([genuine, impostor, [0.0]])
    edges = np.linspace(float(both.min()), float(both.max()), BINS + 1)
    figure = go.Figure()
    different, same = run_colours(2, dark)
    pairs = (
        (_("same class"), genuine, same, ""),
        (_("different classes"), impostor, different, "/"),
    )
    for name, scores, colour, pattern in pairs:
        counts, _edges = np.histogram(scores, edges)
        figure.add_trace(_bars(name, edges, counts / max(len(scores), 1), colour, pattern))
    if threshold is not None and np.isfinite(threshold):
        figure.add_vline(
            x=float(threshold),
            line={"dash": "dash", "width": 2, "color": INK[dark]},
            annotation={"text": _("threshold {value}", value=f"{threshold:.3f}")},
            annotation_position="top left",
        )
    figure.update_layout(barmode="overlay", bargap=0)
    figure.update_xaxes(title=axis)
    figure.update_yaxes(title=_("share of its pairs"), rangemode="tozero", tickformat=".0%")
    figure.update_layout(BELOW)
    return styled(figure, dark, lecture)


def _curve(name: str, far: np.ndarray, tar: np.ndarray, colour: str) -> go.Scatter:
    return go.Scatter(
        x=far,
        y=tar,
        mode="lines",
        name=plain(name),
        line={"color": colour, "shape": "hv"},
        hovertemplate="FAR %{x:.2%}<br>TAR %{y:.2%}<extra></extra>",
    )


def _eer_mark(name: str, eer: float, x: float, y: float, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[x],
        y=[y],
        mode="markers",
        marker={"symbol": "diamond", "size": 10, "color": colour},
        name=_("EER of {name}", name=plain(name)),
        showlegend=False,
        hovertemplate=f"EER {eer:.2%}<extra></extra>",
    )


def _line(name: str, x: np.ndarray, y: np.ndarray) -> go.Scatter:
    """A dotted line to measure the curves by."""
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        name=name,
        line={"dash": "dot", "width": 1, "color": "#94a4a2"},
        hoverinfo="skip",
    )


def _chance(figure: go.Figure, log: bool, fars: list[np.ndarray]) -> None:
    """The curve of a coin: TAR = FAR."""
    smallest = min((float(far[far > 0].min()) for far in fars if (far > 0).any()), default=1e-3)
    x = np.geomspace(smallest, 1.0, 50) if log else np.array([0.0, 1.0])
    figure.add_trace(_line(_("chance"), x, x))
    if log:
        figure.update_xaxes(type="log", range=[float(np.log10(smallest)), 0.0], dtick=1)
        figure.update_xaxes(tickformat="~%")
    else:
        figure.update_xaxes(range=[-0.01, 1.01], tickformat=".0%")


def _bars(name: str, edges: np.ndarray, share: np.ndarray, colour: str, pattern: str) -> go.Bar:
    return go.Bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=share,
        width=float(edges[1] - edges[0]),
        name=name,
        opacity=0.65,
        marker={"color": colour, "pattern": {"shape": pattern}, "line": {"width": 0}},
        hovertemplate="%{x:.3f}: %{y:.2%}<extra>" + name + "</extra>",
    )
