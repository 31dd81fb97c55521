/** What is said of runs, places and rates, for the readouts and for the line that a screen reader hears. */

import { bends, leadsOff, levelNear, symmetricEigenvalues } from "../core/curvature";
import { counted, formatFactor, formatNumber, formatPoint, spoken } from "../core/format";
import type { Eigenvalues, Verdict } from "../core/judge";
import { arrival, batchEndingOf, lowestKnown, motionOf, sideOf, winnerOf } from "../core/judge";
import type { Landscape } from "../core/program";
import type { Trajectory } from "../core/trajectory";
import { pointAt, stays } from "../core/trajectory";
import type { RacerRun } from "./race";

/** What Newton's method or a step leaves of 0. */
const TINY = 1e-6;

/** How a run ended, and since when it has been as low as can be. */
export function endingWords(run: Trajectory, landscape: Landscape): string {
  const words = stays(run) ? stayingWords(run, landscape) : doneWords(run, landscape);
  const first = stays(run) ? null : arrival(run, lowestKnown(landscape));
  return first === null ? words : `${words}; ${heightName(lowestKnown(landscape))} < 10⁻⁶ since step ${first}`;
}

function doneWords(run: Trajectory, landscape: Landscape): string {
  const end = run.ending === "unstarted" ? [] : pointAt(run, run.steps);
  const place = formatPoint(end);
  switch (run.ending) {
    case "unstarted":
      return "cannot start: the cost or its slope is no finite number there";
    case "converged":
      return `converged: at rest at ${place}${higher(run, landscape, ", which")}`;
    case "repelled":
      return `slope almost 0 at ${place}, but the rate is above its bound: an error in the steepest direction grows`;
    case "level":
      return `slope almost 0 at ${place}, near a minimum${higher(run, landscape, "; this")}`;
    case "unknown":
      return `slope almost 0 at ${place}; no minimum is known there`;
    case "stalled":
      return `at rest at ${place}: its steps move it no more`;
    case "diverged":
      return `diverged at step ${run.steps + 1}`;
    case "saddle":
      return `${leadsOff(landscape, end) ? "slow near" : "stuck at"} a saddle, ${place}`;
    case "maximum":
      return `${leadsOff(landscape, end) ? "slow near" : "stuck on"} a hilltop, ${place}`;
    case "higher":
      return `still going after ${counted(run.steps, "step")}, higher than at the start`;
    case "out of steps":
      return run.steps ? `still going after ${counted(run.steps, "step")}` : "has taken no step yet";
  }
}

/** A run that rests where it starts: because the slope is 0 there, or because its steps round to nothing. */
function stayingWords(run: Trajectory, landscape: Landscape): string {
  const place = `stays at its start ${formatPoint(pointAt(run, 0))}`;
  switch (run.ending) {
    case "converged":
      return `${place}, a minimum${higher(run, landscape, ", though it")}`;
    case "saddle":
      return `${place}, a saddle: the slope there is 0`;
    case "maximum":
      return `${place}, a hilltop: the slope there is 0`;
    case "stalled":
      return `${place}: its steps are too small to move it`;
    default:
      return `${place}: the slope there is 0, and its curvature does not tell of what kind it is`;
  }
}

/** A reservation, where a run rests higher than the lowest value that is known. */
function higher(run: Trajectory, landscape: Landscape, begin: string): string {
  const lowest = lowestKnown(landscape);
  const [first = NaN] = run.values;
  const above = (run.values[run.steps] ?? NaN) - lowest;
  return Number.isFinite(lowest) && above > 1e-3 * Math.abs(first - lowest) ? `${begin} is not the lowest minimum` : "";
}

/** The cost above its floor, by name. */
export function heightName(floor: number): string {
  const shown = formatNumber(floor);
  return Math.abs(floor) < 1e-9 ? "J" : `J − ${floor < 0 ? `(${shown})` : shown}`;
}

