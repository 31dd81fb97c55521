import { afterEach, describe, expect, it, vi } from "vitest";
import type { Code } from "../src/core/code";
import { composed, consts, results } from "../src/core/code";
import type { Run } from "../src/core/loop";
import { composeLoop, loopSource } from "../src/core/loop";
import { uniforms } from "../src/widgets/batch-race/shuffling";
import { compileWalk, composeWalk } from "../src/widgets/batch-race/walk";
import { corrected, gradientDescent, momentum, parabola, saddle } from "./programs";

const NAMES = ["x", "theta_0", "$b", "été"];
const OPERATORS = [" + ", " - ", "*", "/", "%"];
const TESTS = [" <= ", " < ", " > ", " >= ", " === ", " !== "];
const FUNCTIONS = ["sin", "exp", "log", "sqrt", "abs", "sign", "tanh", "floor", "hypot"];
const NUMBERS = ["0.5", "2.0", "1e-10", "3", ".25", "6.02e+23", "NaN", "Infinity", "0.0"];

/** JavaScript as a printer might write it: parentheses where they change something, and elsewhere too. */
function written(next: () => number, depth: number): string {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const part = () => written(next, depth - 1);
  if (depth === 0) return next() < 0.6 ? pick(NAMES) : pick(NUMBERS);
  const kind = next();
  if (kind < 0.4) return `${part()}${pick(OPERATORS)}${part()}`;
  if (kind < 0.55) return `(${part()})`;
  if (kind < 0.65) return `-(${part()})`;
  if (kind < 0.7) return `-${pick(NAMES)}`;
  if (kind < 0.8) return `Math.${pick(FUNCTIONS)}(${part()})`;
  if (kind < 0.86) return `Math.${pick(["pow", "max", "min"])}(${part()}, ${part()})`;
  if (kind < 0.92) return `(${part()}${pick(TESTS)}${part()} ? ${part()} : ${part()})`;
  return `(!(${part()} < ${part()}) && ${part()} >= 0.0 || ${pick(NAMES)} > 1.0 ? ${part()} : ${part()})`;
}

/** The same number, or the same kind of none: 0 and −0 differ, NaN equals NaN. */
const same = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((x, i) => Object.is(x, b[i]));

describe("a formula made of closures", () => {
  it("gives the bits of the compiled one, whatever it is made of", () => {
    const next = uniforms(10);
    const values = [0, -0, 1, -2.5, 1e300, -1e-300, NaN, Infinity, 0.1];
    const differ: string[] = [];
    for (let n = 0; n < 3000; n++) {
      const code: Code = {
        lines: [
          ["a0", written(next, 2)],
          ["a1", `a0*${written(next, 1)}`],
        ],
        results: [written(next, 4), `a1 + ${written(next, 2)}`],
      };
      const compiled = new Function(...NAMES, `${consts(code.lines)} return [${code.results.join(", ")}];`) as (
        ...x: number[]
      ) => number[];
      const closures = composed(NAMES, code);
      for (let k = 0; k < 4; k++) {
        const given = NAMES.map(() => values[Math.floor(next() * values.length)] ?? 0);
        if (!same(closures(...given), compiled(...given).map(Number)))
          differ.push(`${JSON.stringify(code)} at ${given.join()}`);
      }
    }
    expect(differ).toEqual([]);
  }, 60_000); // a busy machine takes long to compile so many

  it.each([
    "x +",
    "x y",
    "alert(1)",
    "Math.constructor(x)",
    "Math.PI",
    "x[0]",
    "(x",
    "x ? 1.0",
    "x = 2",
    "`x`",
    "this",
    "y",
    "constructor",
    "__proto__",
  ])("refuses what Python never prints: %s", (text) => {
    expect(() => composed(["x"], { lines: [], results: [text] })).toThrow(/^the formula .* cannot be read at /);
  });

  it("does not read a line before it is made", () => {
    expect(() => composed([], { lines: [["a", "a + 1.0"]], results: ["a"] })).toThrow("cannot be read at a");
  });
});

describe("a loop made of closures", () => {
  it.each([
    ["gradient descent", gradientDescent],
    ["momentum", momentum],
    ["a corrected rule", corrected],
  ])("takes the same steps as the compiled one: %s", (_, rule) => {
    for (const { gradient, start } of [parabola, saddle]) {
      for (const kept of ["path", "state"] as const) {
        const compiled = new Function("start", "steps", "values", loopSource(gradient, rule, kept)) as Run;
        const values = [0.3, 0.7].slice(0, rule.hyperparameters.length);
        const [a, b] = [compiled, composeLoop(gradient, rule, kept)].map((run) => Array.from(run(start, 50, values)));
        expect(same(b ?? [], a ?? [])).toBe(true);
      }
    }
  });

  it("keeps nothing from one run to the next", () => {
    const run = composeLoop(saddle.gradient, momentum);
    const first = [...run([1, 1], 9, [0.1, 0.9])];
    run([5, 5], 9, [0.4, 0.2]);
    expect([...run([1, 1], 9, [0.1, 0.9])]).toEqual(first);
  });

  it("walks over batches as the compiled one does", () => {
    const programs = {
      gradient: { lines: [["r", "theta_0*x_0 + theta_1*x_1 - y"]], results: ["r*x_0", "r*x_1"] } as const,
      step: { lines: [], results: ["theta_0 - eta*g_0", "theta_1 - eta*g_1"] },
      rate: "eta",
    };
    const next = uniforms(3);
    const draw = (n: number) => Array.from({ length: n }, () => next() - 0.5);
    const given = [[1, -1], (k: number) => 1 / k, [0, 3, 1, 2, 3, 0, 1], [2, 4, 7], draw(8), draw(4)] as const;
    const [a, b] = [compileWalk(programs)(...given), composeWalk(programs)(...given)];
    expect([...b]).toEqual([...a]);
    expect(a).toHaveLength(8);
  });
});

describe("a page that forbids to compile", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("gets closures, and is asked once", async () => {
    const forbidden = vi.fn(() => {
      throw new EvalError("unsafe-eval is not allowed");
    });
    vi.resetModules();
    vi.stubGlobal(
      "Function",
      class {
        constructor() {
          forbidden();
        }
      },
    );
    const code = await import("../src/core/code");
    const loops = await import("../src/core/loop");
    const over = ["x"];
    expect(code.results(over, { lines: [["a", "x*x"]], results: ["a", "-a"] })(3)).toEqual([9, -9]);
    expect(code.result(over, { lines: [], results: ["x + 1.0"] })(3)).toBe(4);
    expect([...loops.compileLoop(parabola, gradientDescent)([2], 3, [0.5])]).toEqual([2, 1, 0.5, 0.25]);
    expect(forbidden).toHaveBeenCalledTimes(1);
  });

  it("is told from one that allows it", () => {
    expect(results(["x"], { lines: [], results: ["x"] })(2)).toEqual([2]);
  });
});
