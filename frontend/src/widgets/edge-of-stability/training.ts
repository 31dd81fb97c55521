/** Full-batch gradient descent that goes on as long as it is asked to, and what is kept of it. */

import type { Cost } from "../../shared/network";
import type { StepProgram } from "../../shared/network-descent";
import { NetworkDescent } from "../../shared/network-descent";
import { Sharpness } from "./sharpness";

/** How often the sharpness is measured, and how many steps share two places of the kept losses. */
const MEASURES = 800;

const NOWHERE = { step: NaN, loss: NaN };

export interface Kept {
  readonly xs: number[];
  readonly ys: number[];
}

const nothing = (): Kept => ({ xs: [], ys: [] });

function keep(kept: Kept, x: number, y: number): void {
  kept.xs.push(x);
  kept.ys.push(y);
}

export class Training {
  step = 0;
  /** Steps after which the loss was higher than before. */
  rises = 0;
  diverged = false;
  /** The lowest and the highest loss of some steps together, in the order in which they came. */
  readonly losses = nothing();
  readonly sharpnesses = nothing();
  /** The rates: two places for each that was in force, where it began and where it ended. */
  readonly rates = nothing();
  private readonly descent: NetworkDescent;
  private readonly sharpnessAt: Sharpness;
  private readonly every: number;
  private low = NOWHERE;
  private high = NOWHERE;

  constructor(
    cost: Cost,
    start: Float64Array,
    readonly last: number,
    step: StepProgram,
  ) {
    this.descent = new NetworkDescent(cost, start, step);
    this.sharpnessAt = new Sharpness(cost, start.length);
    this.every = Math.max(1, Math.round(last / MEASURES));
    keep(this.losses, 0, this.loss);
    this.measure();
  }

  get theta(): Float64Array {
    return this.descent.theta;
  }

  get loss(): number {
    return this.descent.loss;
  }

  get done(): boolean {
    return this.diverged || this.step >= this.last;
  }

  /** The sharpness when it was last measured. */
  get sharpness(): number {
    return this.sharpnesses.ys.at(-1) ?? NaN;
  }

  /** Take steps at a rate, until so many are taken, the run ends, or `late` says that the time is up. */
  advance(steps: number, rate: number, late: () => boolean = () => false): number {
    this.noteRate(rate);
    let taken = 0;
    while (taken < steps && !this.done) {
      this.take(rate);
      taken += 1;
      if (late()) break;
    }
    this.noteRate(rate);
    return taken;
  }

  private take(rate: number): void {
    const before = this.loss;
    if (!this.descent.take(rate)) {
      this.diverged = true;
      return;
    }
    const { loss } = this;
    this.step += 1;
    if (loss > before) this.rises += 1;
    const now = { step: this.step, loss };
    if (!(loss > this.low.loss)) this.low = now;
    if (!(loss < this.high.loss)) this.high = now;
    if (this.step % this.every === 0) this.measure();
  }

  /** Measure the sharpness where the run stands, unless that is known. */
  look(): void {
    if (this.sharpnesses.xs.at(-1) !== this.step) keep(this.sharpnesses, this.step, this.sharpnessAt.of(this.theta));
  }

  private measure(): void {
    const { step } = this;
    this.look();
    if (!step) return;
    for (const { step: at, loss } of [this.low, this.high].sort((a, b) => a.step - b.step)) keep(this.losses, at, loss);
    this.low = this.high = NOWHERE;
  }

  private noteRate(rate: number): void {
    const { xs, ys } = this.rates;
    const same = ys.at(-1) === rate && ys.length > 1 && ys.at(-2) === rate;
    if (same) xs[xs.length - 1] = this.step;
    else {
      keep(this.rates, this.step, rate);
      keep(this.rates, this.step, rate);
    }
  }
}
