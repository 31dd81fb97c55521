import { describe, expect, it } from "vitest";
import { descend } from "../src/core/descent";
import { own } from "../src/core/dom";
import { verdictOf } from "../src/core/judge";
import type { LandscapeProgram, RuleProgram } from "../src/core/program";
import { compileLandscape, valuesOf } from "../src/core/program";
import { methodStyle } from "../src/core/theme";
import { stays } from "../src/core/trajectory";
import {
  batchEndingWords,
  bendWords,
  boundWords,
  endingWords,
  looksWords,
  placeWords,
  regimeWords,
  spokenLook,
  spokenRuns,
} from "../src/shared/words";
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

/** J = ¼θ⁴ − ½θ²: minima at ±1 of curvature 2, a hilltop at 0. */
const quartic: LandscapeProgram = {
  ...parabola,
  minima: [[-1], [1]],
  valleys: [[-1], [1]],
  quadratic: false,
  value: { lines: [["a", "theta_0*theta_0"]], results: ["0.25*a*a - 0.5*a"] },
  gradient: { lines: [], results: ["theta_0*theta_0*theta_0 - theta_0"] },
  hessian: { lines: [], results: ["3.0*theta_0*theta_0 - 1.0"] },
};
/** J = −e⁻ᶿ falls for ever, ever more gently, and has no level place. */
const slope: LandscapeProgram = {
  ...parabola,
  minima: [],
  valleys: [],
  quadratic: false,
  value: { lines: [], results: ["Math.exp(-theta_0)"] },
  gradient: { lines: [], results: ["-Math.exp(-theta_0)"] },
  hessian: { lines: [], results: ["Math.exp(-theta_0)"] },
};
/** J = θ³ is level at 0, where its curvature is 0 too. */
const cubic: LandscapeProgram = {
  ...slope,
  value: { lines: [], results: ["theta_0*theta_0*theta_0"] },
  gradient: { lines: [], results: ["3.0*theta_0*theta_0"] },
  hessian: { lines: [], results: ["6.0*theta_0"] },
};

const words = (landscape: LandscapeProgram, rule: RuleProgram, eta: number, start: number[], steps: number) =>
  endingWords(descend(landscape, rule, { learning_rate: eta }, start, steps), compileLandscape(landscape));

describe("a run that cannot start", () => {
  const run = descend(cone, gradientDescent, rate, [0], 20);
  const ground = compileLandscape(cone);

  it("has no point, and no step less than none", () => {
    expect([...run.points, ...run.values]).toEqual([]);
    expect(run.steps).toBe(0);
    expect(run.ending).toBe("unstarted");
  });

  it("says so, without a number that is none", () => {
    for (const text of [
      endingWords(run, ground),
      spokenRuns([{ name: "gradient descent", rule: gradientDescent, settings: {}, run }], 7, ground),
    ]) {
      expect(text).toContain("cannot start");
      expect(text).not.toMatch(/NaN|\(\)|-1|−1|undefined/);
    }
  });
});

describe("a run that stays where it starts", () => {
  it.each([
    ["at a minimum", parabola, momentum, [0], "a minimum"],
    ["at a saddle", saddle, momentum, [0, 0], "a saddle"],
    ["on a hilltop", hilltop, gradientDescent, [0, 0], "a hilltop"],
    ["on a curve’s hilltop", quartic, gradientDescent, [0], "a hilltop"],
    ["where the curvature tells nothing", cubic, gradientDescent, [0], "does not tell of what kind"],
  ] as const)("%s says why", (_, landscape, rule, start, why) => {
    const run = descend(landscape, rule, rate, start, 20);
    expect(stays(run)).toBe(true);
    const said = endingWords(run, compileLandscape(landscape));
    expect(said).toMatch(/^stays at its start \(0(, 0)?\)/);
    expect(said).toContain(why);
  });

  it("is told when its steps are lost in rounding", () => {
    expect(words(parabola, gradientDescent, 1e-20, [2], 20)).toBe(
      "stays at its start (2): its steps are too small to move it",
    );
  });

  it("is told when a lower minimum is known", () => {
    const two = { ...quartic, minima: [[-1], [1], [0]], value: { lines: [], results: ["theta_0"] } };
    expect(words(two, gradientDescent, 0.1, [1], 20)).toContain("though it is not the lowest minimum");
  });

  it("is not one that has taken no step yet", () => {
    expect(words(parabola, gradientDescent, 0.1, [2], 0)).toBe("has taken no step yet");
  });
});

