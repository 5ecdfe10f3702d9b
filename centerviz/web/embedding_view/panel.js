// One map of a view: its graph, its traces at a moment, its rings and its mouse.

const ASIDE = 0.1; // opacity of what is not selected
const FAINT = { trails: 0.25, circle: 0.4, rings: 0.75, drift: 0.8 };
const IDS_SENT = 200; // a selection up to this size goes as sample numbers, above it as its outline
const BUTTONS = {
  2: [["zoom2d", "pan2d", "select2d", "lasso2d", "resetScale2d"]],
  3: [["orbitRotation", "zoom3d", "pan3d", "resetCameraDefault3d"]],
};

function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

// A finger scrolls the page and taps points; buttons over the map would only hide it.
function coarse() {
  return matchMedia("(pointer: coarse)").matches;
}

function makePanel(view, index) {
  const box = element("figure", "cv-panel", view.panelsBox);
  const panel = { view, index, box };
  panel.title = element("figcaption", "cv-title", box);
  panel.graph = element("div", "cv-graph", box);
  panel.graph.tabIndex = 0;
  panel.graph.setAttribute("role", "img");
  panel.waiting = element("div", "cv-waiting", panel.graph);
  panel.plot = element("div", "cv-plot", panel.graph);
  panel.hovered = element("div", "cv-ring", panel.graph);
  panel.pinned = element("div", "cv-ring cv-ring-pinned", panel.graph);
  panel.hovered.hidden = panel.pinned.hidden = true;
  panel.readout = element("p", "cv-readout", box);
  makeMarks(panel);
  panel.resize = new ResizeObserver(() => queue(view, async () => {
    if (!panel.bound || panel.gone || !panel.graph.clientWidth) return;
    if (panel.cloud) return void paintCloud(panel);
    await window.Plotly.Plots.resize(panel.plot);
    placeRings(panel);
  }));
  panel.resize.observe(panel.graph);
  return panel;
}

function fillPanel(panel, data, words) {
  const figure = JSON.parse(data.figure);
  panel.figure = figure;
  panel.traces = figure.data.map((trace) => ({
    trace,
    role: trace.meta?.role,
    label: String(trace.meta?.label),
    rows: trace.meta?.role === "points" ? numbers(trace.customdata) : [],
  }));
  panel.labels = data.labels && numbers(data.labels); // of a cloud
  panel.codes = numbers(data.codes); // row -> sample, the same number in every panel
  panel.rowOf = new Map(Array.from(panel.codes, (code, row) => [code, row]));
  panel.frames = timeline(data.frames);
  panel.centers = timeline(data.centers);
  panel.means = timeline(data.means);
  panel.radii = timeline(data.radii);
  panel.readouts = data.readouts ?? [];
  panel.dims = figure.layout.scene ? 3 : 2;
  panel.title.textContent = data.title;
  panel.title.hidden = !data.title;
  panel.graph.setAttribute("aria-label", data.alt || data.title);
  panel.waiting.textContent = panel.bound ? "" : words.loading;
  panel.still = panel.frames ? null : stillRows(panel);
  fillMarks(panel, data.marks, words);
  const axes = JSON.stringify([figure.layout.xaxis?.range, figure.layout.yaxis?.range]);
  if (panel.axes !== axes) panel.zoom = null; // another map: its own axes
  panel.axes = axes;
}

// Without frames: the rows as the figure has them, so that rings find their place.
function stillRows(panel) {
  const rows = new Float32Array(panel.codes.length * panel.dims);
  panel.traces.forEach(({ trace, rows: mine }) => {
    ["x", "y", "z"].slice(0, panel.dims).forEach((axis, k) => {
      const column = numbers(trace[axis]);
      for (let i = 0; i < mine.length; i += 1) rows[mine[i] * panel.dims + k] = column[i];
    });
  });
  return rows;
}

function rowsAt(panel, t) {
  return panel.frames ? panel.frames.at(t) : panel.still;
}

