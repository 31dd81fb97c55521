/** Where a point that a reader moves may come to rest: within bounds, at round numbers. */

export type Bounds = readonly (readonly [low: number, high: number])[];

/** Keep a point within bounds, at a thousandth of their width or finer. */
export function snapped(point: readonly number[], bounds: Bounds): number[] {
  return point.map((value, i) => {
    const [low, high] = bounds[i] ?? [-Infinity, Infinity];
    const unit = 10 ** (Math.floor(Math.log10(high - low)) - 3);
    return Number((Math.round(Math.min(high, Math.max(low, value)) / unit) * unit).toPrecision(6));
  });
}

/** Move a point by fractions of the bounds. */
export function nudged(point: readonly number[], bounds: Bounds, by: readonly number[]): number[] {
  const moved = point.map((value, i) => {
    const [low, high] = bounds[i] ?? [0, 1];
    return value + (by[i] ?? 0) * (high - low);
  });
  return snapped(moved, bounds);
}
