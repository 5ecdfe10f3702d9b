"""Worksheets: one lesson with other numbers for every student, and the key with the steps.

A sheet has a check code, made of its numbers; the same code stands above its answers in the key.
"""

import base64
import hashlib

import numpy as np

from centerviz.language import LANGUAGES, _, speaking
from centerviz.lessons.illustrated import samples
from centerviz.lessons.lesson import Lesson
from centerviz.lessons.notebook import written
from centerviz.lessons.page import page
from centerviz.lessons.rendering import check_offered, completed, lesson, shown_inputs
from centerviz.lessons.words import Part, texts
from centerviz.problem import Problem

MOST = 200  # sheets at a time
PARTS = ("all", "sheets", "key")
FORMATS = ("html", "md", "ipynb")
LINE = r"\_" * 30
NEW_PAGE = "---"


def worksheets(
    name: str, sheets: int, seed: int, format: str = "html", lang: str = "en", part: str = "all"
) -> str:
    """So many sheets on a lesson and the key to all of them, or one of the two.

    The same name, number and seed give the same sheets in every format and language. Raises
    Problem for an unknown name, format, language or part, and for more than 200 sheets.
    """
    of = lesson(name)
    for given, allowed in ((lang, LANGUAGES), (format, FORMATS), (part, PARTS)):
        check_offered(given, allowed)
    if not 1 <= sheets <= MOST:
        raise Problem(
            "{n} sheets were asked for; choose a number from 1 to {most}.", n=sheets, most=MOST
        )
    drawn = variants(of, sheets, seed)
    with speaking(lang):
        sections = _sections(of, drawn, lang, part, illustrated=format != "md")
    if format == "ipynb":
        return _notebook(sections)
    text = f"\n\n{NEW_PAGE}\n\n".join("\n\n".join(blocks) for blocks in sections) + "\n"
    return page(text, lang) if format == "html" else text


def variants(of: Lesson, n: int, seed: int) -> list[dict[str, str]]:
    """The inputs of n sheets, as typed, no two alike; with a larger n the first stay the same.

    Left out are numbers on which a slip would give the right answer, or that of another slip.
    """
    found: dict[str, dict[str, str]] = {}
    for number in range(1, 100 * n):
        drawn = of.sheet(np.random.default_rng([seed, number]))
        typed = completed(of, {name: text for name, text in drawn.items() if name in of.defaults})
        if of.question(of.read(typed)).clear:
            found.setdefault(check_code(of, typed), typed)
        if len(found) == n:
            break
    return list(found.values())


def check_code(of: Lesson, typed: dict[str, str]) -> str:
    """Six letters and digits that belong to these inputs.

    >>> check_code(lesson("normalisation"), {"x": "3, 4"})
    'CEPUXI'
    """
    numbers = "|".join([of.name, *(f"{name}={text}" for name, text in sorted(typed.items()))])
    return base64.b32encode(hashlib.sha256(numbers.encode()).digest())[:6].decode()


def _sections(
    of: Lesson, drawn: list[dict[str, str]], lang: str, part: str, illustrated: bool
) -> list[list[str]]:
    """The pages, each a list of blocks of Markdown."""
    parts, numbered = texts(of.name, lang), list(enumerate(drawn, 1))
    heading = _("Answer key: {title}", title=parts[""].title)
    sheets = [_sheet(of, typed, number, parts, illustrated) for number, typed in numbered]
    key = [[f"# {heading}"]]
    key += [_answers(of, typed, number, parts) for number, typed in numbered]
    if part == "sheets":
        return sheets
    key[0] += key.pop(1)
    return key if part == "key" else sheets + key


def _head(of: Lesson, typed: dict[str, str], number: int) -> str:
    return _("Sheet {n} · check code {code}", n=number, code=check_code(of, typed))


def _sheet(
    of: Lesson, typed: dict[str, str], number: int, parts: dict[str, Part], illustrated: bool
) -> list[str]:
    """Numbers, samples to draw into, the question, and each step with a line to write on.

    What is too long for paper is given instead.
    """
    read, name, date, given = of.read(typed), _("Name"), _("Date"), _("Given:")
    numbers, predict, steps = _("The numbers"), _("Predict first"), _("Step by step")
    blocks = [
        f"# {parts[''].title}",
        _head(of, typed, number),
        f"{name} {LINE}  {date} {LINE}",
        parts["idea"].body,
        f"## {numbers}",
        *shown_inputs(of, typed),
        *(samples(of, typed, parts) if illustrated else []),
        f"## {predict}",
        parts["question"].filled(of.question(read).words).body,
        LINE,
        f"## {steps}",
    ]
    for place, step in enumerate(of.steps(read), 1):
        title = parts[step.key].filled(step.words).title
        answer = f"{given} ${step.shown}$" if step.given else f"${step.symbol} =$ {LINE}"
        blocks += [f"### {place}. {title}", f"$${step.formula}$$", answer]
    return blocks


def _answers(of: Lesson, typed: dict[str, str], number: int, parts: dict[str, Part]) -> list[str]:
    """The same sheet worked."""
    read, prediction = of.read(typed), _("Prediction")
    expected = of.question(read).expected
    blocks = [
        f"## {_head(of, typed, number)}",
        *shown_inputs(of, typed),
        f"**{prediction}** {expected:.6g}",
    ]
    for place, step in enumerate(of.steps(read), 1):
        title = parts[step.key].filled(step.words).title
        blocks += [f"#### {place}. {title}", f"$${step.numbers}$$"]
    return blocks


def _notebook(sections: list[list[str]]) -> str:
    """A page in each Markdown cell, and after each an empty cell to compute in."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    pages = ["\n\n".join(blocks) for blocks in sections]
    empty = "import numpy as np"
    return written([c for t in pages for c in (new_markdown_cell(t), new_code_cell(empty))])
