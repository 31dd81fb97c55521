/** Printed formulas as functions: compiled, or evaluated step by step where a page's policy forbids to compile. */

import type { Line } from "./formula";
import { Formulas } from "./formula";

export interface Code {
  readonly lines: readonly Line[];
  readonly results: readonly string[];
}

type Numbers<T> = (...values: number[]) => T;

let allowed: boolean | null = null;

/** Whether text may become code here. A policy without `unsafe-eval` says no, and reports every asking: so, once. */
export function mayCompile(): boolean {
  if (allowed === null) {
    try {
      allowed = new Function("return true;")() as boolean;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/** All results of straight-line code over these names, in order. */
export function results(names: readonly string[], code: Code): Numbers<number[]> {
  if (!mayCompile()) return composed(names, code);
  return new Function(...names, `${consts(code.lines)}\nreturn [${code.results.join(", ")}];`) as Numbers<number[]>;
}

/** The first result alone. */
export function result(names: readonly string[], code: Code): Numbers<number> {
  if (mayCompile())
    return new Function(...names, `${consts(code.lines)}\nreturn ${code.results[0]};`) as Numbers<number>;
  const all = composed(names, { ...code, results: code.results.slice(0, 1) });
  return (...values) => all(...values)[0] ?? NaN;
}

/** What `results` gives without compiling: the same operations in the same order, so the same bits. */
export function composed(names: readonly string[], code: Code): Numbers<number[]> {
  const formulas = new Formulas();
  const slots = names.map((name) => formulas.slot(name));
  const lines = formulas.lines(code.lines);
  const values = code.results.map((text) => formulas.value(text));
  const registers = formulas.registers();
  return (...given) => {
    slots.forEach((slot, i) => {
      registers[slot] = given[i] ?? NaN;
    });
    lines(registers);
    return values.map((value) => value(registers));
  };
}

export function consts(lines: readonly Line[]): string {
  return lines.map(([name, expression]) => `const ${name} = ${expression};`).join("\n");
}
