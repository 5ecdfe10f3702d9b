// A panel that is a cloud: grid and marks around the points, the mouse, the keys, its tools.

const OPACITY = 0.85;
const STEP = { zoom: 1.25, turn: 0.1, shift: 24 }; // of one key
const ICONS = {
  move: "M12 2l3 4h-2v5h5V9l4 3-4 3v-2h-5v5h2l-3 4-3-4h2v-5H6v2l-4-3 4-3v2h5V6H9z",
  lasso: "M12 4c5 0 9 2.5 9 6s-4 6-9 6c-1 0-2-.1-3-.3.2 1.8-.8 3.6-2.6 4.3l-.7-1.8c1.1-.5 1.6-1.7 1.2-2.9C4.5 14.3 3 12.3 3 10c0-3.5 4-6 9-6zm0 2c-4 0-7 1.8-7 4s3 4 7 4 7-1.8 7-4-3-4-7-4z",
  closer: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  farther: "M5 11h14v2H5z",
  everything: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
};

function makeCloud(panel) {
  const canvases = ["grid", "points", "marks"].map((name) => element("canvas", `cv-${name}`, panel.plot));
  const cloud = { canvases, tool: coarse() ? null : "move", tip: element("div", "cv-tip", panel.plot) };
  cloud.tip.hidden = true;
  const points = canvases[1];
  cloud.painter = painter(points);
  if (!cloud.painter) return cloud;
  points.addEventListener("webglcontextlost", (event) => event.preventDefault());
  points.addEventListener("webglcontextrestored", () => {
    Object.assign(cloud, { painter: painter(points), frames: null, selection: null });
    drawCloud(panel, panel.view.position);
  });
  makeTools(panel, cloud);
  bindCloud(panel, cloud);
  return cloud;
}

function disposeCloud(cloud) {
  cloud.painter?.gl.getExtension("WEBGL_lose_context")?.loseContext(); // browsers keep only a few
}

function makeTools(panel, cloud) {
  const { words } = panel.view;
  cloud.tools = element("div", "cv-tools", panel.plot);
  const work = {
    move: () => useTool(panel, "move"),
    lasso: () => useTool(panel, "lasso"),
    closer: () => zoomBy(panel, STEP.zoom),
    farther: () => zoomBy(panel, 1 / STEP.zoom),
    everything: () => showEverything(panel),
  };
  Object.entries(work).forEach(([name, act]) => {
    const button = element("button", `cv-tool cv-tool-${name}`, cloud.tools);
    button.type = "button";
    button.title = words[name];
    button.setAttribute("aria-label", words[name]);
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
    button.onclick = act;
  });
  useTool(panel, cloud.tool, cloud);
}

// On a touch screen a finger scrolls the page until a tool is chosen; choosing it again lets go.
function useTool(panel, tool, cloud = panel.cloud) {
  cloud.tool = coarse() && cloud.tool === tool ? null : tool;
  panel.plot.style.touchAction = cloud.tool ? "none" : "";
  panel.plot.dataset.tool = cloud.tool ?? "";
  ["move", "lasso"].forEach((name) => {
    const button = cloud.tools.querySelector(`.cv-tool-${name}`);
    button.setAttribute("aria-pressed", String(cloud.tool === name));
  });
}

function drawCloud(panel, t) {
  panel.cloud ??= makeCloud(panel);
  const { cloud, view } = panel;
  if (!cloud.painter) {
    fail(view, new Error("WebGL2"), view.words.webgl);
    return;
  }
  const axes = JSON.stringify(extentOf(panel));
  if (cloud.axes !== axes) cloud.camera = everything(extentOf(panel)); // another map
  cloud.axes = axes;
  cloud.colours = coloursOf(panel);
  setPalette(cloud.painter, cloud.colours);
  if (cloud.frames !== panel.frames || cloud.moment !== t) {
    cloud.rows = panel.frames.at(t);
    upload(cloud.painter, cloud.painter.positions, cloud.rows, panel.dims, "float");
    if (cloud.frames !== panel.frames) {
      upload(cloud.painter, cloud.painter.labels, panel.labels, 1, "whole");
    }
    Object.assign(cloud, { frames: panel.frames, moment: t, labels: panel.labels, dims: panel.dims });
  }
  if (cloud.selection !== view.selected) {
    cloud.selection = view.selected;
    const chosen = Uint8Array.from(panel.codes, (code) => Number(view.selected.has(code)));
    upload(cloud.painter, cloud.painter.chosen, chosen, 1, "byte");
  }
  panel.waiting.textContent = "";
  panel.bound = true;
  paintCloud(panel);
}