describe("what is said of a run that moves", () => {
  it.each([
    [
      "arrives under the bound",
      quartic,
      gradientDescent,
      0.5,
      [1.5],
      99,
      /^converged: at rest at \(1\); J − .* since step/,
    ],
    ["creeps down a tail", slope, gradientDescent, 10, [0], 2000, /^still going after 2000 steps$/],
    ["is far out on a tail", slope, gradientDescent, 1e7, [0], 9, /^slope almost 0 at .*; no minimum is known there$/],
    ["passes its minimum at speed", parabola, momentum, 0.5, [2], 1, /^still going after 1 step$/],
    [
      "slides to a saddle along its ridge",
      saddle,
      gradientDescent,
      0.5,
      [1, 0],
      60,
      /^stuck at a saddle, \(8\.67e−19, 0\)$/,
    ],
    [
      "is swung higher",
      quartic,
      gradientDescent,
      1.2,
      [0.99],
      7,
      /^still going after 7 steps, higher than at the start$/,
    ],
    ["overflows", quartic, gradientDescent, 10, [2], 40, /^diverged at step 5$/],
  ] as const)("%s", (_, landscape, rule, eta, start, steps, said) => {
    expect(words(landscape, rule, eta, [...start], steps)).toMatch(said);
  });
});

describe("what is said of a place", () => {
  it.each([
    [[1, 3], "curves up both ways"],
    [[-2, -1], "curves down both ways"],
    [[-1, 3], "curves up one way, down the other"],
    [[0, 3], "curves up one way, flat the other"],
    [[-3, 0], "curves down one way, flat the other"],
    [[0, 0], "no curvature at all"],
    [[NaN, 1], "no curvature is defined here"],
    [[2], "curves up"],
  ])("curvatures %j read as %s", (eigenvalues, said) => {
    expect(bendWords(eigenvalues)).toBe(said);
  });

  it.each([
    [quartic, [0.98], "curves up; a minimum is near, at (1)"],
    [quartic, [2], "curves up"],
    [quartic, [2e56], "curves up"],
    [quartic, [0.01], "curves down; a hilltop is near, at (0)"],
    [saddle, [0.01, 0.01], "curves up one way, down the other; a saddle is near, at (0, 0)"],
    [saddle, [1, 1], "curves up one way, down the other"],
    [slope, [50], "curves up"],
  ] as const)("%#: a level place is near only where Newton's method finds it near", (landscape, point, said) => {
    expect(placeWords(compileLandscape(landscape), point)).toBe(said);
  });
});

describe("what is said of a rate", () => {
  it.each([
    [0.98, "crawls"],
    [0.5, "walks down one side"],
    [0.001, "lands at once"],
    [-0.998, "zigzags inward"],
    [-1, "bounces for ever"],
    [-1.5, "explodes"],
  ])("a factor of %d on a parabola: %s", (factor, name) => {
    expect(regimeWords(factor, null).name).toBe(name);
  });

  it("speaks of this minimum alone where there is more than a parabola", () => {
    const { name, words: said } = regimeWords(-1.534, [-1.473]);
    expect(name).toBe("near the minimum (−1.473): it repels");
    expect(said).toBe("each step multiplies a small error by about −1.534");
    expect(regimeWords(-1, [1]).name).not.toContain("for ever");
  });

  it.each([
    ["bowl", [1, 1], /above it the error along the steepest direction grows\. L = 4 .* of this bowl\.$/],
    ["bowl", [1], /above it the error grows\. L = 4 is the curvature of this parabola\.$/],
    ["minimum", [1], /above it this minimum repels\. L = 4 .* at the minimum \(1\)\.$/],
    ["start", [1], /at the start; what the bound is where a run ends is not known\.$/],
  ] as const)("the bound of a %s at %j says no more than it holds", (of, point, said) => {
    expect(boundWords("2/L", 0.5, 4, { of, point })).toMatch(said);
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

describe("a rate that a line search tries", () => {
  it("is taken on Armijo's line and below it, and refused above it for a reason", () => {
    expect([2, 1.99, -1].map((value) => verdictOf(value, 3, 2))).toEqual(["taken", "taken", "taken"]);
    expect(verdictOf(2.5, 3, 2)).toBe("short");
    expect([3, 4].map((value) => verdictOf(value, 3, 2))).toEqual(["higher", "higher"]);
    expect([NaN, Infinity, -Infinity].map((value) => verdictOf(value, 3, 2))).toEqual(Array(3).fill("unknown"));
  });
  const count = {
    started: true,
    step: 2,
    looks: 3,
    all: 7,
    last: { rate: 0.25, verdict: "short" },
    end: null,
  } as const;
  it("is counted, and said to have been tried", () => {
    expect(spokenLook(count)).toBe(
      "Rate 0.25 refused: falls too little. Step 2: 3 looks at J so far. In all: 2 gradients, 7 looks at J.",
    );
  });
  it("ends a search only where there is no next one", () => {
    expect(looksWords(count)).not.toContain("ends");
    expect(looksWords({ ...count, end: "stalled" })).toContain("no rate that it can try moves θ");
    expect(looksWords({ ...count, started: false })).toContain("cannot start");
  });
});

describe("a run on batches", () => {
  it("is said to have diverged only when the clock has come there", () => {
    const run = { ending: "diverged", steps: 3 } as const;
    expect([0, 2, 3].map((k) => batchEndingWords(run, k))).toEqual([null, null, "diverged at step 4"]);
    expect(batchEndingWords({ ending: "out of steps", steps: 3 }, 3)).toBeNull();
    expect(batchEndingWords({ ending: "unstarted", steps: 0 }, -1)).toContain("cannot start");
  });
});
