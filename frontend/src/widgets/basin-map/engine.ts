/** Which minimum every start reaches: the part that runs in a worker, coarse first, then finer. */

import type { Bounds } from "../../core/snap";

/** What Python's `basins` decides, as numbers: labels of runs without a minimum, and when one counts as reached. */
export interface BasinRules {
  readonly going: number;
  readonly diverged: number;
  /** A run has reached a point if it ends nearer to it than this share of the map's diagonal. */
  readonly reach: number;
  readonly newton_steps: number;
  /** Where Newton's method has arrived, the slope is below this. */
  readonly arrived: number;
  readonly most_points: number;
}

export interface BasinJob {
  readonly job: number;
  /** Bodies: of the loop over (start, steps, values); of cost, gradient and Hessian over theta_0, theta_1. */
  readonly loop: string;
  readonly value: string;
  readonly gradient: string;
  readonly hessian: string;
  readonly values: readonly number[];
  readonly steps: number;
  readonly bounds: Bounds;
  readonly columns: number;
  readonly rows: number;
  /** Minima known so far; those found on the way join at the end. */
  readonly minima: readonly (readonly number[])[];
  readonly rules: BasinRules;
}

/** "Go on with the next, finer pass of this job." */
export interface GoOn {
  readonly goOn: number;
}

export interface BasinPass {
  readonly job: number;
  /** Size of the blocks of equal colour; 1 is the finished picture. */
  readonly block: number;
  /** Per cell, from the top left: the number of the minimum that is reached, or a label below 0, as in Python. */
  readonly labels: Int16Array;
  /** Steps until a run stays within reach of its minimum. */
  readonly pace: Uint16Array;
  readonly minima: readonly (readonly number[])[];
  readonly rules: BasinRules;
}

/** A job's formulas as functions. */
export interface BasinFormulas {
  readonly run: (start: number[], steps: number, values: readonly number[]) => ArrayLike<number>;
  readonly value: (...theta: number[]) => number;
  readonly gradient: (...theta: number[]) => number[];
  readonly hessian: (...theta: number[]) => number[];
}

export interface Port {
  postMessage(pass: BasinPass): void;
  onmessage: ((event: { readonly data: BasinJob | GoOn }) => void) | null;
}

/** A job as far as it has come. */
interface Work extends BasinFormulas {
  readonly job: BasinJob;
  readonly minima: number[][];
  readonly labels: Int16Array;
  readonly pace: Uint16Array;
  /** How near is reached, as a distance. */
  readonly reach: number;
  block: number;
  /** The number of the block that is run next. */
  next: number;
}

/**
 * Serves jobs on a port; a new job ends the one before.
 *
 * The text of this class becomes the worker, so nothing outside it is used in it: what Python decides comes with the
 * job. `make` gives a job's functions where its text may not be compiled.
 */
export class BasinEngine {
  private work: Work | null = null;

  constructor(
    private readonly port: Port,
    private readonly make?: (job: BasinJob) => BasinFormulas,
  ) {
    port.onmessage = ({ data }) => this.receive(data);
  }

  /** Begin a job, or halve the blocks of the one at hand. */
  private receive(message: BasinJob | GoOn): void {
    if (!("goOn" in message)) this.work = this.begin(message);
    else if (this.work?.job.job !== message.goOn || this.work.block === 1) return;
    else Object.assign(this.work, { block: this.work.block >> 1, next: 0 });
    this.slice(this.work);
  }

  private begin(job: BasinJob): Work {
    const [[x0 = 0, x1 = 1] = [], [y0 = 0, y1 = 1] = []] = job.bounds;
    const cells = job.columns * job.rows;
    return {
      ...(this.make ?? this.compiled)(job),
      job,
      minima: job.minima.map((minimum) => [...minimum]),
      labels: new Int16Array(cells),
      pace: new Uint16Array(cells),
      reach: job.rules.reach * Math.hypot(x1 - x0, y1 - y0),
      block: 16,
      next: 0,
    };
  }

  private compiled(job: BasinJob): BasinFormulas {
    return {
      run: new Function("start", "steps", "values", job.loop) as BasinFormulas["run"],
      value: new Function("theta_0", "theta_1", job.value) as BasinFormulas["value"],
      gradient: new Function("theta_0", "theta_1", job.gradient) as BasinFormulas["gradient"],
      hessian: new Function("theta_0", "theta_1", job.hessian) as BasinFormulas["hessian"],
    };
  }

