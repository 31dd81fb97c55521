/** Numbers as text: a true minus sign, three or four significant digits, powers of ten where needed. */

import { format } from "d3-format";

const plain = format(".4~r");
const power = format(".2~e");

export function formatNumber(x: number): string {
  if (x === 0) return "0";
  const size = Math.abs(x);
  const text = size >= 1e5 || size < 1e-3 ? power(x).replace("e+", "e") : plain(x);
  return text.replace("-", "−").replace("e-", "e−");
}

/** A number of things: "1 step", "3 steps". */
export function counted(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}

/** A factor with as many digits as tell it from 1, for on which side of 1 it lies decides everything. */
export function formatFactor(x: number, write: (x: number) => string = formatNumber): string {
  const gap = Math.abs(Math.abs(x) - 1);
  if (gap > 5e-3 || gap < 1e-12) return write(x);
  const digits = 2 + Math.ceil(-Math.log10(gap));
  return String(Number(x.toFixed(digits))).replace("-", "−");
}

/** Three significant digits; what is smaller than `negligible` is 0. */
export function rounded(x: number, negligible = 0): number {
  return Math.abs(x) < negligible ? 0 : Number(x.toPrecision(3));
}

/** "1.2 × 10⁻⁴" for a screen reader reads badly: plain words for it. */
export function spoken(x: number): string {
  return formatNumber(x)
    .replace("−", "minus ")
    .replace(/e(.*)/, (_, n: string) => ` times ten to the ${n.replace("−", "minus ")}`);
}

export function formatPoint(point: readonly number[]): string {
  return `(${point.map(formatNumber).join(", ")})`;
}
