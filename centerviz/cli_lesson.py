"""The lesson command: which document its flags ask for."""

from centerviz import lessons
from centerviz.cli_arguments import needed, number
from centerviz.language import _
from centerviz.lessons.worksheets import MOST, worksheets
from centerviz.problem import Problem


def document_of(values) -> str:
    """The worked lesson, or worksheets, as text."""
    name = needed(values.name, "lesson", _("a name"), "normalisation")
    if values.worksheet:
        if values.set:
            raise Problem("--set is not for worksheets: their numbers are drawn by --seed.")
        variants = number("--variants", values.variants or "30", 1, MOST)
        seed = number("--seed", values.seed or "0", 0, 2**31 - 1)
        part = values.part or "all"
        return worksheets(name, variants, seed, values.format or "html", values.lang, part)
    for flag in ("variants", "seed", "part"):
        if getattr(values, flag) is not None:
            raise Problem("--{flag} is for worksheets: add --worksheet.", flag=flag)
    return lessons.render(name, _inputs(values.set or []), values.lang, values.format or "md")


def _inputs(given: list[str]) -> dict[str, str]:
    inputs = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise Problem(
                "--set was given as {given}; write a name, =, and a value, as in x=2,3,5.",
                given=text[:80],
            )
        inputs[name.strip()] = value
    return inputs
