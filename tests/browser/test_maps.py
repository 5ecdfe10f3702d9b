"""Maps in a real browser: what a person did to them survives whatever the page does."""

import io
import json
import re
import shutil

import numpy as np
import pytest
from playwright.sync_api import expect
from safetensors.numpy import save

from centerviz.runs.store import SHIPPED
from tests.browser.waiting import wait_for_chart, wait_for_run

FLAT = "/explore?run=digits-2d-with"
DEEP = "/explore?run=digits-16d-with&dims=3"
EPOCH = ".cv-epoch"
GRAPH = ".cv-graph"
RANGES = """() => { const { xaxis, yaxis } = document.querySelector(".cv-plot")._fullLayout;
  return [...xaxis.range, ...yaxis.range]; }"""
CAMERA = """() => Object.values(
  document.querySelector(".cv-plot")._fullLayout.scene._scene.getCamera().eye)"""
POINT = """() => { const plot = document.querySelector(".cv-plot");
  const { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect();
  const trace = plot._fullData[0];
  return [box.left + xaxis._offset + xaxis.l2p(trace.x[0]),
          box.top + yaxis._offset + yaxis.l2p(trace.y[0])]; }"""


# A pixel that a point colours.
OF_CLOUD = """() => { const canvas = document.querySelector(".cv-points");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  document.querySelector(".cv-tool-everything").click();
  return new Promise((done) => requestAnimationFrame(() => {
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let at = 0;
    while (data[at + 3] < 200) at += 4;
    const box = canvas.getBoundingClientRect();
    done([box.left + (at / 4) % canvas.width, box.top + Math.floor(at / 4 / canvas.width) + 1]);
  })); }"""


def middle(page):
    box = page.locator(GRAPH).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, start, *stops):
    page.mouse.move(*start)
    page.mouse.down()
    for stop in stops:
        page.mouse.move(*stop, steps=4)
    page.mouse.up()


def use(page, tool):
    """Choose a tool of the bar over a map."""
    page.locator(f".cv-tool-{tool}").first.click()


def step_back(page):
    before = page.locator(EPOCH).text_content()
    page.locator(".cv-back").click()
    expect(page.locator(EPOCH)).not_to_have_text(before)
    wait_for_run(page)


def test_zoom_and_hidden_classes_survive_another_epoch(app):
    page = app(FLAT)
    wait_for_chart(page, 1)
    chip = page.locator(".cv-chip[data-name='3']")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    everything = page.evaluate(RANGES)
    for _time in range(3):
        use(page, "closer")
    zoomed = page.evaluate(RANGES)
    assert zoomed[1] - zoomed[0] < 0.6 * (everything[1] - everything[0])
    step_back(page)
    np.testing.assert_allclose(page.evaluate(RANGES), zoomed, rtol=1e-6)
    expect(chip).to_have_attribute("aria-pressed", "false")
    chip.press("Enter")
    expect(chip).to_have_attribute("aria-pressed", "true")


@pytest.mark.slow
def test_a_clicked_sample_and_a_lasso_stay_and_come_back_with_the_address(app):
    page = app(FLAT)
    wait_for_chart(page, 1)
    x, y = page.evaluate(POINT)
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y, steps=2)
    expect(page.locator(".cv-thumb")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    clicked, ring = page.get_by_text("To its own class mean"), page.locator(".cv-ring-pinned")
    expect(clicked).to_be_visible()
    expect(ring).to_be_visible()
    expect(page).to_have_url(re.compile(r"sample=digits-\d+"))
    use(page, "lasso")
    x, y = middle(page)
    drag(page, (x - 150, y - 150), (x + 150, y - 150), (x + 150, y), (x - 150, y))
    said = page.get_by_text(re.compile(r"\d+ samples are selected"))
    expect(said).to_be_visible()
    count = re.search(r"(\d+) samples", said.text_content())[1]
    step_back(page)
    expect(said).to_contain_text(f"{count} samples are selected")
    expect(page).to_have_url(re.compile(r"selected=\w+"))
    page.reload()
    wait_for_chart(page, 1)
    expect(said).to_contain_text(f"{count} samples are selected")
    expect(clicked).to_be_visible()
    expect(ring).to_be_visible()
    page.locator(".cv-view").focus()
    page.keyboard.press("Escape")
    expect(said).to_have_count(0)


@pytest.mark.slow
def test_the_camera_survives_another_epoch(app):
    page = app(DEEP)
    wait_for_chart(page, 1)
    start = page.evaluate(CAMERA)
    x, y = middle(page)
    drag(page, (x - 40, y - 30), (x + 30, y + 30))
    turned = page.evaluate(CAMERA)
    assert np.abs(np.subtract(turned, start)).max() > 0.1
    step_back(page)
    np.testing.assert_allclose(page.evaluate(CAMERA), turned, atol=1e-6)


def crowd(root):
    """A run of 31,000 samples over two epochs, laid into the runs folder of the server."""
    folder = root / "crowd"
    shutil.copytree(
        SHIPPED / "digits-2d-with", folder, ignore=lambda *_: ["snapshots", "embeddings.parquet"]
    )
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"dim": 3}))
    rng, labels = np.random.default_rng(0), np.arange(31_000) % 10
    means = rng.normal(size=(10, 3)).astype(np.float32) * 10
    (folder / "snapshots").mkdir()
    for epoch in (1, 2):
        x = means[labels] + rng.normal(size=(len(labels), 3)).astype(np.float32) * (3 - epoch)
        arrays = {"features": x, "predicted": labels.astype(np.int32), "centers": means}
        file = folder / "snapshots" / f"{epoch:05d}.safetensors"
        file.write_bytes(save(arrays | {"means": means}))
    rows = {"ids": [f"digits-{k:04d}" for k in range(len(labels))], "labels": labels.tolist()}
    rows |= {"splits": ["test"] * len(labels), "class_names": [str(k) for k in range(10)]}
    (folder / "snapshots" / "rows.json").write_text(json.dumps(rows))
    return "/explore?run=crowd"


