import { expect, test } from "vitest";
import type { Vector } from "../src/widgets/descent-explorer/term-arrows";
import { termArrows } from "../src/widgets/descent-explorer/term-arrows";

const term = (name: string, vector: Vector) => ({ name, vector });

test("terms stand tip to tail and end where the step ends", () => {
  const [gradient, memory] = termArrows([term("gradient", [-40, -30]), term("memory", [-10, 50])]);
  expect(gradient?.from).toEqual([0, 0]);
  expect(memory?.from).toEqual([-40, -30]);
  expect(memory?.by).toEqual([-10, 50]);
});

test("terms along the step stand beside it, and names that would meet on two sides", () => {
  const [gradient, memory] = termArrows([term("gradient", [20, 0]), term("memory", [60, 0])]);
  expect(gradient?.from[1]).not.toBe(0);
  expect(memory?.from).toEqual([20, gradient?.from[1]]);
  expect(Math.sign(gradient?.label[1] ?? 0)).toBe(-Math.sign(memory?.label[1] ?? 0));
});

test("a step of one visible term has no arrows but its own", () => {
  expect(termArrows([term("gradient", [-40, 30]), term("memory", [0, 0])])).toEqual([]);
});

test("terms that cancel are laid out as well", () => {
  const found = termArrows([term("gradient", [30, 0]), term("memory", [-30, 0])]);
  expect(found.flatMap(({ from, label }) => [...from, ...label]).every(Number.isFinite)).toBe(true);
});
