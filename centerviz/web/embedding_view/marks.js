// What can be pointed at in a lesson's picture: a term of the formula, a term below the picture, or
// a mark in it. What is pointed at stands out and tells its numbers; the rest steps back.

const SVG = "http://www.w3.org/2000/svg";
const REACH = { dot: 13, line: 6 }; // pixels from the pointer
const LONGEST = 8; // letters of a symbol in a formula
const STEPS = 100; // a drag moves by about so many steps over the picture

function makeMarks(panel) {
  panel.sketch = document.createElementNS(SVG, "svg");
  panel.sketch.setAttribute("class", "cv-sketch");
  panel.sketch.setAttribute("aria-hidden", "true");
  panel.graph.append(panel.sketch);
  panel.terms = element("div", "cv-terms", panel.box);
  panel.told = element("p", "cv-told", panel.box);
  panel.terms.setAttribute("role", "group");
  panel.told.setAttribute("aria-live", "polite");
  panel.graph.addEventListener("pointermove", (event) => {
    if (panel.marks && !event.buttons && !panel.dragged) point(panel, under(panel, event));
  });
  panel.graph.addEventListener("pointerleave", () => point(panel, null));
  panel.overFormula = (event) => panel.marks && point(panel, named(panel, event.target));
  for (const kind of ["pointerover", "pointerdown"]) document.addEventListener(kind, panel.overFormula);
}

function disposeMarks(panel) {
  for (const kind of ["pointerover", "pointerdown"]) document.removeEventListener(kind, panel.overFormula);
}

function fillMarks(panel, data, words) {
  panel.marks = data?.marks;
  panel.sketch.style.display = panel.terms.style.display = panel.told.style.display = data ? "" : "none";
  panel.readout.style.display = data ? "none" : "";
  if (!data) return;
  panel.symbols = new Map(Object.entries(data.symbols));
  panel.hint = words.point;
  panel.terms.setAttribute("aria-label", words.terms);
  panel.pointed = panel.held = null;
  panel.terms.replaceChildren(...data.terms.map((term) => termChip(panel, term)));
  point(panel, null);
}

function termChip(panel, term) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cv-chip";
  const sign = element("span", "cv-mark", button);
  sign.textContent = term.sign;
  sign.style.color = term.shade ?? "";
  element("span", "", button).textContent = term.name;
  button.onpointerenter = button.onfocus = () => point(panel, term);
  button.onpointerleave = button.onblur = () => point(panel, null);
  button.onclick = () => {
    panel.held = panel.held === term ? null : term;
    panel.terms.querySelectorAll(".cv-chip").forEach((other) => other.removeAttribute("data-held"));
    if (panel.held) button.dataset.held = "";
    point(panel, null);
  };
  return button;
}

// `what` has the numbers of marks, and what is told of them; null: nothing but what is held.
function point(panel, what) {
  if (!panel.marks) return;
  panel.pointed = what ?? panel.held;
  panel.graph.classList.toggle("cv-pointing", Boolean(panel.pointed));
  panel.told.textContent = panel.pointed?.told ?? panel.hint;
  placeMarks(panel);
}

// The largest symbol around a place in a formula that names marks: x₃ rather than its x.
function named(panel, target) {
  let found = null;
  const formula = target.closest?.(".katex-html");
  for (let part = target; formula && part !== formula; part = part.parentElement) {
    const text = part.textContent.replace(/[\s\u200b]/g, "").normalize("NFKC");
    if (text.length > LONGEST) break;
    const marks = panel.symbols.get(text);
    if (marks) found = { marks, told: marks.slice(0, 6).map((i) => panel.marks[i].told).join(" · ") };
  }
  return found;
}

// Where a place of the picture's space stands in the graph, in pixels.
function spot(panel, place) {
  if (!panel.bound || !panel.plot._fullLayout) return null;
  if (panel.dims === 3) return pixelOf3d(panel, place);
  const { xaxis, yaxis } = panel.plot._fullLayout;
  return [xaxis.l2p(place[0]) + xaxis._offset, yaxis.l2p(place[1]) + yaxis._offset];
}

function ends(panel, mark) {
  return [mark.start && spot(panel, mark.start), spot(panel, mark.end)];
}

