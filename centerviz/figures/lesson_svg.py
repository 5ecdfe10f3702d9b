"""The picture beside a lesson as an SVG drawing, for files that are taken home.

Marks, charts and maps are those that the page draws; three dimensions are seen from the same side,
without depth. A name that would lie on another one moves aside, or is left out.
"""

from collections.abc import Collection, Sequence

import numpy as np

from centerviz.figures.colours import colour
from centerviz.figures.pictures import Chart, Maps, Mark
from centerviz.figures.svg import (
    SHAPES,
    TEXT,
    Place,
    Plane,
    axes,
    drawing,
    even,
    line,
    mark,
    path,
    text,
    ticks,
    width_of,
)
from centerviz.language import _

WIDTH, HEIGHT = 460, 280
LEFT, TOP, FOOT, ROW = 46, 26, 40, 20  # margins, and a row of the legend
ASIDE = 0.3  # opacity of what a step is not about
EYE = np.array([1.55, 1.45, 0.75])  # from where three dimensions are seen
KINDS = ("circle", *list(SHAPES)[:-1])  # of samples; the diamond is that of centers
DASHES = ("", "6 3", "2 3", "6 3 2 3", "9 3", "9 3 2 3")
TURNS = ("ink", "accent", "grey")  # of series that belong to no class
WIDTHS = {"link": 1, "arrow": 2, "accent": 4}


def lesson_svg(
    picture: Sequence[Mark] | Chart | Maps, focus: Collection[str], names: Sequence[str], alt: str
) -> str:
    """The picture as one SVG; `names` are those of the classes, `focus` what a step is about."""
    if isinstance(picture, Chart):
        return _chart(picture, alt)
    if isinstance(picture, Maps):
        return _maps(picture, names, alt)
    return _marks(picture, focus, names, alt)


def flat(places: np.ndarray) -> np.ndarray:
    """Places of 2 dimensions as they are, of 3 as seen from EYE, the third axis upwards: (N, 2).

    >>> flat(np.array([[0.0, 0.0, 2.0]])).round(2).tolist()
    [[0.0, 1.89]]
    """
    if places.shape[1] == 2:
        return places
    ahead = EYE / np.linalg.norm(EYE)
    right = np.cross([0, 0, 1], ahead)
    right /= np.linalg.norm(right)
    return places[:, :3] @ np.stack((right, np.cross(ahead, right)), axis=1)


def _marks(marks: Sequence[Mark], focus: Collection[str], names: Sequence[str], alt: str) -> str:
    """Vectors, samples and centers with the circle or sphere of radius 1."""
    dims = min(3, len(marks[0].end))
    ends = np.array([m.end[:dims] for m in marks])
    starts = np.array([np.zeros(dims) if m.start is None else m.start[:dims] for m in marks])
    reach = np.concatenate([ends, starts, _frame(ends, dims)])
    points = flat(reach)
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.06 * max(high - low)
    plane = even(low - room, high + room, (LEFT, TOP, WIDTH - LEFT - 12, HEIGHT - TOP - FOOT))
    parts = axes(plane, None, ("x_1", "x_2")) if dims == 2 else _axes3(plane, ends)
    parts += _sphere(plane, dims)
    tips, tails = flat(ends), flat(starts)
    order = {"link": 0, "arrow": 1, "accent": 1}
    for i in sorted(range(len(marks)), key=lambda i: order.get(marks[i].kind, 2)):
        faint = {"opacity": ASIDE} if focus and marks[i].name not in focus else {}
        parts += _mark(marks[i], plane.at(tails[i]), plane.at(tips[i]), faint)
    parts += _names(marks, [plane.at(tip) for tip in tips], focus)
    groups = sorted({m.group for m in marks if m.kind == "sample"})
    entries = [(KINDS[j % len(KINDS)], colour(j), _class(names, j)) for j in groups]
    return _with_legend(parts, entries, HEIGHT, alt)


def _frame(ends: np.ndarray, dims: int) -> np.ndarray:
    """What must be in sight besides the marks: the origin, and the axes of three dimensions."""
    if dims == 2:
        return np.zeros((1, 2))
    return np.concatenate([np.zeros((1, 3)), np.diag(_lengths(ends))])


