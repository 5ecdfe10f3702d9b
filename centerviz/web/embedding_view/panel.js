// One map of a view: its graph, its traces at a moment, its rings and its mouse.

const ASIDE = 0.1; // opacity of what is not selected
const ASIDE_DEEP = 0.25; // the same in 3-D, where there is more empty space between
const FAINT = { trails: 0.25, circle: 0.4, rings: 0.75, drift: 0.8, equal: 0.8, spokes: 0.5 };
const FEW_SPOKES = 60; // lines that are drawn as strong as others
const OVER = ["drift", "means", "centers"]; // in this order, on top
const REST = 10; // pictures of the screen without a change
const IDS_SENT = 200; // a selection up to this size goes as sample numbers, above it as its outline

function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

// A finger scrolls the page and taps points until a tool is chosen.
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
  panel.over = element("canvas", "cv-over", panel.graph);
  panel.over.setAttribute("aria-hidden", "true");
  panel.hovered = element("div", "cv-ring", panel.graph);
  panel.pinned = element("div", "cv-ring cv-ring-pinned", panel.graph);
  panel.tip = element("div", "cv-tip", panel.graph);
  panel.hovered.hidden = panel.pinned.hidden = panel.tip.hidden = true;
  panel.readout = element("p", "cv-readout", box);
  makeTools(panel);
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
  const { count, classes, crowd, groups, byClass, scale, ids, density } = data;
  Object.assign(panel, { count, classes, crowd, groups, byClass, scale, ids, density });
  panel.labels = data.labels && numbers(data.labels);
  panel.codes = data.codes && numbers(data.codes); // row -> sample; null: the same number
  panel.rows = panel.codes && new Map(Array.from(panel.codes, (code, row) => [code, row]));
  for (const name of ["frames", "of", "values", "facts", "centers", "means", "radii"]) {
    panel[name] = timeline(data[name]);
  }
  panel.tells = Boolean(classes.length || crowd); // words of our own beside the mouse
  panel.readouts = data.readouts ?? [];
  panel.dims = figure.layout.scene ? 3 : 2;
  panel.title.textContent = data.title;
  panel.title.hidden = !data.title;
  panel.graph.setAttribute("aria-label", [data.alt || data.title, data.marks ? "" : words.keys].join(" "));
  panel.waiting.textContent = panel.bound ? "" : words.loading;
  panel.still = panel.frames ? null : stillRows(panel);
  panel.sorted = null;
  fillMarks(panel, data.marks, words);
  nameTools(panel, words);
  const axes = JSON.stringify([figure.layout.xaxis?.range, figure.layout.yaxis?.range]);
  if (panel.axes !== axes) panel.zoom = null; // another map: its own axes
  panel.axes = axes;
}

function codeOf(panel, row) {
  return panel.codes ? panel.codes[row] : row;
}

function rowOf(panel, code) {
  if (panel.rows) return panel.rows.get(code);
  return code >= 0 && code < panel.count ? code : undefined;
}

