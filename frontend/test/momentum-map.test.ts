import { describe, expect, it } from "vitest";
import { motionWords } from "../src/shared/words";
import { stepsPerDigit } from "../src/widgets/momentum-map/spectrum";

describe("eigenvalues in words", () => {
  it.each([
    [[0.4, 0.4, 0.8], "swings to and fro"],
    [[0.9, 0.2, 0], "creeps in"],
    [[0.2, -0.7, 0], "hops from side to side"],
    [[0.5, 0.5, 0], "without a swing"],
    [[-0.5, -0.5, 0], "hopping from side to side"],
    [[0.5, 0.5, 1e-8], "have met"],
    [[0.2, -1.2, 0], "farther out"],
    [[0.9, 0.9, 0.6], "the swings grow"],
    [[0.6, 0.6, 0.8], "neither shrinks nor grows"],
  ] as const)("says of %j that it %s", (pair, words) => {
    expect(motionWords(pair, 0.4)).toContain(words);
  });

  it("calls the meeting of two the fastest only where no rate does better at this decay", () => {
    expect(motionWords([0.5, 0.5, 0], 0.5)).toContain("as fast as this β allows");
    expect(motionWords([0.5, 0.5, 0], 0)).toBe("the two have met: without a swing");
  });

  it("counts the steps to a tenth of the error", () => {
    expect(stepsPerDigit(0.1)).toBeCloseTo(1);
    expect(stepsPerDigit(1)).toBeNull();
  });
});
