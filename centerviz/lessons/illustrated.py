"""The pictures of a worked lesson as Markdown: drawings that travel inside the file."""

from typing import Any

import numpy as np

from centerviz.figures.lesson_svg import lesson_svg
from centerviz.figures.svg import address
from centerviz.language import _
from centerviz.lessons.lesson import Lesson, Mark, Step
from centerviz.lessons.words import Part


def pictures(
    of: Lesson, read: Any, steps: tuple[Step, ...], parts: dict[str, Part]
) -> list[list[str]]:
    """The picture of each step and what it shows, as blocks; none where it is the one before."""
    labels = [str(label) for label in getattr(read, "labels", ())]
    title, drawn, said, blocks = parts[""].title, "", "", []
    for step in steps:
        caption = parts.get(f"picture-{step.key}", parts["picture"]).body
        svg = lesson_svg(of.picture(read, step.key), step.focus, labels, title)
        new = [f"![{title}]({address(svg)})"] if svg != drawn else []
        blocks.append(new + ([caption] if new and caption != said else []))
        drawn, said = svg, caption
    return blocks


def samples(of: Lesson, typed: dict[str, str], parts: dict[str, Part]) -> list[str]:
    """The samples alone, to draw into what is found; nothing where they do not lie in a plane."""
    given = {field.form: field.numbers(typed[field.name]) for field in of.inputs}
    if "labels" not in given or len(given["table"][0]) != 2:
        return []
    names = sorted(set(given["labels"]))
    rows = zip(np.array(given["table"]), given["labels"], strict=True)
    marks = [Mark("", "sample", row, None, names.index(label)) for row, label in rows]
    svg = lesson_svg(marks, (), [str(name) for name in names], parts[""].title)
    words = _("Draw in here what you find:")
    return [f"{words}\n![{parts[''].title}]({address(svg)})"]