def lassoed(page, graph):
    """Draw a lasso; returns how many samples it holds, as the browser and the server count them."""
    page.locator(".cv-tool-lasso").click()
    x, y = middle(page)
    before = graph.get_attribute("data-selected")
    drag(page, (x - 150, y - 150), (x + 150, y - 150), (x + 150, y + 60), (x - 150, y + 60))
    expect(graph).not_to_have_attribute("data-selected", before)
    count = graph.get_attribute("data-selected")
    assert 1_000 < int(count) < 31_000
    expect(page.get_by_text(f"{count} samples are selected")).to_be_visible()
    return count


@pytest.mark.slow
def test_a_cloud_keeps_camera_and_selection_over_the_epochs(app, runs_root):
    page = app(crowd(runs_root))
    graph = page.locator(GRAPH).first
    expect(graph).to_have_attribute("data-camera", re.compile("zoom"))
    start = graph.get_attribute("data-camera")
    x, y = middle(page)
    drag(page, (x, y), (x + 50, y + 20))
    graph.press("+")
    expect(graph).not_to_have_attribute("data-camera", start)
    expect(graph).to_have_attribute("data-camera", re.compile('"zoom":1.25'))
    camera = graph.get_attribute("data-camera")
    count = lassoed(page, graph)
    step_back(page)
    expect(page.get_by_text(f"{count} samples are selected")).to_be_visible()
    assert graph.get_attribute("data-selected") == count
    assert graph.get_attribute("data-camera") == camera
    page.locator(".cv-tool-everything").click()
    expect(graph).to_have_attribute("data-camera", start)
    column, row = page.evaluate(OF_CLOUD)
    page.locator(".cv-tool-move").click()
    page.mouse.click(column, row)
    expect(page).to_have_url(re.compile(r"sample=digits-\d+"))
    expect(page.locator(".cv-ring-pinned")).to_be_visible()
    page.get_by_role("combobox", name="Map").click()
    page.get_by_role("option", name="PCA of x").click()
    page.get_by_text("2-D", exact=True).click()
    expect(graph).to_have_attribute("data-camera", re.compile(r'"shift":\[0,0\]}$'))  # no angles
    assert lassoed(page, graph) != count


def test_many_points_are_drawn_by_webgl_under_our_own_headers(app):
    buffer = io.BytesIO()
    rng = np.random.default_rng(0)
    np.savez(buffer, x=rng.normal(size=(5000, 2)).astype(np.float32), labels=np.arange(5000) % 3)
    page = app("/explore")
    page.get_by_text("a file", exact=True).click()
    wait_for_run(page)
    crowd = {"name": "crowd.npz", "mimeType": "", "buffer": buffer.getvalue()}
    page.locator("input[type=file]").first.set_input_files(crowd)
    expect(page.locator(".cv-panel .gl-canvas").first).to_be_attached()
    wait_for_chart(page, 1)
    expect(page.get_by_text("WebGL is not supported")).to_have_count(0)


def test_a_map_that_cannot_be_drawn_says_so_and_leaves_the_numbers(app, page):
    page.route("**/api/plotly.js", lambda route: route.abort())
    page = app(FLAT)
    expect(page.get_by_role("alert").filter(has_text="could not be drawn").first).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(3)
