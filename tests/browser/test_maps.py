"""Maps in a real browser: what a person did to them survives whatever the page does."""

import io
import json
import re
import shutil

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from safetensors.numpy import save

from centerviz.data.embeddings import Embeddings
from centerviz.data.parquet import write_embeddings
from centerviz.data.sources import load_dataset
from centerviz.data.thumbnails import sprite
from centerviz.runs.store import SHIPPED
from centerviz.web.subject import KEPT
from tests.browser.waiting import wait_for_chart, wait_for_run

FLAT = "/explore?run=digits-2d-with"
DEEP = "/explore?run=digits-16d-with&dims=3"
EPOCH = ".cv-epoch"
GRAPH = ".cv-graph"
RANGES = """() => { const { xaxis, yaxis } = document.querySelector(".cv-plot")._fullLayout;
  return [...xaxis.range, ...yaxis.range]; }"""
# Plotly's camera when it has come to rest, and all points.
SCENE = """() => new Promise((done) => {
  const { _fullData, _fullLayout } = document.querySelector(".cv-plot");
  const { container, dataScale, glplot } = _fullLayout.scene._scene;
  let [last, still] = ["", 0];
  const look = () => {
    const { model, view, projection } = glplot.cameraParams;
    const now = JSON.stringify([...view]);
    [last, still] = [now, now === last ? still + 1 : 0];
    if (still < 5) return void requestAnimationFrame(look);
    const { left, top, width, height } = container.getBoundingClientRect();
    const points = _fullData.filter(({ meta }) => meta?.role === "points")
      .flatMap(({ x, y, z }) => Array.from(x, (_, i) => [x[i], y[i], z[i]]));
    return void done({ points, scale: [...dataScale], box: [left, top, width, height],
      model: [...model], view: [...view], projection: [...projection] });
  };
  look(); })"""
# The sample that stands most alone.
POINT = """() => { const plot = document.querySelector(".cv-plot");
  const { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect();
  const places = plot._fullData.filter(({ mode }) => mode === "markers").flatMap(({ x, y, meta }) =>
    Array.from(x, (_, i) => ({ x: x[i], y: y[i], sample: meta.role === "points" })));
  const alone = (one) => Math.min(...places.filter((other) => other !== one)
    .map((other) => Math.hypot(other.x - one.x, other.y - one.y)));
  const [, { x, y }] = places.filter(({ sample }) => sample)
    .reduce((best, one) => (alone(one) > best[0] ? [alone(one), one] : best), [0, null]);
  return [box.left + xaxis._offset + xaxis.l2p(x), box.top + yaxis._offset + yaxis.l2p(y)]; }"""


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


def picture(page):
    """The picture beside the mouse, cut out of the sheet as the style says: grey (H, W)."""
    thumb = page.locator(".cv-thumb")
    expect(thumb).to_be_visible()
    style = thumb.evaluate(
        """({ style }) => [style.backgroundImage.slice(5, -2),
          ...[style.backgroundSize, style.backgroundPosition, style.width].map((s) =>
            s.split(" ").map(parseFloat))]"""
    )
    url, (wide, _high), place, (size,) = style
    sheet = np.asarray(Image.open(io.BytesIO(page.request.get(url).body())).convert("L"))
    tile = round(size * sheet.shape[1] / wide)
    column, row = (round(-at / size) for at in place)
    return sheet[row * tile : (row + 1) * tile, column * tile : (column + 1) * tile]


def digit(sample):
    """The picture of a sample of digits, as a sheet has it."""
    digits = load_dataset("digits")
    own = digits.inputs[digits.ids == sample]
    return np.asarray(Image.open(io.BytesIO(sprite(own))).convert("L"))


