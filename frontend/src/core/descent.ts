/** Run a rule down a landscape and say honestly how it ended. */

import type { Status } from "./endings";
import { compileLoop } from "./loop";
import type { Landscape, LandscapeProgram, RuleProgram, Settings } from "./program";
import { compileLandscape, valuesOf } from "./program";

/**
 * How a run ends, in Python's words, and what is seen of a run that nothing has stopped: it could not start, it rests
 * at a point that is no minimum, it has climbed.
 */
export type Ending = Exclude<Status, "stalled"> | "unstarted" | "saddle" | "maximum" | "climbing";

export interface Trajectory {
  /** (steps + 1) × n finite numbers, the start first. None where the start itself has no cost or slope. */
  readonly points: Float64Array;
  readonly values: Float64Array;
  /** ‖∇J‖ at each point. */
  readonly slopes: Float64Array;
  /** Steps taken: one less than the number of points, but never less than 0. */
  readonly steps: number;
  readonly n: number;
  readonly ending: Ending;
}

/** Where ‖∇J‖ is at most this, relative to its largest value on the way, a run has come to rest. */
const AT_REST = 1e-6;
const FLAT = 1e-9;

export function descend(
  program: LandscapeProgram,
  rule: RuleProgram,
  settings: Settings,
  start: readonly number[],
  steps: number,
): Trajectory {
  const landscape = compileLandscape(program);
  const path = compileLoop(program, rule)(start, steps, valuesOf(rule, settings));
  return measure(landscape, path, steps);
}

/** Whether a run may be at a point, as in Python: where point, cost and gradient are finite. */
export function isSound(point: readonly number[], value: number, gradient: readonly number[]): boolean {
  return Number.isFinite(value) && point.every(Number.isFinite) && gradient.every(Number.isFinite);
}

/** Evaluate a path; cut it before its first point where a run may not be. */
export function measure(landscape: Landscape, path: Float64Array, steps: number): Trajectory {
  const { n, value, gradient } = landscape;
  const values = new Float64Array(steps + 1);
  const slopes = new Float64Array(steps + 1);
  let good = 0;
  for (; good <= steps; good++) {
    const point = pointAt({ points: path, n }, good);
    const slope = gradient(...point);
    values[good] = value(...point);
    slopes[good] = Math.hypot(...slope);
    if (!isSound(point, values[good] ?? NaN, slope)) break;
  }
  const kept = {
    points: path.subarray(0, good * n),
    values: values.subarray(0, good),
    slopes: slopes.subarray(0, good),
    steps: Math.max(0, good - 1),
    n,
  };
  return { ...kept, ending: good === 0 ? "unstarted" : good <= steps ? "diverged" : ending(landscape, kept) };
}

/** Whether a run has taken steps and every one ended where it began. */
export function stays({ points, n, steps }: Pick<Trajectory, "points" | "n" | "steps">): boolean {
  return steps > 0 && points.every((x, i) => x === points[i % n]);
}

export function pointAt(run: Pick<Trajectory, "points" | "n">, k: number): number[] {
  return Array.from(run.points.subarray(k * run.n, (k + 1) * run.n));
}

function ending(landscape: Landscape, run: Omit<Trajectory, "ending">): Ending {
  const { slopes, values, steps } = run;
  const last = slopes[steps] ?? NaN;
  if ((values[steps] ?? NaN) > (values[0] ?? NaN)) return "climbing";
  const steepest = slopes.reduce((a, b) => Math.max(a, b), 1e-300);
  if (!(last <= AT_REST * steepest || last <= FLAT)) return "out of steps";
  const eigenvalues = symmetricEigenvalues(landscape.hessian(...pointAt(run, steps)));
  return restKind(eigenvalues);
}

function restKind(eigenvalues: readonly number[]): Ending {
  const scale = Math.max(...eigenvalues.map(Math.abs), 1e-300);
  const down = eigenvalues.filter((e) => e < -1e-9 * scale).length;
  if (down === 0) return "converged";
  return down === eigenvalues.length && eigenvalues.length > 1 ? "maximum" : "saddle";
}

/** Eigenvalues of a symmetric matrix of size 1 or 2, row by row, smallest first. */
export function symmetricEigenvalues(matrix: readonly number[]): number[] {
  if (matrix.length === 1) return [...matrix];
  const [a = NaN, b = NaN, , d = NaN] = matrix;
  const middle = (a + d) / 2;
  const radius = Math.hypot((a - d) / 2, b);
  return [middle - radius, middle + radius];
}

/** What the curvature at a point says, in words. */
export function curvatureWords(eigenvalues: readonly number[]): string {
  if (!eigenvalues.every(Number.isFinite)) return "no curvature is defined here";
  const scale = Math.max(...eigenvalues.map(Math.abs));
  if (!(scale > 0)) return "no curvature at all";
  const up = eigenvalues.filter((e) => e > 1e-6 * scale).length;
  const down = eigenvalues.filter((e) => e < -1e-6 * scale).length;
  if (eigenvalues.length === 1) return up ? "curves up: a minimum may be near" : "curves down: a hilltop may be near";
  if (up === 2) return "curves up both ways: a minimum may be near";
  if (down === 2) return "curves down both ways: a hilltop may be near";
  if (up && down) return "up one way, down the other: saddle country";
  return up ? "curves up one way, flat the other: a valley floor" : "curves down one way, flat the other: a ridge";
}