function movedTrace(panel, entry, t) {
  const { trace, role, label, rows } = entry;
  const { hidden, selected } = panel.view;
  const moved = { ...trace };
  if (role === "points") {
    if (panel.frames) Object.assign(moved, columns(rowsAt(panel, t), panel.dims, rows));
    moved.visible = !hidden.has(label);
    if (selected.size && panel.dims === 2) {
      moved.selectedpoints = range(rows.length).filter((i) => selected.has(panel.codes[rows[i]]));
      moved.unselected = { marker: { opacity: ASIDE } };
    }
  } else if (role === "means" || role === "centers") {
    const line = panel[role];
    const shown = range(trace.marker.color.length).filter((j) => !hidden.has(String(j)));
    if (line) Object.assign(moved, columns(line.at(t), line.dims, shown));
    else ["x", "y", "z"].slice(0, panel.dims).forEach((axis) => {
      const all = numbers(trace[axis]);
      moved[axis] = shown.map((j) => all[j]);
    });
    moved.text = shown.map((j) => trace.text[j]);
    moved.marker = { ...trace.marker, color: shown.map((j) => trace.marker.color[j]) };
    moved.visible = !hidden.has(role);
  } else if (trace.mode === "lines") {
    moved.line = { ...trace.line, color: panel.view.ink };
    moved.opacity = FAINT[role] ?? 0.6;
    moved.visible = role === "circle" || !hidden.has("means");
  }
  if (panel.means && panel.means.frames > 1) {
    if (role === "trails") Object.assign(moved, trails(panel.means, t, hidden));
    if (role === "drift" && panel.centers) {
      Object.assign(moved, drift(panel.means, panel.centers, t, hidden));
    }
    if (role === "rings" && panel.radii) {
      Object.assign(moved, rings(panel.means, panel.radii, t, hidden));
    }
  }
  return moved;
}

function themed(panel) {
  const style = getComputedStyle(panel.view.root);
  const ink = style.getPropertyValue("--st-text-color").trim() || style.color;
  const faint = style.getPropertyValue("--st-border-color").trim();
  panel.view.ink = ink;
  const accent = style.getPropertyValue("--st-primary-color").trim();
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const axis = (own) => ({
    ...own, gridcolor: faint, zerolinecolor: faint, linecolor: faint, tickcolor: faint,
    color: ink, automargin: true,
  });
  const { layout } = panel.figure;
  const themedLayout = {
    ...layout,
    autosize: true,
    showlegend: false,
    uirevision: "kept",
    selectionrevision: (panel.revision = (panel.revision ?? 0) + 1),
    selections: [],
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 4, r: 4, t: 4, b: 20 },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: ink, activecolor: accent },
    font: { color: ink, size: 0.72 * rem, family: style.fontFamily },
    hoverlabel: { font: { size: 0.78 * rem } },
  };
  if (panel.dims === 2) {
    // Plotly widens the ranges it is given until both axes have one scale, and then takes its own
    // change for ours: copies go in, and the zoom is kept here instead of by `uirevision`.
    ["xaxis", "yaxis"].forEach((name) => {
      themedLayout[name] = { ...axis(layout[name]), range: [...(panel.zoom ?? layout)[name].range] };
    });
    if (coarse()) themedLayout.dragmode = false;
  } else {
    const scene = { ...layout.scene };
    const turned = panel.plot._fullLayout?.scene?._scene?.getCamera();
    if (turned) scene.camera = turned; // as it stands; `uirevision` misses a turn just ended
    ["xaxis", "yaxis", "zaxis"].forEach((name) => {
      scene[name] = { ...axis(scene[name]), backgroundcolor: "rgba(0,0,0,0)" };
      delete scene[name].automargin;
    });
    themedLayout.scene = scene;
  }
  return themedLayout;
}

async function drawPanel(panel, t) {
  if (panel.labels) return drawCloud(panel, t);
  const layout = themed(panel);
  const traces = panel.traces.map((entry) => movedTrace(panel, entry, t));
  const config = { displaylogo: false, scrollZoom: false, modeBarButtons: BUTTONS[panel.dims],
    displayModeBar: coarse() ? false : "hover",
    doubleClickDelay: 400 };
  if (panel.wasDims !== undefined && panel.wasDims !== panel.dims) {
    window.Plotly.purge(panel.plot);
    panel.bound = false;
  }
  panel.wasDims = panel.dims;
  await window.Plotly.react(panel.plot, traces, layout, config);
  panel.waiting.textContent = "";
  if (!panel.bound) bindPanel(panel);
  placeRings(panel);
}

