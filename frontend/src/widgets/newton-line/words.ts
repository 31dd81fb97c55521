/** A step of NewtonLine in words, and how its walk ends. */

import { counted } from "../../core/format";
import type { NewtonState } from "./state";
import { levelEnd } from "./walk";

type Write = (x: number) => string;

/** What the parabola is like, where it sends the walk, and what the cost does there. */
export function stepWords(state: NewtonState, write: Write): string {
  const { run, fit, here, next, letter, damped } = state;
  const place = `${letter} = ${write(here)}`;
  if (run.ending === "unstarted") return `The curve has no height or no slope at ${place}.`;
  if (!Number.isFinite(fit.curvature)) return `The curve has no curvature at ${place}, so no parabola fits.`;
  if (fit.slope === 0)
    return fit.curvature === 0
      ? "Slope and curvature are 0: the parabola is a level line and has no vertex."
      : "The slope is 0: the vertex of the parabola is where you stand.";
  if (next === null) return noStepWords(state);
  const there = state.landscape.value(next);
  const said = [openingWords(fit.curvature, damped, `${letter} = ${write(here + fit.toVertex)}`)];
  if (fit.halvings)
    said.push(`The step is halved ${times(fit.halvings)}, until the cost falls by enough: to ${write(next)}.`);
  said.push(
    Number.isFinite(there)
      ? `The cost there is ${write(there)}, ${comparedWith(there, fit.height, write)}.`
      : "There the cost is no finite number.",
  );
  return said.join(" ");
}

function noStepWords({ fit, damped }: NewtonState): string {
  if (damped) return "No step, however short, lowers the cost by enough.";
  return fit.curvature === 0
    ? "The curvature comes out as 0: the parabola is a line and has no vertex."
    : "The vertex of the parabola is too far away for a number.";
}

function openingWords(curvature: number, damped: boolean, vertex: string): string {
  if (curvature > 0) return `The parabola opens upward; its lowest point is at ${vertex}.`;
  if (!damped) return `The curvature is negative, so the parabola opens downward: its highest point is at ${vertex}.`;
  if (curvature === 0) return `The curvature is 0. The damped step takes a tiny one: the lowest point is at ${vertex}.`;
  return `The curvature is negative. The damped step takes its size: this parabola has its lowest point at ${vertex}.`;
}

function times(count: number): string {
  return ["", "once", "twice"][count] ?? `${count} times`;
}

/** Costs that differ by no more than this share are one, but for rounding. */
const ROUNDING = 4 * Number.EPSILON;

function comparedWith(there: number, here: number, write: Write): string {
  if (there === here) return "the same as here";
  const gap = Math.abs(there - here);
  if (gap <= ROUNDING * Math.abs(here)) return "the same as here but for rounding";
  const side = there > here ? "higher than here" : "lower than here";
  return write(there) === write(here) ? `${side} by ${write(gap)}` : `${side}, ${write(here)}`;
}

export function endWords(state: NewtonState, write: Write): string {
  const { run, letter, damped } = state;
  if (run.ending === "unstarted") return "The walk cannot start.";
  const end = `${letter} = ${write(run.points[run.steps] ?? NaN)}`;
  if (run.ending === "diverged") return `The walk diverges: after ${end} the numbers overflow.`;
  const kind = levelEnd(state.landscape, run);
  const known = { minimum: "a minimum", maximum: "a maximum", saddle: "a saddle", unknown: "a flat place" };
  if (run.steps === 0) return `The walk stays at its start${kind ? `, ${known[kind]}` : ""}.`;
  const after = `After ${counted(run.steps, "step")} the walk`;
  if (kind) return `${after} is at ${known[kind]}, ${end}.`;
  if (run.ending === "stalled" && !damped) return `${after} stops at ${end}: no curvature is left there.`;
  return `${after} is at ${end}.`;
}
