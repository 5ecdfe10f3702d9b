// A panel that is a cloud: points by WebGL2, its camera, its mouse.

const OPACITY = 0.85;
const SLOW = 50; // milliseconds that a turn waits for the last picture
const MOST_LEFT_OUT = 16; // of so many points one is drawn; WebGL reads no further apart
const AT_REST = 250; // milliseconds after which all points are drawn

function makeCloud(panel) {
  const canvases = ["grid", "points", "marks"].map((name) => element("canvas", `cv-${name}`, panel.plot));
  const cloud = { canvases, every: 1 };
  const points = canvases[1];
  cloud.painter = painter(points);
  if (!cloud.painter) return cloud;
  points.addEventListener("webglcontextlost", (event) => event.preventDefault());
  points.addEventListener("webglcontextrestored", () => {
    Object.assign(cloud, { painter: painter(points), moment: null, painted: null, stated: null });
    drawCloud(panel, panel.view.position);
  });
  bindCloud(panel);
  return cloud;
}

function disposeCloud(cloud) {
  cloud.painter?.gl.getExtension("WEBGL_lose_context")?.loseContext(); // browsers keep only a few
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
  if (cloud.frames !== panel.frames || cloud.moment !== t) {
    upload(cloud.painter, cloud.painter.positions, rowsAt(panel, t), panel.dims, "float");
    Object.assign(cloud, { frames: panel.frames, moment: t });
  }
  const frame = panel.of.frames > 1 || panel.values?.frames > 1 ? view.frame : 0;
  if (cloud.painted !== panel.of || cloud.frame !== frame || cloud.values !== panel.values) {
    setPalette(cloud.painter, paletteOf(panel));
    upload(cloud.painter, cloud.painter.labels, paintsOf(panel, t), 1, "uint");
    Object.assign(cloud, { painted: panel.of, values: panel.values, frame, stated: null });
  }
  const stated = `${view.chosen} ${legendText(view)}`;
  if (cloud.stated !== stated) upload(cloud.painter, cloud.painter.states, statesOf(panel), 1, "byte");
  cloud.stated = stated;
  cloud.marks = panel.traces.filter(({ role }) => role !== "points").map((entry) => movedTrace(panel, entry, t));
  panel.waiting.textContent = "";
  panel.bound = true;
  paintCloud(panel);
}

function extentOf({ figure: { layout }, dims }) {
  const axes = layout.scene ?? layout;
  return ["xaxis", "yaxis", "zaxis"].slice(0, dims).map((name) => axes[name].range);
}

// Colours of the groups, or of the bar and at its end that of what is not known.
function paletteOf({ groups, scale }) {
  return (scale ? [...scale.colours, UNKNOWN] : groups.colours).map((colour) => [...bytes(colour), 255 * OPACITY]);
}

// For each point its place in the palette, and above that its mark.
function paintsOf(panel, t) {
  const { groups, scale } = panel;
  const [of, values] = [groupOf(panel), scale && panel.values.near(t)];
  const marks = groups.marks.map((name, i) => {
    const known = GL_MARKS.indexOf(name);
    return (known < 0 ? 1 + (i % (GL_MARKS.length - 1)) : known) << 20;
  });
  const paints = new Uint32Array(panel.count);
  for (let i = 0; i < panel.count; i += 1) {
    paints[i] = (values ? shadePlace(scale, values[i]) : of[i] % groups.colours.length) | marks[of[i] % marks.length];
  }
  return paints;
}

function shadePlace({ low, high, colours }, value) {
  if (!Number.isFinite(value)) return colours.length;
  const place = Math.floor(((value - low) / (high - low || 1)) * colours.length);
  return Math.min(Math.max(place, 0), colours.length - 1);
}

// Bit 0: selected, bit 1: hidden.
function statesOf(panel) {
  const [of, shown, { selected }] = [groupOf(panel), shownGroups(panel), panel.view];
  const states = new Uint8Array(panel.count);
  for (let i = 0; i < panel.count; i += 1) states[i] = shown[of[i]] ? 0 : 2;
  selected.forEach((code) => {
    const row = rowOf(panel, code);
    if (row !== undefined) states[row] |= 1;
  });
  return states;
}

