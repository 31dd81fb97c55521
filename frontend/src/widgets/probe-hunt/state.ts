/** The state of a hunt as its views read it. */

import { descend } from "../../core/descent";
import type { LandscapeProgram, RuleProgram } from "../../core/program";
import { kept, nudged } from "../../core/snap";
import type { Trajectory } from "../../core/trajectory";
import { Curves } from "../../shared/curves";

export interface Found {
  readonly place: number;
  readonly height: number;
  readonly slope: number;
}

interface Programs {
  readonly curves: readonly LandscapeProgram[];
  readonly extent: readonly (readonly [low: number, high: number])[];
  readonly rule: RuleProgram;
}

export const HUNT_TRAITS = ["curve", "probes", "probe", "lifted", "walked", "allowed"] as const;

export class Hunt extends Curves<Programs> {
  private known: { readonly key: string; readonly run: Trajectory } | null = null;

  get extent(): readonly [number, number] {
    return this.programs.extent[this.number] ?? [0, 1];
  }

  get allowed(): number {
    return this.view.get("allowed");
  }

  get left(): number {
    return this.allowed - this.found.length;
  }

  get probe(): number {
    return this.view.get("probe");
  }

  get lifted(): boolean {
    return this.view.get("lifted");
  }

  /** The optimizer's step shown; null as long as nobody has asked for it. */
  get walked(): number | null {
    const step = this.view.get<number | null>("walked");
    return step === null ? null : Math.min(step, this.run.steps);
  }

  get found(): readonly Found[] {
    return this.view.get<readonly number[]>("probes").map((place) => this.at(place));
  }

  at(place: number): Found {
    const { value, gradient } = this.landscape;
    return { place, height: value(place), slope: gradient(place)[0] ?? NaN };
  }

  /** The optimizer's hand: as many gradients as there are probes. */
  get run(): Trajectory {
    const key = `${this.number} ${this.allowed}`;
    if (this.known?.key !== key) {
      const { rule } = this.programs;
      this.known = { key, run: descend(this.program, rule, {}, this.program.start, this.allowed - 1) };
    }
    return this.known.run;
  }

  /** The optimizer's probes as far as they are shown. */
  get walk(): readonly Found[] {
    if (this.walked === null) return [];
    return Array.from(this.run.points.subarray(0, this.walked + 1), (place) => this.at(place));
  }

  /** How far the lowest of some probes is above the bottom, in percent of the curve's height. */
  miss(found: readonly Found[]): number {
    const [low, high] = this.extent;
    const lowest = Math.min(...found.map(({ height }) => height));
    return (100 * Math.max(0, lowest - low)) / (high - low);
  }

  /** Aim the next probe. */
  aim(place: number): void {
    const [probe] = kept([place], this.program.bounds);
    this.view.set({ probe });
  }

  /** Move the aim by so many presses of a key. */
  nudge(presses: number): void {
    const [probe] = nudged([this.probe], this.program.bounds, [presses]);
    this.view.set({ probe });
  }

  /** Probe where the aim is; the last probe lifts the fog. */
  fire(): void {
    if (this.lifted || this.left <= 0) return;
    const probes = [...this.view.get<readonly number[]>("probes"), this.probe];
    this.view.set({ probes, lifted: probes.length >= this.allowed });
  }

  lift(): void {
    this.view.set({ lifted: true });
  }

  next(): void {
    const curve = (this.number + 1) % this.programs.curves.length;
    const [low, high] = this.programs.curves[curve]?.bounds[0] ?? [0, 1];
    this.view.set({ curve, probes: [], probe: (low + high) / 2, lifted: false, walked: null });
  }
}
