"""The pictures of a worked lesson travel in its page and its notebook."""

import base64
import itertools
import json
import re

from centerviz import lessons
from centerviz.lessons.illustrated import pictures
from centerviz.lessons.rendering import lesson
from centerviz.lessons.words import texts

PICTURE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")


def blocks(name):
    of = lesson(name)
    read = of.read(of.defaults)
    return pictures(of, read, of.steps(read), texts(name, "en"))


def test_a_step_shows_its_picture_only_where_it_is_not_the_one_before():
    found = [PICTURE.findall("".join(block)) for block in blocks("centroid")]
    assert found[0]
    drawn = [picture for pictures in found for picture in pictures]
    assert all(a != b for a, b in itertools.pairwise(drawn))
    assert len(drawn) < len(found)  # some steps look at the same picture


def test_a_caption_stands_under_the_first_picture_it_is_about():
    said = [block[1] for block in blocks("shortcut") if len(block) > 1]
    assert said[0] == texts("shortcut", "en")["picture"].body
    assert all(a != b for a, b in itertools.pairwise(said))


def test_page_and_notebook_carry_the_same_drawings_and_markdown_none():
    page, notebook, text = (
        lessons.render("center-loss", {}, "zh", form) for form in ("html", "ipynb", "md")
    )
    cells = "".join("".join(cell["source"]) for cell in json.loads(notebook)["cells"])
    assert PICTURE.findall(page) == PICTURE.findall(cells)
    drawing = base64.b64decode(PICTURE.findall(page)[0]).decode()
    assert drawing.startswith("<svg")
    assert texts("center-loss", "zh")[""].title in drawing
    assert "data:" not in text
    assert not re.search(r"https?://(?!www\.w3\.org)", page + drawing)


def test_other_numbers_are_drawn_as_typed():
    page = lessons.render("normalisation", {"x": "3, 4"}, "en", "html")
    drawing = base64.b64decode(PICTURE.findall(page)[0]).decode()
    assert "x<tspan" in drawing  # the axes of two dimensions
    assert "rotate(-53)" in drawing  # the direction of (3, 4)
