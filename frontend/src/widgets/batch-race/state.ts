/** Descent on batches of rows, and how far their noise should keep it from the minimum. */

import type { Code } from "../../core/code";
import { consts, mayCompile, result } from "../../core/code";
import { Formulas } from "../../core/formula";
import type { LandscapeProgram } from "../../core/program";
import { compileLandscape } from "../../core/program";
import type { View } from "../../core/view";
import { lastUpTo } from "../../plots/chart";
import { batchEnds, order } from "./order";

export interface FitPrograms {
  readonly cost: LandscapeProgram;
  /** x₀, x₁ of each row in turn. */
  readonly features: readonly number[];
  readonly targets: readonly number[];
  /** One row's gradient over theta_0, theta_1, x_0, x_1, y; a step over theta_i, g_i and the rate. */
  readonly gradient: Code;
  readonly step: Code;
  readonly rate: string;
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

export interface Fit {
  readonly name: FitName;
  /** Rows a step. */
  readonly size: number;
  /** Two numbers a point, every one finite. */
  readonly points: Float64Array;
  readonly values: Float64Array;
  /** Rows seen at each point. */
  readonly seen: Int32Array;
  /** Steps taken; none, and no point either, where the start itself is too far out. */
  readonly steps: number;
  readonly diverged: boolean;
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

type Rate = (k: number) => number;
type Walk = (
  start: readonly number[],
  rateAt: Rate,
  order: ArrayLike<number>,
  ends: ArrayLike<number>,
  features: readonly number[],
  targets: readonly number[],
) => Float64Array;
type WalkPrograms = Pick<FitPrograms, "gradient" | "step" | "rate">;

/** Write the loop over batches around the printed gradient of one row and the printed step. */
export function walkSource({ gradient, step, rate }: WalkPrograms): string {
  return [
    "let theta_0 = start[0], theta_1 = start[1], from = 0;",
    "const path = new Float64Array(2 * ends.length + 2);",
    "path[0] = theta_0; path[1] = theta_1;",
    "for (let k = 0; k < ends.length; k++) {",
    `const ${rate} = rateAt(k + 1);`,
    "let sum_0 = 0.0, sum_1 = 0.0;",
    "for (let i = from; i < ends[k]; i++) {",
    "const x_0 = features[2 * order[i]], x_1 = features[2 * order[i] + 1], y = targets[order[i]];",
    consts(gradient.lines),
    ...gradient.results.map((text, i) => `sum_${i} += ${text};`),
    "}",
    "const g_0 = sum_0 / (ends[k] - from), g_1 = sum_1 / (ends[k] - from);",
    consts(step.lines),
    ...step.results.map((text, i) => `const next_${i} = ${text};`),
    "theta_0 = next_0; theta_1 = next_1; from = ends[k];",
    "path[2 * k + 2] = theta_0; path[2 * k + 3] = theta_1;",
    "}",
    "return path;",
  ].join("\n");
}

export function compileWalk(programs: WalkPrograms): Walk {
  return new Function("start", "rateAt", "order", "ends", "features", "targets", walkSource(programs)) as Walk;
}

/** The same loop without compiling, bit for bit. */
export function composeWalk({ gradient, step, rate }: WalkPrograms): Walk {
  const formulas = new Formulas();
  const [t0, t1, eta, g0, g1, x0, x1, y] = ["theta_0", "theta_1", rate, "g_0", "g_1", "x_0", "x_1", "y"].map((name) =>
    formulas.slot(name),
  ) as [number, number, number, number, number, number, number, number];
  const rowLines = formulas.lines(gradient.lines);
  const row = gradient.results.map((text) => formulas.value(text));
  const stepLines = formulas.lines(step.lines);
  const next = step.results.map((text) => formulas.value(text));
  return (start, rateAt, order, ends, features, targets) => {
    const v = formulas.frame();
    const path = new Float64Array(2 * ends.length + 2);
    const keep = (k: number, a: number, b: number) => {
      v[t0] = path[2 * k] = a;
      v[t1] = path[2 * k + 1] = b;
    };
    keep(0, start[0] ?? NaN, start[1] ?? NaN);
    let from = 0;
    for (let k = 0; k < ends.length; k++) {
      const end = ends[k] ?? from;
      v[eta] = rateAt(k + 1);
      const sums = [0, 0];
      for (let i = from; i < end; i++) {
        const at = order[i] ?? 0;
        v[x0] = features[2 * at] ?? NaN;
        v[x1] = features[2 * at + 1] ?? NaN;
        v[y] = targets[at] ?? NaN;
        rowLines(v);
        row.forEach((value, j) => {
          sums[j] = (sums[j] ?? NaN) + value(v);
        });
      }
      v[g0] = (sums[0] ?? NaN) / (end - from);
      v[g1] = (sums[1] ?? NaN) / (end - from);
      stepLines(v);
      const [a = NaN, b = NaN] = next.map((value) => value(v));
      keep(k + 1, a, b);
      from = end;
    }
    return path;
  };
}

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
    return Math.min(this.view.get<number | null>("samples") ?? this.total, this.total);
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

  get runs(): readonly Fit[] {
    const key = JSON.stringify(FIT_TRAITS.map((name) => this.view.get(name)));
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
    const make = mayCompile() ? compileWalk : composeWalk;
    this.walk = make(this.programs);
  }

  private run(name: FitName, size: number, rows: Int32Array): Fit {
    const { features, targets, cost } = this.programs;
    const ends = batchEnds(this.rows, this.view.get("epochs"), size);
    const path =
      this.walk?.(this.start, this.rateOver(ends.length), rows, ends, features, targets) ?? new Float64Array();
    const { value, gradient } = compileLandscape(cost);
    const values = new Float64Array(ends.length + 1);
    let good = 0;
    for (; good <= ends.length; good++) {
      const [a = NaN, b = NaN] = path.subarray(2 * good, 2 * good + 2);
      values[good] = value(a, b);
      // As in Python: diverged where θ, the whole cost or its gradient is not finite.
      if (![a, b, value(a, b), ...gradient(a, b)].every(Number.isFinite)) break;
    }
    const seen = Int32Array.from({ length: good }, (_, k) => (k ? (ends[k - 1] ?? 0) : 0));
    return {
      name,
      size,
      points: path.subarray(0, 2 * good),
      values: values.subarray(0, good),
      seen,
      steps: Math.max(0, good - 1),
      diverged: good <= ends.length,
    };
  }

  /** Variances along the eigenvectors once a run at this rate has settled; null where it cannot. */
  variances(
    size: number,
    rate: number,
    sampling: "drawn" | "shuffled" | "independent" = this.view.get("replacement") ? "drawn" : "shuffled",
  ): readonly [number, number] | null {
    const { curvatures, spreads, arguments: names, variance } = this.programs.noise;
    if (!(rate > 0)) return [0, 0];
    if (size === this.rows) return [0, 0];
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

/** Root mean square distance from the minimum over the second half of a run; null while it is still on its way. */
export function measuredRadius(run: Fit, minimum: readonly number[], slowest: number): number | null {
  const half = Math.ceil(run.steps / 2);
  if (run.diverged || !(slowest ** half < SETTLED)) return null;
  let sum = 0;
  for (let k = half; k <= run.steps; k++) {
    sum +=
      ((run.points[2 * k] ?? NaN) - (minimum[0] ?? 0)) ** 2 + ((run.points[2 * k + 1] ?? NaN) - (minimum[1] ?? 0)) ** 2;
  }
  return Math.sqrt(sum / (run.steps - half + 1));
}

/** How much of the way from the start may be left when measuring begins. */
const SETTLED = 0.02;
