/** Where contour lines go: close together low down, wide apart high up, at round numbers. */

const COUNT = 11;

/**
 * Choose levels for a field of values. They are even in a power of the height above the lowest
 * value, the power chosen so that half of the lines lie in the lower half of the area.
 */
export function contourLevels(values: ArrayLike<number>, count = COUNT): number[] {
  const { low, high, top, power } = spread(values);
  if (!(high > low)) return [];
  const levels = Array.from({ length: count }, (_, i) => low + (high - low) * ((i + 1) / (count + 0.5)) ** power);
  return [...new Set(levels.map((level, i) => round(level, levels[i + 1] ?? high, low)))].filter(
    (l) => l > low && l < top,
  );
}

/** The scale on which contour levels are even: 0 at the lowest value, 1 where a map's levels end. */
export function heightScale(values: ArrayLike<number>): {
  readonly scale: (value: number) => number;
  readonly power: number;
} {
  const { low, high, power } = spread(values);
  if (!(high > low)) return { scale: () => 0, power: 1 };
  return { scale: (value) => Math.min(1, Math.max(0, (value - low) / (high - low))) ** (1 / power), power };
}

/**
 * The range in which levels lie, and the power that spreads them. It leaves out the highest 1.5 % of the area: walls
 * at a map's corners are often so steep that they would take every line from the valley.
 */
function spread(values: ArrayLike<number>): { low: number; high: number; top: number; power: number } {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  const [low, high] = [at(0), at(0.985)];
  const middle = Math.min(0.9, Math.max(1e-6, (at(0.5) - low) / (high - low)));
  return { low, high, top: at(1), power: Math.min(6, Math.max(1, Math.log(middle) / Math.log(0.5))) };
}

/** Round to two digits of the distance to the next level, so that labels stay short and apart. */
function round(level: number, next: number, low: number): number {
  const gap = Math.max(Math.abs(next - level), Math.abs(level - low) / 4, 1e-300);
  const unit = 10 ** Math.floor(Math.log10(gap));
  return Number((Math.round(level / unit) * unit).toPrecision(12));
}
