/** The eigenvalues of a linear rule over (ηλ, β), from the formulas that Python printed. */

import type { Code } from "../../core/code";
import { result, results } from "../../core/code";
import { once } from "../../core/once";
import type { LandscapeProgram, RuleProgram } from "../../core/program";
import type { Bounds } from "../../core/snap";

export interface SpectrumProgram {
  /** MathML of the equation that the eigenvalues solve. */
  readonly equation: string;
  /** Over theta_0 = ηλ and theta_1 = β. */
  readonly radius: Code;
  /** Two real parts and the size of the imaginary parts. */
  readonly eigenvalues: Code;
  /** Over beta: where the steps begin to grow; where the eigenvalues meet. */
  readonly bound: Code;
  readonly bound_text: string;
  readonly meeting: readonly Code[];
  /** Over kappa: the best ηL and β. */
  readonly tuned: Code;
}

export interface Spectrum {
  readonly radius: (rate: number, decay: number) => number;
  readonly eigenvalues: (rate: number, decay: number) => readonly [number, number, number];
  readonly bound: (decay: number) => number;
  readonly meeting: readonly ((decay: number) => number)[];
  readonly tuned: (condition: number) => readonly [number, number];
}

export interface MapPrograms {
  readonly rules: readonly RuleProgram[];
  readonly spectra: readonly SpectrumProgram[];
  readonly parabola: LandscapeProgram;
  readonly bounds: Bounds;
  readonly levels: readonly number[];
}

export const compileSpectrum = once((program: SpectrumProgram): Spectrum => {
  const plane = ["theta_0", "theta_1"];
  return {
    radius: result(plane, program.radius),
    eigenvalues: results(plane, program.eigenvalues) as unknown as Spectrum["eigenvalues"],
    bound: result(["beta"], program.bound),
    meeting: program.meeting.map((code) => result(["beta"], code)),
    tuned: results(["kappa"], program.tuned) as unknown as Spectrum["tuned"],
  };
});

/** An imaginary part below this is rounding: the root of machine epsilon, where two eigenvalues meet. */
const ROUNDING = 1e-7;

/** Whether a pair of eigenvalues is complex. */
export function turns([, , up]: readonly [number, number, number]): boolean {
  return up > ROUNDING;
}

/** What a pair of eigenvalues makes of a path, in words. */
export function regime(pair: readonly [number, number, number]): string {
  const [a, b, up] = pair;
  const size = Math.max(Math.hypot(a, up), Math.hypot(b, up));
  if (size > 1 + 1e-9) return turns(pair) ? "the swings grow" : "every step lands farther out";
  if (size > 1 - 1e-9) return "it neither shrinks nor grows";
  if (turns(pair)) return "a complex pair: it swings to and fro as it shrinks";
  if (Math.abs(a - b) < 1e-3)
    return `the two have met: as fast as this β allows, ${a < 0 ? "hopping from side to side" : "without a swing"}`;
  if (Math.abs(b) > Math.abs(a)) return "the larger is negative: it hops from side to side";
  return "two real ones: it creeps in without a swing";
}

/** Steps in which the error falls tenfold; null where it does not. */
export function stepsPerDigit(radius: number): number | null {
  return radius < 1 ? Math.LN10 / -Math.log(radius) : null;
}
