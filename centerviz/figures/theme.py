"""One look for every Plotly figure: symbols, and a template for light, dark and lecture."""

from pathlib import Path

import plotly
import plotly.graph_objects as go

from centerviz.figures.colours import ACCENT, BASELINE, CLASS_COLOURS, FAINT, INK, colour

__all__ = ["ACCENT", "BASELINE", "INK", "colour"]  # handed on to all that draw with Plotly
Figure = go.Figure
PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"  # of the same wheel
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "star", "pentagon", "hexagon", "bowtie")
SYMBOLS_3D = ("circle", "square", "diamond", "circle-open", "square-open", "diamond-open")
FEW_CLASSES = 12  # above it a symbol tells classes apart besides the colour
SEQUENTIAL = "Cividis"


def symbol(label: int, classes: int, dims: int = 2) -> str:
    """The mark of a class: a circle, and other marks as well when there are many classes.

    >>> symbol(3, classes=10), symbol(3, classes=20)
    ('circle', 'triangle-up')
    """
    if classes <= FEW_CLASSES:
        return "circle"
    marks = SYMBOLS if dims == 2 else SYMBOLS_3D
    return marks[label % len(marks)]


def template(dark: bool = False, lecture: bool = False) -> go.layout.Template:
    """Quiet axes on a transparent ground; lecture mode has larger type and thicker lines."""
    axis = {
        "gridcolor": FAINT[dark],
        "linecolor": FAINT[dark],
        "zerolinecolor": FAINT[dark],
        "zerolinewidth": 1,
        "automargin": True,
        "title": {"standoff": 8},
    }
    return go.layout.Template(
        layout={
            "font": {"size": 22 if lecture else 13, "color": INK[dark]},
            "colorway": CLASS_COLOURS,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 32, "b": 8},
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {"font": {"size": 20 if lecture else 13}},
            "legend": {"itemsizing": "constant"},
        },
        data={"scatter": [{"line": {"width": 3 if lecture else 2}}]},
    )


def styled(figure: go.Figure, dark: bool = False, lecture: bool = False) -> go.Figure:
    """The figure with our template, in place."""
    return figure.update_layout(template=template(dark, lecture))
