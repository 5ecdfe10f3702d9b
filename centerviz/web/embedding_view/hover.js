// What stands beside the mouse: the picture of a sample, its class, and where it lies.

const UNKNOWN = "#9a9a9a"; // the colour of a number that is not known

function hover(view, panel, code, box) {
  if (code === undefined || code === view.hovered) return; // 3-D says it again after each drawing
  view.hovered = code;
  view.panels.forEach(placeRings);
  tell(view, panel, code, box);
  const { sprite, thumb, root } = view;
  const tile = sprite ? sprite.tiles[code] ?? -1 : -1;
  if (tile < 0) return;
  const origin = panel.graph.getBoundingClientRect();
  const frame = root.getBoundingClientRect();
  const size = Math.max(56, sprite.tile);
  // Beside the point, on the side that has room; the words stand on the right.
  const left = origin.left - frame.left + (box.x0 ?? 0) - size - 12;
  thumb.style.left = `${left < 0 ? left + 2 * size + 40 : left}px`;
  thumb.style.top = `${Math.max(origin.top - frame.top + (box.y0 ?? 0) - size - 6, 0)}px`;
  thumb.style.width = thumb.style.height = `${size}px`;
  thumb.style.backgroundImage = `url("${new URL(sprite.url, document.baseURI).href}")`;
  thumb.style.backgroundSize = `${sprite.columns * size}px ${sprite.rows * size}px`;
  const [column, row] = [tile % sprite.columns, Math.floor(tile / sprite.columns)];
  thumb.style.backgroundPosition = `-${column * size}px -${row * size}px`;
  thumb.dataset.tile = tile;
  thumb.hidden = false;
}

function unhover(view) {
  if (view.hovered === undefined) return;
  view.hovered = undefined;
  view.thumb.hidden = true;
  view.panels.forEach((panel) => {
    panel.tip.hidden = true;
    placeRings(panel);
  });
}

// Our own words instead of Plotly's, so that a cloud says the same.
function tell(view, panel, code, box) {
  if (!panel.tells) return;
  const lines = linesOf(view, panel, rowOf(panel, code));
  panel.tip.replaceChildren(...lines.map((text, i) => {
    const line = document.createElement(i ? "span" : "b");
    line.textContent = text;
    return line;
  }));
  panel.tip.hidden = false;
  const room = panel.graph.clientWidth - panel.tip.offsetWidth - 4;
  panel.tip.style.left = `${Math.max(Math.min((box.x0 ?? 0) + 12, room), 2)}px`;
  const low = panel.graph.clientHeight - panel.tip.offsetHeight - 4;
  panel.tip.style.top = `${Math.max(Math.min((box.y0 ?? 0) - 8, low), 2)}px`;
}

function linesOf(view, panel, row) {
  const { words } = view;
  const name = (j) => panel.classes[j] ?? "–";
  const group = nameOfGroup(panel, groupOf(panel)[row]);
  const said = [panel.byClass || !panel.labels ? group : `${name(panel.labels[row])} · ${group}`];
  const value = panel.values?.near(view.position)[row];
  if (panel.scale) said.push(`${panel.scale.title}: ${Number.isFinite(value) ? digits(value) : words.unknown}`);
  const [own, other, nearest, guess] = panel.facts ? corner(panel.facts.near(view.position), 4, row) : [];
  if (guess >= 0) said.push(words.predicted.replace("{label}", () => name(guess)));
  if (Number.isFinite(own)) said.push(words.own.replace("{value}", digits(own)));
  if (Number.isFinite(other)) {
    said.push(words.other.replace("{value}", digits(other)).replace("{label}", () => name(nearest)));
  }
  if (panel.ids) said.push(panel.ids[row]);
  return said.filter(Boolean);
}

function nameOfGroup(panel, group) {
  if (panel.groups) return panel.groups.names[group] ?? "";
  return panel.traces.find(({ role, label }) => role === "points" && Number(label) === group)?.trace.name ?? "";
}

// Over a picture that does not tell by itself what is under the mouse: a cloud, or a lasso's ground.
function hoverAt(panel, event, place) {
  if (event.pointerType !== "mouse" || panel.looking) return;
  panel.looking = requestAnimationFrame(() => {
    panel.looking = 0;
    const row = panel.gone ? -1 : nearestRow(panel, place);
    if (row < 0) return void unhover(panel.view);
    const [x, y] = pixelOf(panel, row) ?? place;
    return void hover(panel.view, panel, codeOf(panel, row), { x0: x, y0: y });
  });
}

function clickAt(panel, place) {
  const row = nearestRow(panel, place);
  if (row >= 0) pin(panel.view, codeOf(panel, row));
}
