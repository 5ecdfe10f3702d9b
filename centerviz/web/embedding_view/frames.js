// Numbers of a view: base64 float32 -> typed arrays, and the picture between two epochs.

const VIEWS_OF = {
  f4: Float32Array, f8: Float64Array, i1: Int8Array, u1: Uint8Array,
  i2: Int16Array, u2: Uint16Array, i4: Int32Array, u4: Uint32Array,
};

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}

// A Plotly typed-array spec {dtype, bdata}, or a plain array, as an array.
function numbers(values) {
  if (!values || !values.bdata) return values ?? [];
  return new VIEWS_OF[values.dtype](bytesOf(values.bdata));
}

// {shape: [F, K, dims], bdata, first, total} -> rows at the (fractional) frame t. Of `total` frames
// those from `first` are here; `has` says whether t is one of them. `near` is for whole numbers.
function timeline(block) {
  if (!block) return null;
  const [here, count, dims] = block.shape;
  const all = new VIEWS_OF[block.dtype ?? "f4"](bytesOf(block.bdata));
  const [size, first, frames] = [count * dims, block.first ?? 0, block.total ?? here];
  const place = (k) => Math.min(Math.max(k - first, 0), here - 1);
  const frame = (k) => all.subarray(place(k) * size, (place(k) + 1) * size);
  const near = (t) => frame(Math.floor(t + 1e-6));
  const has = (t) => frames === 1 || (Math.floor(t) >= first && Math.ceil(t) < first + here);
  const at = (t) => {
    const lower = Math.floor(t);
    const rest = place(lower) === place(lower + 1) ? 0 : t - lower;
    const from = frame(lower);
    if (rest < 1e-6) return from;
    const to = frame(lower + 1);
    const rows = new Float32Array(size);
    for (let i = 0; i < size; i += 1) rows[i] = from[i] + rest * (to[i] - from[i]);
    return rows;
  };
  return { frames, count, dims, at, near, has };
}

// Coordinates {x, y[, z]} of chosen rows.
function columns(rows, dims, chosen) {
  const result = {};
  ["x", "y", "z"].slice(0, dims).forEach((axis, k) => {
    const column = new Float32Array(chosen.length);
    for (let i = 0; i < chosen.length; i += 1) column[i] = rows[chosen[i] * dims + k];
    result[axis] = column;
  });
  return result;
}

// Several polylines as one trace: null between them.
function polylines(lines, dims) {
  const result = {};
  ["x", "y", "z"].slice(0, dims).forEach((axis, k) => {
    result[axis] = lines.flatMap((line) => [...line.map((corner) => corner[k]), null]);
  });
  return result;
}

function corner(rows, dims, index) {
  return Array.from(rows.subarray(index * dims, (index + 1) * dims));
}

function range(count) {
  return Array.from({ length: count }, (_, i) => i);
}

// Where each mean (or center) has been, up to the frame t.
function trails(line, t, hides) {
  const stops = [...range(Math.floor(t) + 1), t].map((stop) => line.at(stop));
  return polylines(
    range(line.count).filter((label) => !hides(label))
      .map((label) => stops.map((rows) => corner(rows, line.dims, label))),
    line.dims,
  );
}

function drift(means, centers, t, hides) {
  const [from, to] = [means.at(t), centers.at(t)];
  return polylines(
    range(means.count).filter((label) => !hides(label))
      .map((label) => [corner(from, means.dims, label), corner(to, means.dims, label)]),
    means.dims,
  );
}

const RING_CORNERS = 48;

// A circle around each mean; in 3-D three great circles of a sphere.
function rings(means, radii, t, hides) {
  const [middles, sizes] = [means.at(t), radii.at(t)];
  const flats = means.dims === 3 ? [[0, 1], [0, 2], [1, 2]] : [[0, 1]];
  const circle = (label, [a, b]) => range(RING_CORNERS + 1).map((step) => {
    const angle = (2 * Math.PI * step) / RING_CORNERS;
    const place = corner(middles, means.dims, label);
    place[a] += sizes[label] * Math.cos(angle);
    place[b] += sizes[label] * Math.sin(angle);
    return place;
  });
  const shown = range(means.count).filter((label) => !hides(label));
  return polylines(shown.flatMap((label) => flats.map((flat) => circle(label, flat))), means.dims);
}

const MOST_SPOKES = 1000;

// From each of some rows to the center of its class.
function spokes(panel, chosen, t) {
  const ends = (panel.centers ?? panel.means).at(t);
  const rows = rowsAt(panel, t);
  const { labels, dims } = panel;
  return polylines(
    chosen.map((row) => [corner(rows, dims, row), corner(ends, dims, labels[row])])
      .filter(([, end]) => end.every(Number.isFinite)),
    dims,
  );
}
