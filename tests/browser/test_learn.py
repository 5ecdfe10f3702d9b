"""Learn in a real browser: keys turn the steps, a link restores them, a bad cell is kept."""

import re

from playwright.sync_api import TimeoutError, expect

from tests.browser.waiting import LONG_MS, wait_for_run

DRAWN = ".cv-view[data-drawn]"
CLICKS, CLICK_MS = 6, 2_000


def test_keys_turn_the_steps_and_the_camera_stays(app):
    page = app("/learn?lesson=center-loss&lang=en")
    page.locator(DRAWN).wait_for(timeout=LONG_MS)
    page.keyboard.press("n")
    expect(page.get_by_text("Step 1 of 12")).to_be_visible()
    box = page.locator(".cv-plot").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 220, steps=4)
    page.mouse.up()
    turned = _eye(page)
    page.keyboard.press("n")
    expect(page.get_by_text("Step 2 of 12")).to_be_visible()
    expect(page).to_have_url(re.compile(r"step=2"))
    page.keyboard.press("b")
    expect(page.get_by_text("Step 1 of 12")).to_be_visible()
    assert _eye(page) == turned
    page.get_by_text("简体中文").first.click()
    expect(page.get_by_text("第 1 / 12 步")).to_be_visible()
    wait_for_run(page)
    page.keyboard.press("n")
    expect(page.get_by_text("第 2 / 12 步")).to_be_visible()


def _eye(page) -> dict:
    """Where the camera stands. After a turn it still glides for some pictures of the screen."""
    return page.evaluate(
        """() => new Promise((done) => {
          const eye = () => JSON.stringify(
            document.querySelector(".cv-plot")._fullLayout.scene._scene.getCamera().eye);
          let [last, still] = [eye(), 0];
          const look = () => {
            still = eye() === last ? still + 1 : 0;
            last = eye();
            still < 5 ? requestAnimationFrame(look) : done(JSON.parse(last));
          };
          look(); })"""
    )


def test_a_link_restores_lesson_step_numbers_and_language(app, browser, app_url):
    page = app("/learn?lesson=normalisation&step=2&lang=zh&x=3%2C4")
    expect(page.get_by_role("heading", name="特征归一化")).to_be_visible()
    fresh = browser.new_context(locale="en-US").new_page()
    fresh.goto(page.url)
    wait_for_run(fresh)
    expect(fresh.get_by_role("heading", name="长度", exact=True)).to_be_visible()
    expect(fresh.get_by_role("textbox")).to_have_value("3,4")
    assert fresh.url == page.url
    fresh.context.close()


def test_a_cell_that_is_no_number_gets_a_sentence_and_can_be_mended(app):
    page = app("/learn?lesson=centroid&step=2&lang=en")
    page.locator(DRAWN).wait_for(timeout=LONG_MS)
    _type_into_a_cell(page, "half")
    expect(page.get_by_text("“half” is not a number")).to_be_visible()
    expect(page.get_by_text("Step 2 of 8")).to_be_visible()
    expect(page).to_have_url(re.compile("half"))
    _type_into_a_cell(page, "0.9")
    expect(page.get_by_text("is not a number")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"x=0\.9"))


def _type_into_a_cell(page, text: str) -> None:
    """Type over the first entry of the first sample, as a person does: click, Enter, type."""
    cell = _opened_cell(page)
    cell.fill(text)
    cell.press("Enter")
    wait_for_run(page)


def _opened_cell(page):
    """The cell's editor. A table that is just being laid out loses a click: click once more."""
    grid = page.get_by_test_id("stDataFrame").first
    grid.get_by_test_id("data-grid-canvas").wait_for()
    cell = page.locator(".gdg-input")
    for _ in range(CLICKS):
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        page.mouse.click(box["x"] + 0.52 * box["width"], box["y"] + 52)
        page.keyboard.press("Enter")
        try:
            cell.wait_for(timeout=CLICK_MS)
            break
        except TimeoutError:
            continue
    return cell
