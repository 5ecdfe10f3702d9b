// Plotly from our own route, once a page: it may already be on its way for another component.
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
