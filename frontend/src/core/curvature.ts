/** What the Hessian says of a point: its eigenvalues, of what kind a level place is, and where the next one lies. */

import { FLAT } from "../../../gdlib/static/flatness";
import type { Landscape } from "./program";

/** Of what kind a level place is; "unknown" where its curvature does not tell. */
export type Kind = "minimum" | "maximum" | "saddle" | "unknown";

/** A place is near if it lies within this share of the landscape's width. */
export const NEAR = 0.01;
const NEWTON_STEPS = 60; // at x⁴ each takes only a third of the distance away
const ARRIVED = 1e-9;

/** Eigenvalues of a symmetric matrix of size 1 or 2, row by row, smallest first. */
export function symmetricEigenvalues(matrix: readonly number[]): number[] {
  if (matrix.length === 1) return [...matrix];
  const [a = NaN, b = NaN, , d = NaN] = matrix;
  const middle = (a + d) / 2;
  const radius = Math.hypot((a - d) / 2, b);
  return [middle - radius, middle + radius];
}

/** How many directions curve up, and how many down; null where there is no curvature. */
export function bends(eigenvalues: readonly number[]): { up: number; down: number } | null {
  if (!eigenvalues.every(Number.isFinite)) return null;
  const least = FLAT * Math.max(...eigenvalues.map(Math.abs));
  return {
    up: eigenvalues.filter((e) => e > least).length,
    down: eigenvalues.filter((e) => e < -least).length,
  };
}

/** The kind of a level place by its curvature alone. */
export function kindAt(landscape: Landscape, point: readonly number[]): Kind {
  const bent = bends(symmetricEigenvalues(landscape.hessian(...point)));
  if (!bent) return "unknown";
  if (bent.up === landscape.n) return "minimum";
  if (bent.down === landscape.n) return "maximum";
  return bent.up && bent.down ? "saddle" : "unknown";
}

/**
 * The level place to which Newton's method leads from here without leaving the neighbourhood; failing that, a known
 * minimum that lies there; null if there is neither.
 */
export function levelNear(landscape: Landscape, from: readonly number[]): { point: number[]; kind: Kind } | null {
  const level = newton(landscape, from);
  if (level) return { point: level, kind: kindAt(landscape, level) };
  const known = landscape.program.minima.find((minimum) => share(landscape, from, minimum) <= NEAR);
  return known ? { point: [...known], kind: "minimum" } : null;
}

function newton(landscape: Landscape, from: readonly number[]): number[] | null {
  let point = [...from];
  for (let i = 0; i < NEWTON_STEPS; i++) {
    const step = newtonStep(landscape, point);
    if (!step) return null;
    const next = point.map((x, j) => x + (step[j] ?? NaN));
    if (!(share(landscape, from, next) <= NEAR)) return null;
    if (share(landscape, point, next) <= ARRIVED) return next;
    point = next;
  }
  return null;
}

/** The distance of two points, each coordinate as a share of the landscape's width. */
function share({ program }: Landscape, a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...program.bounds.map(([low, high], i) => ((b[i] ?? NaN) - (a[i] ?? NaN)) / (high - low)));
}

/** −H⁻¹g in one or two variables; null where H cannot be inverted. */
function newtonStep({ gradient, hessian }: Landscape, point: readonly number[]): number[] | null {
  const [p = NaN, q = 0] = gradient(...point);
  const matrix = hessian(...point);
  const [a = NaN, b = 0, , d = 1] = matrix;
  const det = a * d - b * b;
  if (!Number.isFinite(det) || det === 0) return null;
  return [-(d * p - b * q) / det, (b * p - a * q) / det].slice(0, point.length);
}

/** Whether the slope at a saddle or a hilltop has a part along a direction that falls away from it. */
export function leadsOff({ gradient, hessian }: Landscape, point: readonly number[]): boolean {
  const slope = gradient(...point);
  const [a = NaN, b = 0, , d = NaN] = hessian(...point);
  if (point.length > 1 && b !== 0) return Math.hypot(...slope) > 0;
  return slope.some((s, i) => s !== 0 && (i ? d : a) < 0);
}
