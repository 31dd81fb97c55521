import { describe, expect, it } from "vitest";
import { descend, stays } from "../src/core/descent";
import { own } from "../src/core/dom";
import type { LandscapeProgram } from "../src/core/program";
import { valuesOf } from "../src/core/program";
import { methodStyle } from "../src/core/theme";
import { endingWords, spokenRuns } from "../src/shared/ending-words";
import { gradientDescent, momentum, parabola, saddle } from "./programs";

const rate = { learning_rate: 0.1 };

/** J = √x²: no slope at 0, where it is 0/0, and a slope everywhere else. */
const cone: LandscapeProgram = {
  ...parabola,
  value: { lines: [], results: ["Math.sqrt(theta_0*theta_0)"] },
  gradient: { lines: [], results: ["theta_0/Math.sqrt(theta_0*theta_0)"] },
  hessian: { lines: [], results: ["0.0/theta_0"] },
};
const hilltop: LandscapeProgram = {
  ...saddle,
  value: { lines: [], results: ["-(theta_0*theta_0 + theta_1*theta_1)"] },
  gradient: { lines: [], results: ["-2.0*theta_0", "-2.0*theta_1"] },
  hessian: { lines: [], results: ["-2.0", "0.0", "0.0", "-2.0"] },
};

describe("a run that cannot start", () => {
  const run = descend(cone, gradientDescent, rate, [0], 20);

  it("has no point, and no step less than none", () => {
    expect([...run.points, ...run.values]).toEqual([]);
    expect(run.steps).toBe(0);
    expect(run.ending).toBe("unstarted");
  });

  it("says so, without a number that is none", () => {
    for (const text of [
      endingWords(run),
      spokenRuns([{ name: "gradient descent", rule: gradientDescent, settings: {}, run }], 7),
    ]) {
      expect(text).toContain("cannot start");
      expect(text).not.toMatch(/NaN|\(\)|-1|−1|undefined/);
    }
  });
});

describe("a run that stays where it starts", () => {
  it.each([
    ["at a minimum", parabola, momentum, [0], "the slope there is 0"],
    ["at a saddle", saddle, momentum, [0, 0], "a saddle"],
    ["on a hilltop", hilltop, gradientDescent, [0, 0], "a hilltop"],
  ] as const)("%s says why", (_, landscape, rule, start, words) => {
    const run = descend(landscape, rule, rate, start, 20);
    expect(stays(run)).toBe(true);
    expect(endingWords(run)).toMatch(/^stays at its start \(0(, 0)?\)/);
    expect(endingWords(run)).toContain(words);
  });

  it("is told when its steps are lost in rounding", () => {
    const run = descend(parabola, gradientDescent, { learning_rate: 1e-20 }, [2], 20);
    expect(endingWords(run)).toBe("stays at its start (2): its steps are too small to move it");
  });

  it("is told when a lower minimum is known", () => {
    expect(endingWords(descend(parabola, gradientDescent, rate, [0], 20), -5)).toContain(
      "though it is not the lowest minimum",
    );
  });

  it("is not one that has taken no step yet", () => {
    expect(endingWords(descend(parabola, gradientDescent, rate, [2], 0))).toBe("has taken no step yet");
  });
});

describe("a name that every object has", () => {
  const hostile = ["constructor", "toString", "hasOwnProperty", "__proto__", "valueOf"];

  it.each(hostile)("is a method's or a setting's like any other: %s", (name) => {
    expect(own({}, name)).toBeUndefined();
    expect(methodStyle(name, false).colour).toMatch(/^#/);
    const [eta] = gradientDescent.hyperparameters;
    const rule = { ...gradientDescent, hyperparameters: [{ ...(eta as NonNullable<typeof eta>), keyword: name }] };
    expect(valuesOf(rule, {})).toEqual([0.5]);
    expect(valuesOf(rule, JSON.parse(`{"${name}": 3}`) as Record<string, number>)).toEqual([3]);
  });
});
