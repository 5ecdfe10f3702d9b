"""Worksheets: other numbers on every sheet, and a key that a check code leads to."""

import re
from base64 import b64decode

import nbformat
import numpy as np
import pytest

from centerviz import lessons
from centerviz.language import LANGUAGES
from centerviz.lessons.rendering import lesson
from centerviz.lessons.worksheets import check_code, variants, worksheets
from centerviz.lessons.writing import is_exact
from centerviz.problem import Problem

CODE = re.compile(r"\b[A-Z2-7]{6}\b")


@pytest.mark.parametrize("name", lessons.names())
def test_thirty_sheets_have_thirty_different_numbers_that_the_lesson_takes(name):
    of = lesson(name)
    drawn = variants(of, 30, 1)
    assert len({check_code(of, typed) for typed in drawn}) == 30
    for typed in drawn[:3]:
        read = of.read(typed)
        assert of.steps(read)
        assert np.isfinite(of.question(read).expected)
    assert all(of.question(of.read(typed)).clear for typed in drawn)


def test_drawn_unit_vectors_need_no_rounding():
    of = lesson("normalisation")
    for typed in variants(of, 30, 2):
        read = of.read(typed)
        assert all(is_exact(step.value, step.decimals) for step in of.steps(read))


def test_drawn_directions_and_their_means_end_after_two_decimals():
    of = lesson("shortcut")
    for typed in variants(of, 30, 2):
        steps = {step.key: step for step in of.steps(of.read(typed))}
        assert all(is_exact(100 * np.array(steps[key].value), 0) for key in ("unit", "center"))


def test_what_is_too_long_for_paper_is_given_on_the_sheet():
    of = lesson("maps")
    (typed,) = variants(of, 1, 3)
    sheet = worksheets("maps", 1, 3, "md", "en", "sheets")
    for step in of.steps(of.read(typed)):
        assert (f"Given: ${step.shown}$" in sheet) == step.given
        assert (f"${step.symbol} =$" in sheet) != step.given


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_key_has_every_sheets_code_once_and_its_answers(lang):
    sheets, key = (worksheets("centroid", 4, 7, "md", lang, part) for part in ("sheets", "key"))
    codes = CODE.findall(sheets)
    assert len(set(codes)) == 4
    assert CODE.findall(key) == codes
    assert worksheets("centroid", 4, 7, "md", lang) == f"{sheets.rstrip()}\n\n---\n\n{key}"
    of = lesson("centroid")
    for typed in variants(of, 4, 7):
        for step in of.steps(of.read(typed)):
            assert f"$${step.numbers}$$" in key
            assert step.numbers not in sheets


def test_sheets_in_html_have_formulas_without_a_network_and_a_page_each():
    html = worksheets("normalisation", 3, 1, "html", "zh")
    assert html.startswith("<!doctype html>")
    assert '<html lang="zh-CN">' in html
    assert "<math" in html
    assert not re.search(
        r"<(script|link)|src=\"?(?!\"?data:)|url\((?!data:)|https?://(?!www\.w3\.org)", html
    )
    assert html.count("<hr />") == 5  # three sheets and three sections of the key


def test_samples_in_a_plane_are_drawn_to_draw_into():
    for form, drawn in (("html", 2), ("ipynb", 2), ("md", 0)):
        sheets = worksheets("centroid", 2, 1, form, "en", "sheets")
        assert sheets.count("data:image/svg+xml") == drawn
        assert sheets.count("Draw in here") == drawn
    assert "data:image" not in worksheets("centroid", 2, 1, "html", "en", "key")
    assert "data:image" not in worksheets("verification", 2, 1, "html", "en")


@pytest.mark.parametrize("name", lessons.names())
def test_every_lesson_has_sheets_to_print_and_only_given_samples_are_drawn(name):
    of = lesson(name)
    (typed,) = variants(of, 1, 1)
    given = {field.form: field.numbers(typed[field.name]) for field in of.inputs}
    flat = "labels" in given and len(given["table"][0]) == 2
    sheet = worksheets(name, 1, 1, "html", "zh", "sheets")
    assert sheet.count("data:image/svg+xml") == flat
    drawing = re.findall(r"svg\+xml;base64,([^\"]+)", sheet)
    for found in drawing:
        marks = re.findall(r'<(?:path|circle)[^>]*transform="translate', b64decode(found).decode())
        assert len(marks) == len(given["table"]) + len(set(given["labels"]))  # and the legend


def test_sheets_as_a_notebook_are_valid():
    written = nbformat.reads(worksheets("center-loss", 2, 1, "ipynb"), as_version=4)
    nbformat.validate(written)
    assert len(written.cells) == 8


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("nothing", 3, 1), "no lesson “nothing”"),
        (("centroid", 0, 1), "from 1 to 200"),
        (("centroid", 201, 1), "from 1 to 200"),
        (("centroid", 3, 1, "pdf"), "“pdf” is not offered"),
        (("centroid", 3, 1, "md", "de"), "“de” is not offered"),
        (("centroid", 3, 1, "md", "en", "half"), "“half” is not offered"),
    ],
)
def test_what_is_not_offered_gets_a_sentence(given, said):
    with pytest.raises(Problem, match=said):
        worksheets(*given)
