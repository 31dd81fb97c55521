/** Where contour lines go: close together low down, wide apart high up, at round numbers. */

const COUNT = 11;

/**
 * Choose levels for a field of values. They are even in a power of the height above the lowest
 * value, the power chosen so that half of the lines lie in the lower half of the area.
 */
export function contourLevels(values: ArrayLike<number>, count = COUNT): number[] {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  if (!sorted.length) return [];
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  const low = at(0);
  const high = at(0.985);
  if (!(high > low)) return [];
  const middle = Math.min(0.9, Math.max(1e-6, (at(0.5) - low) / (high - low)));
  const power = Math.min(6, Math.max(1, Math.log(middle) / Math.log(0.5)));
  const levels = Array.from({ length: count }, (_, i) => low + (high - low) * ((i + 1) / (count + 0.5)) ** power);
  return [...new Set(levels.map((level, i) => round(level, levels[i + 1] ?? high, low)))].filter((l) => l > low && l < at(1));
}

/** Round to two digits of the distance to the next level, so that labels stay short and apart. */
function round(level: number, next: number, low: number): number {
  const gap = Math.max(Math.abs(next - level), Math.abs(level - low) / 4, 1e-300);
  const unit = 10 ** Math.floor(Math.log10(gap));
  return Number((Math.round(level / unit) * unit).toPrecision(12));
}