function extentOf({ figure: { layout }, dims }) {
  const axes = layout.scene ?? layout;
  return ["xaxis", "yaxis", "zaxis"].slice(0, dims).map((name) => axes[name].range);
}

function coloursOf(panel) {
  const colours = [];
  const pen = panel.cloud.canvases[2].getContext("2d");
  panel.traces.filter(({ role }) => role === "points").forEach(({ trace, label }) => {
    pen.fillStyle = trace.marker.color; // any way to write a colour, read back as #rrggbb
    const part = (at) => parseInt(pen.fillStyle.slice(at, at + 2), 16);
    const alpha = panel.view.hidden.has(label) ? 0 : 255 * OPACITY;
    colours[Number(label) || 0] = [part(1), part(3), part(5), alpha];
  });
  return Array.from(colours, (colour) => colour ?? [0, 0, 0, 0]);
}

// Only the camera moved: once before the next picture of the screen.
function repaint(panel) {
  cancelAnimationFrame(panel.cloud.asked);
  panel.cloud.asked = requestAnimationFrame(() => panel.gone || paintCloud(panel));
}

function paintCloud(panel) {
  const { cloud, view, plot } = panel;
  const [width, height, ratio] = [plot.clientWidth, plot.clientHeight, devicePixelRatio];
  if (!width || !height || !cloud.painter) return;
  const size = [Math.round(width * ratio), Math.round(height * ratio)];
  cloud.canvases.forEach((canvas) => {
    if (canvas.width !== size[0]) canvas.width = size[0];
    if (canvas.height !== size[1]) canvas.height = size[1];
  });
  const matrix = matrixOf(cloud.camera, width, height);
  const dot = panel.traces.find(({ role }) => role === "points").trace.marker.size;
  const aside = view.selected.size ? ASIDE : 1;
  paintPoints(cloud.painter, panel.codes.length, matrix, dot * ratio, aside, panel.dims === 3);
  const style = getComputedStyle(view.root);
  view.ink = style.getPropertyValue("--st-text-color").trim() || style.color;
  const [under, over] = [cloud.canvases[0], cloud.canvases[2]].map((canvas) => {
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `${0.72 * parseFloat(getComputedStyle(document.documentElement).fontSize)}px ${style.fontFamily}`;
    pen.strokeStyle = pen.fillStyle = view.ink;
    return pen;
  });
  (panel.dims === 3 ? drawCube : drawGrid)(panel, under, matrix, width, height);
  const at = (place) => pixel(matrix, place, width, height);
  panel.traces.filter(({ role }) => role !== "points").forEach((entry) => {
    drawMarks(over, movedTrace(panel, entry, view.position), panel.dims, at);
  });
  if (cloud.lasso) drawLasso(over, cloud.lasso);
  panel.graph.dataset.camera = JSON.stringify(cloud.camera); // for tests
  panel.graph.dataset.selected = view.selected.size;
  placeRings(panel);
}

// Round steps, about five of them: 1, 2 or 5 times a power of ten.
function steps(low, high) {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((times) => times * power >= rough);
  const first = Math.ceil(low / step);
  const digits = Math.max(-Math.floor(Math.log10(step) + 1e-9), 0);
  return range(Math.floor(high / step) - first + 1).map((i) => {
    const value = (first + i) * step;
    return [value, Math.abs(value) < 1e6 ? value.toFixed(digits) : value.toExponential(1)];
  });
}

function drawGrid(panel, pen, matrix, width, height) {
  const { layout } = panel.figure;
  const scale = [matrix[0] * width / 2, matrix[5] * height / 2];
  const [x0, y0] = pixel(matrix, [0, 0], width, height);
  const lines = (axis, from, to, each) => steps(from, to).forEach(([value, words]) => {
    pen.globalAlpha = value === 0 ? 0.35 : 0.12;
    each(value, axis.showticklabels === false ? "" : words);
  });
  lines(layout.xaxis, -x0 / scale[0], (width - x0) / scale[0], (value, words) => {
    const x = x0 + value * scale[0];
    pen.fillRect(x, 0, 1, height);
    pen.globalAlpha = 0.7;
    pen.fillText(words, x + 3, height - 5);
  });
  lines(layout.yaxis, (y0 - height) / scale[1], y0 / scale[1], (value, words) => {
    const y = y0 - value * scale[1];
    pen.fillRect(0, y, width, 1);
    pen.globalAlpha = 0.7;
    if (y > 32) pen.fillText(words, 4, y - 3); // above stands the name
  });
  pen.globalAlpha = 1;
  const name = layout.xaxis.title?.text ?? "";
  pen.fillText(name, width - pen.measureText(name).width - 6, height - 20);
  pen.fillText(layout.yaxis.title?.text ?? "", 6, 14);
}

