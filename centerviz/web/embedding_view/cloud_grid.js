// What stands under and over the points of a cloud: grid or cube, density, means and centers.

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
    const lineWidth = trace.line.width / (dims - 1); // Plotly's are finer in space
    Object.assign(pen, { strokeStyle: trace.line.color, lineWidth });
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

// How many rows there are in each place, of more than are drawn as points: a shade of ink.
function drawDensity(panel, pen, matrix, width, height) {
  const { density } = panel;
  if (!density || panel.dims === 3) return;
  if (panel.shaded?.of !== density) panel.shaded = { of: density, canvas: shadedCells(density, panel.view.ink) };
  const [x0, y1] = pixel(matrix, density.low, width, height);
  const [x1, y0] = pixel(matrix, density.high, width, height);
  pen.globalAlpha = 1;
  pen.imageSmoothingEnabled = true;
  pen.drawImage(panel.shaded.canvas, x0, y0, x1 - x0, y1 - y0);
}

function shadedCells({ shape: [rows, columns], bdata }, ink) {
  const canvas = new OffscreenCanvas(columns, rows);
  const pen = canvas.getContext("2d");
  pen.fillStyle = ink;
  pen.fillRect(0, 0, columns, rows);
  const picture = pen.getImageData(0, 0, columns, rows);
  const shades = new Uint8Array(bytesOf(bdata));
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) { // the first row is the lowest
      picture.data[4 * ((rows - 1 - row) * columns + column) + 3] = 0.55 * shades[row * columns + column];
    }
  }
  pen.putImageData(picture, 0, 0);
  return canvas;
}
