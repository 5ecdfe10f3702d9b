"""The glossary of symbols: one Markdown file per language, in glossary/.

Its keys are the letters of a formula: `x`, or the name of a Greek one, `lambda` for \\lambda.
"""

import functools
import re
from pathlib import Path

from centerviz.lessons.lesson import Step
from centerviz.lessons.words import Part, parsed

FOLDER = Path(__file__).parent / "glossary"


@functools.lru_cache
def glossary(lang: str) -> dict[str, Part]:
    """Every symbol in one language: how it looks, as Markdown, and what it means."""
    parts = parsed((FOLDER / f"{lang}.md").read_text(encoding="utf-8"))
    return {key: part for key, part in parts.items() if key}


def letters(formula: str) -> set[str]:
    """The letters and commands that a formula is written with.

    >>> sorted(letters(r"\\lambda x_{id} + \\mathrm{tr}"))
    ['d', 'i', 'lambda', 'tr', 'x']
    """
    formula = re.sub(r"\\(?:mathrm|text|operatorname)\{([^}]*)\}", r" \1 ", formula)
    formula = re.sub(r"_\{?i([jd])\}?", r"_i \1", formula)
    formula = re.sub(r"_\{jd\}", "_j d", formula)
    found = re.findall(r"\\?[A-Za-z]+", formula)
    return {word.removeprefix("\\") for word in found}


def used(steps: tuple[Step, ...], lang: str) -> list[Part]:
    """The entries for the symbols of these steps, in the order of the glossary."""
    present = set().union(*(letters(step.formula) for step in steps))
    return [part for key, part in glossary(lang).items() if key in present]
