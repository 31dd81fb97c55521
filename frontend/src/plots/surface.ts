/** Paint a landscape as a lit surface with WebGL. This is all that the second script holds. */

import * as twgl from "twgl.js";
import type { Camera, Mesh, Point3, Surface } from "../core/host";
import { ground, HEIGHT } from "./scene";

const DISTANCE = 2.05;
const AIM: Point3 = [0, 0.17, 0];

const VERTEX = `#version 300 es
in vec3 position; in vec3 normal; in float height;
uniform mat4 view;
out vec3 vNormal; out float vHeight;
void main() { vNormal = normal; vHeight = height; gl_Position = view * vec4(position, 1.0); }`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec3 vNormal; in float vHeight;
uniform vec3 colours[6]; uniform vec3 line; uniform float bands;
out vec4 colour;
void main() {
  float at = clamp(vHeight, 0.0, 1.0) * bands;
  float share = min(floor(at) / bands, 0.999) * 5.0;
  int low = int(share);
  vec3 ground = mix(colours[low], colours[min(low + 1, 5)], fract(share));
  float light = 0.80 + 0.28 * dot(normalize(vNormal), normalize(vec3(-0.5, 0.75, 0.45)));
  float edge = min(fract(at), 1.0 - fract(at)) / max(fwidth(at), 1e-4);
  colour = vec4(mix(line, ground * light, 0.72 + 0.28 * smoothstep(0.3, 1.1, edge)), 1.0);
}`;

export function createSurface(canvas: HTMLCanvasElement): Surface {
  const gl = canvas.getContext("webgl2", { antialias: true, alpha: true, premultipliedAlpha: true });
  if (!gl || gl.isContextLost()) throw new Error("this browser has no WebGL 2");
  const program = twgl.createProgramInfo(gl, [VERTEX, FRAGMENT]);
  let buffers: { readonly mesh: Mesh; readonly info: twgl.BufferInfo } | null = null;
  const view = (camera: Camera) => {
    const lens = twgl.m4.perspective(0.62, canvas.clientWidth / Math.max(1, canvas.clientHeight), 0.1, 10);
    return twgl.m4.multiply(lens, twgl.m4.inverse(twgl.m4.lookAt([...eye(camera)], [...AIM], [0, 1, 0])));
  };
  return {
    draw(mesh, look, camera) {
      twgl.resizeCanvasToDisplaySize(canvas, Math.min(window.devicePixelRatio || 1, 2));
      if (buffers?.mesh !== mesh) buffers = { mesh, info: twgl.createBufferInfoFromArrays(gl, arrays(mesh)) };
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.enable(gl.DEPTH_TEST);
      gl.useProgram(program.program);
      twgl.setBuffersAndAttributes(gl, program, buffers.info);
      twgl.setUniforms(program, {
        view: view(camera),
        colours: look.colours.flat(),
        line: look.line,
        bands: look.bands,
      });
      twgl.drawBufferInfo(gl, buffers.info);
    },
    project(point, camera) {
      const [x = 0, y = 0] = twgl.m4.transformPoint(view(camera), [...point]);
      return [((x + 1) / 2) * canvas.clientWidth, ((1 - y) / 2) * canvas.clientHeight];
    },
    eye,
    dispose: () => gl.getExtension("WEBGL_lose_context")?.loseContext(),
  };
}

function eye({ turn, rise }: Camera): Point3 {
  const out = DISTANCE * Math.cos(rise);
  return [AIM[0] + out * Math.sin(turn), AIM[1] + DISTANCE * Math.sin(rise), AIM[2] + out * Math.cos(turn)];
}

/** Vertices, normals and triangles of a mesh over a ground of size 1. */
function arrays({ side, heights, shape }: Mesh): twgl.Arrays {
  const count = side * side;
  const [position, normal, indices] = [new Float32Array(3 * count), new Float32Array(3 * count), [] as number[]];
  const [width, depth] = ground(shape);
  const at = (row: number, column: number) =>
    HEIGHT * (heights[Math.min(side - 1, Math.max(0, row)) * side + Math.min(side - 1, Math.max(0, column))] ?? 0);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const i = 3 * (row * side + column);
      position.set([(column / (side - 1) - 0.5) * width, at(row, column), (row / (side - 1) - 0.5) * depth], i);
      const dx = ((at(row, column + 1) - at(row, column - 1)) * (side - 1)) / (2 * width);
      const dz = ((at(row + 1, column) - at(row - 1, column)) * (side - 1)) / (2 * depth);
      normal.set([-dx, 1, -dz], i);
      if (row && column) {
        const here = row * side + column;
        indices.push(here - side - 1, here - 1, here, here - side - 1, here, here - side);
      }
    }
  }
  return {
    position,
    normal,
    height: { numComponents: 1, data: heights },
    indices: { numComponents: 3, data: new Uint32Array(indices) },
  };
}