// Where a row stands in the graph, in pixels; null outside of the axes.
function pixelOf(panel, row) {
  const rows = rowsAt(panel, panel.view.position);
  if (panel.cloud) {
    const { clientWidth: width, clientHeight: height } = panel.plot;
    const place = pixel(matrixOf(panel.cloud.camera, width, height), corner(rows, panel.dims, row), width, height);
    return place && place[0] >= 0 && place[0] <= width && place[1] >= 0 && place[1] <= height ? place : null;
  }
  if (panel.dims === 3) return pixelOf3d(panel, corner(rows, 3, row));
  const { xaxis, yaxis } = panel.plot._fullLayout;
  const [x, y] = [xaxis.l2p(rows[2 * row]), yaxis.l2p(rows[2 * row + 1])];
  if (!(x >= 0 && x <= xaxis._length && y >= 0 && y <= yaxis._length)) return null;
  return [x + xaxis._offset, y + yaxis._offset];
}

// As Plotly's own 3-D hover finds its place: projection · view · model · scaled data.
function pixelOf3d(panel, place) {
  const scene = panel.plot._fullLayout.scene?._scene;
  const camera = scene?.glplot?.cameraParams;
  if (!camera) return null;
  let v = [...place.map((value, k) => value * scene.dataScale[k]), 1];
  for (const matrix of [camera.model, camera.view, camera.projection]) {
    v = range(4).map((i) => range(4).reduce((sum, k) => sum + matrix[4 * k + i] * v[k], 0));
  }
  if (v[3] <= 0) return null; // behind the eye
  const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = scene.container;
  return [
    offsetLeft + offsetWidth * (0.5 + (0.5 * v[0]) / v[3]),
    offsetTop + offsetHeight * (0.5 - (0.5 * v[1]) / v[3]),
  ];
}

function placeRing(panel, ring, code) {
  const row = panel.rowOf.get(code);
  const place = row === undefined || !panel.bound ? null : pixelOf(panel, row);
  ring.hidden = !place;
  if (!place) return;
  ring.style.left = `${place[0]}px`;
  ring.style.top = `${place[1]}px`;
}

function placeRings(panel) {
  placeRing(panel, panel.hovered, panel.view.hovered);
  placeRing(panel, panel.pinned, panel.view.pinned);
  placeMarks(panel);
}

function codeOf(panel, point) {
  const entry = panel.traces[point.curveNumber];
  return entry?.role === "points" ? panel.codes[entry.rows[point.pointNumber]] : undefined;
}

function outlineOf(panel, event) {
  const kind = event.lassoPoints ? "lasso" : "box";
  const shape = event.lassoPoints ?? event.range ?? {};
  const short = (values) => (values ?? []).map((value) => Number(value.toPrecision(6)));
  return { kind, panel: panel.index, frame: panel.view.frame, x: short(shape.x), y: short(shape.y) };
}

function bindPanel(panel) {
  const { view, plot } = panel;
  panel.bound = true;
  plot.on("plotly_hover", ({ points: [point] }) => {
    hover(view, panel, codeOf(panel, point), point.bbox ?? {});
  });
  plot.on("plotly_unhover", () => unhover(view));
  plot.on("plotly_click", (event) => {
    const code = codeOf(panel, event.points[0]);
    if (code !== undefined && panel.dims === 2) pin(view, code);
  });
  // 3-D calls the start of a turn a click as well.
  let pressed = null;
  panel.graph.onpointerdown = (event) => { pressed = [event.clientX, event.clientY]; };
  panel.graph.onpointerup = (event) => {
    const moved = pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]);
    if (panel.dims === 3 && moved !== null && moved < 4 && view.hovered !== undefined) {
      pin(view, view.hovered);
    }
  };
  plot.on("plotly_selected", (event) => {
    if (!event?.lassoPoints && !event?.range) return; // our own clearing of the outline
    const codes = event.points.map((point) => codeOf(panel, point)).filter((c) => c !== undefined);
    select(view, codes, codes.length <= IDS_SENT ? { codes } : outlineOf(panel, event));
  });
  plot.on("plotly_deselect", () => select(view, [], null));
  plot.on("plotly_relayout", (changes) => {
    if (panel.dims === 2 && Object.keys(changes).some((name) => /^[xy]axis/.test(name))) {
      const { xaxis, yaxis } = plot._fullLayout;
      panel.zoom = { xaxis: { range: [...xaxis.range] }, yaxis: { range: [...yaxis.range] } };
    }
    placeRings(panel);
  });
  plot.on("plotly_relayouting", () => placeRings(panel));
}
