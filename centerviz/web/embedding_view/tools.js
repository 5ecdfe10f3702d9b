// The tools over a map, the same by Plotly and as a cloud: move, lasso, box, closer, farther, all.

const FINE = 3; // pixels between two corners of a lasso
const STEP = { zoom: 1.25, shift: 24 }; // of one key
const ICONS = {
  move: "M12 2l3 4h-2v5h5V9l4 3-4 3v-2h-5v5h2l-3 4-3-4h2v-5H6v2l-4-3 4-3v2h5V6H9z",
  lasso: "M12 4c5 0 9 2.5 9 6s-4 6-9 6c-1 0-2-.1-3-.3.2 1.8-.8 3.6-2.6 4.3l-.7-1.8c1.1-.5 1.6-1.7 1.2-2.9C4.5 14.3 3 12.3 3 10c0-3.5 4-6 9-6zm0 2c-4 0-7 1.8-7 4s3 4 7 4 7-1.8 7-4-3-4-7-4z",
  box: "M3 3h4v2H5v2H3zM10 3h4v2h-4zM17 3h4v4h-2V5h-2zM3 10h2v4H3zM19 10h2v4h-2zM3 17h2v2h2v2H3zM10 19h4v2h-4zM19 17h2v4h-4v-2h2z",
  closer: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  farther: "M5 11h14v2H5z",
  everything: "M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z",
};
const CHOSEN = ["move", "lasso", "box"]; // stay until another is; the others act at once

function makeTools(panel) {
  panel.outline = element("canvas", "cv-outline", panel.graph);
  panel.outline.setAttribute("aria-hidden", "true");
  panel.tools = element("div", "cv-tools", panel.graph);
  panel.tools.setAttribute("role", "group");
  const work = {
    closer: () => zoomBy(panel, STEP.zoom),
    farther: () => zoomBy(panel, 1 / STEP.zoom),
    everything: () => showEverything(panel),
  };
  Object.keys(ICONS).forEach((name) => {
    const button = element("button", `cv-tool cv-tool-${name}`, panel.tools);
    button.type = "button";
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
    button.onclick = work[name] ?? (() => useTool(panel, name));
  });
  useTool(panel, coarse() ? null : "move");
  bindOutline(panel);
  panel.graph.onkeydown = (event) => mapKey(panel, event);
}

function nameTools(panel, words) {
  panel.tools.hidden = Boolean(panel.marks); // a lesson's picture has handles of its own
  panel.tools.setAttribute("aria-label", words.tools);
  Object.keys(ICONS).forEach((name) => {
    const button = panel.tools.querySelector(`.cv-tool-${name}`);
    button.title = words[name];
    button.setAttribute("aria-label", words[name]);
  });
}

// On a touch screen a finger scrolls the page until a tool is chosen; choosing it again lets go.
function useTool(panel, tool) {
  panel.tool = coarse() && panel.tool === tool ? null : tool;
  panel.graph.style.touchAction = panel.tool ? "none" : "";
  panel.plot.dataset.tool = panel.tool ?? "";
  panel.outline.classList.toggle("cv-drawing", panel.tool === "lasso" || panel.tool === "box");
  CHOSEN.forEach((name) => {
    const button = panel.tools.querySelector(`.cv-tool-${name}`);
    button.setAttribute("aria-pressed", String(panel.tool === name));
  });
  if (panel.bound && !panel.cloud && coarse()) draw(panel.view); // Plotly takes the finger or not
}

