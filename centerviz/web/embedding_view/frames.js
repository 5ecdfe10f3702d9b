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

// {shape: [E, K, dims], bdata} -> {count, dims, at(t)}: rows at the (fractional) frame t.
function timeline(block) {
  if (!block) return null;
  const [frames, count, dims] = block.shape;
  const all = new Float32Array(bytesOf(block.bdata));
  const size = count * dims;
  const at = (t) => {
    const lower = Math.min(Math.max(Math.floor(t), 0), frames - 1);
    const rest = Math.min(lower + 1, frames - 1) === lower ? 0 : t - lower;
    const from = all.subarray(lower * size, (lower + 1) * size);
    if (rest < 1e-6) return from;
    const to = all.subarray((lower + 1) * size, (lower + 2) * size);
    const rows = new Float32Array(size);
    for (let i = 0; i < size; i += 1) rows[i] = from[i] + rest * (to[i] - from[i]);
    return rows;
  };
  return { frames, count, dims, at };
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
function trails(line, t, hidden) {
  const stops = [...range(Math.floor(t) + 1), t].map((stop) => line.at(stop));
  return polylines(
    range(line.count)
      .filter((label) => !hidden.has(String(label)))
      .map((label) => stops.map((rows) => corner(rows, line.dims, label))),
    line.dims,
  );
}

function drift(means, centers, t, hidden) {
  const [from, to] = [means.at(t), centers.at(t)];
  return polylines(
    range(means.count)
      .filter((label) => !hidden.has(String(label)))
      .map((label) => [corner(from, means.dims, label), corner(to, means.dims, label)]),
    means.dims,
  );
}

const RING_CORNERS = 48;

function rings(means, radii, t, hidden) {
  const [middles, sizes] = [means.at(t), radii.at(t)];
  return polylines(
    range(means.count)
      .filter((label) => !hidden.has(String(label)))
      .map((label) =>
        range(RING_CORNERS + 1).map((step) => {
          const angle = (2 * Math.PI * step) / RING_CORNERS;
          const [x, y] = corner(middles, 2, label);
          return [x + sizes[label] * Math.cos(angle), y + sizes[label] * Math.sin(angle)];
        }),
      ),
    2,
  );
}
