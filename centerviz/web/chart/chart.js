// One Plotly figure. The default export runs on mount and again with new data or a new theme.

const charts = new WeakMap();

// One drawing at a time: Plotly must not be resized or taken away while it draws.
function queue(chart, work) {
  chart.busy = chart.busy.then(() => (chart.gone ? undefined : work())).catch((error) => {
    chart.error.textContent = chart.data.failed;
    chart.error.hidden = false;
    console.error(error);
  });
}

async function paint(chart) {
  const data = chart.data;
  if (data === chart.shown) return; // a later one has been drawn already
  await loadPlotly();
  if (chart.gone) return;
  const figure = JSON.parse(data.figure);
  const style = getComputedStyle(chart.root);
  const font = { ...figure.layout.font, color: style.color, family: style.fontFamily };
  const layout = { ...figure.layout, font, autosize: true, uirevision: data.key };
  await window.Plotly.react(chart.plot, figure.data, layout, {
    displaylogo: false,
    displayModeBar: false,
    responsive: false, // our own observer also sees a column that becomes wider
  });
  if (!chart.shown) listen(chart);
  chart.shown = data;
  chart.error.hidden = true;
  chart.root.dataset.drawn = Number(chart.root.dataset.drawn ?? 0) + 1; // for tests
}

// A click tells what the point is called, where the figure is for picking.
function listen(chart) {
  chart.plot.on("plotly_click", ({ points }) => {
    if (chart.data.picks) chart.tell("picked", points[0].customdata);
  });
  chart.plot.on("plotly_hover", () => chart.root.classList.toggle("cv-chart-over", chart.data.picks));
  chart.plot.on("plotly_unhover", () => chart.root.classList.remove("cv-chart-over"));
}

function resize(chart) {
  return chart.shown && chart.root.clientWidth ? window.Plotly.Plots.resize(chart.plot) : undefined;
}

function make(parent) {
  const root = parent.querySelector(".cv-chart");
  const one = (name) => root.querySelector(`.cv-chart-${name}`);
  const chart = { root, plot: one("plot"), error: one("error"), busy: Promise.resolve() };
  chart.observer = new ResizeObserver(() => queue(chart, () => resize(chart)));
  chart.observer.observe(root);
  return chart;
}

function dispose(chart) {
  chart.gone = true;
  chart.observer.disconnect();
  chart.busy.then(() => chart.shown && window.Plotly.purge(chart.plot));
}

export default function ({ data, parentElement, setTriggerValue }) {
  let chart = charts.get(parentElement);
  if (!chart) {
    chart = make(parentElement);
    charts.set(parentElement, chart);
  }
  chart.data = data;
  chart.tell = setTriggerValue;
  chart.root.style.setProperty("--cv-chart-height", `${data.height / 16}rem`);
  chart.root.setAttribute("aria-label", data.alt);
  queue(chart, () => paint(chart));
  return () => {
    dispose(chart);
    charts.delete(parentElement);
  };
}