export function spokenRuns(runs: readonly RacerRun[], step: number, landscape: Landscape): string {
  return runs
    .map(({ name, run }) => {
      if (run.ending === "unstarted") return `${name} ${endingWords(run, landscape)}.`;
      const k = Math.min(step, run.steps);
      const ending = endingWords(run, landscape).replace("10⁻⁶", "a millionth");
      return `${name}, step ${k}: cost ${spoken(run.values[k] ?? NaN)}; ${ending}.`;
    })
    .join(" ");
}

/** How the ground bends at a point; what level place is near, if one is. */
export function placeWords(landscape: Landscape, point: readonly number[]): string {
  const near = levelNear(landscape, point);
  const shape = bendWords(symmetricEigenvalues(landscape.hessian(...point)));
  if (!near || near.kind === "unknown") return shape;
  const kind = { minimum: "a minimum", maximum: "a hilltop", saddle: "a saddle" }[near.kind];
  return `${shape}; ${kind} is near, at ${formatPoint(near.point.map((x) => (Math.abs(x) < TINY ? 0 : x)))}`;
}

/** What the eigenvalues of a Hessian say, and no more. */
export function bendWords(eigenvalues: readonly number[]): string {
  const bent = bends(eigenvalues);
  if (!bent) return "no curvature is defined here";
  const { up, down } = bent;
  if (!up && !down) return "no curvature at all";
  if (eigenvalues.length === 1) return up ? "curves up" : "curves down";
  if (up === 2) return "curves up both ways";
  if (down === 2) return "curves down both ways";
  if (up && down) return "curves up one way, down the other";
  return `curves ${up ? "up" : "down"} one way, flat the other`;
}

/** What one step does to an error: the name of that, and a sentence. */
type Regime = "lands" | "crawls" | "walks" | "zigzags" | "edge" | "grows";

const ON_A_PARABOLA: Readonly<Record<Regime, readonly [name: string, words: (times: string) => string]>> = {
  lands: ["lands at once", (times) => `one step leaves ${times} of the error`],
  crawls: ["crawls", (times) => `each step keeps ${times} of the error`],
  walks: ["walks down one side", (times) => `each step keeps ${times} of the error`],
  zigzags: [
    "zigzags inward",
    (times) => `each step multiplies the error by ${times}: it lands on the other side, nearer`,
  ],
  edge: ["bounces for ever", () => "each step lands as far away on the other side"],
  grows: ["explodes", (times) => `each step multiplies the error by ${times}: it lands on the other side, farther`],
};
const ELSEWHERE: Readonly<Partial<Record<Regime, string>>> = { edge: "on the edge", grows: "it repels" };

/** The error as one step leaves it, on a parabola; elsewhere that of a small error near `minimum`, and so named. */
export function regimeWords(factor: number, minimum: readonly number[] | null): { name: string; words: string } {
  const kind = regimeOf(factor);
  const [name, say] = ON_A_PARABOLA[kind];
  const times = formatFactor(Math.abs(factor) < TINY ? 0 : factor);
  if (!minimum) return { name, words: say(times) };
  const words = `each step multiplies a small error by about ${times}`;
  return { name: `near the minimum ${formatPoint(minimum)}: ${ELSEWHERE[kind] ?? name}`, words };
}

function regimeOf(factor: number): Regime {
  if (Math.abs(factor) < 5e-3) return "lands";
  if (Math.abs(factor + 1) < 1e-6) return "edge";
  if (factor > 0) return factor > 0.97 ? "crawls" : "walks";
  return factor > -1 ? "zigzags" : "grows";
}

/** What the bound on the rate is, and what it says: of a whole bowl, of one minimum, or of nothing that is known. */
export function boundWords(label: string, at: number, largest: number, place: BoundPlace): string {
  const bound = `${label} = ${formatNumber(at)}`;
  const curvature = `L = ${formatNumber(largest)} is the largest curvature`;
  switch (place.of) {
    case "bowl":
      return place.point.length > 1
        ? `${bound}: above it the error along the steepest direction grows. ${curvature} of this bowl.`
        : `${bound}: above it the error grows. L = ${formatNumber(largest)} is the curvature of this parabola.`;
    case "minimum":
      return `${bound}: above it this minimum repels. ${curvature} at the minimum ${formatPoint(place.point)}.`;
    case "start":
      return `${bound}, where ${curvature} at the start; what the bound is where a run ends is not known.`;
  }
}

