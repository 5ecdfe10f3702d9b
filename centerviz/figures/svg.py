"""Shapes of an SVG drawing as text: it needs no network, no script and no font of its own.

A drawing is light or dark as its reader is, and printed light. Everything is escaped.
Letters: `low`, `high` corners of what is drawn (2,) · pixels count down from the top left corner.
"""

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from centerviz.figures.colours import ACCENT, BASELINE, FAINT, INK

Number = int | float
Place = tuple[Number, Number]  # in pixels
TEXT = 13.0  # pixels of ordinary type
LETTER = 7.5  # pixels that a letter takes, about
SHAPES = {  # marks of the classes: corners around the origin; the first is a circle
    "square": "M-4 -4H4V4H-4Z",
    "triangle": "M0 -5L5 4H-5Z",
    "cross": "M-5 0H5M0 -5V5",
    "turned cross": "M-4 -4L4 4M4 -4L-4 4",
    "diamond": "M0 -7L7 0L0 7L-7 0Z",
}
STYLE = "".join(
    f"@media {media}{{svg{{background:{ground}}}text{{fill:{INK[dark]};stroke:none}}"
    + "".join(
        f".{name}{{stroke:{shade[dark]};fill:none}}.{name}-fill{{fill:{shade[dark]}}}"
        for name, shade in (("ink", INK), ("faint", FAINT), ("accent", ACCENT), ("grey", BASELINE))
    )
    + "}"
    for media, ground, dark in (
        ("all", "#ffffff", False),
        ("screen and (prefers-color-scheme:dark)", "#191817", True),
    )
)


@dataclass(frozen=True)
class Plane:
    """A rectangle of the drawing, in pixels, and the numbers along its sides."""

    low: np.ndarray  # (2,)
    high: np.ndarray  # (2,)
    left: Number
    top: Number
    width: Number
    height: Number

    def at(self, place: Sequence[Number] | np.ndarray) -> Place:
        """Where a place stands, in pixels.

        >>> Plane(np.zeros(2), np.ones(2), 10, 10, 100, 50).at((0.5, 1.0))
        (60.0, 10.0)
        """
        x, y = (np.asarray(place[:2]) - self.low) / (self.high - self.low)
        return float(self.left + x * self.width), float(self.top + (1 - y) * self.height)


def even(low: np.ndarray, high: np.ndarray, box: tuple[Number, Number, Number, Number]) -> Plane:
    """The plane of a box (left, top, width, height) in which one unit is as long on both sides.

    >>> even(np.zeros(2), np.array([1.0, 1.0]), (0, 0, 200, 100)).low
    array([-0.5,  0. ])
    """
    left, top, width, height = box
    unit = max((high[0] - low[0]) / width, (high[1] - low[1]) / height)
    half = unit * np.array([width, height]) / 2
    middle = (low + high) / 2
    return Plane(middle - half, middle + half, left, top, width, height)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from low to high, about so many.

    >>> ticks(0.0, 1.0), ticks(-3.0, 11.0)
    ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.0, 5.0, 10.0])
    """
    raw = (high - low) / about
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * next(n for n in (1, 2, 5, 10) if n * power >= raw * (1 - 1e-9))
    first = int(np.ceil(low / step - 1e-9))
    last = int(np.floor(high / step + 1e-9))
    return [float(f"{n * step:.12g}") for n in range(first, last + 1)]


def line(start: Place, end: Place, look: str, **more: object) -> str:
    """A line; `look` is a colour or one of ink, faint, accent, grey."""
    (x1, y1), (x2, y2) = start, end
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f"<line {place}{_look(look)}{_more(more)}/>"


def path(points: Sequence[Place | None], look: str, **more: object) -> str:
    """A line through points; a gap where one is None."""
    words, pen = [], "M"
    for point in points:
        words.append("" if point is None else f"{pen}{point[0]:.1f} {point[1]:.1f}")
        pen = "M" if point is None else "L"
    return f'<path d="{"".join(words)}"{_look(look)}{_more(more)}/>'


def mark(at: Place, kind: str, look: str, **more: object) -> str:
    """A mark of a class: a circle or one of SHAPES."""
    drawn = f'transform="translate({at[0]:.1f} {at[1]:.1f})"{_look(look, True)}'
    if kind == "circle":
        return f'<circle r="4.5" {drawn}{_more(more)}/>'
    return f'<path d="{SHAPES[kind]}" {drawn}{_more(more)}/>'


def text(at: Place, words: str, anchor: str = "start", **more: object) -> str:
    """Words with their indices set low: `c_2`, `L_{ij}`; a sign in front of the index is free.

    >>> text((1, 2), "c_2")
    '<text x="1.0" y="2.0">c<tspan dy="3" font-size="75%">2</tspan></text>'
    """
    parts = re.split(r"_(?:\{([^}]*)\}|(\w+))", words)
    inside = html.escape(parts[0])
    for braced, bare, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        inside += f'<tspan dy="3" font-size="75%">{html.escape(braced or bare)}</tspan>'
        inside += f'<tspan dy="-3">{html.escape(rest)}</tspan>' if rest else ""
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{at[0]:.1f}" y="{at[1]:.1f}"{side}{_more(more)}>{inside}</text>'


def width_of(words: str) -> float:
    """About how wide words are drawn, in pixels; a Chinese sign is as wide as it is high.

    >>> width_of("c_2"), width_of("\u7c7b")
    (15.0, 13.0)
    """
    return sum(TEXT if sign > "\u2e80" else LETTER for sign in words if sign not in "_{}")


def axes(plane: Plane, x: Sequence[tuple[Number, str]] | None, titles: Sequence[str]) -> list[str]:
    """Grid, ticks and titles of a plane; `x` names places on its lower side instead of ticks."""
    left, bottom = plane.left, plane.top + plane.height
    across = x or [(tick, f"{tick:g}") for tick in ticks(plane.low[0], plane.high[0])]
    drawn = []
    for place, words in across:
        at, _ = plane.at((place, plane.low[1]))
        if not x:
            drawn.append(line((at, plane.top), (at, bottom), "faint"))
        drawn.append(text((at, bottom + 16), words, "middle"))
    for tick in ticks(plane.low[1], plane.high[1]):
        _, at = plane.at((plane.low[0], tick))
        drawn.append(line((left, at), (left + plane.width, at), "faint"))
        drawn.append(text((left - 6, at + 4), f"{tick:g}", "end"))
    drawn.append(text((left + plane.width, bottom + 32), titles[0], "end"))
    drawn.append(text((left - 6, plane.top - 8), titles[1], "start"))
    return drawn


def drawing(parts: Sequence[str], width: int, height: int, alt: str) -> str:
    """The whole drawing; `alt` is read where it cannot be seen."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-size="{TEXT}" '
        f"font-family=\"system-ui,'Noto Sans SC',sans-serif\"><title>{html.escape(alt)}</title>"
        f"<style>{STYLE}</style>{''.join(parts)}</svg>"
    )


def address(svg: str) -> str:
    """The drawing as the address of an image, which runs nothing and fetches nothing."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _look(look: str, filled: bool = False) -> str:
    if look.startswith("#"):
        return f' stroke="{look}" fill="{look if filled else "none"}"'
    return f' class="{look}{f" {look}-fill" if filled else ""}"'


def _more(more: dict[str, object]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
