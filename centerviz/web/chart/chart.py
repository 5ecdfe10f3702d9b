"""`chart`: curves, bars and histograms.

`st.plotly_chart` builds a chart anew whenever its figure changes, which blinks while a training is
watched, and brings a second copy of Plotly to a page that has maps.
"""

from pathlib import Path

from centerviz.figures.theme import Figure
from centerviz.language import _
from centerviz.web.component import component

_component = component(Path(__file__).parent, "chart")


def chart(
    figure: Figure, key: str, *, alt: str, height: int = 300, picks: bool = False
) -> str | None:
    """Draw `figure` under `key`, `height` pixels high at normal type size.

    `alt` says in a sentence what a person who cannot see the figure should know. With `picks` a
    click on a point returns its customdata, once.
    """
    found = _component(
        key=key,
        data={
            "figure": figure.to_json(validate=False),
            "key": key,
            "alt": alt,
            "height": height,
            "picks": picks,
            "failed": _("This figure could not be drawn in this browser. Reload the page."),
        },
        on_picked_change=_nothing,
    )
    return found.picked if picks else None


def _nothing() -> None:
    """Callback: the click is told by the component's value."""
