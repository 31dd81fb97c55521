/** What DecisionBoundary shows: a small network that learns two classes in a plane, whole, and one step of it. */

import { once } from "../../core/once";
import type { Bounds } from "../../core/snap";
import type { MethodStyle, Theme } from "../../core/theme";
import type { View } from "../../core/view";
import { shownAt } from "../../shared/clock";
import type { NetworkProgram, PartShape, StartProgram, Table } from "../../shared/network";
import { answersOf, costOf, startOf } from "../../shared/network";
import type { StepProgram } from "../../shared/network-descent";
import { NetworkDescent } from "../../shared/network-descent";

export const RUN_TRAITS = ["learning_rate", "seed", "steps"] as const;
export const TRAITS = [...RUN_TRAITS, "step"] as const;
/** Cells along each side of the picture of what the network says. */
export const CELLS = 64;

interface Programs {
  readonly network: NetworkProgram & { readonly parts: readonly PartShape[] };
  readonly start: StartProgram;
  readonly step: StepProgram;
  readonly features: Table;
  readonly targets: Table;
  readonly bounds: Bounds;
}

export interface Run {
  readonly thetas: readonly Float64Array[];
  readonly losses: readonly number[];
  /** ‖∇J‖. */
  readonly slopes: readonly number[];
  /** How many rows are right. */
  readonly right: readonly number[];
  readonly diverged: boolean;
}

export class BoundaryState {
  private known: { readonly key: readonly unknown[]; readonly run: Run } | null = null;

  constructor(readonly view: View) {}

  get programs(): Programs {
    return this.view.get("_programs");
  }

  get rows(): number {
    return this.programs.targets.data.length;
  }

  get run(): Run {
    const key = [this.programs, this.view.waiting, ...RUN_TRAITS.map((name) => this.view.get(name))];
    if (!this.known || key.some((part, i) => part !== this.known?.key[i])) this.known = { key, run: this.descend() };
    return this.known.run;
  }

  get last(): number {
    return this.run.losses.length - 1;
  }

  get step(): number {
    return shownAt(this.view, "step", this.last);
  }

  get theta(): Float64Array {
    return this.run.thetas[this.step] as Float64Array;
  }

  /** How sure the network is of class 1 at each row, at a θ. */
  said(theta: Float64Array): Float64Array {
    return this.tools(this.programs).said.at(theta);
  }

  /** The same over the picture's cells, row by row from the top. */
  get ground(): Float64Array {
    return this.tools(this.programs).ground.at(this.theta);
  }

  private readonly tools = once(({ network, features, bounds }: Programs) => ({
    said: answersOf(network.scores, network.parts, features),
    ground: answersOf(network.scores, network.parts, { shape: [CELLS * CELLS, 2], data: cells(bounds) }),
  }));

  private descend(): Run {
    const { network, start, step, features, targets } = this.programs;
    const cost = costOf(network.cost, network.parts, features, targets);
    const descent = new NetworkDescent(cost, startOf(start, network.parts, this.view.get("seed")), step);
    const steps = this.view.waiting ? 0 : this.view.get<number>("steps");
    const rate = this.view.get<number>("learning_rate");
    const run = { thetas: [], losses: [], slopes: [], right: [], diverged: false } as {
      thetas: Float64Array[];
      losses: number[];
      slopes: number[];
      right: number[];
      diverged: boolean;
    };
    for (let k = 0; ; k++) {
      const theta = Float64Array.from(descent.theta);
      run.thetas.push(theta);
      run.losses.push(descent.loss);
      run.slopes.push(Math.hypot(...descent.slope));
      run.right.push(countRight(this.said(theta), targets.data));
      if (k === steps) break;
      run.diverged = !descent.take(rate);
      if (run.diverged) break;
    }
    return run;
  }

  /** The line along which each hidden unit of the first layer turns from − to +: (w₀, w₁, b). */
  get units(): readonly (readonly [number, number, number])[] {
    const [weights, bias] = this.programs.network.parts;
    const [, count = 0] = weights?.shape ?? [];
    if (bias?.shape.length !== 1) return [];
    const at = (i: number) => this.theta[i] ?? 0;
    return Array.from({ length: count }, (_, j) => [at(j), at(count + j), at(2 * count + j)] as const);
  }

  style(theme: Theme): MethodStyle {
    return theme.method("gradient descent");
  }
}

/** Whether a network that is so sure of class 1 is right. */
export function isRight(said: number, target: number): boolean {
  return said > 0.5 === target > 0.5;
}

export function countRight(said: ArrayLike<number>, targets: ArrayLike<number>): number {
  return Array.from(targets).filter((target, i) => isRight(said[i] ?? NaN, target)).length;
}

function cells([[x0, x1] = [0, 1], [y0, y1] = [0, 1]]: Bounds): Float64Array {
  const places = new Float64Array(2 * CELLS * CELLS);
  for (let i = 0; i < CELLS * CELLS; i++) {
    places[2 * i] = x0 + (((i % CELLS) + 0.5) / CELLS) * (x1 - x0);
    places[2 * i + 1] = y1 - ((Math.floor(i / CELLS) + 0.5) / CELLS) * (y1 - y0);
  }
  return places;
}
