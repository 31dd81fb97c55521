/** The largest stable learning rate of the method in focus, where theory knows it, and where that holds. */

import { result } from "../core/code";
import { symmetricEigenvalues } from "../core/descent";
import { formatNumber, formatPoint } from "../core/format";
import { valuesOf } from "../core/program";
import type { Race } from "./race";

export interface RateMark {
  readonly at: number;
  readonly label: string;
  readonly note: string;
}

/** Mark the bound: `bound / L`, the rule's own expression over the largest curvature. */
export function rateMark(race: Race): RateMark | null {
  const { rule, settings } = race.focus;
  if (!rule.bound) return null;
  const place = curvaturePlace(race);
  const largest = Math.max(...symmetricEigenvalues(race.landscape.hessian(...place.point)));
  if (!(largest > 0)) return null;
  const names = rule.hyperparameters.map((h) => h.symbol);
  const bound = result(names, { lines: [], results: [rule.bound.code] })(...valuesOf(rule, settings));
  const at = bound / largest;
  const label = rule.bound.text;
  return {
    at,
    label,
    note:
      `${label} = ${formatNumber(at)}: above it the steps grow. ` +
      `L = ${formatNumber(largest)} is the largest curvature ${place.words}.`,
  };
}

/** Where to measure L: anywhere on a quadratic, else at the known minimum nearest to the run's end, else the start. */
function curvaturePlace({ program, start, nearestMinimum }: Race): { point: readonly number[]; words: string } {
  if (program.quadratic) return { point: start, words: "of this bowl" };
  if (nearestMinimum) return { point: nearestMinimum, words: `at the minimum ${formatPoint(nearestMinimum)}` };
  return { point: start, words: "at the start" };
}
