"""One look for every figure: class colours, symbols, and a template for light, dark and lecture.

The colours are Petroff's ten (arXiv 2107.02270) and ten more, chosen so that the smallest CAM02-UCS
distance stays large with every kind of colour vision. Colours mean classes and nothing else.
"""

from pathlib import Path

import plotly
import plotly.graph_objects as go

Figure = go.Figure
PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"  # of the same wheel
# fmt: off
CLASS_COLOURS = (
    "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6",
    "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
    "#c3d2b4", "#963c5a", "#e1d278", "#b4b4ff", "#784bff",
    "#4b6996", "#78b4c3", "#4b692d", "#9687a5", "#4ba53c",
)
# fmt: on
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "star", "pentagon", "hexagon", "bowtie")
SYMBOLS_3D = ("circle", "square", "diamond", "circle-open", "square-open", "diamond-open")
FEW_CLASSES = 12  # above it a symbol tells classes apart besides the colour
SEQUENTIAL = "Cividis"

INK = {False: "#1f2421", True: "#ecebe7"}  # text, by `dark`
FAINT = {False: "#d6d9d4", True: "#44423f"}  # grid and borders
ACCENT = {False: "#0f6674", True: "#6cc3d0"}
# Two runs in one figure: never class colours. Ours is the accent, the pinned baseline is grey.
BASELINE = {False: "#6b706c", True: "#a9aaa4"}


def colour(label: int) -> str:
    """The colour of a class; it repeats after twenty, where the symbol goes on.

    >>> colour(0), colour(20) == colour(0)
    ('#3f90da', True)
    """
    return CLASS_COLOURS[label % len(CLASS_COLOURS)]


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
