/**
 * How a run that nothing has stopped is doing. This is the one place that decides it, on these conditions:
 *
 * - *level*: the slope has fallen to a millionth of its largest on the way, and so have the steps of a rule with
 *   memory, which may pass a level place at speed. Newton's method says of what kind the place is; where it finds
 *   none near, the slope must be a millionth of that at the start, for a run may have been flung to where all is steep;
 * - *converged*: level at a minimum, and the run will stay: its last step moved nothing, or its rule is linear and its
 *   rate below what the largest curvature there allows;
 * - *repelled*: level at a minimum whose curvature is too large for the rate: an error along it grows again;
 * - *stalled*: its last step moved nothing (of a rule with memory the last two), though the ground is not level: it is
 *   lost in rounding, or held at a corner.
 *
 * And what it says of a rate that a line search has tried (`verdictOf`), of a path with two eigenvalues
 * (`motionOf`), of a run on batches at some step (`batchEndingOf`), of the slope at a probe (`sideOf`) and of two
 * hands (`winnerOf`).
 */

import { AT_REST } from "../../../gdlib/static/endings";
import { result } from "./code";
import type { Kind } from "./curvature";
import { levelNear, symmetricEigenvalues } from "./curvature";
import type { Landscape, RuleProgram, Settings } from "./program";
import { valuesOf } from "./program";
import type { Ending, Trajectory } from "./trajectory";
import { pointAt, stepLength } from "./trajectory";

/** A cost this close to the lowest that is known has arrived. */
export const ARRIVED = 1e-6;
const SAME = 1e-12;

export function endingOf(
  landscape: Landscape,
  rule: RuleProgram,
  settings: Settings,
  run: Omit<Trajectory, "ending">,
): Ending {
  const still = isStill(run, rule);
  const kind = isLevel(run, rule) ? kindOfEnd(landscape, run) : null;
  if (kind === null) {
    if (still) return "stalled";
    return (run.values[run.steps] ?? NaN) > (run.values[0] ?? NaN) ? "higher" : "out of steps";
  }
  if (kind !== "minimum") return kind;
  if (still) return "converged";
  const limit = stableRate(rule, settings, largestCurvature(landscape, pointAt(run, run.steps)));
  if (limit === null) return "level";
  return (settings.learning_rate ?? NaN) < limit ? "converged" : "repelled";
}

/** Of what kind the level place is at which a run ends; null where it ends on a slope after all. */
function kindOfEnd(landscape: Landscape, run: Omit<Trajectory, "ending">): Kind | null {
  if (isLowest(landscape, run)) return "minimum";
  const { slopes, steps } = run;
  const near = levelNear(landscape, pointAt(run, steps));
  if (near) return near.kind;
  return (slopes[steps] ?? NaN) <= AT_REST * (slopes[0] ?? NaN) ? "unknown" : null;
}

/** Whether the slope has fallen to a millionth of its largest on the way. */
export function slopeIsGone({ slopes, steps }: Omit<Trajectory, "ending">): boolean {
  const steepest = slopes.reduce((a, b) => Math.max(a, b), 0);
  return (slopes[steps] ?? NaN) <= AT_REST * steepest;
}

/** Whether the last step moved nothing; of a rule with memory the last two, for it stands still for one as it turns. */
function isStill(run: Omit<Trajectory, "ending">, rule: RuleProgram): boolean {
  const { steps } = run;
  if (steps === 0 || stepLength(run, steps) > 0) return false;
  return !rule.moments.length || steps === 1 || stepLength(run, steps - 1) === 0;
}

function isLevel(run: Omit<Trajectory, "ending">, rule: RuleProgram): boolean {
  const { steps } = run;
  if (!slopeIsGone(run)) return false;
  if (!rule.moments.length || steps === 0) return true;
  let longest = 0;
  for (let k = 1; k <= steps; k++) longest = Math.max(longest, stepLength(run, k));
  return stepLength(run, steps) <= AT_REST * longest;
}

/** Whether a run ends at the lowest value that is known: there no curvature is needed to tell a minimum. */
function isLowest(landscape: Landscape, { values, steps }: Omit<Trajectory, "ending">): boolean {
  const lowest = lowestKnown(landscape);
  return Number.isFinite(lowest) && (values[steps] ?? NaN) - lowest <= SAME * Math.max(1, Math.abs(lowest));
}

