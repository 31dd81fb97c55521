/** Descent on batches of rows, and how far their noise should keep it from the minimum. */

import type { Code } from "../../core/code";
import { result } from "../../core/code";
import { measure } from "../../core/descent";
import type { LandscapeProgram } from "../../core/program";
import { compileLandscape } from "../../core/program";
import type { Trajectory } from "../../core/trajectory";
import type { View } from "../../core/view";
import { lastUpTo } from "../../plots/chart";
import { shownAt } from "../../shared/clock";
import { batchEnds, order } from "./shuffling";
import type { Rate, Walk, WalkPrograms } from "./walk";
import { makeWalk } from "./walk";

export interface FitPrograms extends WalkPrograms {
  readonly cost: LandscapeProgram;
  /** x₀, x₁ of each row in turn. */
  readonly features: readonly number[];
  readonly targets: readonly number[];
  readonly schedules: readonly Plan[];
  readonly minimum: readonly [number, number];
  readonly noise: {
    readonly curvatures: readonly [number, number];
    readonly directions: readonly [readonly [number, number], readonly [number, number]];
    readonly spreads: readonly [number, number];
    readonly arguments: readonly string[];
    readonly variance: Readonly<Record<"drawn" | "shuffled" | "independent", Code>>;
  };
}

/** A schedule over the step's number, the first rate and the run's steps, in the order of `arguments`. */
export interface Plan extends Code {
  readonly name: string;
  readonly arguments: readonly string[];
}

export type FitName = "batch" | "mini-batch" | "stochastic";

/** A run; too far out, it is "unstarted" and has no point. */
export interface Fit extends Pick<Trajectory, "points" | "values" | "steps" | "ending"> {
  readonly name: FitName;
  /** Rows a step. */
  readonly size: number;
  /** Rows seen at each point. */
  readonly seen: Int32Array;
}

export const FIT_TRAITS = [
  "batch_size",
  "learning_rate",
  "epochs",
  "seed",
  "replacement",
  "start",
  "schedule",
] as const;

export class Fits {
  private key = "";
  private cached: readonly Fit[] = [];
  private walk: Walk | null = null;
  private walked: FitPrograms | null = null;
  drawn: Int32Array = new Int32Array();

  constructor(readonly view: View) {}

  get programs(): FitPrograms {
    return this.view.get("_programs");
  }

  get rows(): number {
    return this.programs.targets.length;
  }

  get total(): number {
    return this.rows * this.view.get<number>("epochs");
  }

  /** Rows seen at the moment shown. */
  get samples(): number {
    return shownAt(this.view, "samples", this.total);
  }

  get start(): readonly number[] {
    return this.view.get("start");
  }

  get batchSize(): number {
    return Math.min(this.view.get<number>("batch_size"), this.rows);
  }

  /** The lowest cost there is. */
  get floor(): number {
    return compileLandscape(this.programs.cost).value(...this.programs.minimum);
  }

  /** The three runs, of no step yet while the figure waits. */
  get runs(): readonly Fit[] {
    const key = JSON.stringify([this.view.waiting, ...FIT_TRAITS.map((name) => this.view.get(name))]);
    if (key === this.key && this.walked === this.programs) return this.cached;
    this.compile();
    const { rows } = this;
    const epochs = this.view.get<number>("epochs");
    this.drawn = order(rows, epochs, this.view.get("seed"), this.view.get("replacement"));
    const plain = Int32Array.from({ length: rows * epochs }, (_, i) => i % rows);
    this.cached = [
      this.run("batch", rows, plain),
      this.run("mini-batch", this.batchSize, this.drawn),
      this.run("stochastic", 1, this.drawn),
    ];
    this.key = key;
    return this.cached;
  }

  get schedule(): string {
    return this.view.get("schedule");
  }

  /** The rate at each step of a run, as its schedule says. */
  private rateOver(steps: number): Rate {
    const plan = this.programs.schedules.find(({ name }) => name === this.schedule);
    if (!plan) throw new Error(`no schedule is called ${this.schedule}`);
    const formula = result(plan.arguments, plan);
    const first = this.view.get<number>("learning_rate");
    return (k) => formula(k, first, steps);
  }

  /** The rate of the step that a run takes next at the moment shown, or has taken last. */
  rateNow(run: Pick<Fit, "size" | "seen">): number {
    const steps = batchEnds(this.rows, this.view.get("epochs"), run.size).length;
    return this.rateOver(steps)(Math.min(indexAt(run, this.samples) + 1, steps));
  }

  private compile(): void {
    if (this.walked === this.programs) return;
    this.walked = this.programs;
    this.walk = makeWalk(this.programs);
  }

  private run(name: FitName, size: number, rows: Int32Array): Fit {
    const { features, targets, cost } = this.programs;
    const ends = this.view.waiting ? [] : batchEnds(this.rows, this.view.get("epochs"), size);
    const path =
      this.walk?.(this.start, this.rateOver(ends.length), rows, ends, features, targets) ?? new Float64Array();
    const { points, values, steps, ending } = measure(compileLandscape(cost), path, ends.length);
    const seen = Int32Array.from(values, (_, k) => (k ? (ends[k - 1] ?? 0) : 0));
    return { name, size, points, values, steps, ending, seen };
  }

  /** Variances along the eigenvectors once a run at this rate has settled; null where it cannot. */
  variances(
    size: number,
    rate: number,
    sampling: "drawn" | "shuffled" | "independent" = this.view.get("replacement") ? "drawn" : "shuffled",
  ): readonly [number, number] | null {
    const { curvatures, spreads, arguments: names, variance } = this.programs.noise;
    if (!(rate > 0) || size === this.rows) return [0, 0];
    if (!(rate * curvatures[1] < 2)) return null;
    const formula = result(names, variance[sampling]);
    const along = (i: 0 | 1) => formula(rate, curvatures[i], spreads[i], size, this.rows, Math.ceil(this.rows / size));
    const found = [along(0), along(1)] as const;
    return found.every((v) => Number.isFinite(v) && v >= 0) ? found : null;
  }
}

/** The last point of a run that has seen at most so many rows. */
export function indexAt(run: Pick<Fit, "seen">, samples: number): number {
  return lastUpTo(run.seen, samples);
}

/** How much of the way from the start may be left when measuring begins. */
const SETTLED = 0.02;

/** Root mean square distance from the minimum over the second half of a run; null while it is still on its way. */
export function measuredRadius(run: Fit, minimum: readonly number[], slowest: number): number | null {
  const half = Math.ceil(run.steps / 2);
  if (run.ending === "diverged" || !(slowest ** half < SETTLED)) return null;
  const settled = run.points.subarray(2 * half);
  const sum = settled.reduce((total, x, i) => total + (x - (minimum[i % 2] ?? 0)) ** 2, 0);
  return Math.sqrt(sum / (run.steps - half + 1));
}
