/** What a run did, in words: for the readouts and for the line that a screen reader hears. */

import type { Trajectory } from "../core/descent";
import { pointAt, stays } from "../core/descent";
import { formatPoint, spoken } from "../core/format";
import type { RacerRun } from "./race";

/** How a run ended; `lowest` is the lowest known value of the landscape. */
export function endingWords(run: Trajectory, lowest = -Infinity): string {
  if (stays(run)) return stayingWords(run, lowest);
  switch (run.ending) {
    case "unstarted":
      return "cannot start: the cost or its slope is no finite number there";
    case "converged":
      return `converged: at rest at ${formatPoint(pointAt(run, run.steps))}${higher(run, lowest, ", which")}`;
    case "diverged":
      return `diverged at step ${run.steps + 1}`;
    case "saddle":
      return "stuck at a saddle";
    case "maximum":
      return "stuck on a hilltop";
    case "climbing":
      return `climbing: after ${run.steps} steps the cost is higher than at the start`;
    case "out of steps":
      return run.steps ? `still going after ${run.steps} steps` : "has taken no step yet";
  }
}

/** A run that rests where it starts: because the slope is 0 there, or because its steps round to nothing. */
function stayingWords(run: Trajectory, lowest: number): string {
  const place = `stays at its start ${formatPoint(pointAt(run, 0))}`;
  switch (run.ending) {
    case "converged":
      return `${place}: the slope there is ${run.slopes[0] ? "almost " : ""}0${higher(run, lowest, ", though it")}`;
    case "saddle":
      return `${place}, a saddle`;
    case "maximum":
      return `${place}, a hilltop`;
    default:
      return `${place}: its steps are too small to move it`;
  }
}

/** A reservation, where a run rests higher than the lowest value that is known. */
function higher(run: Trajectory, lowest: number, begin: string): string {
  const [first = NaN] = run.values;
  const above = (run.values[run.steps] ?? NaN) - lowest;
  return Number.isFinite(lowest) && above > 1e-3 * Math.abs(first - lowest) ? `${begin} is not the lowest minimum` : "";
}

export function spokenRuns(runs: readonly RacerRun[], step: number, lowest = -Infinity): string {
  return runs
    .map(({ name, run }) => {
      if (run.ending === "unstarted") return `${name} ${endingWords(run)}.`;
      const k = Math.min(step, run.steps);
      return `${name}, step ${k}: cost ${spoken(run.values[k] ?? NaN)}; ${endingWords(run, lowest)}.`;
    })
    .join(" ");
}