export interface BoundPlace {
  readonly of: "bowl" | "minimum" | "start";
  readonly point: readonly number[];
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  taken: "taken",
  short: "refused: falls too little",
  higher: "refused: no fall",
  unknown: "refused: no finite cost",
};

/** What becomes of a rate that a line search has tried. */
export function verdictWords(verdict: Verdict): string {
  return VERDICTS[verdict];
}

/** A line search at one moment. */
export interface LooksCount {
  /** Whether cost and slope are finite numbers at the start. */
  readonly started: boolean;
  /** The step that is looked for, from 1. */
  readonly step: number;
  /** Looks in this step, and in all. */
  readonly looks: number;
  readonly all: number;
  readonly last: { readonly rate: number; readonly verdict: Verdict } | null;
  /** Why there is no next look; null where there is one. */
  readonly end: "out of steps" | "level" | "stalled" | "cliff" | null;
}

/** What the steps have cost so far: a step needs one gradient, and each look one more J. */
export function looksWords({ started, step, looks, all, last, end }: LooksCount): string {
  if (!started) return "The search cannot start: the cost or its slope is no finite number there.";
  const times = (n: number) => `${counted(n, "look")} at J`;
  const now =
    last?.verdict === "taken"
      ? `Step ${step} cost one gradient and ${times(looks)}.`
      : `Step ${step}: ${times(looks)} so far.`;
  const so = `In all: ${counted(step, "gradient")}, ${times(all)}.`;
  return [now, so, end ? ENDS[end] : ""].filter(Boolean).join(" ");
}

const ENDS: Readonly<Record<NonNullable<LooksCount["end"]>, string>> = {
  "out of steps": "No step is left.",
  level: "The slope is 0 where it stands now: there is no direction to search in.",
  cliff: "It ends here: the slope at the next point is no finite number.",
  stalled: "It ends here: no rate that it can try moves θ and lowers J by enough.",
};

export function spokenLook(count: LooksCount): string {
  const { last } = count;
  const tried = last ? `Rate ${spoken(last.rate)} ${verdictWords(last.verdict)}. ` : "";
  return `${tried}${looksWords(count)}`;
}

/** What a pair of eigenvalues makes of a path; `least` is the smallest radius at this decay. */
export function motionWords(pair: Eigenvalues, least: number): string {
  const { size, way, met, fastest } = motionOf(pair, least);
  if (size === "grows") return way === "swings" ? "the swings grow" : "every step lands farther out";
  if (size === "stays") return "it neither shrinks nor grows";
  if (way === "swings") return "a complex pair: it swings to and fro as it shrinks";
  const moves = way === "hops" ? "hopping from side to side" : "without a swing";
  if (met) return `the two have met: ${fastest ? "as fast as this β allows, " : ""}${moves}`;
  return way === "hops"
    ? "the larger is negative: it hops from side to side"
    : "two real ones: it creeps in without a swing";
}

/** What ended a run on batches, once the clock has come to its step k; null while nothing has. */
export function batchEndingWords(run: Pick<Trajectory, "ending" | "steps">, k: number): string | null {
  const ending = batchEndingOf(run, k);
  if (ending === "unstarted") return "cannot start: too far out";
  return ending && `diverged at step ${run.steps + 1}`;
}

const SIDES = { level: "level", left: "falls to the left", right: "falls to the right" } as const;

/** Where the ground falls to, at a probe. */
export function slopeWords({ slope }: { readonly slope: number }): string {
  return SIDES[sideOf(slope)];
}

const WINNERS = {
  draw: "A draw.",
  you: "You won: your lowest probe is below its.",
  it: "It won: its lowest probe is below yours.",
} as const;

/** Who came lower, in percent of the curve's height above the bottom. */
export function winnerWords(yours: number, its: number): string {
  return WINNERS[winnerOf(yours, its)];
}
