"""A map of 100,000 points beside st.plotly_chart with scattergl, in the same browser.

First paint: from opening the address in a fresh page until points are on the screen. Epoch step:
from the arrow key that asks for the other epoch until its points are. The usual figure is built
once and cached, ten traces of float32, and without selection, which is its faster form; only what
it keeps is looked at with selection. One process serves both. Needs Chromium.
"""

import statistics
import time

from playwright.sync_api import Page, sync_playwright

from benchmarks.rows import PAIRS, tell
from benchmarks.serving import CHROMIUM_FLAGS, served
from scripts.browser import found

SCRIPT = "benchmarks/pages/map.py"
STEPS = 4  # of each page; the same number there and back
# Points of the wanted epoch are in the picture, and the browser has shown it.
OURS = """(epoch) => new Promise((done) => { const look = () => {
  const view = document.querySelector(".cv-view");
  if (view?.dataset.drawn && view.dataset.frame === String(epoch - 1)
      && view.querySelector(".cv-graph").dataset.camera) {
    requestAnimationFrame(() => requestAnimationFrame(done));
  } else requestAnimationFrame(look); }; look(); })"""
USUAL = """(epoch) => new Promise((done) => {
  const pen = new OffscreenCanvas(64, 64).getContext("2d", { willReadFrequently: true });
  const painted = (canvas) => { pen.clearRect(0, 0, 64, 64); pen.drawImage(canvas, 0, 0, 64, 64);
    return pen.getImageData(0, 0, 64, 64).data.some((value) => value); };
  const look = () => {
    const plot = document.querySelector(".js-plotly-plot");
    const canvas = plot?.querySelector(".gl-canvas-context");
    if (plot?._fullLayout?.meta === epoch && canvas?.width && painted(canvas)) {
      requestAnimationFrame(() => requestAnimationFrame(done));
    } else setTimeout(look, 20); }; look(); })"""
ZOOM = """() => { const { xaxis } = document.querySelector(".js-plotly-plot")._fullLayout;
  return xaxis.range.map((end) => Number(end.toPrecision(4))); }"""
CAMERA = "() => document.querySelector('.cv-graph').dataset.camera"
SELECTED = r"""() => Number(document.body.innerText.match(/(\d+) selected/)?.[1])"""
WAYS = {"ours": (OURS, CAMERA), "usual": (USUAL, ZOOM)}
PRESSED = "() => addEventListener('keydown', () => { window.pressed = performance.now(); }, true)"
PASSED = "() => performance.now() - window.pressed"


def opened(page: Page, port: int, way: str, more: str = "") -> float:
    """Seconds until the map is painted."""
    began = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}/?way={way}{more}")
    page.evaluate(WAYS[way][0], 1)
    took = time.perf_counter() - began
    page.evaluate(PRESSED)
    return took


def step(page: Page, way: str, epoch: int) -> float:
    """Seconds until the other epoch is painted."""
    slider = page.locator(".cv-graph").first if way == "ours" else page.get_by_role("slider")
    slider.press("ArrowRight" if epoch == 2 else "ArrowLeft")
    page.evaluate(WAYS[way][0], epoch)
    return page.evaluate(PASSED) / 1000


def touched(page: Page, port: int, way: str) -> dict:
    """Move the map and select; what of it is there an epoch later."""
    opened(page, port, way, "&select=1")
    view = WAYS[way][1]
    box = page.locator(".cv-graph, .js-plotly-plot").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if way == "ours":
        page.locator(".cv-graph").first.press("+")
        page.locator(".cv-tool-lasso").click()
        stops = [(x - 90, y - 90), (x + 90, y - 90), (x + 90, y + 60), (x - 90, y + 60)]
    else:
        _drag(page, [(x, y), (x + 40, y + 20)])
        page.mouse.move(x, y)
        page.locator(".modebar-btn[data-val=select]").click()
        stops = [(x - 90, y - 90), (x + 90, y + 60)]
    _drag(page, stops)
    page.wait_for_function(f"() => ({SELECTED})() > 0", timeout=30_000)
    before = page.evaluate(view), page.evaluate(SELECTED)
    step(page, way, 2)
    page.wait_for_timeout(1_000)
    after = page.evaluate(view), page.evaluate(SELECTED)
    return {"camera": before[0] == after[0], "selection": before[1] == after[1]}


def _drag(page: Page, stops: list[tuple[float, float]]) -> None:
    page.mouse.move(*stops[0])
    page.mouse.down()
    for stop in stops[1:]:
        page.mouse.move(*stop, steps=3)
    page.mouse.up()


def measured(port: int) -> dict:
    """First paints and steps of both ways in turn, and what they keep."""
    paints, steps, kept = [], [], {}
    with sync_playwright() as playwright:
        path = {"executable_path": found()} if found() else {}
        browser = playwright.chromium.launch(headless=True, args=CHROMIUM_FLAGS, **path)
        for turn in range(PAIRS + 1):  # the first fills the server's caches
            paint, walk = {}, {}
            for way in WAYS:
                with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
                    page = context.new_page()
                    paint[way] = opened(page, port, way)
                    went = [step(page, way, 2 - at % 2) for at in range(STEPS if turn else 2)]
                    walk[way] = statistics.median(went)
                    if turn == PAIRS:
                        kept[way] = touched(page, port, way)
            if turn:
                paints.append(paint)
                steps.append(walk)
        browser.close()
    return {"paints": paints, "steps": steps, "kept": kept}


def row(what: str, pairs: list[dict], least: float, agreement: str, keeps: bool = True) -> dict:
    """Medians of the pairs against the target."""
    middle = {way: statistics.median(pair[way] for pair in pairs) for way in WAYS}
    ratio = statistics.median(pair["usual"] / pair["ours"] for pair in pairs)
    return {
        "what": what,
        "against": "st.plotly_chart, scattergl",
        "ours": f"{middle['ours']:.2f} s",
        "usual": f"{middle['usual']:.2f} s",
        "ratio": f"{ratio:.1f}×",
        "target": f"{least:g}×",
        "met": bool(ratio >= least and keeps),
        "agreement": agreement,
    }


def main() -> None:
    """A row for the first paint and one for an epoch step."""
    with served(SCRIPT) as port:
        found_out = measured(port)
    kept = found_out["kept"]
    words = "; ".join(
        f"{way} keeps {', '.join(name for name, still in kept[way].items() if still) or 'nothing'}"
        for way in WAYS
    )
    tell(
        [
            row("map of 100,000 points: first paint", found_out["paints"], 2, "the same points"),
            row(
                "map of 100,000 points: epoch step",
                found_out["steps"],
                10,
                words,
                all(kept["ours"].values()),
            ),
        ]
    )


if __name__ == "__main__":
    main()
