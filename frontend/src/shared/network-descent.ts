/** Gradient descent on a network, over all rows, a step at a time. */

import type { Code } from "../core/code";
import { result } from "../core/code";
import type { Cost } from "./network";

/** The step that Python printed, over theta_i, g_i and eta. */
export type StepProgram = Code;

export class NetworkDescent {
  readonly theta: Float64Array;
  readonly slope: Float64Array;
  loss: number;
  private readonly next: Float64Array;
  private readonly ahead: Float64Array;
  private readonly move: (theta: number, g: number, eta: number) => number;

  constructor(
    private readonly cost: Cost,
    start: Float64Array,
    step: StepProgram,
  ) {
    this.theta = Float64Array.from(start);
    this.slope = new Float64Array(start.length);
    this.next = new Float64Array(start.length);
    this.ahead = new Float64Array(start.length);
    this.move = result(["theta_i", "g_i", "eta"], step);
    this.loss = cost(this.theta, this.slope);
  }

  /** Take a step, unless it leads where the run would have diverged: then stay, and say so. */
  take(rate: number): boolean {
    const { theta, slope, next, ahead } = this;
    for (let i = 0; i < theta.length; i++) next[i] = this.move(theta[i] as number, slope[i] as number, rate);
    const loss = this.cost(next, ahead);
    if (!(Number.isFinite(loss) && next.every(Number.isFinite) && ahead.every(Number.isFinite))) return false;
    theta.set(next);
    slope.set(ahead);
    this.loss = loss;
    return true;
  }
}