// Without frames: the rows as the figure has them, so that rings find their place.
function stillRows(panel) {
  const rows = new Float32Array(panel.count * panel.dims);
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

// The group of each row at this moment: as sent, or as the traces hold the rows.
function groupOf(panel) {
  if (panel.of) return panel.of.near(panel.view.position);
  panel.sorted ??= (() => {
    const of = new Int32Array(panel.count);
    panel.traces.forEach(({ role, label, rows }) => {
      if (role === "points") rows.forEach((row) => { of[row] = Number(label) || 0; });
    });
    return of;
  })();
  return panel.sorted;
}

function rowsOf(panel, entry) {
  if (!panel.of) return entry.rows;
  const [of, group] = [groupOf(panel), Number(entry.label)];
  return range(panel.count).filter((row) => of[row] === group);
}

// Which classes' marks the legend hides; groups that are not classes hide none.
function hiddenClass(panel) {
  return (label) => panel.byClass && panel.view.hidden.has(String(label));
}

function movedTrace(panel, entry, t) {
  const { trace, role, label } = entry;
  const { hidden } = panel.view;
  const moved = { ...trace };
  if (panel.tells) Object.assign(moved, { hoverinfo: "none", hovertemplate: null });
  if (role === "points") {
    const rows = rowsOf(panel, entry);
    if (panel.frames) Object.assign(moved, columns(rowsAt(panel, t), panel.dims, rows));
    moved.visible = !hidden.has(label);
    entry.drawn = rows;
    Object.assign(moved, painted(panel, entry, rows, t));
  } else if (role === "means" || role === "centers") {
    const line = panel[role];
    const shown = range(trace.marker.color.length).filter((j) => !hiddenClass(panel)(j));
    if (line) Object.assign(moved, columns(line.at(t), line.dims, shown));
    else ["x", "y", "z"].slice(0, panel.dims).forEach((axis) => {
      const all = numbers(trace[axis]);
      moved[axis] = shown.map((j) => all[j]);
    });
    moved.text = shown.map((j) => trace.text[j]);
    moved.marker = { ...trace.marker, color: shown.map((j) => trace.marker.color[j]) };
    moved.visible = !hidden.has(role);
    if (panel.tells) Object.assign(moved, { hoverinfo: trace.hoverinfo, hovertemplate: trace.hovertemplate });
  } else if (trace.mode === "lines") {
    moved.line = { ...trace.line, color: panel.view.ink };
    moved.opacity = (role === "rings" && panel.dims === 3 ? 0.5 : 1) * (FAINT[role] ?? 0.6);
    moved.visible = ["circle", "equal", "spokes"].includes(role) || !hidden.has("means");
    Object.assign(moved, movedLine(panel, role, t));
  }
  return moved;
}

function movedLine(panel, role, t) {
  const { means, centers, radii, view } = panel;
  if (role === "spokes" && means && panel.labels) {
    const rows = singledOut(panel);
    const opacity = Math.min(FAINT.spokes, Math.max(FEW_SPOKES / rows.length, 0.06)); // many cover the points
    return { ...spokes(panel, rows, t), opacity };
  }
  if (!means || means.frames < 2) return {};
  if (role === "trails") return trails(means, t, hiddenClass(panel));
  if (role === "drift" && centers) return drift(means, centers, t, hiddenClass(panel));
  if (role === "rings" && radii) return rings(means, radii, t, hiddenClass(panel));
  return {};
}

// The rows that are pinned or selected, where they are shown: the first thousand.
function singledOut(panel) {
  const { selected, pinned } = panel.view;
  const [of, shown, rows] = [groupOf(panel), shownGroups(panel), new Set()];
  const add = (code) => {
    const row = rowOf(panel, code);
    if (row !== undefined && shown[of[row]]) rows.add(row);
  };
  if (pinned !== undefined) add(pinned);
  for (const code of selected) {
    if (rows.size >= MOST_SPOKES) break;
    add(code);
  }
  return [...rows];
}

// The colours of a trace's points: a number's, and paler or fainter where others are selected.
function painted(panel, { trace }, rows, t) {
  const { selected } = panel.view;
  const marker = { ...trace.marker };
  delete marker.colorbar;
  marker.showscale = false;
  const held = (row) => selected.has(codeOf(panel, row));
  const values = panel.scale && panel.values.near(t);
  if (values) Object.assign(marker, { color: rows.length ? Array.from(rows, (row) => shadeOf(panel, values[row])) : "" });
  if (!selected.size) return { marker };
  if (panel.dims === 2) {
    const selectedpoints = range(rows.length).filter((i) => held(rows[i]));
    return { marker, selectedpoints, unselected: { marker: { opacity: ASIDE } } };
  }
  marker.color = Array.from(rows, (row, i) => {
    const own = values ? marker.color[i] : trace.marker.color;
    return held(row) ? own : mixed(own, panel.view.ground, ASIDE_DEEP);
  });
  return { marker };
}

function shadeOf({ scale }, value) {
  return [...scale.colours, UNKNOWN][shadePlace(scale, value)];
}

function bytes(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

// So much of one #rrggbb in another.
function mixed(colour, ground, share) {
  const [own, under] = [bytes(colour), bytes(ground)];
  return `#${own.map((part, k) => Math.round(share * part + (1 - share) * under[k]).toString(16).padStart(2, "0")).join("")}`;
}

function themed(panel) {
  const style = getComputedStyle(panel.view.root);
  const { ink } = panel.view;
  const faint = style.getPropertyValue("--st-border-color").trim();
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
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    margin: panel.dims === 3 ? { l: 0, r: 0, t: 0, b: 0 } : { l: 4, r: 4, t: 4, b: 3 * rem },
    font: { color: ink, size: 0.72 * rem, family: style.fontFamily },
    hoverlabel: { font: { size: 0.78 * rem } },
  };
  const moves = panel.marks ? !coarse() : panel.tool === "move";
  if (panel.dims === 2) {
    // Plotly widens the ranges it is given until both axes have one scale, and then takes its own
    // change for ours: copies go in, and the zoom is kept here instead of by `uirevision`.
    ["xaxis", "yaxis"].forEach((name) => {
      themedLayout[name] = { ...axis(layout[name]), range: [...(panel.zoom ?? layout)[name].range] };
    });
    themedLayout.dragmode = moves ? layout.dragmode : false;
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

// Ink and ground of the theme, for what is drawn rather than styled.
function mixInk(view) {
  const style = getComputedStyle(view.root);
  view.ink = style.getPropertyValue("--st-text-color").trim() || style.color;
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.fillStyle = style.getPropertyValue("--st-background-color").trim() || "#ffffff";
  view.ground = pen.fillStyle; // read back as #rrggbb
}

async function drawPanel(panel, t) {
  mixInk(panel.view);
  if (panel.crowd) return drawCloud(panel, t);
  const layout = themed(panel);
  const traces = panel.traces.map((entry) => movedTrace(panel, entry, t));
  const config = { displaylogo: false, scrollZoom: false, displayModeBar: false, doubleClickDelay: 400 };
  if (panel.wasDims !== undefined && panel.wasDims !== panel.dims) {
    window.Plotly.purge(panel.plot);
    panel.bound = false;
  }
  panel.wasDims = panel.dims;
  await window.Plotly.react(panel.plot, traces, layout, config);
  panel.waiting.textContent = "";
  panel.moved = panel.traces.map((entry, i) => ({ ...entry, trace: traces[i] }));
  if (!panel.bound) bindPanel(panel);
  placeRings(panel);
}

function placeRing(panel, ring, code) {
  const row = code === undefined ? undefined : rowOf(panel, code);
  const place = row === undefined || !panel.bound ? null : pixelOf(panel, row);
  ring.hidden = !place;
  if (!place) return;
  ring.style.left = `${place[0]}px`;
  ring.style.top = `${place[1]}px`;
}

function placeRings(panel) {
  placeRing(panel, panel.hovered, panel.view.hovered);
  placeRing(panel, panel.pinned, panel.view.pinned);
  panel.graph.dataset.selected = panel.view.selected.size; // for tests
  placeMarks(panel);
  drawOver(panel);
}

// What must not lie behind the points of a 3-D map by Plotly: means, centers, the drift between.
function drawOver(panel) {
  const { over, graph, moved } = panel;
  const look = panel.dims === 3 && !panel.crowd && !panel.marks && moved ? lens(panel) : null;
  over.hidden = !look;
  if (!look) return;
  const pen = cleared(over, graph.clientWidth, graph.clientHeight);
  moved.filter(({ role }) => OVER.includes(role)).forEach(({ trace }) => {
    const marker = trace.marker && { ...trace.marker, size: 1.4 * trace.marker.size };
    drawMarks(pen, { ...trace, marker }, 3, (place) => seen(look, place));
  });
}

// A canvas of this size in pixels of the page, empty.
function cleared(canvas, width, height) {
  const size = [width, height].map((side) => Math.round(side * devicePixelRatio));
  if (canvas.width !== size[0]) canvas.width = size[0];
  if (canvas.height !== size[1]) canvas.height = size[1];
  const pen = canvas.getContext("2d");
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

// While Plotly's camera turns, and until it has come to rest.
function follow(panel) {
  if (panel.following) return;
  let [last, still] = ["", 0];
  const look = () => {
    const now = panel.gone || panel.dims === 2 ? last : String(lens(panel)?.matrix);
    [last, still] = [now, now === last ? still + 1 : 0];
    if (!still) placeRings(panel);
    panel.following = still < REST ? requestAnimationFrame(look) : 0;
  };
  panel.following = requestAnimationFrame(look);
}

function codeAt(panel, point) {
  const entry = panel.traces[point.curveNumber];
  return entry?.role === "points" ? codeOf(panel, entry.drawn[point.pointNumber]) : undefined;
}

function bindPanel(panel) {
  const { view, plot } = panel;
  panel.bound = true;
  plot.on("plotly_hover", ({ points: [point] }) => {
    const code = codeAt(panel, point);
    if (code === undefined) unhover(view); // a mean or center, which tells its own name
    else hover(view, panel, code, point.bbox ?? {});
  });
  plot.on("plotly_unhover", () => unhover(view));
  // Not Plotly's click: in 3-D it calls the start of a turn one as well, and in 2-D it forgets what
  // is under a mouse that rests while the map is drawn anew.
  let pressed = [0, 0];
  panel.graph.onpointerdown = ({ clientX, clientY }) => { pressed = [clientX, clientY]; };
  panel.graph.onclick = ({ clientX, clientY, target }) => {
    const moved = Math.hypot(clientX - pressed[0], clientY - pressed[1]);
    if (moved > 4 || !plot.contains(target)) return;
    const { left, top } = plot.getBoundingClientRect();
    if (view.hovered !== undefined) pin(view, view.hovered);
    else if (panel.dims === 2) clickAt(panel, [clientX - left, clientY - top]);
  };
  plot.on("plotly_relayout", (changes) => {
    if (panel.dims === 2 && Object.keys(changes).some((name) => /^[xy]axis/.test(name))) {
      const { xaxis, yaxis } = plot._fullLayout;
      panel.zoom = { xaxis: { range: [...xaxis.range] }, yaxis: { range: [...yaxis.range] } };
    }
    placeRings(panel);
    if (panel.dims === 3) follow(panel);
  });
  plot.on("plotly_relayouting", () => (panel.dims === 3 ? follow(panel) : placeRings(panel)));
}
