/** The loop over batches of rows. */

import type { Code } from "../../core/code";
import { consts, mayCompile } from "../../core/code";
import type { Registers } from "../../core/formula";
import { Formulas } from "../../core/formula";

export type Rate = (k: number) => number;
export type Walk = (
  start: readonly number[],
  rateAt: Rate,
  order: ArrayLike<number>,
  ends: ArrayLike<number>,
  features: readonly number[],
  targets: readonly number[],
) => Float64Array;

/** What Python prints for it; the rate is the name by which the step calls it. */
export interface WalkPrograms {
  /** One row's gradient over theta_0, theta_1, x_0, x_1, y. */
  readonly gradient: Code;
  /** A step over theta_i, g_i and the rate. */
  readonly step: Code;
  readonly rate: string;
}

/** Write the loop over batches around the printed gradient of one row and the printed step. */
export function walkSource({ gradient, step, rate }: WalkPrograms): string {
  return [
    "let theta_0 = start[0], theta_1 = start[1], from = 0;",
    "const path = new Float64Array(2 * ends.length + 2);",
    "path[0] = theta_0; path[1] = theta_1;",
    "for (let k = 0; k < ends.length; k++) {",
    `const ${rate} = rateAt(k + 1);`,
    "let sum_0 = 0.0, sum_1 = 0.0;",
    "for (let i = from; i < ends[k]; i++) {",
    "const x_0 = features[2 * order[i]], x_1 = features[2 * order[i] + 1], y = targets[order[i]];",
    consts(gradient.lines),
    ...gradient.results.map((text, i) => `sum_${i} += ${text};`),
    "}",
    "const g_0 = sum_0 / (ends[k] - from), g_1 = sum_1 / (ends[k] - from);",
    consts(step.lines),
    ...step.results.map((text, i) => `const next_${i} = ${text};`),
    "theta_0 = next_0; theta_1 = next_1; from = ends[k];",
    "path[2 * k + 2] = theta_0; path[2 * k + 3] = theta_1;",
    "}",
    "return path;",
  ].join("\n");
}

export function compileWalk(programs: WalkPrograms): Walk {
  return new Function("start", "rateAt", "order", "ends", "features", "targets", walkSource(programs)) as Walk;
}

/** The loop, compiled where the page allows it. */
export function makeWalk(programs: WalkPrograms): Walk {
  return mayCompile() ? compileWalk(programs) : composeWalk(programs);
}

/** The same loop without compiling, bit for bit. */
export function composeWalk({ gradient, step, rate }: WalkPrograms): Walk {
  const formulas = new Formulas();
  const slot = (name: string) => formulas.slot(name);
  const [t0, t1, eta, g0, g1] = [slot("theta_0"), slot("theta_1"), slot(rate), slot("g_0"), slot("g_1")];
  const addRow = composeRow(formulas, gradient);
  const stepLines = formulas.lines(step.lines);
  const next = step.results.map((text) => formulas.value(text));
  return (start, rateAt, order, ends, features, targets) => {
    const v = formulas.registers();
    const path = new Float64Array(2 * ends.length + 2);
    const keep = (k: number, [a = NaN, b = NaN]: readonly number[]) => {
      v[t0] = path[2 * k] = a;
      v[t1] = path[2 * k + 1] = b;
    };
    keep(0, start);
    let from = 0;
    for (let k = 0; k < ends.length; k++) {
      const end = ends[k] ?? from;
      v[eta] = rateAt(k + 1);
      const sums = [0, 0];
      for (let i = from; i < end; i++) addRow(v, sums, order[i] ?? 0, features, targets);
      v[g0] = (sums[0] ?? NaN) / (end - from);
      v[g1] = (sums[1] ?? NaN) / (end - from);
      stepLines(v);
      // Both before either is kept: the second coordinate's step reads the first one's old value.
      const moved = next.map((value) => value(v));
      keep(k + 1, moved);
      from = end;
    }
    return path;
  };
}

type AddRow = (
  v: Registers,
  sums: number[],
  row: number,
  features: readonly number[],
  targets: readonly number[],
) => void;

/** Add a row's gradient to the sums, one row after the other: in another order they would round otherwise. */
function composeRow(formulas: Formulas, gradient: Code): AddRow {
  const [x0, x1, y] = [formulas.slot("x_0"), formulas.slot("x_1"), formulas.slot("y")];
  const lines = formulas.lines(gradient.lines);
  const results = gradient.results.map((text) => formulas.value(text));
  return (v, sums, row, features, targets) => {
    v[x0] = features[2 * row] ?? NaN;
    v[x1] = features[2 * row + 1] ?? NaN;
    v[y] = targets[row] ?? NaN;
    lines(v);
    results.forEach((value, j) => {
      sums[j] = (sums[j] ?? NaN) + value(v);
    });
  };
}
