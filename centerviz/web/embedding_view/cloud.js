// A cloud: more points than Plotly carries, drawn by WebGL2. Its camera, and which point is where.
// Positions are the only thing that an epoch uploads. One matrix serves 2-D, 3-D, picking, lasso.

const POINTS = `#version 300 es
in vec3 position;
in uint label;
in uint state;
uniform mat4 matrix;
uniform float size, aside;
uniform highp sampler2D palette;
out vec4 colour;
flat out uint mark;
void main() {
  colour = texelFetch(palette, ivec2(label & 1023u, (label & 0xfffffu) >> 10), 0);
  mark = label >> 20;
  gl_Position = matrix * vec4(position, 1.0);
  if ((state & 1u) == 0u && aside < 1.0) {
    colour.a *= aside;
    gl_Position.z = 0.99 * gl_Position.w; // behind what is selected
  }
  if ((state & 2u) != 0u) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = mark == 0u ? size : 1.25 * size;
}`;
const SHAPES = `#version 300 es
precision mediump float;
in vec4 colour;
flat in uint mark;
out vec4 result;
void main() {
  vec2 from = 2.0 * gl_PointCoord - 1.0;
  vec2 at = abs(from);
  float out_of = mark == 0u ? length(from) : mark == 1u ? 1.25 * max(at.x, at.y)
    : mark == 2u ? at.x + at.y : mark == 3u ? max(1.2 * at.x - 0.6 * from.y + 0.25, 1.2 * from.y)
    : mark == 4u ? (min(at.x, at.y) < 0.3 ? max(at.x, at.y) : 2.0)
    : mark == 5u ? (abs(at.x - at.y) < 0.4 ? max(at.x, at.y) : 2.0)
    : max(0.55 - length(from), 0.0) * 9.0 + length(from);
  if (out_of > 1.0) discard;
  result = colour;
}`;
const GL_MARKS = ["circle", "square", "diamond", "triangle-up", "cross", "x", "circle-open"];
const PALETTE_WIDTH = 1024;
const DEPTH = 0.2; // how much nearer points are drawn apart: 0 would be parallel

function program(gl) {
  const made = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, POINTS], [gl.FRAGMENT_SHADER, SHAPES]]) {
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
  const [positions, labels, states] = ["position", "label", "state"].map((name) => ({
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
  return { gl, positions, labels, states,
    uniforms: { matrix: place("matrix"), size: place("size"), aside: place("aside") } };
}

function upload({ gl }, attribute, values, width, kind) {
  Object.assign(attribute, { width, kind });
  gl.bindBuffer(gl.ARRAY_BUFFER, attribute.buffer);
  gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
  gl.enableVertexAttribArray(attribute.at);
}

// Read one number in `every` from the buffer.
function read(gl, { buffer, at, width, kind }, every) {
  const stride = every * width * (kind === "byte" ? 1 : 4);
  const whole = { uint: gl.UNSIGNED_INT, byte: gl.UNSIGNED_BYTE }[kind];
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  if (whole) gl.vertexAttribIPointer(at, width, whole, stride, 0);
  else gl.vertexAttribPointer(at, width, gl.FLOAT, false, stride, 0);
}

// [r, g, b, a] in bytes for each colour.
function setPalette({ gl }, colours) {
  const height = Math.max(Math.ceil(colours.length / PALETTE_WIDTH), 1);
  const texels = new Uint8Array(4 * PALETTE_WIDTH * height);
  colours.forEach((colour, label) => texels.set(colour, 4 * label));
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, PALETTE_WIDTH, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
}

// All points, or one in `every` of them.
function paintPoints(painter, count, every, matrix, size, aside, deep) {
  const { gl, uniforms, positions, labels, states } = painter;
  gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  deep ? gl.enable(gl.DEPTH_TEST) : gl.disable(gl.DEPTH_TEST);
  gl.uniformMatrix4fv(uniforms.matrix, false, matrix);
  gl.uniform1f(uniforms.size, size);
  gl.uniform1f(uniforms.aside, aside);
  [positions, labels, states].forEach((attribute) => read(gl, attribute, every));
  gl.drawArrays(gl.POINTS, 0, Math.ceil(count / every));
  gl.deleteSync(painter.fence ?? null);
  painter.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
}

// Is the last picture still being drawn?
function busy({ gl, fence }) {
  return fence && !gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED;
}

// The whole extent [[low, high], …] in sight, the same unit on each axis, seen as by Plotly.
function everything(extent) {
  const half = Math.max(...extent.map(([low, high]) => high - low)) / 2;
  const start = { middle: extent.map(([low, high]) => (low + high) / 2), half, zoom: 1, shift: [0, 0] };
  return extent.length === 3 ? { ...start, shift: [0, -20], yaw: 2.356, pitch: 0.457 } : start;
}

// Pixels of the shorter side for the half extent; in 2-D the margins belong to the picture.
function scaleOf(camera, width, height) {
  const flat = camera.yaw === undefined;
  return ((flat ? 0.5 : 0.29) * camera.zoom * Math.min(width, height)) / camera.half;
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
