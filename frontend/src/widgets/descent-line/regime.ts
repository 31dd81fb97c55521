/** What one step does to a small error near a minimum, found by taking one. */

import { symmetricEigenvalues } from "../../core/curvature";
import { compileLoop } from "../../core/loop";
import { valuesOf } from "../../core/program";
import type { Race } from "../../shared/race";
import { regimeWords } from "../../shared/words";

export interface Regime {
  /** By what a step multiplies the error. */
  readonly factor: number;
  /** The rate times the curvature at the minimum. */
  readonly product: number;
  readonly name: string;
  readonly words: string;
}

/** The regime of the method in focus; null for a rule with a memory, whose error has no single factor. */
export function regimeOf(race: Race): Regime | null {
  const { rule, settings } = race.focus;
  const minimum = race.nearestMinimum;
  if (!rule.bound || rule.moments.length || !minimum) return null;
  const [curvature = NaN] = symmetricEigenvalues(race.landscape.hessian(...minimum));
  const [low, high] = race.program.bounds[0] ?? [0, 1];
  const error = 1e-5 * (high - low);
  const [at = NaN] = minimum;
  const path = compileLoop(race.program, rule)([at + error], 1, valuesOf(rule, settings));
  const factor = ((path[1] ?? NaN) - at) / error;
  return {
    factor,
    product: (settings.learning_rate ?? NaN) * curvature,
    ...regimeWords(factor, race.program.quadratic ? null : minimum),
  };
}