// Lasso and box are drawn over the picture, and Plotly does not hear of it.
function bindOutline(panel) {
  const { graph, outline } = panel;
  const placeOf = (event) => {
    const box = graph.getBoundingClientRect();
    return [event.clientX - box.left - graph.clientLeft, event.clientY - box.top - graph.clientTop];
  };
  let [kind, corners] = [null, []];
  const end = () => {
    kind = null;
    paintOutline(panel, []);
  };
  graph.addEventListener("pointerdown", (event) => {
    if (event.button || panel.marks || panel.tools.contains(event.target)) return;
    const drawing = panel.tool === "lasso" || panel.tool === "box";
    if (!drawing && !event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    graph.focus({ preventScroll: true });
    kind = drawing ? panel.tool : "lasso";
    corners = [placeOf(event)];
    outline.setPointerCapture(event.pointerId);
  }, true);
  outline.onpointermove = (event) => {
    const place = placeOf(event);
    if (!kind) return void hoverAt(panel, event, place);
    const [x, y] = corners[0];
    const last = corners.at(-1);
    if (kind === "lasso" && Math.hypot(place[0] - last[0], place[1] - last[1]) < FINE) return undefined;
    if (kind === "lasso") corners.push(place);
    else corners = [[x, y], [place[0], y], place, [x, place[1]]];
    paintOutline(panel, corners);
  };
  outline.onpointerup = () => {
    if (!kind) return;
    const [left, top] = corners[0];
    const far = corners.some(([x, y]) => Math.hypot(x - left, y - top) > 4);
    const polygon = corners;
    end();
    if (far) selectInside(panel, polygon);
    else clickAt(panel, polygon[0]);
  };
  outline.onpointercancel = end;
}

function selectInside(panel, polygon) {
  const found = circled(panel, polygon);
  if (!found) return;
  const codes = found.rows.map((row) => codeOf(panel, row));
  select(panel.view, codes, codes.length <= IDS_SENT ? { codes } : found.outline);
}

// By keyboard: what is in sight, after coming closer and moving there.
function selectInSight(panel) {
  const look = lens(panel);
  if (!look) return;
  const [right, bottom] = [look.left + look.width, look.top + look.height];
  selectInside(panel, [[look.left, look.top], [right, look.top], [right, bottom], [look.left, bottom]]);
}

function paintOutline(panel, corners) {
  const pen = cleared(panel.outline, panel.graph.clientWidth, panel.graph.clientHeight);
  if (corners.length < 2) return;
  pen.setLineDash([4, 3]);
  Object.assign(pen, { lineWidth: 1.5, strokeStyle: panel.view.ink ?? "#888" });
  pen.beginPath();
  corners.forEach((place, i) => pen[i ? "lineTo" : "moveTo"](...place));
  pen.closePath();
  pen.stroke();
}

// Plain arrows belong to the play bar; with Shift they move or turn this map.
function mapKey(panel, event) {
  if (panel.marks || event.target !== panel.graph) return;
  const aside = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (event.key === "+" || event.key === "=") zoomBy(panel, STEP.zoom);
  else if (event.key === "-") zoomBy(panel, 1 / STEP.zoom);
  else if (event.key === "0") showEverything(panel);
  else if (event.key === "Enter") selectInSight(panel);
  else if (event.shiftKey && aside) moveBy(panel, ...aside.map((way) => way * STEP.shift));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// (x, y) from the middle, in pixels, stays where it is.
function zoomBy(panel, factor, [x, y] = [0, 0]) {
  if (panel.cloud) return zoomCloud(panel, factor, [x, y]);
  if (!panel.bound) return undefined;
  if (panel.dims === 3) {
    return turnScene(panel, ({ eye, center }) => {
      const far = (k) => center[k] + (eye[k] - center[k]) / factor;
      return { x: far("x"), y: far("y"), z: far("z") };
    });
  }
  const ends = ([low, high]) => {
    const [middle, half] = [(low + high) / 2, (high - low) / 2 / factor];
    return [middle - half, middle + half];
  };
  const { xaxis, yaxis } = panel.plot._fullLayout;
  return window.Plotly.relayout(panel.plot, { "xaxis.range": ends(xaxis.range), "yaxis.range": ends(yaxis.range) });
}

function moveBy(panel, dx, dy) {
  if (panel.cloud) return moveCloud(panel, dx, dy);
  if (!panel.bound) return undefined;
  if (panel.dims === 3) {
    return turnScene(panel, ({ eye, center }) => {
      const [x, y, z] = ["x", "y", "z"].map((k) => eye[k] - center[k]);
      const [flat, far] = [Math.hypot(x, y), Math.hypot(x, y, z)];
      const yaw = Math.atan2(y, x) - dx / 150;
      const pitch = Math.min(Math.max(Math.atan2(z, flat) + dy / 150, -1.55), 1.55);
      return {
        x: center.x + far * Math.cos(pitch) * Math.cos(yaw),
        y: center.y + far * Math.cos(pitch) * Math.sin(yaw),
        z: center.z + far * Math.sin(pitch),
      };
    });
  }
  const { xaxis, yaxis } = panel.plot._fullLayout;
  const moved = (axis, by) => axis.range.map((end) => end + (by * (axis.range[1] - axis.range[0])) / axis._length);
  return window.Plotly.relayout(panel.plot, { "xaxis.range": moved(xaxis, -dx), "yaxis.range": moved(yaxis, dy) });
}

function turnScene(panel, eyeOf) {
  const camera = panel.plot._fullLayout.scene._scene.getCamera();
  const turned = { ...camera, eye: eyeOf(camera) };
  return window.Plotly.relayout(panel.plot, { "scene.camera": turned }).then(() => placeRings(panel));
}

function showEverything(panel) {
  if (panel.cloud) return showWholeCloud(panel);
  if (!panel.bound) return undefined;
  const { layout } = panel.figure;
  if (panel.dims === 3) {
    return window.Plotly.relayout(panel.plot, { "scene.camera": layout.scene.camera }).then(() => placeRings(panel));
  }
  panel.zoom = null;
  const ranges = { "xaxis.range": [...layout.xaxis.range], "yaxis.range": [...layout.yaxis.range] };
  return window.Plotly.relayout(panel.plot, ranges).then(() => { panel.zoom = null; });
}
