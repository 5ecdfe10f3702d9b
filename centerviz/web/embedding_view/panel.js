// One map of a view: its graph, its traces at a moment, its rings and its mouse.

const ASIDE = 0.1; // opacity of what is not selected
const IDS_SENT = 200; // a selection up to this size goes as sample numbers, above it as its outline
const BUTTONS = ["toImage", "autoScale2d", "zoomIn2d", "zoomOut2d", "hoverClosestCartesian",
  "hoverCompareCartesian", "toggleSpikelines", "resetCameraLastSave3d", "hoverClosest3d",
  "tableRotation"];

function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
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
  panel.resize = new ResizeObserver(() => {
    if (panel.bound) window.Plotly.Plots.resize(panel.plot).then(() => placeRings(panel));
  });
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
  if (!panel.frames) panel.still = stillRows(panel);
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
  } else if (panel.means && panel.means.frames > 1) {
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

// 3-D has no rings on top of it: the hovered and the pinned sample are a trace of their own.
function focusTrace(panel, t) {
  const rows = [panel.view.pinned, panel.view.hovered]
    .map((code) => panel.rowOf.get(code))
    .filter((row) => row !== undefined);
  return {
    type: "scatter3d", mode: "markers", hoverinfo: "skip", showlegend: false,
    ...columns(rowsAt(panel, t), 3, rows),
    marker: { symbol: "circle-open", size: 14, color: panel.view.ink, line: { width: 3 } },
  };
}

function themed(panel) {
  const style = getComputedStyle(panel.view.root);
  const ink = style.getPropertyValue("--st-text-color").trim() || style.color;
  const faint = style.getPropertyValue("--st-border-color").trim();
  panel.view.ink = ink;
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
    margin: { l: 4, r: 4, t: 4, b: 4 },
    font: { color: ink, size: 0.72 * rem, family: style.fontFamily },
    hoverlabel: { font: { size: 0.78 * rem } },
  };
  if (panel.dims === 2) {
    themedLayout.xaxis = axis(layout.xaxis);
    themedLayout.yaxis = axis(layout.yaxis);
    if (matchMedia("(pointer: coarse)").matches) themedLayout.dragmode = false;
  } else {
    const scene = { ...layout.scene };
    ["xaxis", "yaxis", "zaxis"].forEach((name) => {
      scene[name] = { ...axis(scene[name]), backgroundcolor: "rgba(0,0,0,0)" };
      delete scene[name].automargin;
    });
    themedLayout.scene = scene;
  }
  return themedLayout;
}

async function drawPanel(panel, t) {
  const traces = panel.traces.map((entry) => movedTrace(panel, entry, t));
  if (panel.dims === 3) traces.push(focusTrace(panel, t));
  const config = { displaylogo: false, scrollZoom: panel.dims === 3,
    modeBarButtonsToRemove: BUTTONS, doubleClickDelay: 400 };
  if (panel.wasDims !== undefined && panel.wasDims !== panel.dims) {
    window.Plotly.purge(panel.plot);
    panel.bound = false;
  }
  panel.wasDims = panel.dims;
  await window.Plotly.react(panel.plot, traces, themed(panel), config);
  panel.waiting.textContent = "";
  if (!panel.bound) bindPanel(panel);
  placeRings(panel);
}

function placeRing(panel, ring, code) {
  const row = panel.rowOf.get(code);
  const layout = panel.plot._fullLayout;
  ring.hidden = true;
  if (row === undefined || panel.dims !== 2 || !layout) return;
  const rows = rowsAt(panel, panel.view.position);
  const x = layout.xaxis.l2p(rows[2 * row]);
  const y = layout.yaxis.l2p(rows[2 * row + 1]);
  if (!(x >= 0 && x <= layout.xaxis._length && y >= 0 && y <= layout.yaxis._length)) return;
  ring.style.left = `${x + layout.xaxis._offset}px`;
  ring.style.top = `${y + layout.yaxis._offset}px`;
  ring.hidden = false;
}

function placeRings(panel) {
  placeRing(panel, panel.hovered, panel.view.hovered);
  placeRing(panel, panel.pinned, panel.view.pinned);
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
  plot.on("plotly_hover", (event) => hover(view, panel, event));
  plot.on("plotly_unhover", () => unhover(view));
  plot.on("plotly_click", (event) => {
    const code = codeOf(panel, event.points[0]);
    if (code !== undefined) pin(view, code);
  });
  plot.on("plotly_selected", (event) => {
    if (!event || !event.points) return;
    const codes = event.points.map((point) => codeOf(panel, point)).filter((c) => c !== undefined);
    select(view, codes, codes.length <= IDS_SENT ? { codes } : outlineOf(panel, event));
  });
  plot.on("plotly_deselect", () => select(view, [], null));
  plot.on("plotly_relayout", () => placeRings(panel));
  plot.on("plotly_relayouting", () => placeRings(panel));
}
