/** Run a rule down a landscape and say honestly how it ended. */

import { endingOf } from "./judge";
import { compileLoop } from "./loop";
import type { Landscape, LandscapeProgram, RuleProgram, Settings } from "./program";
import { compileLandscape, valuesOf } from "./program";
import type { Trajectory } from "./trajectory";
import { pointAt } from "./trajectory";

export function descend(
  program: LandscapeProgram,
  rule: RuleProgram,
  settings: Settings,
  start: readonly number[],
  steps: number,
): Trajectory {
  const landscape = compileLandscape(program);
  const path = compileLoop(program, rule)(start, steps, valuesOf(rule, settings));
  const run = measure(landscape, path, steps);
  return run.ending === "out of steps" ? { ...run, ending: endingOf(landscape, rule, settings, run) } : run;
}

/** Whether a run may be at a point, as in Python: where point, cost and gradient are finite. */
export function isSound(point: readonly number[], value: number, gradient: readonly number[]): boolean {
  return Number.isFinite(value) && point.every(Number.isFinite) && gradient.every(Number.isFinite);
}

/** Evaluate a path; cut it before its first point where a run may not be, and look no further at how it ends. */
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
  return { ...kept, ending: good === 0 ? "unstarted" : good <= steps ? "diverged" : "out of steps" };
}
