/** Where a point that a reader moves may come to rest: within bounds, at round numbers, on an axis that is close. */

import { tickStep } from "d3-array";

export type Bounds = readonly (readonly [low: number, high: number])[];

/** A pointer that comes within this share of the width of an axis is meant to be on it. */
const CLOSE = 0.01;
/** A key's step is a round number near this share of the width. */
const KEYS = 100;

/** Keep a point within bounds, at a thousandth of their width or finer. */
export function kept(point: readonly number[], bounds: Bounds): number[] {
  return point.map((value, i) => {
    const [low, high] = bounds[i] ?? [-Infinity, Infinity];
    const unit = 10 ** (Math.floor(Math.log10(high - low)) - 3);
    return Number((Math.round(Math.min(high, Math.max(low, value)) / unit) * unit).toPrecision(6));
  });
}

/** The same, and on an axis that is close. */
export function snapped(point: readonly number[], bounds: Bounds): number[] {
  return kept(point, bounds).map((value, i) => {
    const [low, high] = bounds[i] ?? [0, 1];
    return Math.abs(value) < CLOSE * (high - low) && low <= 0 && high >= 0 ? 0 : value;
  });
}

/** Where so many presses of a key move a point: to the next multiples of a round number, 0 among them. */
export function nudged(point: readonly number[], bounds: Bounds, presses: readonly number[]): number[] {
  return point.map((value, i) => {
    const [low, high] = bounds[i] ?? [0, 1];
    const by = presses[i] ?? 0;
    if (!by) return value;
    const step = tickStep(low, high, KEYS);
    const from = by > 0 ? Math.floor(value / step + ROUNDING) : Math.ceil(value / step - ROUNDING);
    return Math.min(high, Math.max(low, Number(((from + by) * step).toPrecision(6))));
  });
}

const ROUNDING = 1e-6;

/** A point, drawn in towards the centre where it lies outside a square about it. */
export function drawnIn([x = 0, y = 0]: readonly number[], reach: number): readonly [number, number] {
  const out = Math.max(1, Math.abs(x) / (0.95 * reach), Math.abs(y) / (0.95 * reach));
  return [x / out, y / out];
}
