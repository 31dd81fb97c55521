/** The largest eigenvalue of a Hessian that is never written down. */

import type { Cost } from "../../shared/network";

/** Length along the direction at which the slope is looked at, on both sides. */
const REACH = 1e-4;
/** Rounds at most; and the relative change in one that counts as none. */
const MOST = 60;
const SETTLED = 1e-4;

/**
 * Power iteration: H v for the direction v that was found last, again and again. H v is how the slope changes along v,
 * (∇J(θ + hv) − ∇J(θ − hv)) / 2h. A second pass on H − λI finds the other end where the largest in size is negative.
 */
export class Sharpness {
  private readonly direction: Float64Array;
  private readonly place: Float64Array;
  private readonly ahead: Float64Array;
  private readonly behind: Float64Array;

  constructor(
    private readonly cost: Cost,
    n: number,
  ) {
    this.direction = Float64Array.from({ length: n }, (_, i) => Math.sin(1 + i * i));
    this.place = new Float64Array(n);
    this.ahead = new Float64Array(n);
    this.behind = new Float64Array(n);
  }

  of(theta: Float64Array): number {
    const found = this.iterate(theta, 0);
    return found < 0 ? found + this.iterate(theta, found) : found;
  }

  /** The eigenvalue of H − shift·I that is largest in size, with its sign. */
  private iterate(theta: Float64Array, shift: number): number {
    const { direction: v } = this;
    let value = NaN;
    normalise(v);
    for (let round = 0; round < MOST; round++) {
      const product = this.times(theta);
      for (let i = 0; i < v.length; i++) product[i] = (product[i] as number) - shift * (v[i] as number);
      const found = dot(v, product);
      v.set(product);
      normalise(v);
      if (Math.abs(found - value) <= SETTLED * Math.abs(found)) return found;
      value = found;
    }
    return value;
  }

  /** H v, in an array that the next call writes anew. */
  private times(theta: Float64Array): Float64Array {
    const { direction: v, place, ahead, behind } = this;
    for (let i = 0; i < v.length; i++) place[i] = (theta[i] as number) + REACH * (v[i] as number);
    this.cost(place, ahead);
    for (let i = 0; i < v.length; i++) place[i] = (theta[i] as number) - REACH * (v[i] as number);
    this.cost(place, behind);
    for (let i = 0; i < v.length; i++) ahead[i] = ((ahead[i] as number) - (behind[i] as number)) / (2 * REACH);
    return ahead;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Make a direction's length 1; one without a length stays. */
function normalise(v: Float64Array): void {
  const length = Math.sqrt(dot(v, v));
  if (length > 0) for (let i = 0; i < v.length; i++) v[i] = (v[i] as number) / length;
}
