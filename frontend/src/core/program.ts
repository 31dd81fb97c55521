/** Landscapes and rules as Python printed them, and the loop that fuses one with the other. */

import type { Code, Line } from "./code";
import { consts, mayCompile, result, results } from "./code";
import { own } from "./dom";
import { Formulas } from "./formula";

export interface LandscapeProgram {
  readonly name: string;
  readonly math: string;
  readonly variables: readonly string[];
  readonly bounds: readonly (readonly [number, number])[];
  readonly start: readonly number[];
  readonly minima: readonly (readonly number[])[];
  /** The known minima; of a curve all, the shallow ones too. */
  readonly valleys: readonly (readonly number[])[];
  readonly quadratic: boolean;
  readonly value: Code;
  readonly gradient: Code;
  readonly hessian: Code;
  /** Where contour lines go, if not where they go by themselves. */
  readonly levels?: readonly number[];
}

export interface Hyperparameter {
  readonly symbol: string;
  readonly letter: string;
  readonly keyword: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly scale: "log" | "to one" | "linear";
}

export interface RuleProgram {
  readonly name: string;
  readonly moments: readonly (readonly [name: string, initial: number])[];
  readonly hyperparameters: readonly Hyperparameter[];
  readonly powers: readonly (readonly [name: string, base: string])[];
  readonly once: readonly Line[];
  readonly each_step: readonly Line[];
  readonly each_coordinate: readonly Line[];
  /** Where ηL must stay below, for rules that are linear: `code` over the hyperparameters, `text` as "2/L". */
  readonly bound: { readonly code: string; readonly text: string } | null;
  /** What the step is made of, for one coordinate, in θ, g, k, the moments before it and the hyperparameters. */
  readonly terms: readonly (Code & { readonly name: string })[];
}

export type Settings = Readonly<Record<string, number>>;

/** Runs the loop: points as (steps + 1) × n numbers, the start first. */
export type Run = (start: ArrayLike<number>, steps: number, values: ArrayLike<number>) => Float64Array;

export interface Landscape {
  readonly program: LandscapeProgram;
  readonly n: number;
  readonly value: (...theta: number[]) => number;
  readonly gradient: (...theta: number[]) => number[];
  /** Row by row. */
  readonly hessian: (...theta: number[]) => number[];
}

const landscapes = new WeakMap<LandscapeProgram, Landscape>();

/** Compile a landscape's formulas. The text comes from the widget's own state, printed by Python. */
export function compileLandscape(program: LandscapeProgram): Landscape {
  const known = landscapes.get(program);
  if (known) return known;
  const theta = coordinates("theta", program.variables.length);
  const made: Landscape = {
    program,
    n: theta.length,
    value: result(theta, program.value),
    gradient: results(theta, program.gradient),
    hessian: results(theta, program.hessian),
  };
  landscapes.set(program, made);
  return made;
}

/** What a loop returns: every point, or the moments after the last step. */
type Kept = "path" | "state";

/** Write the body of the loop for one run: statement for statement what Python's scalar loop does. */
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

/** The same loop without compiling: slower, and bit for bit the same. */
export function composeLoop(gradient: Code, rule: RuleProgram, kept: Kept = "path"): Run {
  const formulas = new Formulas();
  const n = gradient.results.length;
  const slots = (name: string) => coordinates(name, n).map((coordinate) => formulas.slot(coordinate));
  const theta = slots("theta");
  const moments = rule.moments.map(([name, initial]) => ({ initial, slots: slots(name) }));
  const hyper = rule.hyperparameters.map((h) => formulas.slot(h.symbol));
  const powers = rule.powers.map(([name, base]) => ({ slot: formulas.slot(name), base: formulas.value(base) }));
  const counter = formulas.slot("k");
  const once = formulas.lines(rule.once);
  const step = formulas.lines([...gradientLines(gradient), ...rule.each_step, ...coordinateLines(rule, n)]);
  return (start, steps, values) => {
    const v = formulas.frame();
    theta.forEach((slot, i) => {
      v[slot] = start[i] ?? NaN;
    });
    for (const { slots, initial } of moments) for (const slot of slots) v[slot] = initial;
    hyper.forEach((slot, i) => {
      v[slot] = values[i] ?? NaN;
    });
    for (const { slot } of powers) v[slot] = 1;
    once(v);
    const path = new Float64Array((steps + 1) * n);
    theta.forEach((slot, i) => {
      path[i] = v[slot] ?? NaN;
    });
    for (let k = 1; k <= steps; k++) {
      v[counter] = k;
      for (const { slot, base } of powers) v[slot] = (v[slot] ?? NaN) * base(v);
      step(v);
      theta.forEach((slot, i) => {
        path[k * n + i] = v[slot] ?? NaN;
      });
    }
    return kept === "path"
      ? path
      : Float64Array.from(
          moments.flatMap((moment) => moment.slots),
          (slot) => v[slot] ?? NaN,
        );
  };
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

/** A rule's numbers in the order of its hyperparameters; those not set keep their own values. */
export function valuesOf(rule: RuleProgram, settings: Settings): number[] {
  return rule.hyperparameters.map((h) => own(settings, h.keyword) ?? h.value);
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

function coordinates(name: string, n: number): string[] {
  return Array.from({ length: n }, (_, i) => `${name}_${i}`);
}

function number(value: number): string {
  return Number.isSafeInteger(value) ? `${value}.0` : String(value);
}
