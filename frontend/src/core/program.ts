/** Landscapes and rules as Python printed them, and the loop that fuses one with the other. */

export type Line = readonly [name: string, expression: string];

export interface Code {
  readonly lines: readonly Line[];
  readonly results: readonly string[];
}

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
  const make = (code: Code, list: boolean) =>
    new Function(...theta, `${consts(code.lines)}\nreturn ${list ? `[${code.results.join(", ")}]` : code.results[0]};`);
  const made: Landscape = {
    program,
    n: theta.length,
    value: make(program.value, false) as Landscape["value"],
    gradient: make(program.gradient, true) as Landscape["gradient"],
    hessian: make(program.hessian, true) as Landscape["hessian"],
  };
  landscapes.set(program, made);
  return made;
}

/** Write the body of the loop for one run: statement for statement what Python's scalar loop does. */
export function loopSource(gradient: Code, rule: RuleProgram, result: "path" | "state" = "path"): string {
  const n = gradient.results.length;
  const theta = coordinates("theta", n);
  const moments = rule.moments.flatMap(([name, initial]) => coordinates(name, n).map((m) => `${m} = ${number(initial)}`));
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
    consts(gradient.lines),
    ...gradient.results.map((text, i) => `const g_${i} = ${text};`),
    consts(rule.each_step),
    ...coordinateLines(rule, n),
    ...theta.map((name, i) => `path[k * ${n} + ${i}] = ${name};`),
    "}",
    result === "path" ? "return path;" : `return [${rule.moments.flatMap(([name]) => coordinates(name, n)).join(", ")}];`,
  ].join("\n");
}

const loops = new Map<string, Run>();

/** Compile the loop of a rule on a landscape, once. */
export function compileLoop(landscape: LandscapeProgram, rule: RuleProgram): Run {
  const source = loopSource(landscape.gradient, rule);
  const known = loops.get(source);
  if (known) return known;
  const made = new Function("start", "steps", "values", source) as Run;
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
  const state = new Function("start", "steps", "values", loopSource(landscape.gradient, rule, "state"));
  const moments = state(start, k, values) as number[];
  const gradient = compileLandscape(landscape).gradient(...theta);
  const n = theta.length;
  const names = ["theta", "g", "k", ...rule.moments.map(([name]) => name), ...rule.hyperparameters.map((h) => h.symbol)];
  return rule.terms.map(({ name, lines, results }) => {
    const term = new Function(...names, `${consts(lines)}\nreturn ${results[0]};`);
    const change = theta.map((x, i) => {
      const own = rule.moments.map((_, m) => moments[m * n + i]);
      return term(x, gradient[i], k + 1, ...own, ...values) as number;
    });
    return { name, change };
  });
}

/** A rule's numbers in the order of its hyperparameters; those not set keep their own values. */
export function valuesOf(rule: RuleProgram, settings: Settings): number[] {
  return rule.hyperparameters.map((h) => settings[h.keyword] ?? h.value);
}

/** Repeat the rule's lines for each coordinate: `m_i` becomes `m_0`, `m_1`, … */
function coordinateLines(rule: RuleProgram, n: number): string[] {
  const state = new Set(["theta_i", ...rule.moments.map(([name]) => `${name}_i`)]);
  return Array.from({ length: n }, (_, i) =>
    rule.each_coordinate.map(([name, expression]) => {
      const line = `${name} = ${expression};`.replace(/\b([A-Za-z]\w*)_i\b/g, `$1_${i}`);
      return state.has(name) ? line : `const ${line}`;
    }),
  ).flat();
}

function coordinates(name: string, n: number): string[] {
  return Array.from({ length: n }, (_, i) => `${name}_${i}`);
}

export function consts(lines: readonly Line[]): string {
  return lines.map(([name, expression]) => `const ${name} = ${expression};`).join("\n");
}

function number(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
