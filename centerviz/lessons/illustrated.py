"""The pictures of a worked lesson as Markdown: drawings that travel inside the file."""

from typing import Any

from centerviz.figures.lesson_svg import lesson_svg
from centerviz.figures.svg import address
from centerviz.lessons.lesson import Lesson, Step
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
