"""The first page as a newcomer meets it: the shipped pair, three numbers, three doors."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import wait_for_chart, wait_for_run

MAPS = ".cv-panels .js-plotly-plot"
EPOCH = ".cv-epoch"


@pytest.mark.browser_context_args(reduced_motion="no-preference")
def test_the_pair_plays_at_once(app):
    page = app("/")
    wait_for_chart(page, 1)
    shown = page.locator(EPOCH).text_content()
    expect(page.locator(EPOCH)).not_to_have_text(shown)  # nobody has touched anything


def test_both_maps_and_the_three_numbers_stand_on_the_first_screen(app):
    page = app("/")
    wait_for_chart(page, 1)
    expect(page.locator(MAPS)).to_have_count(2)
    expect(page.get_by_test_id("stMetric")).to_have_count(3)
    for nth in range(2):
        expect(page.locator(MAPS).nth(nth)).to_be_in_viewport(ratio=0.95)
    for nth in range(3):
        expect(page.get_by_test_id("stMetric").nth(nth)).to_be_in_viewport(ratio=0.95)


def test_it_stands_still_for_who_wants_less_motion_and_a_step_changes_maps_and_numbers(app):
    page = app("/")
    wait_for_chart(page, 1)
    expect(page.get_by_role("button", name="Play the epochs")).to_be_visible()
    number = page.get_by_test_id("stMetricValue").first
    before = number.text_content()
    page.locator(".cv-slider").press("Home")
    expect(page.locator(EPOCH)).to_have_text(re.compile(r"^epoch 1 of \d+$"))
    expect(number).not_to_have_text(before)
    expect(page).to_have_url(re.compile(r"[?&]epoch=1\b"))


def test_each_door_leads_to_its_page(app):
    page = app("/")
    for name in ("Learn", "Explore", "Train"):
        page.get_by_test_id("stMain").get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_url(re.compile(rf"/{name.lower()}(\?.*)?$"))
        wait_for_run(page)
        expect(page.get_by_role("heading").first).to_be_visible()
        page.get_by_role("link", name="Home", exact=True).click()
        expect(page.get_by_test_id("stMain").get_by_role("link", name=name)).to_be_visible()


def test_the_language_is_in_the_address_and_comes_back_with_it(app):
    page = app("/")
    page.get_by_text("简体中文").click()
    expect(page).to_have_url(re.compile(r"[?&]lang=zh\b"))
    wait_for_run(page)
    page.reload()
    wait_for_run(page)
    expect(page.get_by_role("radio", name="简体中文")).to_be_checked()
    expect(page.get_by_role("link", name="Home", exact=True)).to_have_count(0)
    expect(page.get_by_role("heading").first).to_have_text(re.compile(r"[\u4e00-\u9fff]"))