/** The lowest value of the landscape that is known, on a curve among all its valleys; −∞ where no minimum is. */
export function lowestKnown({ program, value }: Landscape): number {
  const known = [...program.minima, ...program.valleys].map((minimum) => value(...minimum));
  return known.length ? Math.min(...known) : -Infinity;
}

export function largestCurvature(landscape: Landscape, point: readonly number[]): number {
  return Math.max(...symmetricEigenvalues(landscape.hessian(...point)));
}

/** The rate below which a linear rule settles where the largest curvature is `largest`; null where no theory says. */
export function stableRate(rule: RuleProgram, settings: Settings, largest: number): number | null {
  if (!rule.bound || !(largest > 0)) return null;
  const names = rule.hyperparameters.map((h) => h.symbol);
  return result(names, { lines: [], results: [rule.bound.code] })(...valuesOf(rule, settings)) / largest;
}

/** The first step from which on the cost stays within `ARRIVED` of the lowest that is known; null if there is none. */
export function arrival({ values, steps }: Trajectory, lowest: number): number | null {
  let first: number | null = null;
  for (let k = steps; k >= 0 && (values[k] ?? NaN) - lowest < ARRIVED; k--) first = k;
  return first;
}

/** What becomes of a rate that a line search tries. */
export type Verdict = "taken" | "short" | "higher" | "unknown";

/**
 * Taken where J is at most `most`, Armijo's line; short where it falls, but by less; higher where it does not fall;
 * unknown where it is no finite number.
 */
export function verdictOf(value: number, before: number, most: number): Verdict {
  if (!Number.isFinite(value)) return "unknown";
  if (value <= most) return "taken";
  return value < before ? "short" : "higher";
}

/** Two real parts and the size of the imaginary parts. */
export type Eigenvalues = readonly [number, number, number];

/** An imaginary part below this is rounding: the root of machine epsilon, where two eigenvalues meet. */
const ROUNDING = 1e-7;
/** Eigenvalues, and radii, that are seen as one. */
const MET = 1e-3;

/** Whether a pair of eigenvalues is complex. */
export function turns([, , up]: Eigenvalues): boolean {
  return up > ROUNDING;
}

export interface Motion {
  /** The larger eigenvalue's size is beyond 1, 1 to nine digits, or below. */
  readonly size: "grows" | "stays" | "shrinks";
  /** A complex pair swings; of two real ones the larger in size hops where it is negative, and creeps otherwise. */
  readonly way: "swings" | "hops" | "creeps";
  /** Two real ones that differ by less than a thousandth. */
  readonly met: boolean;
  /** No rate shrinks the error faster at this decay, to a thousandth: `least` is the smallest radius. */
  readonly fastest: boolean;
}

export function motionOf(pair: Eigenvalues, least: number): Motion {
  const [a, b, up] = pair;
  const radius = Math.max(Math.hypot(a, up), Math.hypot(b, up));
  const larger = Math.abs(b) > Math.abs(a) ? b : a;
  return {
    size: radius > 1 + 1e-9 ? "grows" : radius > 1 - 1e-9 ? "stays" : "shrinks",
    way: turns(pair) ? "swings" : larger < 0 ? "hops" : "creeps",
    met: !turns(pair) && Math.abs(a - b) < MET,
    fastest: radius < least + MET,
  };
}

/** What ended a run on batches, once the clock has come so far: null while nothing has. */
export function batchEndingOf({ ending, steps }: Pick<Trajectory, "ending" | "steps">, k: number): Ending | null {
  if (ending === "unstarted") return ending;
  return ending === "diverged" && k === steps ? ending : null;
}

/** A slope below this in size is level, in a curve of heights about 1. */
const LEVEL = 1e-3;

/** To which side the ground falls. */
export function sideOf(slope: number): "level" | "left" | "right" {
  if (Math.abs(slope) < LEVEL) return "level";
  return slope > 0 ? "left" : "right";
}

/** Who came lower, of two that are measured in percent: what differs by less than is shown is a draw. */
export function winnerOf(yours: number, its: number): "draw" | "you" | "it" {
  if (Math.abs(yours - its) < 0.005) return "draw";
  return yours < its ? "you" : "it";
}