  /** Work for 12 milliseconds, look at the mailbox, go on; send the pass when all its blocks are run. */
  private slice(work: Work): void {
    if (work !== this.work) return;
    const { columns, rows } = work.job;
    const blocks = Math.ceil(columns / work.block) * Math.ceil(rows / work.block);
    const until = Date.now() + 12;
    for (; work.next < blocks && Date.now() < until; work.next++) this.runBlock(work, work.next);
    if (work.next < blocks) setTimeout(() => this.slice(work), 0);
    else this.send(work);
  }

  /** Send a copy, for the next pass writes over this one. */
  private send({ job, block, labels, pace, minima }: Work): void {
    this.port.postMessage({
      job: job.job,
      block,
      labels: labels.slice(),
      pace: pace.slice(),
      minima: minima.map((minimum) => [...minimum]),
      rules: job.rules,
    });
  }

  /** Run from the cell in the middle of a block, and colour the block by what becomes of it. */
  private runBlock(work: Work, number: number): void {
    const { columns, rows, steps, values } = work.job;
    const across = Math.ceil(columns / work.block);
    const middle = work.block >> 1;
    const column = Math.min(columns - 1, (number % across) * work.block + middle);
    const row = Math.min(rows - 1, Math.floor(number / across) * work.block + middle);
    const path = work.run(this.startAt(work.job, column, row), steps, values);
    const label = this.labelOf(work, path[2 * steps] ?? NaN, path[2 * steps + 1] ?? NaN);
    this.fill(work, column, row, label, label < 0 ? steps : this.paceOf(work, path, label));
  }

  /** The middle of a cell; the first row is at the top. */
  private startAt({ bounds, columns, rows }: BasinJob, column: number, row: number): number[] {
    const [[x0 = 0, x1 = 1] = [], [y0 = 0, y1 = 1] = []] = bounds;
    return [x0 + ((column + 0.5) / columns) * (x1 - x0), y1 - ((row + 0.5) / rows) * (y1 - y0)];
  }

  private fill({ job, block, labels, pace }: Work, column: number, row: number, label: number, steps: number): void {
    const [left, top] = [column - (column % block), row - (row % block)];
    for (let y = top; y < Math.min(job.rows, top + block); y++) {
      const [from, to] = [y * job.columns + left, y * job.columns + Math.min(job.columns, left + block)];
      labels.fill(label, from, to);
      pace.fill(steps, from, to);
    }
  }

  /** What becomes of a run that ends here: a known minimum within reach, else one that Newton's method finds. */
  private labelOf(work: Work, x: number, y: number): number {
    const { rules } = work.job;
    if (!this.isSound(work, x, y)) return rules.diverged;
    const known = work.minima.findIndex(([a = NaN, b = NaN]) => Math.hypot(x - a, y - b) < work.reach);
    if (known >= 0) return known;
    const found = work.minima.length < rules.most_points ? this.minimumNear(work, x, y) : null;
    return found ? work.minima.push(found) - 1 : rules.going;
  }

  /** `isSound` of `core/descent`, which a worker made of this class's text cannot call. */
  private isSound({ value, gradient }: Work, x: number, y: number): boolean {
    return [x, y, value(x, y), ...gradient(x, y)].every(Number.isFinite);
  }

  /** Newton's method from where a run ended: a minimum within reach, or null. */
  private minimumNear(work: Work, x: number, y: number): number[] | null {
    const { newton_steps, arrived } = work.job.rules;
    let [a, b] = [x, y];
    for (let i = 0; i < newton_steps; i++) [a, b] = this.newtonStep(work, a, b);
    const [p = NaN, q = NaN, r = NaN, s = NaN] = work.hessian(a, b);
    const isBowl = p + s > 0 && p * s - q * r > 0;
    const isThere = Math.hypot(...work.gradient(a, b)) < arrived && Math.hypot(a - x, b - y) < work.reach;
    return isBowl && isThere ? [a, b] : null;
  }

  /** Where the local parabola has its bottom, by Cramer's rule. */
  private newtonStep({ gradient, hessian }: Work, a: number, b: number): [number, number] {
    const [g = NaN, h = NaN] = gradient(a, b);
    const [p = NaN, q = NaN, r = NaN, s = NaN] = hessian(a, b);
    const determinant = p * s - q * r;
    return [a - (s * g - q * h) / determinant, b - (p * h - r * g) / determinant];
  }

  /** The first step after which a run stays within reach, found from its end. */
  private paceOf({ minima, reach, job }: Work, path: ArrayLike<number>, label: number): number {
    const [a = NaN, b = NaN] = minima[label] ?? [];
    let k = job.steps;
    while (k > 0 && Math.hypot((path[2 * k - 2] ?? NaN) - a, (path[2 * k - 1] ?? NaN) - b) < reach) k--;
    return k;
  }
}
