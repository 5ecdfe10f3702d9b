"""Markdown as one HTML file: formulas as MathML, text as text."""

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


@pytest.mark.parametrize("name", lessons.names())
def test_every_formula_of_a_lesson_is_translated_whole(name):
    text = page(lessons.render(name, {}, "zh", "md"), "zh")
    shown = _Tags(text)
    assert "\\" not in shown.text.replace("\\,", "")  # no LaTeX is left over
    assert "$" not in shown.text
    assert shown.found.count("math") > 5
