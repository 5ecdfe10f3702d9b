"""Curves over the epochs of one run or of two: losses, accuracy, and who pulls how hard.

A history is what a run tells about its epochs: one row an epoch, columns `epoch`, `base_loss`,
`center_loss`, `weighted_center_loss`, `gradient_ratio`, `drift`, `accuracy_train`,
`accuracy_val`, `accuracy_test` (NaN where there is none). Of two
histories the first is the baseline. Colour tells the run, the dash tells the quantity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from centerviz.figures.runs import BELOW, plain, run_colours
from centerviz.figures.theme import INK, styled
from centerviz.language import N_, _

History = Mapping[str, pd.DataFrame]  # name shown -> one row an epoch


@dataclass(frozen=True)
class Quantity:
    """One column of a history: how it is called and drawn."""

    column: str
    words: str
    dash: str


LOSSES = (
    Quantity("base_loss", N_("L_S"), "solid"),
    Quantity("center_loss", N_("L_C"), "dot"),
    Quantity("weighted_center_loss", N_("λ·L_C"), "dash"),
)
ACCURACIES = (
    Quantity("accuracy_train", N_("train"), "dot"),
    Quantity("accuracy_val", N_("validation"), "dash"),
    Quantity("accuracy_test", N_("test"), "solid"),
)
RATIO = (Quantity("gradient_ratio", N_("gradient ratio"), "solid"),)
DRIFT = (Quantity("drift", N_("drift"), "solid"),)


def losses(
    histories: History,
    classes: int | None = None,
    *,
    dark: bool = False,
    lecture: bool = False,
) -> go.Figure:
    """The three losses on a logarithmic axis; a line at ln C marks guessing among C classes.

    A loss of 0 (λ = 0, or no base loss) has no place on a logarithmic axis and is left out.
    """
    figure = _curves(histories, LOSSES, dark, lecture, positive=True)
    if classes is not None and classes > 1:
        _guessing(figure, classes, dark)
    return _log_axis(figure, _("loss (nats, log scale)"))


def accuracies(histories: History, *, dark: bool = False, lecture: bool = False) -> go.Figure:
    """Share of samples classified right, per split; empty without a classifier."""
    figure = _curves(histories, ACCURACIES, dark, lecture, positive=False)
    figure.update_yaxes(title=_("accuracy (share)"), range=[0, 1.02])
    return figure


def gradient_ratios(histories: History, *, dark: bool = False, lecture: bool = False) -> go.Figure:
    """‖λ ∂L_C/∂x‖ / ‖∂L_S/∂x‖: how hard center loss pulls beside the base loss. No end is good."""
    figure = _curves(histories, RATIO, dark, lecture, positive=True)
    return _log_axis(figure, _("gradient ratio (log scale)"))


def drifts(histories: History, *, dark: bool = False, lecture: bool = False) -> go.Figure:
    """How far the kept centers are from the true class means, in units of the features."""
    figure = _curves(histories, DRIFT, dark, lecture, positive=False)
    figure.update_yaxes(title=_("drift ‖c − μ‖ (feature units)"), rangemode="tozero")
    return figure


def _log_axis(figure: go.Figure, title: str) -> go.Figure:
    """A logarithmic axis; over several decades only powers of ten are marked."""
    drawn = np.concatenate([np.asarray(trace.y, dtype=np.float64) for trace in figure.data] or [[]])
    drawn = drawn[np.isfinite(drawn)]
    wide = len(drawn) > 0 and drawn.max() > 50 * drawn.min()
    figure.update_yaxes(type="log", title=title, exponentformat="power", dtick=1 if wide else None)
    return figure


def _guessing(figure: go.Figure, classes: int, dark: bool) -> None:
    """The line at ln C. An annotation on a logarithmic axis stands at the logarithm."""
    level = float(np.log(classes))
    figure.add_hline(y=level, line={"dash": "longdash", "width": 1, "color": INK[dark]})
    figure.add_annotation(
        text=_("ln {classes}: guessing", classes=classes),
        x=1,
        xref="paper",
        xanchor="right",
        y=float(np.log10(level)),
        yanchor="bottom",
        showarrow=False,
    )


def _curves(
    histories: History, quantities: Sequence[Quantity], dark: bool, lecture: bool, *, positive: bool
) -> go.Figure:
    figure = go.Figure()
    colours = run_colours(len(histories), dark)
    for (name, history), colour in zip(histories.items(), colours, strict=True):
        run = plain(name) if len(histories) > 1 else ""
        for quantity in quantities:
            if quantity.column not in history:
                continue
            y = history[quantity.column].to_numpy(dtype=np.float64)
            y = np.where((y > 0) | (not positive), y, np.nan)
            if np.isfinite(y).any():
                x = history["epoch"].to_numpy()
                figure.add_trace(_line(run, x, y, quantity, colour))
    figure.update_xaxes(title=_("epoch"), rangemode="tozero")
    figure.update_layout(BELOW, hovermode="x unified")
    return styled(figure, dark, lecture)


def _line(run: str, x: np.ndarray, y: np.ndarray, quantity: Quantity, colour: str) -> go.Scatter:
    words = _(quantity.words)
    name = _("{words}, {run}", words=words, run=run) if run else words
    return go.Scatter(
        x=x,
        y=y,
        mode="lines" if len(x) > 1 else "markers",
        name=name,
        legendgroup=run,
        line={"dash": quantity.dash, "color": colour},
        marker={"color": colour},
        hovertemplate=f"%{{y:.4g}} {name}<extra></extra>",
    )
