"""A file of one's own in a real browser: its reading is confirmed, and nobody else sees it."""

from playwright.sync_api import expect

from tests.browser.waiting import wait_for_chart, wait_for_run

ROWS = "".join(
    f"{'pq'[i % 2]},{'xyz'[i % 3]},{i % 5},{i * 0.37},{i % 7 * 0.5}\n" for i in range(30)
)


def own_files(page):
    """Go to Explore's own files."""
    page.get_by_text("a file", exact=True).click()
    wait_for_run(page)
    return page


def test_a_file_is_read_as_its_owner_says_and_seen_by_nobody_else(app, app_url, new_context):
    page = own_files(app("/explore"))
    secret = {"name": "secret.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    page.locator("input[type=file]").first.set_input_files(secret)
    expect(page.get_by_text("several columns that could be the label")).to_be_visible()
    page.get_by_role("combobox", name="Labels").click()
    page.get_by_role("option", name="2", exact=True).click()
    expect(page.get_by_text("30 rows of 3 features, 3 classes")).to_be_visible()
    wait_for_chart(page)
    right = page.get_by_role("button", name="That is right")
    right.click()
    expect(right).to_be_hidden()
    other = new_context().new_page()
    other.goto(f"{app_url}/explore")
    wait_for_run(other)
    expect(own_files(other).get_by_text("Look at your own embedding")).to_be_visible()
    expect(other.get_by_text("secret")).to_have_count(0)
