/** What a run did, in words: for the readouts and for the line that a screen reader hears. */

import { pointAt } from "../core/descent";
import type { Trajectory } from "../core/descent";
import { formatNumber, formatPoint, spoken } from "../core/format";
import type { RacerRun } from "./state";

export function endingWords(run: Trajectory): string {
  switch (run.ending) {
    case "converged": return `converged: at rest at ${formatPoint(pointAt(run, run.steps))}`;
    case "diverged": return `diverged at step ${run.steps + 1}`;
    case "saddle": return "stuck at a saddle";
    case "maximum": return "stuck on a hilltop";
    case "climbing": return `climbing: after ${run.steps} steps the cost is higher than at the start`;
    case "going": return `still going after ${run.steps} steps`;
  }
}

export function spokenRuns(runs: readonly RacerRun[], step: number): string {
  return runs.map(({ name, run }) => {
    const k = Math.min(step, run.steps);
    return `${name}, step ${k}: cost ${spoken(run.values[k] ?? NaN)}; ${endingWords(run)}.`;
  }).join(" ");
}

export function slopeWords(slope: number): string {
  return formatNumber(slope);
}
