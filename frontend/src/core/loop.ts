/** The loop of a rule on a landscape: a whole run in one function, made of what Python printed of both. */

import type { Code } from "./code";
import { consts, mayCompile, result } from "./code";
import type { Line, Registers } from "./formula";
import { Formulas } from "./formula";
import type { LandscapeProgram, RuleProgram, Settings } from "./program";
import { compileLandscape, coordinates, valuesOf } from "./program";

/** Runs the loop: points as (steps + 1) × n numbers, the start first. */
export type Run = (start: ArrayLike<number>, steps: number, values: ArrayLike<number>) => Float64Array;

/** What a loop returns: every point, or the moments after the last step. */
type Kept = "path" | "state";

/**
 * Write the body of the loop for one run: statement for statement what Python's scalar loop does.
 *
 * Every coordinate has its own names, `m_0` and `m_1`: local numbers, which an engine keeps in registers, where arrays
 * of length 2 would be read and written in memory at every step.
 */
export function loopSource(gradient: Code, rule: RuleProgram, kept: Kept = "path"): string {
  const n = gradient.results.length;
  const theta = coordinates("theta", n);
  const moments = rule.moments.flatMap(([name, initial]) =>
    coordinates(name, n).map((m) => `${m} = ${number(initial)}`),
  );
  const hyper = rule.hyperparameters.map((h, i) => `${h.symbol} = values[${i}]`);
  return [
    `let ${theta.map((name, i) => `${name} = start[${i}]`).join(", ")};`,
    ...(moments.length ? [`let ${moments.join(", ")};`] : []),
    ...(hyper.length ? [`const ${hyper.join(", ")};`] : []),
    ...rule.powers.map(([name]) => `let ${name} = 1.0;`),
    consts(rule.once),
    `const path = new Float64Array((steps + 1) * ${n});`,
    ...theta.map((name, i) => `path[${i}] = ${name};`),
    "for (let k = 1; k <= steps; k++) {",
    ...rule.powers.map(([name, base]) => `${name} *= ${base};`),
    consts(gradientLines(gradient)),
    consts(rule.each_step),
    ...coordinateSource(rule, n),
    ...theta.map((name, i) => `path[k * ${n} + ${i}] = ${name};`),
    "}",
    kept === "path" ? "return path;" : `return [${rule.moments.flatMap(([name]) => coordinates(name, n)).join(", ")}];`,
  ].join("\n");
}

/** The same loop without compiling: slower, and bit for bit the same. Names become slots once, before the loop. */
export function composeLoop(gradient: Code, rule: RuleProgram, kept: Kept = "path"): Run {
  const formulas = new Formulas();
  const n = gradient.results.length;
  const slots = (name: string) => coordinates(name, n).map((coordinate) => formulas.slot(coordinate));
  const theta = slots("theta");
  const moments = rule.moments.flatMap(([name]) => slots(name));
  const initial = rule.moments.flatMap(([, value]) => Array.from({ length: n }, () => value));
  const hyper = rule.hyperparameters.map((h) => formulas.slot(h.symbol));
  const powers = rule.powers.map(([name, base]) => ({ slot: formulas.slot(name), base: formulas.value(base) }));
  const counter = formulas.slot("k");
  const once = formulas.lines(rule.once);
  const step = formulas.lines([...gradientLines(gradient), ...rule.each_step, ...coordinateLines(rule, n)]);
  return (start, steps, values) => {
    const v = formulas.registers();
    load(v, theta, start);
    load(v, moments, initial);
    load(v, hyper, values);
    for (const { slot } of powers) v[slot] = 1;
    once(v);
    const path = new Float64Array((steps + 1) * n);
    store(v, theta, path, 0);
    for (let k = 1; k <= steps; k++) {
      v[counter] = k;
      for (const { slot, base } of powers) v[slot] = (v[slot] ?? NaN) * base(v);
      step(v);
      store(v, theta, path, k * n);
    }
    return kept === "path" ? path : Float64Array.from(moments, (slot) => v[slot] ?? NaN);
  };
}

function load(v: Registers, slots: readonly number[], from: ArrayLike<number>): void {
  slots.forEach((slot, i) => {
    v[slot] = from[i] ?? NaN;
  });
}

function store(v: Registers, slots: readonly number[], into: Float64Array, at: number): void {
  slots.forEach((slot, i) => {
    into[at + i] = v[slot] ?? NaN;
  });
}

const loops = new Map<string, Run>();

/** Make the loop of a rule on a landscape, once. */
export function compileLoop(
  { gradient }: Pick<LandscapeProgram, "gradient">,
  rule: RuleProgram,
  kept: Kept = "path",
): Run {
  const source = loopSource(gradient, rule, kept);
  const known = loops.get(source);
  if (known) return known;
  const made = mayCompile()
    ? (new Function("start", "steps", "values", source) as Run)
    : composeLoop(gradient, rule, kept);
  loops.set(source, made);
  return made;
}

export interface Term {
  readonly name: string;
  /** One number a coordinate. */
  readonly change: readonly number[];
}

/** What the step from `theta`, the k-th iterate, is made of. */
export function stepTerms(
  landscape: LandscapeProgram,
  rule: RuleProgram,
  settings: Settings,
  start: readonly number[],
  k: number,
  theta: readonly number[],
): Term[] {
  const values = valuesOf(rule, settings);
  const moments = compileLoop(landscape, rule, "state")(start, k, values);
  const gradient = compileLandscape(landscape).gradient(...theta);
  const n = theta.length;
  const names = [
    "theta",
    "g",
    "k",
    ...rule.moments.map(([name]) => name),
    ...rule.hyperparameters.map((h) => h.symbol),
  ];
  return rule.terms.map(({ name, ...code }) => {
    const term = result(names, code);
    const change = theta.map((x, i) => {
      const own = rule.moments.map((_, m) => moments[m * n + i] ?? NaN);
      return term(x, gradient[i] ?? NaN, k + 1, ...own, ...values);
    });
    return { name, change };
  });
}

function gradientLines({ lines, results }: Code): Line[] {
  return [...lines, ...results.map((text, i) => [`g_${i}`, text] as const)];
}

/** Repeat the rule's lines for each coordinate: `m_i` becomes `m_0`, `m_1`, … */
function coordinateLines(rule: RuleProgram, n: number): Line[] {
  const numbered = (text: string, i: number) => text.replace(/\b([A-Za-z]\w*)_i\b/g, `$1_${i}`);
  return Array.from({ length: n }, (_, i) =>
    rule.each_coordinate.map(([name, expression]) => [numbered(name, i), numbered(expression, i)] as const),
  ).flat();
}

/** Its lines as text: what is remembered is assigned, what is not is declared. */
function coordinateSource(rule: RuleProgram, n: number): string[] {
  const state = new Set(["theta", ...rule.moments.map(([name]) => name)].flatMap((name) => coordinates(name, n)));
  return coordinateLines(rule, n).map(
    ([name, expression]) => `${state.has(name) ? "" : "const "}${name} = ${expression};`,
  );
}

function number(value: number): string {
  return Number.isSafeInteger(value) ? `${value}.0` : String(value);
}
