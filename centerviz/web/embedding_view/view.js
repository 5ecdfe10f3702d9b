// A view: panels, one play bar, one legend. The default export runs on mount and with new data.

const views = new WeakMap();
const FRAMES_A_SECOND = 5;
const HOLD_MS = 1500; // the last epoch stays this long before the next round
const DEBOUNCE_MS = 250;
function makeView(parent) {
  const root = parent.querySelector(".cv-view");
  const one = (name) => root.querySelector(`.cv-${name}`);
  const view = {
    root, panels: [], hidden: new Set(), selected: new Set(), chosen: 0, position: 0, frame: 0, total: 0,
    panelsBox: one("panels"), bar: one("bar"), slider: one("slider"), output: one("epoch"),
    speed: one("speed"), legend: one("legend"), thumb: one("thumb"), error: one("error"),
    playButton: one("play"), backButton: one("back"), nextButton: one("next"),
    commands: {}, drawing: Promise.resolve(),
  };
  view.playButton.onclick = () => (view.playing ? stop(view) : play(view, 1));
  view.backButton.onclick = () => step(view, -1);
  view.nextButton.onclick = () => step(view, 1);
  view.slider.oninput = () => {
    halt(view);
    show(view, Number(view.slider.value));
  };
  view.slider.onchange = () => report(view);
  root.onkeydown = (event) => key(view, event);
  return view;
}

// Keys work wherever the focus is inside the view, but never take them from a form field.
function key(view, event) {
  const tag = event.target.tagName;
  if (event.key === "Escape") {
    select(view, [], null);
    pin(view, undefined);
    return;
  }
  if (tag === "SELECT" || tag === "INPUT" || !view.total) return;
  if (event.key === " " && tag !== "BUTTON") view.playing ? stop(view) : play(view, 1);
  else if (event.key === "ArrowRight") step(view, 1);
  else if (event.key === "ArrowLeft") step(view, -1);
  else if (event.key === "Home") jump(view, 0);
  else if (event.key === "End") jump(view, view.total - 1);
  else return;
  event.preventDefault();
}

// One thing at a time: Plotly must not be resized or taken away while it draws.
function queue(view, work) {
  view.drawing = view.drawing.then(() => (view.gone ? undefined : work())).catch((error) => {
    if (!view.gone) fail(view, error);
  });
  return view.drawing;
}

// Of several moments asked for meanwhile only the last is drawn.
function draw(view) {
  view.stale = true;
  return queue(view, async () => {
    if (!view.stale) return;
    view.stale = false;
    if (lacks(view)) return void ask(view);
    await Promise.all(view.panels.map((panel) => drawPanel(panel, view.position)));
    view.root.dataset.drawn = Number(view.root.dataset.drawn ?? 0) + 1; // for tests
  });
}

// Of a long run the epochs around this one are here; others have to be asked for.
function lacks(view) {
  return view.panels.some((panel) => panel.frames && !panel.frames.has(view.position));
}

function ask(view) {
  view.panels.forEach((panel) => { panel.waiting.textContent = view.words.loading; });
  if (view.needed !== view.frame) view.send("need", view.frame);
  view.needed = view.frame;
}

