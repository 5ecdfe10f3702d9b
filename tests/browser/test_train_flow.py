"""From the first click to the comparison, in a real browser with a real worker."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import LONG_MS, wait_for_run

TRAINED_MS = 3 * LONG_MS  # a short pair on a busy machine, the start of the workers included


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def state(page, words):
    """The badge of the run; its icon is a part of its text."""
    return page.locator(".stMarkdownBadge").get_by_text(words)


def runs_in_address(page):
    return parse_qs(urlsplit(page.url).query)["run"][0].split(",")


@pytest.mark.slow
def test_a_double_click_trains_one_pair_and_one_click_compares_it(app, runs_root):
    page = app("/train?epochs=3&seed=5")
    for language in ("简体中文", "English"):  # the form stays what it is in either
        page.get_by_role("radio", name=language).click()
        wait_for_run(page)
    button(page, "Start").dblclick()
    expect(button(page, "Compare the two")).to_be_visible(timeout=TRAINED_MS)
    trained = [folder for folder in runs_root.iterdir() if "seed-5" in folder.name]
    assert sorted(folder.name for folder in trained) == sorted(runs_in_address(page))
    assert len(trained) == 2

    expect(page.locator(".cv-chart[data-drawn]").first).to_be_visible()
    page.reload()
    wait_for_run(page)
    expect(button(page, "Compare the two")).to_be_visible()

    both = runs_in_address(page)
    button(page, "Compare the two").click()
    expect(page.get_by_role("heading", name="In the original space")).to_be_visible()
    assert "/compare" in page.url
    assert runs_in_address(page) == both


@pytest.mark.slow
def test_a_run_is_watched_stopped_and_taken_up_again(app):
    page = app("/train?epochs=3000&seed=6")
    page.get_by_text("Pair with λ = 0").click()
    wait_for_run(page)
    button(page, "Start").click()
    expect(page.get_by_text("of 3000, about")).to_be_visible(timeout=TRAINED_MS)
    expect(page.locator(".cv-chart[data-drawn]").first).to_be_visible(timeout=LONG_MS)
    charts = page.locator(".cv-chart").first
    drawn = int(charts.get_attribute("data-drawn"))
    page.wait_for_function(
        f"() => Number(document.querySelector('.cv-chart').dataset.drawn) > {drawn}",
        timeout=LONG_MS,
    )
    button(page, "Stop").click()
    expect(state(page, "stopped")).to_be_visible(timeout=LONG_MS)
    button(page, "Resume").click()
    expect(state(page, "training")).to_be_visible(timeout=LONG_MS)
    button(page, "Stop").click()
    expect(state(page, "stopped")).to_be_visible(timeout=LONG_MS)


@pytest.mark.slow
def test_an_experiment_has_one_link_and_its_dots_open_the_runs(app):
    page = app("/train?dataset=article&epochs=5&seeds=2")
    button(page, "Start").click()
    expect(page.get_by_role("heading", name="2 settings of λ, 2 seeds each")).to_be_visible()
    expect(page.get_by_text("4 of 4 runs done")).to_be_visible(timeout=TRAINED_MS)
    link = page.url
    assert "experiment=article-" in link
    page = app(urlsplit(link).path + "?" + urlsplit(link).query)
    expect(page.get_by_text("over 2 seeds: ").first).to_be_visible(timeout=LONG_MS)
    expect(page.locator(".cv-chart[data-drawn]").nth(1)).to_be_visible(timeout=LONG_MS)
    page.locator(".cv-chart").first.locator(".scatterlayer .point").last.click(force=True)
    back = button(page, "All runs of the experiment")
    expect(back).to_be_visible(timeout=LONG_MS)
    assert "center-weight-0-1" in "".join(runs_in_address(page))
    back.click()
    expect(page.get_by_text("4 of 4 runs done")).to_be_visible()
