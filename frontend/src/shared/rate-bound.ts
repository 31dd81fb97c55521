/** The largest stable learning rate of the method in focus, where theory knows it, and where that holds. */

import { symmetricEigenvalues } from "../core/curvature";
import { stableRate } from "../core/judge";
import type { Race } from "./race";
import type { BoundPlace } from "./words";
import { boundWords } from "./words";

export interface RateMark {
  readonly at: number;
  readonly label: string;
  readonly note: string;
}

/** Mark the bound: `bound / L`, the rule's own expression over the largest curvature; not in a figure that waits. */
export function rateMark(race: Race): RateMark | null {
  if (race.simple || race.view.waiting) return null;
  const { rule, settings } = race.focus;
  const place = curvaturePlace(race);
  const [least = NaN, largest = least] = symmetricEigenvalues(race.landscape.hessian(...place.point));
  if (place.of === "bowl" && least < 0) return null; // a saddle, off which steps grow at any rate
  const at = stableRate(rule, settings, largest);
  const label = rule.bound?.text ?? "";
  return at === null ? null : { at, label, note: boundWords(label, at, largest, place) };
}

/** Where to measure L: anywhere on a quadratic, else at the minimum nearest to the run's end, else the start. */
function curvaturePlace({ program, start, nearestMinimum }: Race): BoundPlace {
  if (program.quadratic) return { of: "bowl", point: start };
  return nearestMinimum ? { of: "minimum", point: nearestMinimum } : { of: "start", point: start };
}
