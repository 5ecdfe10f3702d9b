// One legend for all panels, reachable by keyboard: chips that hide and isolate; of many groups a
// field to search them; a bar where colours are numbers.

const FEW = 30; // groups that all have a chip
const LISTED = 40; // chips shown of more
const MARKS = { circle: "●", square: "■", diamond: "◆", "triangle-up": "▲", star: "★",
  "circle-open": "○", "square-open": "□", "diamond-open": "◇", pentagon: "⬟", hexagon: "⬢", bowtie: "⧓", cross: "✚", x: "✖" };

function fillLegend(view) {
  const chips = new Map();
  view.panels.forEach((panel) => {
    panel.groups?.names.forEach((words, j) => {
      const [mark, colour] = [panel.groups.marks, panel.groups.colours].map((all) => all[j % all.length]);
      chips.set(String(j), { words, mark: MARKS[mark] ?? "●", colour: panel.scale ? "" : colour });
    });
    panel.traces.forEach(({ trace, role, label }) => {
      const name = role === "points" ? label : role;
      if (!["points", "means", "centers"].includes(role) || chips.has(name)) return;
      if (panel.groups && role === "points") return;
      const symbol = Array.isArray(trace.marker.symbol) ? "circle" : trace.marker.symbol;
      const colour = role === "points" && !panel.scale ? trace.marker.color : "";
      chips.set(name, { words: trace.name, mark: MARKS[symbol] ?? "●", colour });
    });
  });
  const isGroup = (name) => /^\d+$/.test(name);
  view.chips = chips;
  view.groupNames = [...chips.keys()].filter(isGroup).sort((a, b) => a - b);
  view.markNames = ["means", "centers"].filter((name) => chips.has(name));
  view.legend.hidden = chips.size < 2 || view.panels.some((panel) => panel.marks);
  view.legend.setAttribute("aria-label", view.words.legend);
  buildLegend(view);
}

function buildLegend(view) {
  const many = view.groupNames.length > FEW;
  view.legend.replaceChildren();
  if (many) makeSearch(view);
  view.chipBox = element("div", "cv-chips", view.legend);
  fillScale(view);
  listChips(view);
}

function makeSearch(view) {
  const row = element("div", "cv-search", view.legend);
  const field = element("input", "cv-find", row);
  field.type = "search";
  const words = view.words.search.replace("{n}", view.groupNames.length);
  field.placeholder = words;
  field.setAttribute("aria-label", words);
  field.value = view.sought ?? "";
  field.oninput = () => {
    view.sought = field.value;
    listChips(view);
  };
  view.found = element("output", "cv-found", row);
}

// All chips, or of many groups those that are sought, what is shown alone first.
function listChips(view) {
  const many = view.groupNames.length > FEW;
  let names = view.groupNames;
  if (many) {
    const sought = (view.sought ?? "").toLocaleLowerCase();
    names = names.filter((name) => view.chips.get(name).words.toLocaleLowerCase().includes(sought));
    const all = view.words.found.replace("{n}", names.length).replace("{all}", view.groupNames.length);
    view.found.textContent = sought ? all : "";
    if (!sought && anyHidden(view)) {
      const alone = names.filter((name) => !view.hidden.has(name)).slice(0, LISTED);
      names = [...alone, ...names.filter((name) => view.hidden.has(name)).slice(0, LISTED)];
    }
    names = names.slice(0, LISTED);
  }
  view.chipBox.replaceChildren(...[...names, ...view.markNames].map((name) => chip(view, name, many)));
  offerAll(view);
}

// The chip that shows all again stands last: it comes and goes without moving the others.
function offerAll(view) {
  view.chipBox.querySelector(".cv-all")?.remove();
  if (!anyHidden(view)) return;
  const all = element("button", "cv-chip cv-all", view.chipBox);
  all.type = "button";
  all.textContent = view.words.all;
  all.onclick = () => showOnly(view, view.groupNames);
}

function anyHidden(view) {
  return view.groupNames.some((name) => view.hidden.has(name));
}

function chip(view, name, many) {
  const { words, mark, colour } = view.chips.get(name);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cv-chip";
  button.dataset.name = name;
  const group = view.groupNames.includes(name);
  button.title = many && group ? view.words.pick : view.words.chip;
  const sign = element("span", "cv-mark", button);
  sign.textContent = mark;
  sign.style.color = colour;
  element("span", "", button).textContent = words;
  button.setAttribute("aria-pressed", String(!view.hidden.has(name)));
  button.onclick = (event) => {
    if (group && (event.shiftKey || (many && !anyHidden(view)))) return isolate(view, name);
    view.hidden.has(name) ? view.hidden.delete(name) : view.hidden.add(name);
    return refresh(view);
  };
  if (group && !many) button.ondblclick = () => isolate(view, name);
  return button;
}

// Only this one; all again where it is alone already.
function isolate(view, name) {
  const alone = view.groupNames.every((other) => other === name || view.hidden.has(other));
  showOnly(view, alone ? view.groupNames : [name]);
}

function showOnly(view, names) {
  view.groupNames.forEach((name) => view.hidden.add(name));
  names.forEach((name) => view.hidden.delete(name));
  refresh(view);
}

function refresh(view) {
  const marked = document.activeElement?.dataset?.name;
  if (view.groupNames.length > FEW) listChips(view);
  else offerAll(view);
  view.chipBox.querySelectorAll(".cv-chip[data-name]").forEach((button) => {
    button.setAttribute("aria-pressed", String(!view.hidden.has(button.dataset.name)));
    if (button.dataset.name === marked) button.focus();
  });
  draw(view);
  clearTimeout(view.telling);
  view.telling = setTimeout(() => {
    if (view.tellsLegend && !view.gone) answer(view, "legend", legendText(view));
  }, DEBOUNCE_MS);
}

// What is hidden, in the fewer words: only:7 or hide:3,5;means.
function legendText(view) {
  const off = view.groupNames.filter((name) => view.hidden.has(name));
  const on = view.groupNames.length - off.length;
  let text = off.length ? `hide:${off}` : "";
  if (on && off.length > on) text = `only:${view.groupNames.filter((name) => !view.hidden.has(name))}`;
  const marks = view.markNames.filter((name) => view.hidden.has(name));
  return marks.length ? `${text};${marks}` : text;
}

function readLegend(view, text) {
  const [groups, marks = ""] = text.split(";");
  const [mode, listed = ""] = groups.split(":");
  const named = new Set(listed.split(","));
  const hidden = view.groupNames.filter((name) => named.has(name) === (mode === "hide") && mode);
  view.hidden = new Set([...hidden, ...marks.split(",").filter(Boolean)]);
}

function fillScale(view) {
  const scale = view.panels.find((panel) => panel.scale)?.scale;
  if (!scale) return;
  const bar = element("div", "cv-scale", view.legend);
  element("span", "", bar).textContent = scale.title;
  const shade = element("span", "cv-shade", bar);
  const [below, above] = scale.beyond.map((some, i) => (some ? ["≤ ", "≥ "][i] : ""));
  shade.before(Object.assign(document.createElement("span"), { textContent: below + digits(scale.low) }));
  shade.style.background = `linear-gradient(to right, ${scale.colours})`;
  element("span", "", bar).textContent = above + digits(scale.high);
  const mark = element("span", "cv-mark", bar);
  mark.textContent = "●";
  mark.style.color = UNKNOWN;
  element("span", "", bar).textContent = view.words.unknown;
}

function digits(value) {
  return Number(value.toPrecision(3)).toString();
}
