/** Where along a contour line its number stands: where the line is straight, inside, and far from the others. */

import type { ContourMultiPolygon } from "d3-contour";
import type { Size } from "./canvas";
import { GRID } from "./field";

export interface Label {
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

type Point = readonly [number, number];

const MARGIN = 18;
const APART = 56;
const REACH = 14;

export function placeLabels(polygons: readonly ContourMultiPolygon[], size: Size): Label[] {
  const placed: Label[] = [];
  for (const polygon of polygons) {
    const ring = longest(polygon);
    if (!ring) continue;
    const points = ring.map(([x = 0, y = 0]) => [(x / GRID) * size.width, (y / GRID) * size.height] as const);
    const best = bestPlace(points, size, placed);
    if (best) placed.push({ level: polygon.value, ...best });
  }
  return placed;
}

function longest(polygon: ContourMultiPolygon): number[][] | undefined {
  const rings = polygon.coordinates.flat().filter((ring) => ring.length > 24); // around a smaller one no number fits
  return rings.sort((a, b) => b.length - a.length)[0];
}

/** Straightness counts most, for a number on a bend is hard to read; of places alike, the one with the most room. */
function bestPlace(points: readonly Point[], size: Size, placed: readonly Label[]): Omit<Label, "level"> | null {
  let best: Omit<Label, "level"> | null = null;
  let bestScore = -Infinity;
  for (let i = 0; i < points.length; i += 3) {
    const here = points[i];
    const before = points[(i - REACH + points.length) % points.length];
    const after = points[(i + REACH) % points.length];
    if (!here || !before || !after || !inside(here, size)) continue;
    const room = Math.min(...placed.map((l) => Math.hypot(l.x - here[0], l.y - here[1])), 400);
    if (room < APART) continue;
    const score = straightness(before, here, after) * 3 + room / 200;
    if (score <= bestScore) continue;
    bestScore = score;
    best = { x: here[0], y: here[1], angle: upright(Math.atan2(after[1] - before[1], after[0] - before[0])) };
  }
  return best;
}

function inside([x, y]: Point, { width, height }: Size): boolean {
  return x > MARGIN && y > MARGIN && x < width - MARGIN && y < height - MARGIN;
}

function straightness(a: Point, b: Point, c: Point): number {
  const direct = Math.hypot(c[0] - a[0], c[1] - a[1]);
  return direct / (Math.hypot(b[0] - a[0], b[1] - a[1]) + Math.hypot(c[0] - b[0], c[1] - b[1]) + 1e-9);
}

function upright(angle: number): number {
  if (angle > Math.PI / 2) return angle - Math.PI;
  return angle < -Math.PI / 2 ? angle + Math.PI : angle;
}
