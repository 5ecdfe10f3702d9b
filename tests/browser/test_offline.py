"""The app needs nothing from anywhere: every request that leaves the machine is counted."""

import re

import pytest
from playwright.sync_api import expect

PAGES = ("/", "/learn", "/train", "/explore", "/compare", "/verify")


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
def test_page_opens_without_a_network(app, path):
    page = app(path)
    expect(page).to_have_url(re.compile(rf"^http://[\d.]+:\d+{path}(\?.*)?$"))  # not sent home
    expect(page.get_by_role("heading").first).to_be_visible()
