"""A worked lesson as a notebook that runs from top to bottom with nothing but NumPy."""

import json

from centerviz.language import _
from centerviz.lessons.illustrated import pictures
from centerviz.lessons.lesson import Lesson, Step
from centerviz.lessons.words import Part, texts


def notebook(of: Lesson, typed: dict[str, str], lang: str) -> str:
    """The lesson on these inputs as Jupyter's JSON: every step a text and a line of NumPy."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    read, parts = of.read(typed), texts(of.name, lang)
    steps = of.steps(read)
    predict, source = _("Predict first"), _("Where this comes from")
    question = parts["question"].filled(of.question(read).words)
    cells = [
        new_markdown_cell(f"# {parts[''].title}\n\n{parts['idea'].body}"),
        new_markdown_cell(f"## {predict}\n\n{question.body}"),
        new_code_cell("\n".join(["import numpy as np", "", *assignments(of, typed)])),
    ]
    for number, (step, picture) in enumerate(
        zip(steps, pictures(of, read, steps, parts), strict=True), 1
    ):
        part = parts[step.key].filled(step.words)
        cells += [
            new_markdown_cell("\n\n".join([*_told(number, step, part), *picture])),
            new_code_cell(_code(step)),
        ]
    cells.append(new_markdown_cell(f"## {source}\n\n{parts['source'].body}"))
    return written(cells)


def _told(number: int, step: Step, part: Part) -> list[str]:
    """A step as blocks of Markdown."""
    title = f"### {number}. {part.title}"
    return [title, f"$${step.formula}$$", f"$${step.numbers}$$", part.body]


def _code(step: Step) -> str:
    """The step's line, what autograd gave beside it, and the name of its value."""
    name = step.line.partition(" =")[0]
    if not step.loss:
        return f"{step.line}\n{name}"
    title, found = _("what PyTorch's autograd gave"), step.by_autograd.tolist()
    data = f"by_autograd = np.array({found})  # {title}"
    return f"{step.line}\n{data}\nassert np.allclose({name}, by_autograd)\n{name}"


def written(cells: list) -> str:
    """A notebook of these cells; the same cells give the same file.

    >>> "nbformat" in written([])
    True
    """
    from nbformat.v4 import new_notebook, writes

    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return writes(new_notebook(cells=cells, metadata={"kernelspec": kernel}))


def assignments(of: Lesson, typed: dict[str, str]) -> list[str]:
    """The inputs as lines of NumPy, `x = np.array([3.0, 4.0])`; `typed` was read and accepted."""
    lines = []
    for field in of.inputs:
        numbers = json.dumps(field.numbers(typed[field.name]))
        lines.append(f"{field.name} = {f'np.array({numbers})' if '[' in numbers else numbers}")
    return lines
