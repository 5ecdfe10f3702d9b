"""Markdown as one HTML file: formulas as MathML, text as text."""

import base64
import re
from html.parser import HTMLParser

import pytest

from centerviz import lessons
from centerviz.lessons.page import page


class _Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append(tag)

    def handle_data(self, data):
        self.text += data


def test_a_formula_becomes_mathml_and_a_heading_the_title():
    html = page("# Length\n\n$$\\frac{1}{2}$$\n\nso $x^2$", "en")
    assert "<title>Length</title>" in html
    assert _Tags(html).found.count("math") == 2
    assert "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>" in html


def test_html_in_the_text_is_shown_and_never_run():
    html = page("# <b>a</b>\n\n<script>alert(1)</script> and `<i>`", "en")
    assert not {"script", "i", "b"} & set(_Tags(html).found)


def test_the_font_of_the_formulas_travels_in_the_page():
    found = re.search(r"url\(data:font/woff2;base64,([^)]+)\)", page("$x$", "en"))
    assert base64.b64decode(found[1])[:4] == b"wOF2"


def test_a_long_formula_may_break_after_its_operators_and_a_short_one_is_whole():
    term = r"\tfrac{1}{4} ([0.5,\, 0.6] + [-0.4,\, 0.5])"
    long = page(f"$$c = {term} \\approx {term}$$", "en")
    assert _Tags(long).found.count("wbr") == 4  # after = + ≈ +, and never after a sign of a number
    assert "wbr" not in page("$$a = b + c$$", "en")
    assert "wbr" not in page(rf"$$\frac{{{term} + {term}}}{{2}}$$", "en")


def test_lines_of_a_matrix_keep_their_distance_and_say_nothing_of_it():
    shown = _Tags(page(r"$$\begin{bmatrix} 1 \\[0.9em] 2 \end{bmatrix}$$", "en"))
    assert shown.found.count("mtr") == 2
    assert "em" not in shown.text.partition("</style>")[2]
    assert [n for n in ("1", "2") if n in shown.text]


def test_a_step_stays_on_one_page():
    html = page("# a\n\n## b\n\n| n |\n|---|\n| 1 |\n\n### c\n\ntext\n\n---\n\n#### d\n\n$x$", "en")
    kept = re.findall(r"<section>(.*?)</section>", html, flags=re.DOTALL)
    assert [re.findall(r"<h\d>(\w)", part) for part in kept] == [["c"], ["d"]]


@pytest.mark.parametrize("name", lessons.names())
def test_every_formula_of_a_lesson_is_translated_whole(name):
    text = page(lessons.render(name, {}, "zh", "md"), "zh")
    shown = _Tags(text)
    assert "\\" not in shown.text.replace("\\,", "")  # no LaTeX is left over
    assert "$" not in shown.text
    assert shown.found.count("math") > 5
