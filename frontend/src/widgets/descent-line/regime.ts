/** What one step does to a small error near a minimum, and what that regime is called. */

import { symmetricEigenvalues } from "../../core/descent";
import { formatNumber } from "../../core/format";
import { compileLoop } from "../../core/loop";
import { valuesOf } from "../../core/program";
import type { Race } from "../../shared/race";

export interface Regime {
  /** By what a step multiplies the error. */
  readonly factor: number;
  /** The rate times the curvature at the minimum. */
  readonly product: number;
  readonly name: string;
  readonly words: string;
}

const NEARLY = 5e-3;

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
  return { factor, product: (settings.learning_rate ?? NaN) * curvature, ...named(factor) };
}

function named(factor: number): { name: string; words: string } {
  const times = formatNumber(factor);
  if (Math.abs(factor) < NEARLY) return { name: "lands at once", words: "one step takes the whole error away" };
  if (Math.abs(factor + 1) < NEARLY)
    return { name: "bounces for ever", words: "each step lands as far away on the other side" };
  if (factor > 0.97) return { name: "crawls", words: `each step keeps ${times} of the error` };
  if (factor > 0) return { name: "walks down one side", words: `each step keeps ${times} of the error` };
  if (factor > -1)
    return {
      name: "zigzags inward",
      words: `each step multiplies the error by ${times}: it lands on the other side, nearer`,
    };
  return { name: "explodes", words: `each step multiplies the error by ${times}: it lands on the other side, farther` };
}
