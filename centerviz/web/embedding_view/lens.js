// How a map is seen: one matrix and a box of pixels, whoever draws it. Lasso, rings and hover use it.

const NEAR = 12; // pixels between the mouse and a point that it means

// {matrix, left, top, width, height}: the matrix, by columns, takes a place of the map to the square
// −1…1 of the box. null while nothing is drawn.
function lens(panel) {
  const { plot } = panel;
  if (panel.cloud) {
    const [width, height] = [plot.clientWidth, plot.clientHeight];
    return { matrix: matrixOf(panel.cloud.camera, width, height), left: 0, top: 0, width, height };
  }
  const layout = plot._fullLayout;
  if (!panel.bound || !layout) return null;
  return panel.dims === 3 ? lensOfScene(layout.scene?._scene) : lensOfAxes(layout);
}

function lensOfAxes({ xaxis, yaxis }) {
  const [[x0, x1], [y0, y1]] = [xaxis.range, yaxis.range];
  const [sx, sy] = [2 / (x1 - x0), 2 / (y1 - y0)];
  const matrix = [sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, 1, 0, -1 - sx * x0, -1 - sy * y0, 0, 1];
  return { matrix, left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length };
}

// As Plotly's own 3-D hover finds its place: projection · view · model · scaled data.
function lensOfScene(scene) {
  const camera = scene?.glplot?.cameraParams;
  if (!camera) return null;
  const scale = [...scene.dataScale, 1];
  const scaled = range(16).map((i) => (i % 5 === 0 ? scale[i / 5] : 0));
  const matrix = [camera.model, camera.view, camera.projection].reduce((so, next) => product(next, so), scaled);
  const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = scene.container;
  return { matrix, left, top, width, height };
}

// a · b of 4×4 matrices by columns.
function product(a, b) {
  return range(16).map((i) => {
    const [row, column] = [i % 4, 4 * Math.floor(i / 4)];
    return range(4).reduce((sum, k) => sum + a[4 * k + row] * b[column + k], 0);
  });
}

// Where a place of the map stands in the graph; null behind the eye.
function seen({ matrix, left, top, width, height }, place) {
  const at = pixel(matrix, place, width, height);
  return at && [at[0] + left, at[1] + top];
}

// Where a row stands in the graph, in pixels; null outside of the picture.
function pixelOf(panel, row) {
  const look = lens(panel);
  const place = look && seen(look, corner(rowsAt(panel, panel.view.position), panel.dims, row));
  if (!place) return null;
  const [x, y] = [place[0] - look.left, place[1] - look.top];
  return x >= 0 && x <= look.width && y >= 0 && y <= look.height ? place : null;
}

function pixelOf3d(panel, place) {
  const look = lens(panel);
  return look && seen(look, place);
}

// Does the legend show the group of each row? By group, so that a million rows ask an array.
function shownGroups(panel) {
  const most = panel.groups ? panel.groups.names.length : panel.traces.length;
  const shown = new Uint8Array(Math.max(most, 1) + 1).fill(1);
  panel.view.hidden.forEach((name) => {
    if (/^\d+$/.test(name) && Number(name) < shown.length) shown[Number(name)] = 0;
  });
  return shown;
}

// Calls visit(row, x, y) for every shown row, with its place in the square of the lens. Plain
// arithmetic on numbers: a million rows take some hundredths of a second.
function scan(panel, matrix, moment, visit) {
  const [rows, of, shown, { count, dims }] = [rowsAt(panel, moment), groupOf(panel), shownGroups(panel), panel];
  const [m0, m1, , m3, m4, m5, , m7, m8, m9, , m11, m12, m13, , m15] = matrix;
  for (let i = 0, k = 0; i < count; i += 1, k += dims) {
    if (!shown[of[i]]) continue;
    const [x, y, z] = [rows[k], rows[k + 1], dims === 3 ? rows[k + 2] : 0];
    const w = m3 * x + m7 * y + m11 * z + m15;
    if (w > 0) visit(i, (m0 * x + m4 * y + m8 * z + m12) / w, (m1 * x + m5 * y + m9 * z + m13) / w);
  }
}

// The rows that are shown inside a polygon of pixels of the graph, by the even-odd rule, and the
// outline that says the same to the server.
function circled(panel, polygon) {
  const look = lens(panel);
  if (!look || polygon.length < 3) return null;
  const short = (values) => values.map((value) => Number(value.toPrecision(9)));
  const matrix = short(look.matrix);
  const x = short(polygon.map(([px]) => (2 * (px - look.left)) / look.width - 1));
  const y = short(polygon.map(([, py]) => 1 - (2 * (py - look.top)) / look.height));
  const outline = { kind: "lasso", panel: panel.index, frame: panel.view.frame, matrix, x, y,
    legend: legendText(panel.view) };
  const [left, right, low, high] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
  const rows = [];
  scan(panel, matrix, panel.view.frame, (row, px, py) => {
    if (px >= left && px <= right && py >= low && py <= high && within(px, py, x, y)) rows.push(row);
  });
  return { rows, outline };
}

function within(px, py, x, y) {
  let held = false;
  for (let i = 0, j = x.length - 1; i < x.length; j = i, i += 1) {
    const [y0, y1] = [y[i], y[j]];
    if (y0 > py !== y1 > py && px < x[i] + ((x[j] - x[i]) * (py - y0)) / (y1 - y0)) held = !held;
  }
  return held;
}

// The shown row nearest to a pixel, within reach; −1 where there is none.
function nearestRow(panel, [px, py]) {
  const look = lens(panel);
  if (!look) return -1;
  const [x, y, wide, high] = [px - look.left, py - look.top, look.width / 2, look.height / 2];
  let [best, least] = [-1, NEAR * NEAR];
  scan(panel, look.matrix, panel.view.position, (row, at, up) => {
    const away = (wide + at * wide - x) ** 2 + (high - up * high - y) ** 2;
    if (away < least) [best, least] = [row, away];
  });
  return best;
}