// Only the camera moved: once before the next picture of the screen, when the last one is done. A
// slow graphics card, or none, gets fewer points until the camera rests.
function repaint(panel) {
  const { cloud } = panel;
  cancelAnimationFrame(cloud.asked);
  clearTimeout(cloud.resting);
  cloud.asked = requestAnimationFrame((now) => {
    if (panel.gone || !cloud.painter) return;
    if (busy(cloud.painter)) {
      cloud.waits ??= now;
      repaint(panel);
      return;
    }
    if (cloud.waits && now - cloud.waits > SLOW) cloud.every = Math.min(2 * cloud.every, MOST_LEFT_OUT);
    cloud.waits = null;
    paintCloud(panel, cloud.every);
    if (cloud.every > 1) cloud.resting = setTimeout(() => panel.gone || paintCloud(panel), AT_REST);
  });
}

function paintCloud(panel, every = 1) {
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
  const aside = !view.selected.size ? 1 : panel.dims === 3 ? ASIDE_DEEP : ASIDE;
  paintPoints(cloud.painter, panel.count, every, matrix, dot * ratio, aside, panel.dims === 3);
  const style = getComputedStyle(view.root);
  const [under, over] = [cloud.canvases[0], cloud.canvases[2]].map((canvas) => {
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `${0.72 * parseFloat(getComputedStyle(document.documentElement).fontSize)}px ${style.fontFamily}`;
    pen.strokeStyle = pen.fillStyle = view.ink;
    return pen;
  });
  drawDensity(panel, under, matrix, width, height);
  (panel.dims === 3 ? drawCube : drawGrid)(panel, under, matrix, width, height);
  const at = (place) => pixel(matrix, place, width, height);
  cloud.marks.forEach((trace) => drawMarks(over, trace, panel.dims, at));
  panel.graph.dataset.camera = JSON.stringify(cloud.camera); // for tests
  placeRings(panel);
}

function zoomCloud(panel, factor, [x, y]) {
  const { camera } = panel.cloud; // the place at (x, y) from the middle stays under the mouse
  camera.shift = [x - (x - camera.shift[0]) * factor, y - (y - camera.shift[1]) * factor];
  camera.zoom *= factor;
  repaint(panel);
}

function moveCloud(panel, dx, dy) {
  const { camera } = panel.cloud;
  if (panel.dims === 2) camera.shift = [camera.shift[0] + dx, camera.shift[1] + dy];
  else {
    camera.yaw -= dx / 150;
    camera.pitch = Math.min(Math.max(camera.pitch + dy / 150, -Math.PI / 2), Math.PI / 2);
  }
  repaint(panel);
}

function showWholeCloud(panel) {
  panel.cloud.camera = everything(extentOf(panel));
  repaint(panel);
}

function bindCloud(panel) {
  const { plot } = panel;
  const placeOf = (event) => {
    const box = plot.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  let drag = null;
  plot.onpointerdown = (event) => {
    if (event.button) return;
    const place = placeOf(event);
    drag = { start: place, last: place, far: false };
    if (panel.tool === "move") plot.setPointerCapture(event.pointerId);
  };
  plot.onpointermove = (event) => {
    const place = placeOf(event);
    if (!drag) return void hoverAt(panel, event, place);
    drag.far ||= Math.hypot(place[0] - drag.start[0], place[1] - drag.start[1]) > 3;
    if (drag.far && panel.tool === "move") moveCloud(panel, place[0] - drag.last[0], place[1] - drag.last[1]);
    drag.last = place;
    return undefined;
  };
  plot.onpointerup = (event) => {
    if (drag && !drag.far) clickAt(panel, placeOf(event));
    drag = null;
  };
  plot.onpointercancel = () => { drag = null; };
  plot.onpointerleave = () => unhover(panel.view);
  plot.ondblclick = () => showWholeCloud(panel);
  plot.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    const [x, y] = placeOf(event);
    const middle = [plot.clientWidth / 2, plot.clientHeight / 2];
    zoomCloud(panel, Math.exp(-event.deltaY / 200), [x - middle[0], y - middle[1]]);
  }, { passive: false });
}
