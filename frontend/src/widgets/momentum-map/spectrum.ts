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
  /** The smallest radius that any rate has at this decay: where two eigenvalues meet. */
  readonly least: (decay: number) => number;
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
  const radius = result(plane, program.radius);
  const meeting = program.meeting.map((code) => result(["beta"], code));
  return {
    radius,
    eigenvalues: results(plane, program.eigenvalues) as unknown as Spectrum["eigenvalues"],
    bound: result(["beta"], program.bound),
    meeting,
    least: (decay) => Math.min(...meeting.map((root) => radius(root(decay), decay))),
    tuned: results(["kappa"], program.tuned) as unknown as Spectrum["tuned"],
  };
});

/** Steps in which the error falls tenfold; null where it does not. */
export function stepsPerDigit(radius: number): number | null {
  return radius < 1 ? Math.LN10 / -Math.log(radius) : null;
}
