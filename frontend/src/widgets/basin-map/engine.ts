/** Which minimum every start reaches: the part that runs in a worker, coarse first, then finer. */

export interface BasinJob {
  readonly job: number;
  /** Body of the loop over (start, steps, values), and of gradient and Hessian over theta_0, theta_1. */
  readonly loop: string;
  readonly gradient: string;
  readonly hessian: string;
  readonly values: readonly number[];
  readonly steps: number;
  readonly bounds: readonly (readonly [number, number])[];
  readonly columns: number;
  readonly rows: number;
  /** Minima known so far; those found on the way join at the end. */
  readonly minima: readonly (readonly number[])[];
}

/** "Go on with the next, finer pass of this job." */
export interface GoOn {
  readonly goOn: number;
}

export interface BasinPass {
  readonly job: number;
  /** Size of the blocks of equal colour; 1 is the finished picture. */
  readonly block: number;
  /** Per cell, from the top left: 1 still going, 2 diverged, 3 + i reaches minimum i. */
  readonly owner: Uint8Array;
  /** Steps until a run stays within reach of its minimum. */
  readonly pace: Uint16Array;
  readonly minima: readonly (readonly number[])[];
}

/** A job's formulas as functions. */
export interface BasinFormulas {
  readonly run: (start: number[], steps: number, values: readonly number[]) => ArrayLike<number>;
  readonly gradient: (...theta: number[]) => number[];
  readonly hessian: (...theta: number[]) => number[];
}

export interface Port {
  postMessage(pass: BasinPass): void;
  onmessage: ((event: { readonly data: BasinJob | GoOn }) => void) | null;
}

export const GOING = 1;
export const DIVERGED = 2;
export const FIRST = 3;

/**
 * Serve jobs on a port. A new job ends the one before. Nothing outside this function is used in it:
 * its text becomes the worker. `make` gives a job's functions where its text may not be compiled.
 */
export function basinEngine(port: Port, make?: (job: BasinJob) => BasinFormulas): void {
  const SLICE = 12; // milliseconds between looks at the mailbox
  const REACH = 0.01; // of the map's diagonal, as in gdlib/widgets/basin_map.py
  const MOST_MINIMA = 200;
  const NEWTON_STEPS = 8;
  const FAR = 1e100;
  type Work = ReturnType<typeof begin>;
  let work: Work | null = null;

  function compiled(job: BasinJob): BasinFormulas {
    return {
      run: new Function("start", "steps", "values", job.loop) as BasinFormulas["run"],
      gradient: new Function("theta_0", "theta_1", job.gradient) as BasinFormulas["gradient"],
      hessian: new Function("theta_0", "theta_1", job.hessian) as BasinFormulas["hessian"],
    };
  }

  function begin(job: BasinJob) {
    const [[x0 = 0, x1 = 1] = [], [y0 = 0, y1 = 1] = []] = job.bounds;
    const cells = job.columns * job.rows;
    return {
      job,
      x0,
      y1,
      wide: x1 - x0,
      high: y1 - y0,
      reach: REACH * Math.hypot(x1 - x0, y1 - y0),
      ...(make ?? compiled)(job),
      minima: job.minima.map((m) => [...m]),
      owner: new Uint8Array(cells),
      pace: new Uint16Array(cells),
      block: 16,
      next: 0,
    };
  }

  /** Newton's method from where a run ended: a minimum nearby, or null. */
  function minimumNear(w: Work, x: number, y: number): number[] | null {
    let [a, b] = [x, y];
    for (let i = 0; i < NEWTON_STEPS; i++) {
      const [g = NaN, h = NaN] = w.gradient(a, b);
      const [p = NaN, q = NaN, r = NaN, s = NaN] = w.hessian(a, b);
      const det = p * s - q * r;
      [a, b] = [a - (s * g - q * h) / det, b - (p * h - r * g) / det];
    }
    const [g = NaN, h = NaN] = w.gradient(a, b);
    const [p = NaN, q = NaN, r = NaN, s = NaN] = w.hessian(a, b);
    const bowl = p + s > 0 && p * s - q * r > 0;
    return bowl && Math.hypot(g, h) < 1e-6 && Math.hypot(a - x, b - y) < w.reach ? [a, b] : null;
  }

  function ownerOf(w: Work, x: number, y: number): number {
    if (!(Math.abs(x) < FAR && Math.abs(y) < FAR)) return 2;
    for (let i = 0; i < w.minima.length; i++) {
      const [a = NaN, b = NaN] = w.minima[i] ?? [];
      if (Math.hypot(x - a, y - b) < w.reach) return 3 + i;
    }
    const found = w.minima.length < MOST_MINIMA ? minimumNear(w, x, y) : null;
    return found ? 2 + w.minima.push(found) : 1;
  }

  /** The first step after which the run stays within reach. */
  function paceOf(w: Work, path: ArrayLike<number>, owner: number): number {
    const [a = NaN, b = NaN] = w.minima[owner - 3] ?? [];
    let k = w.job.steps;
    while (k > 0 && Math.hypot((path[2 * k - 2] ?? NaN) - a, (path[2 * k - 1] ?? NaN) - b) < w.reach) k--;
    return k;
  }

  function cell(w: Work, column: number, row: number): void {
    const { columns, rows, steps, values } = w.job;
    const start = [w.x0 + ((column + 0.5) / columns) * w.wide, w.y1 - ((row + 0.5) / rows) * w.high];
    const path = w.run(start, steps, values);
    const owner = ownerOf(w, path[2 * steps] ?? NaN, path[2 * steps + 1] ?? NaN);
    fill(w, column, row, owner, owner > 2 ? paceOf(w, path, owner) : steps);
  }

  /** Colour the block whose middle was run. */
  function fill(w: Work, column: number, row: number, owner: number, pace: number): void {
    const { columns, rows } = w.job;
    const [left, top] = [column - (column % w.block), row - (row % w.block)];
    for (let y = top; y < Math.min(rows, top + w.block); y++) {
      const at = y * columns;
      w.owner.fill(owner, at + left, at + Math.min(columns, left + w.block));
      w.pace.fill(pace, at + left, at + Math.min(columns, left + w.block));
    }
  }

  function slice(w: Work): void {
    if (w !== work) return;
    const across = Math.ceil(w.job.columns / w.block);
    const blocks = across * Math.ceil(w.job.rows / w.block);
    const until = Date.now() + SLICE;
    while (w.next < blocks && Date.now() < until) {
      const middle = w.block >> 1;
      const column = Math.min(w.job.columns - 1, (w.next % across) * w.block + middle);
      const row = Math.min(w.job.rows - 1, Math.floor(w.next / across) * w.block + middle);
      cell(w, column, row);
      w.next++;
    }
    if (w.next < blocks) setTimeout(() => slice(w), 0);
    else
      port.postMessage({
        job: w.job.job,
        block: w.block,
        owner: w.owner.slice(),
        pace: w.pace.slice(),
        minima: w.minima.map((m) => [...m]),
      });
  }

  port.onmessage = ({ data }) => {
    if ("goOn" in data) {
      if (!work || work.job.job !== data.goOn || work.block === 1) return;
      work.block >>= 1;
      work.next = 0;
    } else {
      work = begin(data);
    }
    slice(work);
  };
}
