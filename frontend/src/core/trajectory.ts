/** A run's path with its values: what is computed of it, before anything is said of it. */

import type { STATUSES } from "../../../gdlib/static/endings";

/** How a run ends, in Python's words. */
export type Status = (typeof STATUSES)[number];

/**
 * How a run ends, in Python's words, and what is seen of one that nothing has stopped. `core/judge.ts` decides between
 * them and says on what conditions.
 */
export type Ending = Status | "unstarted" | "repelled" | "level" | "saddle" | "maximum" | "unknown" | "higher";

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

export function pointAt(run: Pick<Trajectory, "points" | "n">, k: number): number[] {
  return Array.from(run.points.subarray(k * run.n, (k + 1) * run.n));
}

/** Whether a run has taken steps and every one ended where it began. */
export function stays({ points, n, steps }: Pick<Trajectory, "points" | "n" | "steps">): boolean {
  return steps > 0 && points.every((x, i) => x === points[i % n]);
}

/** The length of the step that leads to the k-th point. */
export function stepLength({ points, n }: Pick<Trajectory, "points" | "n">, k: number): number {
  let sum = 0;
  for (let i = k * n; i < (k + 1) * n; i++) sum += ((points[i] ?? NaN) - (points[i - n] ?? NaN)) ** 2;
  return Math.sqrt(sum);
}