function show(view, position) {
  view.position = Math.min(Math.max(position, 0), Math.max(view.total - 1, 0));
  const frame = Math.floor(view.position + 1e-6);
  view.frame = frame;
  view.root.dataset.frame = frame;
  view.slider.value = frame;
  if (view.total) {
    view.output.textContent = view.words.epoch
      .replace("{epoch}", view.epochs[frame])
      .replace("{epochs}", view.epochs[view.total - 1]);
    view.slider.setAttribute("aria-valuetext", view.output.textContent);
  }
  view.panels.forEach((panel) => {
    const parts = panel.readouts[frame] ?? panel.readouts[0] ?? [];
    panel.readout.replaceChildren(...parts.map((text) => {
      const span = document.createElement("span");
      span.textContent = text;
      return span;
    }));
  });
  return draw(view);
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function halt(view) {
  view.playing = null;
  clearTimeout(view.timer);
  view.root.classList.remove("cv-playing");
  view.playButton.setAttribute("aria-label", view.words.play);
  view.playButton.title = view.words.play;
}

function stop(view) {
  halt(view);
  show(view, Math.round(view.position));
  report(view);
}

function step(view, by) {
  jump(view, Math.round(view.position) + by);
}

function jump(view, frame) {
  halt(view);
  show(view, frame);
  report(view);
}

async function play(view, rounds) {
  halt(view);
  const turn = (view.playing = {});
  view.root.classList.add("cv-playing");
  view.playButton.setAttribute("aria-label", view.words.pause);
  view.playButton.title = view.words.pause;
  if (view.position >= view.total - 1) await show(view, 0);
  const still = calm(); // from epoch to epoch, with nothing between
  let [at, last] = [view.position, performance.now()];
  while (view.playing === turn && !view.gone) {
    const now = await new Promise(requestAnimationFrame);
    const passed = Math.min((now - last) / 1000, 0.5) * FRAMES_A_SECOND * Number(view.speed.value);
    last = now;
    if (lacks(view)) continue; // on their way
    if (view.playing !== turn) return;
    at = Math.min(at + Math.min(passed, 1), view.total - 1);
    if (!still || Math.floor(at) !== view.position) await show(view, still ? Math.floor(at) : at);
    if (at < view.total - 1) continue;
    rounds -= 1;
    if (rounds < 1) {
      stop(view);
      return;
    }
    await new Promise((done) => { view.timer = setTimeout(done, HOLD_MS); });
    if (view.playing === turn) await show(view, 0);
    [at, last] = [0, performance.now()];
  }
}

// Python hears of an epoch when playing stops or the slider is let go, not before.
function report(view) {
  clearTimeout(view.reporting);
  view.reporting = setTimeout(() => {
    const epoch = view.epochs[view.frame];
    if (view.gone || view.playing || epoch === undefined || epoch === view.reported) return;
    view.reported = epoch;
    answer(view, "epoch", epoch);
  }, DEBOUNCE_MS);
}

function pin(view, code) {
  const next = view.pinned === code ? undefined : code;
  if (next === view.pinned) return;
  view.pinned = next;
  view.panels.forEach(placeRings);
  draw(view); // the line to its center
  answer(view, "pinned", next ?? -1); // −1: let go, which is not the same as never touched
}

function select(view, codes, message) {
  if (!codes.length && !view.selected.size) return;
  view.selected = new Set(codes);
  view.chosen += 1;
  draw(view);
  answer(view, "selection", codes.length ? message : { codes: [] });
}

// With the turn of the page's last wish that this view knew of, an answer to an older one is void;
// with the map it speaks of, and a time, so that the same words are heard twice.
function answer(view, name, value) {
  view.send(name, { value, turn: view.turns[name], map: view.map, at: Date.now() });
}

function fail(view, error, words = view.words.failed) {
  view.error.textContent = words;
  view.error.hidden = false;
  view.panels.forEach((panel) => { panel.waiting.textContent = ""; });
  console.error(error);
}

// A value that the page sets counts when it changes; in between the browser's own stays.
function commanded(view, name, value) {
  const text = JSON.stringify(value ?? null);
  const changed = view.commands[name] !== text;
  view.commands[name] = text;
  return changed;
}

function fill(view, data) {
  view.words = data.words;
  view.epochs = data.epochs;
  view.map = data.map;
  view.total = data.epochs.length > 1 ? data.epochs.length : 0;
  view.needed = undefined;
  view.sprite = data.sprite && { ...data.sprite, tiles: numbers(data.sprite.tiles) };
  view.root.style.setProperty("--cv-height", `${data.height / 16}rem`);
  const alike = (panel, i) => data.panels[i] && panel.crowd === data.panels[i].crowd;
  while (!view.panels.every(alike)) disposePanel(view.panels.pop());
  while (view.panels.length < data.panels.length) {
    view.panels.push(makePanel(view, view.panels.length));
  }
  view.panels.forEach((panel, i) => fillPanel(panel, data.panels[i], data.words));
  view.bar.hidden = !view.total;
  view.bar.setAttribute("aria-label", data.words.bar);
  view.slider.max = Math.max(view.total - 1, 0);
  view.slider.setAttribute("aria-label", data.words.slider);
  view.speed.setAttribute("aria-label", data.words.speed);
  for (const [button, words] of [[view.backButton, data.words.back], [view.nextButton, data.words.next]]) {
    button.setAttribute("aria-label", words);
    button.title = words;
  }
  if (!view.playing) halt(view);
  const { epoch, pinned, selection, legend } = data;
  view.turns = { epoch: epoch.turn, pinned: pinned.turn, selection: selection.turn, legend: legend.turn };
  if (commanded(view, "pinned", pinned)) view.pinned = pinned.value < 0 ? undefined : pinned.value;
  if (commanded(view, "selection", selection)) {
    view.selected = new Set(selection.value);
    view.chosen += 1;
  }
  view.tellsLegend = data.tellsLegend;
  fillLegend(view);
  if (commanded(view, "legend", legend)) {
    readLegend(view, legend.value);
    buildLegend(view);
  }
}

async function update(view, data) {
  const first = !view.words;
  fill(view, data);
  const epoch = data.epoch.value;
  const jumped = commanded(view, "epoch", [data.epoch, data.epochs.length]);
  try {
    if (!view.panels.every((panel) => panel.crowd)) await loadPlotly(); // clouds need none
  } catch (error) {
    fail(view, error);
    return;
  }
  view.error.hidden = true; // a cloud says anew what it lacks
  if (jumped) {
    const wanted = data.epochs.indexOf(epoch);
    view.reported = epoch;
    view.position = wanted < 0 ? Math.max(view.total - 1, 0) : wanted;
  }
  const starts = first && data.autoplay && view.total && !calm();
  if (starts) view.position = 0;
  await show(view, view.playing ? view.position : Math.round(view.position));
  if (starts && !view.gone) play(view, data.rounds);
}

function disposePanel(panel) {
  panel.gone = true;
  panel.resize.disconnect();
  disposeMarks(panel);
  panel.box.remove();
  panel.view.drawing.then(() => {
    if (panel.cloud) disposeCloud(panel.cloud);
    else if (panel.bound) window.Plotly.purge(panel.plot);
  });
}

function dispose(view) {
  view.gone = true;
  halt(view);
  clearTimeout(view.reporting);
  view.panels.forEach(disposePanel);
}

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  let view = views.get(parentElement);
  if (!view) {
    view = makeView(parentElement);
    views.set(parentElement, view);
  }
  view.send = setStateValue;
  view.trigger = setTriggerValue;
  update(view, data);
  return () => {
    dispose(view);
    views.delete(parentElement);
  };
}
