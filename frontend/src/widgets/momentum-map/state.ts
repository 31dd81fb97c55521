/** What MomentumMap shows: one point of the map, or two where the cost has two curvatures. */

import { descend } from "../../core/descent";
import { once } from "../../core/once";
import type { Landscape, LandscapeProgram, RuleProgram } from "../../core/program";
import { compileLandscape } from "../../core/program";
import type { MethodStyle, Theme } from "../../core/theme";
import type { Trajectory } from "../../core/trajectory";
import type { View } from "../../core/view";
import type { MapPrograms, Spectrum, SpectrumProgram } from "./spectrum";
import { compileSpectrum } from "./spectrum";

export const TRAITS = ["method", "scaled_rate", "decay", "condition", "steps", "logarithmic"] as const;

/** One curvature of the cost, and its place on the map. */
export interface Mode {
  readonly name: string;
  /** ηλ. */
  readonly rate: number;
}

const NOTHING = { lines: [], results: [] };
const SMALLEST_RATE = 0.001;
const LARGEST_DECAY = 0.999;

export class MomentumState {
  constructor(readonly view: View) {}

  get programs(): MapPrograms {
    return this.view.get("_programs");
  }

  private get index(): number {
    const at = this.programs.rules.findIndex(({ name }) => name === this.view.get("method"));
    return Math.max(0, at);
  }

  get rule(): RuleProgram {
    return this.programs.rules[this.index] as RuleProgram;
  }

  get program(): SpectrumProgram {
    return this.programs.spectra[this.index] as SpectrumProgram;
  }

  get spectrum(): Spectrum {
    return compileSpectrum(this.program);
  }

  get rate(): number {
    return this.view.get("scaled_rate");
  }

  get decay(): number {
    return this.view.get("decay");
  }

  get condition(): number {
    return this.view.get("condition");
  }

  /** The steps that paths take: none yet while the figure waits. */
  get steps(): number {
    return this.view.waiting ? 0 : this.view.get("steps");
  }

  get modes(): readonly Mode[] {
    const largest = { name: "L", rate: this.rate };
    return this.condition > 1 ? [largest, { name: "μ", rate: this.rate / this.condition }] : [largest];
  }

  /** The radius that decides: of the mode that shrinks most slowly. */
  get slowest(): number {
    return Math.max(...this.modes.map(({ rate }) => this.spectrum.radius(rate, this.decay)));
  }

  /** The radius over the plane, as a landscape to draw. */
  get map(): Landscape {
    return compileLandscape(this.mapOf(this.program));
  }

  private readonly mapOf = once(
    (program: SpectrumProgram): LandscapeProgram => ({
      name: `radius of ${this.rule.name}`,
      math: "",
      variables: ["ηλ", "β"],
      bounds: this.programs.bounds,
      start: [],
      minima: [],
      valleys: [],
      quadratic: false,
      value: program.radius,
      gradient: NOTHING,
      hessian: NOTHING,
      levels: this.programs.levels,
    }),
  );

  /** The path along one eigenvector. It depends on η and λ through ηλ alone, so a curvature of 1 serves. */
  path(rate: number): Trajectory {
    const settings = { learning_rate: rate, decay: this.decay };
    return descend(this.programs.parabola, this.rule, settings, this.programs.parabola.start, this.steps);
  }

  moveTo([rate = 1, decay = 0]: readonly number[]): void {
    this.view.set({ scaled_rate: Math.max(SMALLEST_RATE, rate), decay: Math.min(LARGEST_DECAY, Math.max(0, decay)) });
  }

  /** Go where theory finds the fastest worst case. */
  tune(): void {
    this.moveTo(this.spectrum.tuned(this.condition));
  }

  /** L in the method's own look; μ in ink, so that the two differ by more than colour. */
  style(mode: Mode, theme: Theme): MethodStyle {
    return mode.name === "L"
      ? { ...theme.method(this.rule.name), dash: [] }
      : { colour: theme.ink, marker: "triangle", dash: [6, 4] };
  }
}
