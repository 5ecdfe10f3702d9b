"""A lesson worked on given inputs: to read, to print, to run, or to compute with."""

import json
from collections.abc import Collection

import numpy as np

from centerviz.language import LANGUAGES, _, speaking
from centerviz.lessons import (
    center_loss,
    centers,
    centroid,
    epoch,
    gradients,
    joint_loss,
    maps,
    normalisation,
    pairs,
    scatter,
    shortcut,
    softmax,
    verification,
)
from centerviz.lessons.illustrated import pictures
from centerviz.lessons.lesson import Lesson, Step
from centerviz.lessons.notebook import notebook
from centerviz.lessons.page import page
from centerviz.lessons.words import Part, texts
from centerviz.lessons.writing import about, plain
from centerviz.problem import Problem

MODULES = (
    normalisation,
    centroid,
    center_loss,
    shortcut,
    softmax,
    joint_loss,
    gradients,
    centers,
    epoch,
    pairs,
    scatter,
    verification,
    maps,
)
LESSONS = {module.LESSON.name: module.LESSON for module in MODULES}
FORMATS = ("md", "html", "ipynb", "json")


def names() -> list[str]:
    """The lessons in the order in which they build on each other.

    >>> names()[:3]
    ['normalisation', 'centroid', 'center-loss']
    """
    return list(LESSONS)


def lesson(name: str) -> Lesson:
    """The lesson of that name.

    >>> lesson("centroid").defaults["y"]
    '1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3'
    """
    if name not in LESSONS:
        raise Problem(
            "There is no lesson “{name}”; the lessons are {names}.",
            name=name[:40],
            names=", ".join(LESSONS),
        )
    return LESSONS[name]


def check_offered(given: str, allowed: Collection[str]) -> None:
    """Raise a Problem for a choice that is not among the allowed ones."""
    if given not in allowed:
        raise Problem(
            "“{given}” is not offered; use one of {allowed}.",
            given=given[:40],
            allowed=", ".join(allowed),
        )


def completed(of: Lesson, typed: dict[str, str]) -> dict[str, str]:
    """What was typed, with the defaults for the inputs that were left alone."""
    unknown = next((key for key in typed if key not in of.defaults), None)
    if unknown is not None:
        raise Problem(
            "The lesson {lesson} has no input “{name}”; its inputs are {names}.",
            lesson=of.name,
            name=unknown[:40],
            names=", ".join(of.defaults),
        )
    return of.defaults | typed


def render(name: str, inputs: dict[str, str], lang: str = "en", format: str = "md") -> str:
    """The worked lesson in a language: `md`, `html` (one file), `ipynb` (needs NumPy) or `json`.

    The page and the notebook carry the pictures of the steps. `inputs` holds texts as they are
    typed: `{"x": "2, 3, 5"}`; tables split their rows by `;`.
    Raises Problem for an unknown name, language, format or input, and for bad numbers.

    >>> import json
    >>> json.loads(render("normalisation", {"x": "3,4"}, "en", "json"))["result"]
    {'norm': 5.0, 'z': [0.6, 0.8]}
    """
    of = lesson(name)
    for given, allowed in ((lang, LANGUAGES), (format, FORMATS)):
        check_offered(given, allowed)
    typed = completed(of, inputs)
    with speaking(lang):
        if format == "json":
            return _json(of, typed, lang)
        if format == "ipynb":
            return notebook(of, typed, lang)
        if format == "html":
            return page(_markdown(of, typed, lang, illustrated=True), lang)
        return _markdown(of, typed, lang, illustrated=False)


def _json(of: Lesson, typed: dict[str, str], lang: str) -> str:
    """The lesson's steps and headline values at full precision."""
    read, parts = of.read(typed), texts(of.name, lang)
    document = {
        "name": of.name,
        "title": parts[""].title,
        "lang": lang,
        "question": parts["question"].filled(of.question(read).words).body,
        "inputs": {field.name: field.numbers(typed[field.name]) for field in of.inputs},
        "steps": [_step(step, parts) for step in of.steps(read)],
        "result": of.result(read),
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)


