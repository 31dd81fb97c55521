/** A landscape's heights for the view in space: squeezed as its contour levels are, from 0 to 1. */

import type { Mesh } from "../../core/host";
import { once } from "../../core/once";
import type { Landscape } from "../../core/program";
import { fieldOf } from "../../plots/field";
import { heightScale } from "../../plots/levels";

const SIDE = 141;

export interface Relief extends Mesh {
  /** The squeezed height of a value. */
  readonly height: (value: number) => number;
  /** Whether heights are squeezed so much that a reader should know. */
  readonly squeezed: boolean;
}

export const reliefOf = once((landscape: Landscape): Relief => {
  const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = landscape.program.bounds;
  const { scale, power } = heightScale(fieldOf(landscape).values);
  const heights = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const x = x0 + ((i % SIDE) / (SIDE - 1)) * (x1 - x0);
    const y = y1 - (Math.floor(i / SIDE) / (SIDE - 1)) * (y1 - y0);
    return scale(landscape.value(x, y));
  });
  const shape = Math.min(2, Math.max(0.5, (x1 - x0) / (y1 - y0)));
  return { side: SIDE, heights, shape, height: scale, squeezed: power > 1.15 };
});

/** Whether the surface hides a point from the eye: walk toward the eye and look for ground above. */
export function isHidden(
  mesh: Mesh,
  size: readonly [number, number],
  tall: number,
  point: readonly number[],
  eye: readonly number[],
): boolean {
  const [x = 0, y = 0, z = 0] = point;
  const [dx, dy, dz] = [(eye[0] ?? 0) - x, (eye[1] ?? 0) - y, (eye[2] ?? 0) - z];
  for (let t = 0.015; t < 0.7; t += 0.015) {
    const column = Math.round(((x + t * dx) / size[0] + 0.5) * (mesh.side - 1));
    const row = Math.round(((z + t * dz) / size[1] + 0.5) * (mesh.side - 1));
    if (column < 0 || row < 0 || column >= mesh.side || row >= mesh.side || y + t * dy > tall) return false;
    if (tall * (mesh.heights[row * mesh.side + column] ?? 0) > y + t * dy + 0.012) return true;
  }
  return false;
}