def test_what_was_done_to_a_map_survives_another_epoch_and_comes_back_with_the_address(app):
    page = app(FLAT)
    wait_for_chart(page, 1)
    x, y = page.evaluate(POINT)
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y, steps=2)
    seen = picture(page)
    page.mouse.down()
    page.mouse.up()
    clicked, ring = page.get_by_text("To its own class mean"), page.locator(".cv-ring-pinned")
    expect(clicked).to_be_visible()
    expect(ring).to_be_visible()
    expect(page).to_have_url(re.compile(r"sample=digits-\d+"))
    np.testing.assert_array_equal(seen, digit(re.search(r"sample=(digits-\d+)", page.url)[1]))
    chip = page.locator(".cv-chip[data-name='3']")
    chip.click()
    use(page, "lasso")
    x, y = middle(page)
    drag(page, (x - 150, y - 150), (x + 150, y - 150), (x + 150, y), (x - 150, y))
    said = page.get_by_text(re.compile(r"\d+ samples are selected"))
    expect(said).to_be_visible()
    count = re.search(r"(\d+) samples", said.text_content())[1]
    everything = page.evaluate(RANGES)
    use(page, "closer")
    zoomed = page.evaluate(RANGES)
    assert zoomed[1] - zoomed[0] < 0.9 * (everything[1] - everything[0])
    step_back(page)
    np.testing.assert_allclose(page.evaluate(RANGES), zoomed, rtol=0.01)  # labels have a width
    expect(chip).to_have_attribute("aria-pressed", "false")
    expect(said).to_contain_text(f"{count} samples are selected")
    expect(page).to_have_url(re.compile(r"legend=hide.*selected=\w+|selected=\w+.*legend=hide"))
    expect(page).to_have_url(re.compile(r"epoch=29"))
    page.reload()
    wait_for_chart(page, 1)
    expect(said).to_contain_text(f"{count} samples are selected")
    expect(clicked).to_be_visible()
    expect(ring).to_be_visible()
    expect(page.locator(EPOCH)).to_have_text("epoch 29 of 30")
    expect(chip).to_have_attribute("aria-pressed", "false")
    chip.press("Enter")
    expect(chip).to_have_attribute("aria-pressed", "true")
    page.locator(".cv-view").focus()
    page.keyboard.press("Escape")
    expect(said).to_have_count(0)


def in_pixels(scene):
    """Where Plotly's camera sees the points of a scene: (N, 2) pixels of the page."""
    matrix = lambda name: np.array(scene[name], dtype=float).reshape(4, 4).T  # noqa: E731
    points = np.array(scene["points"]) * scene["scale"]
    places = np.column_stack([points, np.ones(len(points))])
    places = places @ (matrix("projection") @ matrix("view") @ matrix("model")).T
    left, top, width, height = scene["box"]
    x, y = (places[:, :2] / places[:, 3:]).T
    return np.stack([left + (1 + x) * width / 2, top + (1 - y) * height / 2], axis=1)


@pytest.mark.slow
def test_in_space_the_camera_stays_and_a_lasso_holds_what_numpy_says(app):
    page = app(DEEP)
    wait_for_chart(page, 1)
    graph, start = page.locator(GRAPH).first, page.evaluate(SCENE)
    x, y = middle(page)
    drag(page, (x - 40, y - 30), (x + 30, y + 30))
    scene = page.evaluate(SCENE)
    assert np.abs(np.subtract(scene["view"], start["view"])).max() > 0.1
    places = in_pixels(scene)
    (left, top), (right, low) = np.quantile(places, 0.1, axis=0), np.quantile(places, 0.9, axis=0)
    inside = (places > [left, top]) & (places < [right, low])
    count = inside.all(axis=1).sum()
    assert count > 200  # so many travel as an outline, and the server counts them anew
    use(page, "lasso")
    drag(page, (left, top), (right, top), (right, low), (left, low))
    expect(page.get_by_text(f"{count} samples are selected")).to_be_visible()
    assert graph.get_attribute("data-selected") == str(count)
    step_back(page)
    np.testing.assert_allclose(page.evaluate(SCENE)["view"], scene["view"], atol=1e-6)
    expect(page.get_by_text(f"{count} samples are selected")).to_be_visible()
    assert graph.get_attribute("data-selected") == str(count)


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


def test_many_points_are_drawn_by_webgl_under_our_own_headers(app, runs_root):
    x = np.random.default_rng(0).normal(size=(5000, 2)).astype(np.float32)
    ids = np.array([str(k) for k in range(5000)])
    (runs_root / KEPT).mkdir(exist_ok=True)
    many = Embeddings(x, np.arange(5000) % 3, tuple("abc"), ids)
    write_embeddings(runs_root / KEPT / "many.parquet", many)
    page = app("/explore?file=many.parquet")
    expect(page.locator(".cv-panel .gl-canvas").first).to_be_attached()
    wait_for_chart(page, 1)
    expect(page.get_by_text("WebGL is not supported")).to_have_count(0)


def test_a_map_that_cannot_be_drawn_says_so_and_leaves_the_numbers(app, page):
    page.route("**/api/plotly.js", lambda route: route.abort())
    page = app(FLAT)
    expect(page.get_by_role("alert").filter(has_text="could not be drawn").first).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(3)