function drawCube(panel, pen, matrix, width, height) {
  const { scene } = panel.figure.layout;
  const ends = ["xaxis", "yaxis", "zaxis"].map((name) => scene[name].range);
  const corners = range(8).map((c) => pixel(matrix, ends.map((e, k) => e[(c >> k) & 1]), width, height));
  ["xaxis", "yaxis", "zaxis"].forEach((name, k) => {
    range(8).filter((c) => !((c >> k) & 1)).forEach((c) => {
      const [from, to] = [corners[c], corners[c | (1 << k)]];
      if (!from || !to) return;
      pen.globalAlpha = c ? 0.15 : 0.5;
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(...to);
      pen.stroke();
      if (c) return;
      pen.globalAlpha = 1;
      pen.fillText(scene[name].title?.text ?? "", (from[0] + 2 * to[0]) / 3 + 5, (from[1] + 2 * to[1]) / 3 - 3);
    });
  });
}

// Means, centers and the lines between them, as their Plotly traces describe them.
function drawMarks(pen, trace, dims, at) {
  if (trace.visible === false) return;
  const axes = ["x", "y", "z"].slice(0, dims).map((axis) => numbers(trace[axis]));
  const places = range(axes[0].length).map((i) => {
    const place = axes.map((axis) => axis[i]);
    return place.every(Number.isFinite) ? at(place) : null;
  });
  pen.globalAlpha = trace.opacity ?? 1;
  if (trace.mode === "lines") {
    pen.beginPath();
    places.forEach((place, i) => place && pen[i && places[i - 1] ? "lineTo" : "moveTo"](...place));
    Object.assign(pen, { strokeStyle: trace.line.color, lineWidth: trace.line.width });
    pen.setLineDash({ dash: [6, 4], dot: [2, 3] }[trace.line.dash] ?? []);
    pen.stroke();
    pen.setLineDash([]);
    return;
  }
  const { size, color, symbol, line } = trace.marker;
  places.forEach((place, i) => {
    if (!place) return;
    const shape = new Path2D();
    if (symbol === "circle") shape.arc(...place, size / 2, 0, 2 * Math.PI);
    else cross(shape, place, size / 2, symbol === "cross");
    Object.assign(pen, { fillStyle: color[i], strokeStyle: line.color, lineWidth: line.width });
    pen.fill(shape);
    pen.stroke(shape);
  });
}

// An x, or upright a plus, as an outline.
function cross(shape, [x, y], r, upright) {
  const arm = [[1, -1], [3, -1], [3, 1]]; // in sixths of the width: one arm, turned four times
  const turn = upright ? 0 : Math.PI / 4;
  range(4).forEach((quarter) => arm.forEach(([along, across], i) => {
    const angle = turn + (quarter * Math.PI) / 2;
    const [dx, dy] = [(along * r) / 3, (across * r) / 3];
    const place = [x + dx * Math.cos(angle) - dy * Math.sin(angle), y + dx * Math.sin(angle) + dy * Math.cos(angle)];
    shape[quarter + i ? "lineTo" : "moveTo"](...place);
  }));
  shape.closePath();
}

function drawLasso(pen, polygon) {
  pen.globalAlpha = 1;
  pen.setLineDash([4, 3]);
  Object.assign(pen, { lineWidth: 1.5, strokeStyle: pen.fillStyle });
  pen.beginPath();
  polygon.forEach((place, i) => pen[i ? "lineTo" : "moveTo"](...place));
  pen.stroke();
  pen.setLineDash([]);
}

function zoomBy(panel, factor, [x, y] = [0, 0]) {
  const { camera } = panel.cloud; // the place at (x, y) from the middle stays under the mouse
  camera.shift = [x - (x - camera.shift[0]) * factor, y - (y - camera.shift[1]) * factor];
  camera.zoom *= factor;
  repaint(panel);
}

function moveBy(panel, dx, dy) {
  const { camera } = panel.cloud;
  if (panel.dims === 2) camera.shift = [camera.shift[0] + dx, camera.shift[1] + dy];
  else {
    camera.yaw -= dx / 150;
    camera.pitch = Math.min(Math.max(camera.pitch + dy / 150, -Math.PI / 2), Math.PI / 2);
  }
  repaint(panel);
}

