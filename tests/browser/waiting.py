"""Wait like Streamlit's own browser tests: connected first, then the script is not running.

A page with a `run_every` fragment keeps toggling that state: wait for text there.
"""

from playwright.sync_api import Page, expect

APP = "[data-testid='stApp']"
DEBOUNCE_MS = 150  # text inputs and sliders send a moment after the last key
LONG_MS = 60_000  # first paint of a cold server on a busy machine


def wait_for_run(page: Page, timeout: float = LONG_MS) -> None:
    """Return when the page is connected and its script has ended."""
    page.wait_for_timeout(DEBOUNCE_MS)
    for state in (
        "[data-test-connection-state='CONNECTED']",
        "[data-test-script-state='notRunning']",
    ):
        page.locator(f"{APP}{state}").wait_for(state="attached", timeout=timeout)


def wait_for_chart(page: Page, nth: int = 0, timeout: float = LONG_MS) -> None:
    """Return when the Plotly figure with this number is drawn."""
    expect(page.locator(".js-plotly-plot .main-svg").nth(nth)).to_be_visible(timeout=timeout)
