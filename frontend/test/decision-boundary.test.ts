import { describe, expect, it } from "vitest";
import { countRight, isRight } from "../src/widgets/decision-boundary/state";
import { fallOf, rightSince, stepWords } from "../src/widgets/decision-boundary/words";

const run = (losses: readonly number[], right: readonly number[], diverged = false) => ({
  thetas: [],
  slopes: [],
  losses,
  right,
  diverged,
});
const flat = (n: number, value: number) => Array.from({ length: n + 1 }, () => value);

describe("what is right", () => {
  it("is what lies on the class's side of one half", () => {
    expect([isRight(0.9, 1), isRight(0.2, 0), isRight(0.5, 1), isRight(0.6, 0), isRight(NaN, 1)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(countRight([0.9, 0.9, 0.1], [1, 0, 0])).toBe(2);
  });

  it("is said with the step from which on it has been", () => {
    const rights = { right: [2, 4, 3, 4, 4] };
    expect([1, 2, 3, 4].map((k) => rightSince(rights, 4, k))).toEqual([1, null, 3, 3]);
    expect(stepWords(run([5, 4, 3, 2, 1], rights.right), 4, 4)).toBe("All 4 points are right, since step 3.");
  });
});

describe("a run that is not right", () => {
  it("is stuck only if its loss has all but stopped falling over a quarter of its steps", () => {
    expect(stepWords(run(flat(100, 0.35), flat(100, 2)), 4, 100)).toContain("Hardly moving: 2 of 4 points are right");
    const falling = Array.from({ length: 101 }, (_, k) => 0.99 ** k);
    expect(fallOf({ losses: falling }, 100)).toBeCloseTo(1 - 0.99 ** 25);
    expect(stepWords(run(falling, flat(100, 3)), 4, 100)).toBe("3 of 4 points are right, and the loss still changes.");
  });

  it("is called nothing after a few steps", () => {
    expect(stepWords(run(flat(100, 0.35), flat(100, 2)), 4, 20)).toBe("2 of 4 points are right.");
  });

  it("has diverged where its last step leads nowhere", () => {
    expect(stepWords(run([1, 9], [2, 2], true), 4, 1)).toContain("Diverged: step 2");
    expect(stepWords(run([1, 9], [2, 2], true), 4, 0)).not.toContain("Diverged");
  });
});