// The mark under the pointer: dots and tips first, then lines.
function under(panel, event) {
  const frame = panel.graph.getBoundingClientRect();
  const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
  let best = null;
  panel.marks.forEach((mark, i) => {
    const [from, to] = ends(panel, mark);
    if (!to) return;
    const tip = mark.sign === "—" ? Infinity : Math.hypot(x - to[0], y - to[1]) - REACH.dot;
    const line = from ? alongside([x, y], from, to) - REACH.line : Infinity;
    const far = Math.min(tip, line + REACH.dot); // a dot on a line goes before the line
    if (Math.min(tip, line) < 0 && (!best || far < best.far)) best = { i, far };
  });
  return best && { marks: [best.i], told: panel.marks[best.i].told };
}

function alongside([x, y], from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const share = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy || 1);
  const at = Math.min(Math.max(share, 0), 1);
  return Math.hypot(x - from[0] - at * dx, y - from[1] - at * dy);
}

function shape(kind, attributes, parent) {
  const made = document.createElementNS(SVG, kind);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  parent.append(made);
  return made;
}

// Draw what is pointed at on top of the plot; in the plane, handles where a point can be dragged.
function placeMarks(panel) {
  if (!panel.marks || !panel.bound) return;
  const { sketch, pointed } = panel;
  const handles = [...sketch.querySelectorAll(".cv-handle")];
  sketch.querySelectorAll(":not(.cv-handle)").forEach((drawn) => drawn.remove());
  (pointed?.marks ?? []).forEach((i) => drawMark(panel, panel.marks[i]));
  const moving = panel.dims === 2 ? panel.marks.filter((mark) => mark.drag) : [];
  while (handles.length > moving.length) handles.pop().remove();
  moving.forEach((mark, i) => {
    const handle = handles[i] ?? shape("circle", { class: "cv-handle", r: REACH.dot }, sketch);
    const [x, y] = spot(panel, mark.end);
    handle.setAttribute("cx", x);
    handle.setAttribute("cy", y);
    handle.onpointerdown = (event) => drag(panel, mark, handle, event);
  });
}

function drawMark(panel, mark) {
  const [from, to] = ends(panel, mark);
  if (!to) return;
  const line = { stroke: mark.shade ?? "currentColor", fill: mark.shade ?? "currentColor" };
  if (from) {
    shape("line", { ...line, x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, panel.sketch);
  }
  if (mark.sign === "—") return;
  const turn = from ? (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI : 0;
  const head = "→➔".includes(mark.sign);
  const place = `translate(${to[0]} ${to[1]}) rotate(${turn})`;
  if (head) shape("path", { ...line, d: "M0 0 L-14 -7 L-14 7 Z", transform: place }, panel.sketch);
  else shape("circle", { ...line, cx: to[0], cy: to[1], r: 7, class: "cv-dot" }, panel.sketch);
}

// Let go, a dragged point is told to the page: its input, row and new numbers.
function drag(panel, mark, handle, event) {
  event.preventDefault();
  event.stopPropagation();
  handle.setPointerCapture(event.pointerId);
  const { xaxis, yaxis } = panel.plot._fullLayout;
  const axes = [xaxis, yaxis];
  const from = [...mark.end];
  const span = Math.abs(xaxis.range[1] - xaxis.range[0]) / STEPS;
  const decimals = Math.max(0, -Math.floor(Math.log10(span)));
  panel.dragged = false;
  handle.onpointermove = (now) => {
    const frame = panel.graph.getBoundingClientRect();
    const at = [now.clientX - frame.left, now.clientY - frame.top];
    if (!panel.dragged && Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) < 4) return;
    panel.dragged = true;
    mark.end = axes.map((axis, k) => Number(axis.p2l(at[k] - axis._offset).toFixed(decimals)));
    point(panel, { marks: [panel.marks.indexOf(mark)], told: `[${mark.end.join(", ")}]` });
  };
  handle.onpointerup = () => {
    const moved = panel.dragged;
    handle.onpointermove = handle.onpointerup = handle.onpointercancel = null;
    panel.dragged = false;
    if (moved) {
      const [input, row] = mark.drag;
      panel.view.trigger("moved", { input, row, numbers: mark.end });
    } else if (mark.sample !== null) pin(panel.view, panel.codes[mark.sample]);
  };
  handle.onpointercancel = () => {
    handle.onpointermove = handle.onpointerup = handle.onpointercancel = null;
    panel.dragged = false;
    mark.end = from;
    point(panel, null);
  };
}
