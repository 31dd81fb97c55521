/** A step of NewtonLine in words, and how its walk ends. */

import { kindOfEnd } from "../../core/judge";
import type { NewtonState } from "./state";
import { isLevel } from "./walk";

type Write = (x: number) => string;

/** What the parabola is like, where it sends the walk, and what the cost does there. */
export function stepWords(state: NewtonState, write: Write): string {
  const { run, fit, here, next, letter, damped } = state;
  if (run.ending === "unstarted") return `The curve has no height, slope or curvature at ${letter} = ${write(here)}.`;
  if (fit.slope === 0) return "The slope is 0: the vertex of the parabola is where you stand.";
  if (next === null)
    return damped
      ? "No step, however short, lowers the cost by enough."
      : "The curvature comes out as 0: the parabola is a line and has no vertex.";
  const vertex = `${letter} = ${write(here + fit.toVertex)}`;
  const there = state.landscape.value(next);
  const said = [openingWords(fit.curvature, damped, vertex)];
  if (fit.halvings)
    said.push(`The step is halved ${times(fit.halvings)}, until the cost falls by enough: to ${write(next)}.`);
  said.push(
    Number.isFinite(there)
      ? `The cost there is ${write(there)}, ${comparedWith(there, fit.height)} ${write(fit.height)}.`
      : "There the cost is no finite number.",
  );
  return said.join(" ");
}

function openingWords(curvature: number, damped: boolean, vertex: string): string {
  if (curvature > 0) return `The parabola opens upward; its lowest point is at ${vertex}.`;
  if (!damped) return `The curvature is negative, so the parabola opens downward: its highest point is at ${vertex}.`;
  if (curvature === 0) return `The curvature is 0. The damped step takes a tiny one: the lowest point is at ${vertex}.`;
  return `The curvature is negative. The damped step takes its size: this parabola has its lowest point at ${vertex}.`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function comparedWith(there: number, here: number): string {
  if (there === here) return "the same as here,";
  return there > here ? "higher than here," : "lower than here,";
}

export function endWords(state: NewtonState, write: Write): string {
  const { run, letter, damped } = state;
  if (run.ending === "unstarted") return "The walk cannot start.";
  const steps = run.steps === 1 ? "1 step" : `${run.steps} steps`;
  const end = `${letter} = ${write(run.points[run.steps] ?? NaN)}`;
  if (run.ending === "diverged") return `The walk diverges: after ${end} the numbers overflow.`;
  if (isLevel(run)) {
    const kind = { minimum: "a minimum", maximum: "a maximum", saddle: "a saddle", unknown: "a flat place" };
    return `After ${steps} the walk is at ${kind[kindOfEnd(state.landscape, run)]}, ${end}.`;
  }
  if (run.ending === "stalled" && !damped)
    return `After ${steps} the walk stops at ${end}: no curvature is left there.`;
  return `After ${steps} the walk is at ${end}.`;
}
