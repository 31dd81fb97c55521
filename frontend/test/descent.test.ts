import { expect, test } from "vitest";
import { symmetricEigenvalues } from "../src/core/curvature";
import { descend } from "../src/core/descent";
import { loopSource, stepTerms } from "../src/core/loop";
import { corrected, gradientDescent, momentum, parabola, saddle } from "./programs";

const rate = (learning_rate: number) => ({ learning_rate });

test("gradient descent on a parabola halves the error at rate ½", () => {
  const run = descend(parabola, gradientDescent, rate(0.5), [2], 3);
  expect([...run.points]).toEqual([2, 1, 0.5, 0.25]);
  expect([...run.values]).toEqual([2, 0.5, 0.125, 0.03125]);
});

test("momentum follows its recurrence in each coordinate on its own", () => {
  const run = descend(saddle, momentum, { learning_rate: 0.5, decay: 0.5 }, [1, 1], 2);
  // m = (1, −1), θ = (½, 1½); m = (½ + ½, −½ − 1½), θ = (0, 2½)
  expect([...run.points]).toEqual([1, 1, 0.5, 1.5, 0, 2.5]);
});

test("a bias-corrected first step is a whole step", () => {
  const run = descend(parabola, corrected, { learning_rate: 0.5, decay: 0.9 }, [2], 1);
  expect(run.points[1]).toBeCloseTo(1, 14);
});

test("the loop declares state once and locals anew in each step", () => {
  const source = loopSource(saddle.gradient, corrected);
  expect(source).toContain("let m_0 = 0.0, m_1 = 0.0;");
  expect(source).toContain("const m_hat_1 = m_1/c1;");
  expect(source).not.toContain("_i");
});

test("a run that overflows ends at its last finite point", () => {
  const run = descend(parabola, gradientDescent, rate(1e100), [1], 50);
  expect(run.ending).toBe("diverged");
  expect(run.steps).toBe(run.values.length - 1);
  expect(run.steps).toBeGreaterThan(0);
  for (const numbers of [run.points, run.values, run.slopes]) expect([...numbers].every(Number.isFinite)).toBe(true);
});

test.each([
  ["converged", parabola, 0.5, [2], 60],
  ["out of steps", parabola, 0.001, [2], 60],
  ["higher", parabola, 2.5, [2], 10],
  ["saddle", saddle, 0.5, [1, 0], 60],
] as const)("a run says that it is %s", (ending, landscape, learningRate, start, steps) => {
  expect(descend(landscape, gradientDescent, rate(learningRate), start, steps).ending).toBe(ending);
});

test("a step's terms add up to the step", () => {
  const settings = { learning_rate: 0.3, decay: 0.8 };
  const run = descend(saddle, momentum, settings, [1, 0.5], 5);
  const theta = [...run.points.subarray(6, 8)];
  const terms = stepTerms(saddle, momentum, settings, [1, 0.5], 3, theta);
  expect(terms.map((term) => term.name)).toEqual(["gradient", "memory"]);
  for (const i of [0, 1]) {
    const step = (run.points[8 + i] ?? NaN) - (run.points[6 + i] ?? NaN);
    expect(terms.reduce((sum, term) => sum + (term.change[i] ?? NaN), 0)).toBeCloseTo(step, 12);
  }
});

test("eigenvalues of a symmetric 2 × 2 matrix, smallest first", () => {
  expect(symmetricEigenvalues([2, 1, 1, 2])).toEqual([1, 3]);
  expect(symmetricEigenvalues([5])).toEqual([5]);
});
