/** What is true of a run that learns two classes, at one of its steps. */

import { counted, formatNumber } from "../../core/format";
import type { Run } from "./state";

/** A run that is not right hardly moves if its loss fell by less than this share over the last quarter of its steps. */
const SLOW = 0.02;
/** Fewer steps say nothing of that. */
const ENOUGH = 40;

/** The first step from which on all rows were right up to step k; null where not all are right then. */
export function rightSince({ right }: Pick<Run, "right">, rows: number, k: number): number | null {
  if (right[k] !== rows) return null;
  let first = k;
  while (first > 0 && right[first - 1] === rows) first -= 1;
  return first;
}

/** By which share the loss has fallen over the last quarter of the steps up to k; null where these are too few. */
export function fallOf({ losses }: Pick<Run, "losses">, k: number): number | null {
  if (k < ENOUGH) return null;
  const before = losses[k - Math.floor(k / 4)] ?? NaN;
  return 1 - (losses[k] ?? NaN) / before;
}

export function stepWords(run: Run, rows: number, k: number, write: (x: number) => string = formatNumber): string {
  const last = run.losses.length - 1;
  const since = rightSince(run, rows, k);
  const end = run.diverged && k === last ? ` Diverged: step ${k + 1} leads to no finite loss.` : "";
  if (since !== null) return `All ${rows} points are right, since step ${since}.${end}`;
  const count = `${run.right[k]} of ${counted(rows, "point")} ${run.right[k] === 1 ? "is" : "are"} right`;
  const fall = fallOf(run, k);
  if (fall !== null && Math.abs(fall) < SLOW) {
    const share = write(Number((100 * fall).toPrecision(2)));
    return `Hardly moving: ${count}, and over the last ${Math.floor(k / 4)} steps the loss fell by ${share} %.${end}`;
  }
  return `${count[0]?.toUpperCase()}${count.slice(1)}${k < last ? "" : ", and the loss still changes"}.${end}`;
}