def _lengths(ends: np.ndarray) -> np.ndarray:
    """How far the three axes are drawn: 1, or as far as the marks reach."""
    return np.maximum(1.0, ends.max(axis=0))


def _axes3(plane: Plane, ends: np.ndarray) -> list[str]:
    """Three axes from the origin, each with its name and its last round number."""
    parts, lengths = [], _lengths(ends)
    for k, corner in enumerate(np.diag(lengths)):
        tip = plane.at(flat(corner[None])[0])
        parts.append(line(plane.at(flat(np.zeros((1, 3)))[0]), tip, "faint", stroke_width=1.5))
        last = ticks(0.0, float(lengths[k]))[-1]
        place = plane.at(flat((corner / lengths[k] * last)[None])[0])
        parts.append(text((place[0] + 4, place[1] + 14), f"{last:g}", opacity=0.7))
        parts.append(text((tip[0] + 4, tip[1] - 2), f"x_{k + 1}"))
    return parts


def _sphere(plane: Plane, dims: int) -> list[str]:
    """The unit circle; of the unit sphere its outline and three circles, as far as in sight."""
    turn = np.linspace(0, 2 * np.pi, 61)
    circle = np.stack((np.cos(turn), np.sin(turn)), axis=1)
    rounds = [circle]
    if dims == 3:
        zero = np.zeros(len(turn))
        for columns in ((0, 1), (0, 2), (1, 2)):
            ring = np.stack((zero, zero, zero), axis=1)
            ring[:, columns] = circle
            rounds.append(flat(ring))
    inside = [((r >= plane.low) & (r <= plane.high)).all(axis=1) for r in rounds]
    return [
        path([plane.at(p) if ok else None for p, ok in zip(r, seen, strict=True)], "faint")
        for r, seen in zip(rounds, inside, strict=True)
    ]


def _mark(m: Mark, start: tuple, end: tuple, faint: dict) -> list[str]:
    """A sample, a center, a dot, a line, or an arrow with its head and name."""
    look = ("accent" if m.kind == "accent" else "ink") if m.group is None else colour(m.group)
    if m.kind == "sample":
        return [mark(end, KINDS[m.group % len(KINDS)], look, **faint)]
    if m.kind in ("center", "dot"):
        return [mark(end, "diamond" if m.kind == "center" else "circle", look, **faint)]
    parts = [line(start, end, look, stroke_width=WIDTHS[m.kind], **faint)]
    if m.kind == "link" or np.hypot(end[0] - start[0], end[1] - start[1]) < 3:
        return parts
    angle = np.degrees(np.arctan2(end[1] - start[1], end[0] - start[0]))
    place = f"translate({end[0]:.1f} {end[1]:.1f}) rotate({angle:.0f})"
    head = path(((-9, -4), (0, 0), (-9, 4)), look, stroke_width=2, transform=place, **faint)
    return [*parts, head]


def _names(marks: Sequence[Mark], tips: Sequence[Place], focus: Collection[str]) -> list[str]:
    """The names of centers, dots and arrows from the origin; those in focus choose first."""
    parts, taken = [], []
    clear = [not focus or m.name in focus for m in marks]
    for i in sorted(range(len(marks)), key=lambda i: not clear[i]):
        m, (x, y) = marks[i], tips[i]
        if m.kind not in ("center", "dot") and (m.kind in ("sample", "link") or m.start.any()):
            continue
        wide = width_of(m.name)
        for left, base in ((x + 8, y - 6), (x + 8, y + 15), (x - 8 - wide, y - 6)):
            inside = left + wide < WIDTH
            if inside and not any(
                left < x2 + w2 and x2 < left + wide and abs(base - y2) < TEXT
                for x2, y2, w2 in taken
            ):
                taken.append((left, base, wide))
                parts.append(text((left, base), m.name, opacity=1 if clear[i] else ASIDE))
                break
    return parts


