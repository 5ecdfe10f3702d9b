"""How runs look in any figure: the baseline grey, the other in the accent, names as plain text."""

from centerviz.figures.theme import ACCENT, BASELINE

BELOW = {  # the legend under the axis title: a column of a page has no room beside the figure
    "legend": {
        "orientation": "h",
        "x": 0,
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "groupclick": "toggleitem",
    },
    "margin": {"l": 8, "r": 8, "t": 20, "b": 8},
}


def run_colours(runs: int, dark: bool = False) -> tuple[str, ...]:
    """One colour a run, the baseline first; a run on its own has the accent.

    Two at most: more runs in one figure could not be told apart without class colours.

    >>> run_colours(1), run_colours(2)
    (('#0f6674',), ('#6b706c', '#0f6674'))
    """
    return (ACCENT[dark],) if runs == 1 else (BASELINE[dark], ACCENT[dark])


def plain(name: str) -> str:
    """A name inside Plotly's little HTML: its own characters, no markup, no placeholder.

    >>> plain("<a href=x>")
    '&lt;a href=x>'
    """
    return name.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "%\u200b{")
