/** What a run did, in words: for the readouts and for the line that a screen reader hears. */

import { pointAt } from "../core/descent";
import type { Trajectory } from "../core/descent";
import { formatPoint, spoken } from "../core/format";
import type { RacerRun } from "./state";

/** How a run ended; `lowest` is the lowest known value of the landscape. */
export function endingWords(run: Trajectory, lowest = -Infinity): string {
  switch (run.ending) {
    case "converged": return `converged: at rest at ${formatPoint(pointAt(run, run.steps))}${shallow(run, lowest) ? ", which is not the lowest minimum" : ""}`;
    case "diverged": return `diverged at step ${run.steps + 1}`;
    case "saddle": return "stuck at a saddle";
    case "maximum": return "stuck on a hilltop";
    case "climbing": return `climbing: after ${run.steps} steps the cost is higher than at the start`;
    case "going": return `still going after ${run.steps} steps`;
  }
}

function shallow(run: Trajectory, lowest: number): boolean {
  const [first = NaN] = run.values;
  return Number.isFinite(lowest) && (run.values[run.steps] ?? NaN) - lowest > 1e-3 * Math.abs(first - lowest);
}

export function spokenRuns(runs: readonly RacerRun[], step: number, lowest = -Infinity): string {
  return runs.map(({ name, run }) => {
    const k = Math.min(step, run.steps);
    return `${name}, step ${k}: cost ${spoken(run.values[k] ?? NaN)}; ${endingWords(run, lowest)}.`;
  }).join(" ");
}
