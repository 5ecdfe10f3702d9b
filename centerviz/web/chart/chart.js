// One Plotly figure. The default export runs on mount and again with new data or a new theme.

const charts = new WeakMap();

// The script may already be on its way for a map or for another chart of this page.
function loadPlotly() {
  if (window.Plotly) return Promise.resolve();
  const src = new URL("api/plotly.js", document.baseURI).href;
  let script = [...document.scripts].find((known) => known.src === src);
  if (!script) {
    script = document.createElement("script");
    script.src = src;
    document.head.append(script);
  }
  return new Promise((resolve, reject) => {
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => {
      script.remove();
      reject(new Error("plotly.js"));
    });
  });
}

async function paint(chart, data) {
  chart.root.style.setProperty("--cv-chart-height", `${data.height / 16}rem`);
  chart.root.setAttribute("aria-label", data.alt);
  try {
    await loadPlotly();
  } catch {
    chart.error.textContent = data.failed;
    chart.error.hidden = false;
    return;
  }
  if (chart.gone || chart.data !== data) return;
  const figure = JSON.parse(data.figure);
  const style = getComputedStyle(chart.root);
  const font = { ...figure.layout.font, color: style.color, family: style.fontFamily };
  const layout = { ...figure.layout, font, autosize: true };
  await window.Plotly.react(chart.plot, figure.data, layout, {
    displaylogo: false,
    displayModeBar: false,
    responsive: false, // our own observer also sees a column that becomes wider
  });
  chart.drawn = true;
  chart.root.dataset.drawn = Number(chart.root.dataset.drawn ?? 0) + 1; // for tests
}

function make(parent) {
  const root = parent.querySelector(".cv-chart");
  const one = (name) => root.querySelector(`.cv-chart-${name}`);
  const chart = { root, plot: one("plot"), error: one("error") };
  chart.resize = new ResizeObserver(() => {
    if (chart.drawn && root.clientWidth) window.Plotly.Plots.resize(chart.plot);
  });
  chart.resize.observe(root);
  return chart;
}

export default function ({ data, parentElement }) {
  let chart = charts.get(parentElement);
  if (!chart) {
    chart = make(parentElement);
    charts.set(parentElement, chart);
  }
  chart.data = data;
  paint(chart, data);
  return () => {
    chart.gone = true;
    chart.resize.disconnect();
    if (chart.drawn) window.Plotly.purge(chart.plot);
    charts.delete(parentElement);
  };
}
