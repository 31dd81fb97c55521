/** Landscapes and rules as Python printed them. */

import type { Code } from "./code";
import { result, results } from "./code";
import { own } from "./dom";
import type { Line } from "./formula";
import { once } from "./once";
import type { Bounds } from "./snap";

export interface LandscapeProgram {
  readonly name: string;
  readonly math: string;
  readonly variables: readonly string[];
  readonly bounds: Bounds;
  readonly start: readonly number[];
  readonly minima: readonly (readonly number[])[];
  /** The known minima; of a curve all, the shallow ones too. */
  readonly valleys: readonly (readonly number[])[];
  readonly quadratic: boolean;
  readonly value: Code;
  readonly gradient: Code;
  readonly hessian: Code;
  /** Where contour lines go, if not where they go by themselves. */
  readonly levels?: readonly number[];
}

export interface Hyperparameter {
  readonly symbol: string;
  readonly letter: string;
  readonly keyword: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly scale: "log" | "to one" | "linear";
}

export interface RuleProgram {
  readonly name: string;
  readonly moments: readonly (readonly [name: string, initial: number])[];
  readonly hyperparameters: readonly Hyperparameter[];
  readonly powers: readonly (readonly [name: string, base: string])[];
  readonly once: readonly Line[];
  readonly each_step: readonly Line[];
  readonly each_coordinate: readonly Line[];
  /** Where ηL must stay below, for rules that are linear: `code` over the hyperparameters, `text` as "2/L". */
  readonly bound: { readonly code: string; readonly text: string } | null;
  /** What the step is made of, for one coordinate, in θ, g, k, the moments before it and the hyperparameters. */
  readonly terms: readonly (Code & { readonly name: string })[];
}

export type Settings = Readonly<Record<string, number>>;

export interface Landscape {
  readonly program: LandscapeProgram;
  readonly n: number;
  readonly value: (...theta: number[]) => number;
  readonly gradient: (...theta: number[]) => number[];
  /** Row by row. */
  readonly hessian: (...theta: number[]) => number[];
}

/** Compile a landscape's formulas. The text comes from the widget's own state, printed by Python. */
export const compileLandscape = once((program: LandscapeProgram): Landscape => {
  const theta = coordinates("theta", program.variables.length);
  return {
    program,
    n: theta.length,
    value: result(theta, program.value),
    gradient: results(theta, program.gradient),
    hessian: results(theta, program.hessian),
  };
});

/** A rule's numbers in the order of its hyperparameters; those not set keep their own values. */
export function valuesOf(rule: RuleProgram, settings: Settings): number[] {
  return rule.hyperparameters.map((h) => own(settings, h.keyword) ?? h.value);
}

/** The names of a quantity's coordinates: `theta_0`, `theta_1`, … */
export function coordinates(name: string, n: number): string[] {
  return Array.from({ length: n }, (_, i) => `${name}_${i}`);
}
