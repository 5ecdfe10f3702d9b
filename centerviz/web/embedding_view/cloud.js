// A cloud: more points than Plotly carries, drawn by WebGL2. Its camera, and which point is where.
// Positions are the only thing that an epoch uploads. One matrix serves 2-D, 3-D, picking, lasso.

const POINTS = `#version 300 es
in vec3 position;
in uint label;
in float chosen;
uniform mat4 matrix;
uniform float size, aside;
uniform highp sampler2D palette;
out vec4 colour;
void main() {
  colour = texelFetch(palette, ivec2(label & 1023u, label >> 10), 0);
  gl_Position = matrix * vec4(position, 1.0);
  if (chosen < 0.5 && aside < 1.0) {
    colour.a *= aside;
    gl_Position.z = 0.99 * gl_Position.w; // behind what is selected
  }
  if (colour.a == 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = size;
}`;
const DISC = `#version 300 es
precision mediump float;
in vec4 colour;
out vec4 result;
void main() {
  vec2 from = gl_PointCoord - 0.5;
  if (dot(from, from) > 0.25) discard;
  result = colour;
}`;
const PALETTE_WIDTH = 1024;
const DEPTH = 0.2; // how much nearer points are drawn apart: 0 would be parallel
const NEAR = 12; // pixels between the mouse and a point that it means

function program(gl) {
  const made = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, POINTS], [gl.FRAGMENT_SHADER, DISC]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(gl.getProgramInfoLog(made));
  }
  return made;
}

// Buffers and program of a canvas; null where the browser has no WebGL2.
function painter(canvas) {
  const gl = canvas.getContext("webgl2", { antialias: false });
  if (!gl) return null;
  const made = program(gl);
  const [positions, labels, chosen] = ["position", "label", "chosen"].map((name) => ({
    buffer: gl.createBuffer(), at: gl.getAttribLocation(made, name),
  }));
  gl.useProgram(made);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.enable(gl.BLEND);
  // The canvas is premultiplied: plain blending would square the alpha and wash out the colours.
  gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const place = (name) => gl.getUniformLocation(made, name);
  return { gl, positions, labels, chosen,
    uniforms: { matrix: place("matrix"), size: place("size"), aside: place("aside") } };
}

function upload({ gl }, { buffer, at }, values, width, kind) {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
  gl.enableVertexAttribArray(at);
  if (kind === "whole") gl.vertexAttribIPointer(at, width, gl.UNSIGNED_INT, 0, 0);
  else gl.vertexAttribPointer(at, width, kind === "byte" ? gl.UNSIGNED_BYTE : gl.FLOAT, false, 0, 0);
}

// [r, g, b, a] in bytes for each class; a of 0 hides it.
function setPalette({ gl }, colours) {
  const height = Math.max(Math.ceil(colours.length / PALETTE_WIDTH), 1);
  const texels = new Uint8Array(4 * PALETTE_WIDTH * height);
  colours.forEach((colour, label) => texels.set(colour, 4 * label));
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, PALETTE_WIDTH, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
}

function paintPoints({ gl, uniforms }, count, matrix, size, aside, deep) {
  gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  deep ? gl.enable(gl.DEPTH_TEST) : gl.disable(gl.DEPTH_TEST);
  gl.uniformMatrix4fv(uniforms.matrix, false, matrix);
  gl.uniform1f(uniforms.size, size);
  gl.uniform1f(uniforms.aside, aside);
  gl.drawArrays(gl.POINTS, 0, count);
}

// The whole extent [[low, high], …] in sight, the same unit on each axis, seen as by Plotly.
function everything(extent) {
  const half = Math.max(...extent.map(([low, high]) => high - low)) / 2;
  const start = { middle: extent.map(([low, high]) => (low + high) / 2), half, zoom: 1, shift: [0, 0] };
  return extent.length === 3 ? { ...start, yaw: 2.356, pitch: 0.457 } : start;
}