def _chart(chart: Chart, alt: str) -> str:
    """Lines, dots or bars over one axis, and a dashed line at `at`."""
    named = isinstance(chart.x[0], str)
    x = np.arange(len(chart.x)) if named else np.array(chart.x, dtype=np.float64)
    values = [v for row in chart.series.values() for v in row if v is not None]
    low, high = min(values), max(values)
    if chart.kind == "bars":
        low, high = min(low, 0.0), max(high, 0.0)
    room = 0.06 * ((high - low) or abs(high) or 1.0)
    side = 0.6 if named else 0.02 * ((x.max() - x.min()) or 1.0)
    corners = np.array([x.min() - side, low - room * (low != 0)]), [x.max() + side, high + room]
    plane = Plane(corners[0], np.array(corners[1]), LEFT + 14, TOP, WIDTH - LEFT - 30,
                  HEIGHT - TOP - FOOT)  # fmt: skip
    places = list(zip(x.tolist(), chart.x, strict=True)) if named else None
    parts = axes(plane, places, (chart.x_title, chart.y_title))
    if chart.at is not None:
        edges = [plane.at((chart.at, y)) for y in (plane.low[1], plane.high[1])]
        parts.append(line(*edges, "ink", stroke_dasharray="5 4"))
    entries, turn = [], 0
    for number, (name, row) in enumerate(chart.series.items()):
        look = colour(chart.groups[name]) if name in chart.groups else TURNS[turn % len(TURNS)]
        turn += name not in chart.groups
        kind = KINDS[number % len(KINDS)]
        points = [
            None if v is None else plane.at((at, v)) for at, v in zip(x.tolist(), row, strict=True)
        ]
        parts += _series(chart.kind, points, look, number, kind, plane)
        entries.append((kind if chart.kind == "dots" else DASHES[number % 6], look, name))
    return _with_legend(parts, entries if len(entries) > 1 else [], HEIGHT, alt)


def _series(how: str, points: list, look: str, number: int, kind: str, plane: Plane) -> list[str]:
    if how == "lines":
        dash = {"stroke_dasharray": DASHES[number % 6]} if DASHES[number % 6] else {}
        return [path(points, look, stroke_width=2, **dash)]
    if how == "dots":
        return [mark(p, kind, look) for p in points if p]
    ground = plane.at((plane.low[0], 0.0))[1]
    return [
        line((p[0], ground), p, look, stroke_width=max(6, 120 / len(points))) for p in points if p
    ]


def _maps(maps: Maps, names: Sequence[str], alt: str) -> str:
    """Two maps below each other, more of them two in a row."""
    across = 1 if len(maps.points) <= 2 else 2
    down = -(-len(maps.points) // across)
    width, height = WIDTH / across, 240
    parts = []
    for number, points in enumerate(maps.points):
        row, column = divmod(number, across)
        left, top = column * width, row * height
        box = (left + LEFT, top + TOP, width - LEFT - 12, height - TOP - 26)
        low, high = points.min(axis=0), points.max(axis=0)
        room = 0.06 * max(high - low)
        plane = even(low - room, high + room, box)
        parts += axes(plane, None, ("", ""))
        parts.append(text((left + LEFT, top + 16), maps.titles[number], font_weight="bold"))
        parts += [
            mark(plane.at(point), KINDS[group % len(KINDS)], colour(group))
            for point, group in zip(points, maps.groups, strict=True)
        ]
    groups = sorted(set(maps.groups))
    entries = [(KINDS[j % len(KINDS)], colour(j), _class(names, j)) for j in groups]
    return _with_legend(parts, entries, down * height, alt)


def _class(names: Sequence[str], j: int) -> str:
    return _("class {name}", name=names[j] if j < len(names) else j + 1)


def _with_legend(parts: list[str], entries: list[tuple], height: int, alt: str) -> str:
    """The drawing with a legend below it: sign or dash, colour and words of each entry."""
    at, row = LEFT, height + 10
    for sign, look, words in entries:
        wide = 34 + width_of(words)
        if at + wide > WIDTH and at > LEFT:
            at, row = LEFT, row + ROW
        if sign in KINDS:
            parts.append(mark((at, row - 4), sign, look))
        else:
            dash = {"stroke_dasharray": sign} if sign else {}
            parts.append(line((at - 10, row - 4), (at + 8, row - 4), look, stroke_width=3, **dash))
        parts.append(text((at + 12, row), words))
        at += wide
    return drawing(parts, WIDTH, row + 8 if entries else height, alt)
