/** Newton's method on a curve, plain and damped, by the formulas that Python printed. */

import type { Code } from "../../core/code";
import { result } from "../../core/code";
import type { Kind } from "../../core/curvature";
import { levelNear } from "../../core/curvature";
import { measure } from "../../core/descent";
import { slopeIsGone } from "../../core/judge";
import { once } from "../../core/once";
import type { Landscape } from "../../core/program";
import type { Trajectory } from "../../core/trajectory";

export interface ModelProgram {
  /** The parabola: over J, g, h and the step s. */
  readonly parabola: Code;
  /** The step to its vertex, over g and h; and to that of the one that opens upward. */
  readonly plain: Code;
  readonly damped: Code;
  /** The curvature of the latter, over h. */
  readonly size: Code;
  /** What the cost must not exceed after a damped step: over J, g, s and the share c of the slope. */
  readonly enough: Code;
  readonly slope: number;
  readonly shrink: number;
  readonly most: number;
  /** Below the curve, as a share of its height. */
  readonly room: number;
}

const compile = once((program: ModelProgram) => ({
  parabola: result(["J", "g", "h", "s"], program.parabola),
  plain: result(["g", "h"], program.plain),
  damped: result(["g", "h"], program.damped),
  size: result(["h"], program.size),
  enough: result(["J", "g", "s", "c"], program.enough),
}));

/** The parabola that fits at a place, and the step that is taken there. */
export interface Fit {
  readonly height: number;
  readonly slope: number;
  /** Of the curve; the parabola's own has the other sign where a damped step turns it upward. */
  readonly curvature: number;
  readonly parabola: (place: number) => number;
  /** How far away its vertex is; not finite where it has none. */
  readonly toVertex: number;
  /** How often the step there was shortened. */
  readonly halvings: number;
  /** The step taken; null where there is none. */
  readonly step: number | null;
}

export function fitAt(landscape: Landscape, program: ModelProgram, damped: boolean, at: number): Fit {
  const formulas = compile(program);
  const [slope = NaN] = landscape.gradient(at);
  const [curvature = NaN] = landscape.hessian(at);
  const height = landscape.value(at);
  const bend = damped ? formulas.size(curvature) : curvature;
  const toVertex = damped ? formulas.damped(slope, curvature) : formulas.plain(slope, curvature);
  const parabola = (place: number) => formulas.parabola(height, slope, bend, place - at);
  const fit = { height, slope, curvature, parabola, toVertex, halvings: 0 };
  if (!damped) return { ...fit, step: curvature === 0 ? null : toVertex };
  let step = toVertex;
  for (let halvings = 0; halvings < program.most; halvings++) {
    if (at + step === at) break;
    const found = landscape.value(at + step);
    if (Number.isFinite(found) && found <= formulas.enough(height, slope, step, program.slope))
      return { ...fit, halvings, step };
    step *= program.shrink;
  }
  return { ...fit, step: null };
}

/** A walk and what ended it, as Python says it: slope 0, no step to take, an overflow, or the number of steps. */
export function walk(
  landscape: Landscape,
  program: ModelProgram,
  damped: boolean,
  start: number,
  steps: number,
): Trajectory {
  const places = [start];
  let ending: Trajectory["ending"] = "out of steps";
  for (let at = start; Number.isFinite(at); places.push(at)) {
    const { slope, curvature, step } = fitAt(landscape, program, damped, at);
    if (slope === 0) ending = "converged";
    else if (step === null && Number.isFinite(curvature)) ending = "stalled";
    if (ending !== "out of steps" || places.length > steps) break;
    at += step ?? NaN;
  }
  const run = measure(landscape, Float64Array.from(places), places.length - 1);
  return run.ending === "out of steps" ? { ...run, ending } : run;
}

/** How far from a level place a walk may end that is said to be at it, as a share of the curve's width. */
const AT = 1e-4;

/** Of what kind the level place is at which a walk ends; null where it is at none, or the slope has not faded. */
export function levelEnd(landscape: Landscape, run: Trajectory): Kind | null {
  if (run.ending === "unstarted" || run.ending === "diverged" || !slopeIsGone(run)) return null;
  const end = run.points[run.steps] ?? NaN;
  const [[low, high] = [0, 1]] = landscape.program.bounds;
  const near = levelNear(landscape, [end]);
  const found = near && Math.abs((near.point[0] ?? NaN) - end) <= AT * (high - low) ? near.kind : null;
  return found ?? (run.slopes[run.steps] === 0 ? "unknown" : null);
}
