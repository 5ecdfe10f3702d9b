"""Both languages of every lesson are complete, with the same formulas and the same places."""

import re
from collections import Counter

import pytest

from centerviz.language import LANGUAGES
from centerviz.lessons import names
from centerviz.lessons.rendering import lesson
from centerviz.lessons.words import FOLDER, texts

FIXED = {"", "idea", "question", "right", "wrong", "picture", "source"}
FORMULA = re.compile(r"\$[^$]+\$")
PLACE = re.compile(r"\[\[[a-z0-9]+\]\]")
HAN = re.compile(r"[\u4e00-\u9fff]")

every_lesson = pytest.mark.parametrize("name", names())


def readings(of):
    """What the lesson reads at first, and under each choice that it offers."""
    chosen = [{field.name: choice} for field in of.inputs for choice in field.choices]
    return [of.read(of.defaults | typed) for typed in ({}, *chosen)]


def every_step(of):
    """The steps of all of these."""
    return [step for read in readings(of) for step in of.steps(read)]


@every_lesson
def test_both_languages_have_the_same_parts(name):
    assert list(texts(name, "en")) == list(texts(name, "zh"))


@every_lesson
def test_no_part_is_empty(name):
    for lang in LANGUAGES:
        parts = texts(name, lang)
        assert parts[""].title
        assert all(part.body for key, part in parts.items() if key)


@every_lesson
def test_formulas_and_places_are_the_same_in_both_languages(name):
    for key, english in texts(name, "en").items():
        chinese = texts(name, "zh")[key]
        for pattern in (FORMULA, PLACE):
            for a, b in ((english.title, chinese.title), (english.body, chinese.body)):
                assert Counter(pattern.findall(a)) == Counter(pattern.findall(b)), key


@every_lesson
def test_each_language_is_written_in_itself(name):
    for key, part in texts(name, "en").items():
        assert not HAN.search(part.title + part.body), key
    for key, part in texts(name, "zh").items():
        assert HAN.search(part.title + part.body), key


@every_lesson
def test_every_part_is_used_and_every_part_that_is_used_is_there(name):
    of = lesson(name)
    steps = every_step(of)
    used = FIXED | {step.key for step in steps}
    used |= {f"correction-{step.correction.key}" for step in steps if step.correction}
    used |= {f"slip-{slip}" for read in readings(of) for slip in of.question(read).slips}
    used |= {f"picture-{step.key}" for step in steps} & set(texts(name, "en"))
    assert used == set(texts(name, "en"))


@every_lesson
def test_every_place_is_filled(name):
    of = lesson(name)
    read = of.read(of.defaults)
    for lang in LANGUAGES:
        parts = texts(name, lang)
        for step in every_step(of):
            keys = [step.key] + [f"correction-{fix.key}" for fix in [step.correction] if fix]
            for part in (parts[key].filled(step.words) for key in keys):
                assert not PLACE.search(part.title + part.body), (step.key, lang)
        words = of.question(read).words
        for key in ("question", "right", "wrong", *(k for k in parts if k.startswith("slip-"))):
            assert not PLACE.search(parts[key].filled(words).body), (key, lang)


@every_lesson
def test_why_is_one_sentence(name):
    of = lesson(name)
    for step in every_step(of):
        assert len(re.findall(r"(?<!Eq)[.](?=\s|$)", texts(name, "en")[step.key].body)) == 1, (
            step.key
        )
        assert texts(name, "zh")[step.key].body.count("。") == 1, step.key


def test_there_is_a_text_for_every_lesson_and_no_other():
    for lang in LANGUAGES:
        assert sorted(path.stem for path in (FOLDER / lang).iterdir()) == sorted(names())
