"""Every lesson walked through with the keyboard alone; its links opened in a fresh browser."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from centerviz.language import LANGUAGES, _, speaking
from centerviz.lessons import names
from centerviz.lessons.rendering import lesson
from centerviz.lessons.words import texts
from centerviz.lessons.worksheets import variants
from centerviz.web.lesson_parts import CHECK_SEED
from tests.browser.waiting import wait_for_run

PICTURE = ".cv-view[data-drawn], .js-plotly-plot .main-svg"
WORDS = "[data-testid=stMain] [data-testid=stColumn]"
STRIDE = 4  # of the links, those that are opened
STOPS = 80  # presses of Tab after which a thing on the page counts as out of reach


@pytest.mark.soak
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", names())
def test_a_lesson_is_walked_with_the_keyboard_and_its_links_reopen_it(
    app, browser, browser_context_args, name, lang
):
    of = lesson(name)
    typed = variants(of, 1, 1)[0]
    steps = of.steps(of.read(typed))
    page = app(f"/learn?{urlencode({'lesson': name, 'lang': lang, **typed})}")
    predict(page, of, typed, lang)
    links = []
    for number in range(1, len(steps) + 1):
        page.keyboard.press("n")
        with speaking(lang):
            place = _("Step {at} of {last}", at=number, last=len(steps))
        expect(page.get_by_text(place, exact=True)).to_be_visible()
        expect(page).to_have_url(re.compile(rf"step={number}\b"))
        expect(page.locator(PICTURE).first).to_be_attached()
        wait_for_run(page)
        links.append((page.url, words(page)))
    check(page, of, lang)
    fresh = browser.new_context(**browser_context_args)
    for url, shown in (*links[::STRIDE], links[-1]):
        opened = fresh.new_page()
        opened.goto(url)
        wait_for_run(opened)
        expect(opened.locator(WORDS).first).to_have_text(shown, use_inner_text=True)
        opened.close()
    fresh.close()


def words(page) -> str:
    return page.locator(WORDS).first.inner_text()


def to(page, target) -> None:
    """Go to a thing on the page as a person without a mouse does."""
    for _stop in range(STOPS):
        if target.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by Tab")


def said(of, lang: str) -> str:
    return texts(of.name, lang)["right"].body.split("{")[0].split("$")[0]


def predict(page, of, typed, lang: str) -> None:
    """Type the answer, hear that it is right; then reveal it by its key."""
    with speaking(lang):
        label, reveal = _("Your prediction"), _("Reveal")
    box = page.get_by_label(label).first
    expected = of.question(of.read(typed)).expected
    to(page, box)
    page.keyboard.type(f"{expected:.6g}")
    page.keyboard.press("Enter")
    expect(page.get_by_text(said(of, lang)).first).to_be_visible()
    to(page, page.get_by_role("button", name=reveal).first)
    page.keyboard.press("a")
    expect(page.get_by_test_id("stAlert")).to_have_count(2)
    wait_for_run(page)


def check(page, of, lang: str) -> None:
    """The same question on new numbers, in its tab."""
    with speaking(lang):
        label, tab = _("Your prediction"), _("Check yourself")
    to(page, page.get_by_role("tab").first)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name=tab)).to_be_focused()
    box = page.get_by_label(label).first
    expected = of.question(of.read(variants(of, 1, CHECK_SEED)[0])).expected
    to(page, box)
    page.keyboard.type(f"{expected:.6g}")
    page.keyboard.press("Enter")
    expect(page.get_by_text(said(of, lang)).first).to_be_visible()