function showEverything(panel) {
  panel.cloud.camera = everything(extentOf(panel));
  repaint(panel);
}

function bindCloud(panel, cloud) {
  const { plot, graph } = panel;
  const placeOf = (event) => {
    const box = plot.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  let drag = null;
  plot.onpointerdown = (event) => {
    if (event.button || cloud.tools.contains(event.target)) return;
    const place = placeOf(event);
    const tool = event.shiftKey ? "lasso" : cloud.tool;
    drag = { tool, start: place, last: place, far: false };
    if (tool) plot.setPointerCapture(event.pointerId);
  };
  plot.onpointermove = (event) => {
    const place = placeOf(event);
    if (!drag) return event.pointerType === "mouse" && hoverCloud(panel, place);
    drag.far ||= Math.hypot(place[0] - drag.start[0], place[1] - drag.start[1]) > 3;
    if (!drag.far) return undefined;
    if (drag.tool === "move") moveBy(panel, place[0] - drag.last[0], place[1] - drag.last[1]);
    if (drag.tool === "lasso") {
      (cloud.lasso ??= [drag.start]).push(place);
      repaint(panel);
    }
    drag.last = place;
    return undefined;
  };
  plot.onpointerup = (event) => {
    if (drag && !drag.far) pinCloud(panel, placeOf(event));
    if (drag?.far && cloud.lasso) selectCloud(panel, cloud.lasso);
    drag = cloud.lasso = null;
    repaint(panel);
  };
  plot.onpointercancel = () => { drag = cloud.lasso = null; };
  plot.onpointerleave = () => leaveCloud(panel);
  plot.ondblclick = (event) => cloud.tools.contains(event.target) || showEverything(panel);
  plot.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    const [x, y] = placeOf(event);
    const middle = [plot.clientWidth / 2, plot.clientHeight / 2];
    zoomBy(panel, Math.exp(-event.deltaY / 200), [x - middle[0], y - middle[1]]);
  }, { passive: false });
  graph.onkeydown = (event) => cloudKey(panel, event);
}

// Plain arrows belong to the play bar; with Shift they move or turn this map.
function cloudKey(panel, event) {
  const aside = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (event.key === "+" || event.key === "=") zoomBy(panel, STEP.zoom);
  else if (event.key === "-") zoomBy(panel, 1 / STEP.zoom);
  else if (event.key === "0") showEverything(panel);
  else if (event.shiftKey && aside) moveBy(panel, ...aside.map((way) => way * STEP.shift));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function rowAt(panel, place) {
  const { cloud, plot } = panel;
  if (!cloud.labels) return -1;
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  return nearest(cloud, matrixOf(cloud.camera, width, height), place, width, height);
}

function hoverCloud(panel, place) {
  const { cloud, view } = panel;
  if (cloud.looking) return;
  cloud.looking = requestAnimationFrame(() => {
    cloud.looking = 0;
    const row = panel.gone ? -1 : rowAt(panel, place);
    if (row < 0) {
      leaveCloud(panel);
      return;
    }
    const [x, y] = pixelOf(panel, row) ?? place;
    hover(view, panel, panel.codes[row], { x0: x, y0: y });
    const entry = panel.traces.find(({ role, label }) => role === "points" && (Number(label) || 0) === cloud.labels[row]);
    cloud.tip.textContent = entry.trace.name;
    cloud.tip.style.left = `${x + 10}px`;
    cloud.tip.style.top = `${y - 8}px`;
    cloud.tip.hidden = false;
  });
}

function leaveCloud(panel) {
  panel.cloud.tip.hidden = true;
  unhover(panel.view);
}

function pinCloud(panel, place) {
  const row = rowAt(panel, place);
  if (row >= 0) pin(panel.view, panel.codes[row]);
}

function selectCloud(panel, polygon) {
  const { cloud, view, plot } = panel;
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  const matrix = matrixOf(cloud.camera, width, height);
  const codes = rowsInside(cloud, matrix, polygon, width, height).map((row) => panel.codes[row]);
  const short = (values) => values.map((value) => Number(value.toPrecision(9)));
  const outline = {
    kind: "lasso", panel: panel.index, frame: view.frame, matrix: short(matrix),
    x: short(polygon.map(([x]) => (2 * x) / width - 1)),
    y: short(polygon.map(([, y]) => 1 - (2 * y) / height)),
    hidden: panel.traces.filter(({ role, label }) => role === "points" && view.hidden.has(label))
      .map(({ label }) => Number(label)),
  };
  select(view, codes, codes.length <= IDS_SENT ? { codes } : outline);
}