// Pixels of the shorter side for the half extent; in 2-D the margins belong to the picture.
function scaleOf(camera, width, height) {
  const flat = camera.yaw === undefined;
  return ((flat ? 0.5 : 0.27) * camera.zoom * Math.min(width, height)) / camera.half;
}

// Column-major 4×4: from the coordinates of the map to the square of WebGL.
function matrixOf(camera, width, height) {
  const scale = scaleOf(camera, width, height);
  const [sx, sy] = [(2 * scale) / width, (2 * scale) / height];
  const [cx, cy] = [(2 * camera.shift[0]) / width, (-2 * camera.shift[1]) / height];
  const [mx, my, mz] = camera.middle;
  if (camera.yaw === undefined) {
    return [sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, 1, 0, cx - sx * mx, cy - sy * my, 0, 1];
  }
  const [cosY, sinY] = [Math.cos(camera.yaw), Math.sin(camera.yaw)];
  const [cosP, sinP] = [Math.cos(camera.pitch), Math.sin(camera.pitch)];
  // z is up, as on Plotly's maps: right, up and towards the eye in the map's coordinates.
  const right = [cosY, sinY, 0];
  const up = [-sinY * sinP, cosY * sinP, cosP];
  const eye = [sinY * cosP, -cosY * cosP, sinP];
  const deep = DEPTH / camera.half / Math.max(camera.zoom, 1);
  const far = (k) => -deep * eye[k];
  const rows = [
    range(3).map((k) => sx * right[k] + cx * far(k)),
    range(3).map((k) => sy * up[k] + cy * far(k)),
    range(3).map((k) => 0.5 * far(k)),
    range(3).map(far),
  ];
  const offset = [cx, cy, 0, 1].map((start, i) => (
    start - rows[i][0] * mx - rows[i][1] * my - rows[i][2] * mz
  ));
  return [0, 1, 2].flatMap((k) => rows.map((row) => row[k])).concat(offset);
}

// Where a place of the map stands in the picture: [x, y] pixels; null behind the eye.
function pixel(matrix, [x, y, z = 0], width, height) {
  const [m, w] = [matrix, matrix[3] * x + matrix[7] * y + matrix[11] * z + matrix[15]];
  if (w <= 0) return null;
  const [a, b] = [m[0] * x + m[4] * y + m[8] * z + m[12], m[1] * x + m[5] * y + m[9] * z + m[13]];
  return [(0.5 + (0.5 * a) / w) * width, (0.5 - (0.5 * b) / w) * height];
}

// The visible row nearest to a pixel, within reach; −1 where there is none.
function nearest(cloud, matrix, [px, py], width, height) {
  const { rows, dims, labels, colours } = cloud;
  const place = [0, 0, 0];
  let [best, least] = [-1, NEAR * NEAR];
  for (let i = 0; i < labels.length; i += 1) {
    if (!colours[labels[i]][3]) continue;
    for (let k = 0; k < dims; k += 1) place[k] = rows[dims * i + k];
    const at = pixel(matrix, place, width, height);
    if (!at) continue;
    const away = (at[0] - px) ** 2 + (at[1] - py) ** 2;
    if (away < least) [best, least] = [i, away];
  }
  return best;
}

// The visible rows inside a polygon of pixels, by the even-odd rule.
function rowsInside(cloud, matrix, polygon, width, height) {
  const { rows, dims, labels, colours } = cloud;
  const place = [0, 0, 0];
  return range(labels.length).filter((i) => {
    if (!colours[labels[i]][3]) return false;
    for (let k = 0; k < dims; k += 1) place[k] = rows[dims * i + k];
    const at = pixel(matrix, place, width, height);
    return at !== null && within(at, polygon);
  });
}

function within([x, y], polygon) {
  let held = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const [[x0, y0], [x1, y1]] = [polygon[i], polygon[j]];
    if (y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0)) held = !held;
  }
  return held;
}