def _step(step: Step, parts: dict[str, Part]) -> dict:
    part, fix = parts[step.key].filled(step.words), step.correction
    return {
        "symbol": step.symbol,
        "title": part.title,
        "formula": step.formula,
        "numbers": step.numbers,
        "value": step.value,
        "why": part.body,
        "autograd": step.by_autograd.tolist() if step.loss else None,
        "correction": fix
        and {"article": fix.article, "ours": fix.ours, "reason": reason(step, parts)},
    }


def reason(step: Step, parts: dict[str, Part]) -> str:
    """Why our value differs from the article's, in words."""
    return parts[f"correction-{step.correction.key}"].filled(step.words).body


def third_opinion(step: Step) -> str:
    """What autograd gives for the step's gradient, and how far that is from the formula."""
    found = step.by_autograd
    digit, _e, power = f"{np.abs(found - step.value).max():.0e}".partition("e")
    return _(
        "PyTorch's autograd, with which training runs, differentiated the same loss: {value}. From "
        "the formula it differs by at most {gap}.",
        value=f"${about(found, step.decimals)}$",
        gap=rf"${digit} \times 10^{{{int(power)}}}$" if digit != "0" else "0",
    )


def _markdown(of: Lesson, typed: dict[str, str], lang: str, illustrated: bool) -> str:
    """The whole lesson to read from top to bottom."""
    read, parts = of.read(typed), texts(of.name, lang)
    steps = of.steps(read)
    drawn = pictures(of, read, steps, parts) if illustrated else [[]] * len(steps)
    question = parts["question"].filled(of.question(read).words)
    predict, numbers, by_step = _("Predict first"), _("The numbers"), _("Step by step")
    source = _("Where this comes from")
    blocks = [
        f"# {parts[''].title}",
        parts["idea"].body,
        f"**{predict}** — {question.body}",
        f"## {numbers}",
        *shown_inputs(of, typed),
        f"## {by_step}",
    ]
    for number, (step, picture) in enumerate(zip(steps, drawn, strict=True), 1):
        blocks += [*_step_blocks(number, step, parts), *picture]
    blocks += [f"## {source}", parts["source"].body]
    return "\n\n".join(blocks) + "\n"


def shown_inputs(of: Lesson, typed: dict[str, str]) -> list[str]:
    """The inputs as blocks of Markdown; samples as a table with their classes beside them."""
    blocks = []
    for field in of.inputs:
        given = field.numbers(typed[field.name])
        if field.form in ("table", "matrix"):
            labels = next((f for f in of.inputs if f.form == "labels"), None)
            beside = labels.numbers(typed[labels.name]) if labels and field.form == "table" else []
            letters = [rf"${field.name}_{{{d}}}$" for d in range(1, len(given[0]) + 1)]
            rows = [["", *(["$y$"] if beside else []), *letters]]
            for number, row in enumerate(given, 1):
                label = [str(beside[number - 1])] if beside else []
                rows.append([f"{number}", *label, *(plain(entry) for entry in row)])
            lines = ["| " + " | ".join(row) + " |" for row in rows]
            blocks.append("\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]))
        elif field.form != "labels":
            value = given if isinstance(given, str | int) else plain(given)
            label = f"{_(field.label)}: " if field.label else ""
            blocks.append(f"{label}`{field.name}` = {value}")
    return blocks


def _step_blocks(number: int, step: Step, parts: dict[str, Part]) -> list[str]:
    part = parts[step.key].filled(step.words)
    formula, numbers, value, why = _("Formula"), _("With the numbers"), _("Value"), _("Why")
    blocks = [
        f"### {number}. {part.title}",
        f"**{formula}**",
        f"$${step.formula}$$",
        f"**{numbers}**",
        f"$${step.numbers}$$",
        f"**{value}** {step.plain}",
        f"**{why}** {part.body}",
        *([third_opinion(step)] if step.loss else []),
    ]
    if step.correction:
        fix, title = step.correction, _("Correction")
        header = " | ".join((_("The article"), _("Here"), _("Reason")))
        row = f"| ${fix.article}$ | ${fix.ours}$ | {reason(step, parts)} |"
        blocks.append(f"**{title}**\n\n| {header} |\n|---|---|---|\n{row}")
    return blocks
