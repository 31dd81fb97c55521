/** What NewtonLine shows: a curve, a walk on it, and the parabola at one of its steps. */

import type { LandscapeProgram } from "../../core/program";
import type { MethodStyle, Theme } from "../../core/theme";
import type { Trajectory } from "../../core/trajectory";
import type { Graph } from "../../plots/curve";
import { graphOf, heightsShown } from "../../plots/curve";
import { shownAt } from "../../shared/clock";
import { Curves } from "../../shared/curves";
import type { Fit, ModelProgram } from "./walk";
import { fitAt, walk } from "./walk";

export const TRAITS = ["curve", "start", "steps", "step", "damped"] as const;

interface Programs {
  readonly curves: readonly LandscapeProgram[];
  /** Of each curve, where its slope is 0, and of what kind each place is. */
  readonly flat: readonly (readonly (readonly [place: number, kind: string])[])[];
  readonly model: ModelProgram;
}

export class NewtonState extends Curves<Programs> {
  private known: { readonly key: string; readonly run: Trajectory } | null = null;

  get letter(): string {
    return this.program.variables[0] ?? "θ";
  }

  get graph(): Graph {
    return graphOf(this.landscape.value, this.interval);
  }

  get heights(): [number, number] {
    return heightsShown(this.graph, this.programs.model.room);
  }

  get start(): number {
    return this.view.get("start");
  }

  get damped(): boolean {
    return this.view.get("damped");
  }

  get flat(): readonly (readonly [place: number, kind: string])[] {
    return this.programs.flat[this.number] ?? [];
  }

  get run(): Trajectory {
    const { start, damped } = this;
    const steps = this.view.get<number>("steps");
    const key = `${this.number} ${start} ${steps} ${damped}`;
    if (this.known?.key !== key)
      this.known = { key, run: walk(this.landscape, this.programs.model, damped, start, steps) };
    return this.known.run;
  }

  get step(): number {
    return shownAt(this.view, "step", this.run.steps);
  }

  /** Where the walk is at the step shown. */
  get here(): number {
    return this.run.points[this.step] ?? this.start;
  }

  get fit(): Fit {
    return this.fitAt(this.here);
  }

  fitAt(place: number): Fit {
    return fitAt(this.landscape, this.programs.model, this.damped, place);
  }

  /** Where the step shown leads; null where there is none. */
  get next(): number | null {
    const { step } = this.fit;
    return step === null || !Number.isFinite(step) ? null : this.here + step;
  }

  /** The flat place nearest to the walk's end; null if none is known. */
  get target(): number | null {
    const end = this.run.points[this.run.steps] ?? this.start;
    const byDistance = this.flat.map(([place]) => place).sort((a, b) => Math.abs(a - end) - Math.abs(b - end));
    return byDistance[0] ?? null;
  }

  style(theme: Theme): MethodStyle {
    return theme.method("Newton");
  }

  choose(name: string): void {
    const curve = this.programs.curves.findIndex((program) => program.name === name);
    this.view.set({ curve, start: this.programs.curves[curve]?.start[0] ?? 0, step: 0 });
  }

  moveTo(start: number): void {
    this.view.set({ start, step: 0 });
  }
}
