"""The app needs nothing from anywhere: every request that leaves the machine is counted."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import wait_for_run

PAGES = ("/", "/learn", "/train", "/train?way=open", "/explore", "/compare", "/verify")


def test_watch_sees_requests_and_errors_and_lets_none_out(watch, page):
    page.goto("about:blank")
    answers = page.evaluate(
        """() => Promise.all(["http://192.0.2.1/a", "https://elsewhere.invalid/b"].map(
            url => fetch(url).then(() => "answered", () => "blocked")))"""
    )
    page.evaluate(
        """() => new Promise(done => {
            new WebSocket("ws://elsewhere.invalid/c").onerror = done;
        })"""
    )
    with page.context.expect_event("weberror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('seen') }) }")
    assert answers == ["blocked", "blocked"]
    assert watch.foreign == [
        "http://192.0.2.1/a",
        "https://elsewhere.invalid/b",
        "ws://elsewhere.invalid/c",
    ]
    assert len(watch.errors) == 1
    assert "seen" in watch.errors[0]


@pytest.mark.parametrize("path", PAGES)
def test_page_opens_without_a_network_and_fits_a_phone(app, path):
    page = app(path)
    address = re.escape(path)
    expect(page).to_have_url(re.compile(rf"^http://[\d.]+:\d+{address}([?&].*)?$"))  # not sent home
    expect(page.get_by_role("heading").first).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    wait_for_run(page)
    main = page.get_by_test_id("stMain")
    expect(main).to_be_visible()
    assert main.evaluate("box => box.scrollWidth <= box.clientWidth")
