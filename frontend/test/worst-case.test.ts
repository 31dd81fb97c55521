import { describe, expect, it } from "vitest";
import type { View } from "../src/core/view";
import { readSteps, WorstState, worse, writeSteps } from "../src/widgets/worst-case/state";
import { rankWords, summaryWords, worstWords } from "../src/widgets/worst-case/words";

const presets = [
  [["silver", [1.5]]],
  [["silver", [1.5, 2]]],
  [
    ["silver", [1.5, 2, 1.5]],
    ["even", [1, 1, 1]],
  ],
];
const rules = { most: 3, range: [0.25, 128], presets } as const;
const write = (x: number) => String(x);

/** A figure over a store that a test can read. */
function figure(steps: readonly number[]) {
  const traits: Record<string, unknown> = { steps, _programs: rules };
  const view = { get: (name: string) => traits[name], set: (values: object) => Object.assign(traits, values) };
  return { traits, state: new WorstState(view as unknown as View) };
}

describe("steps", () => {
  it("are drawn one at a time, within their range and to three digits", () => {
    const { traits, state } = figure([1, 1]);
    state.draw(1, 2.34567);
    expect(traits.steps).toEqual([1, 2.35]);
    state.draw(0, 1e9);
    expect(traits.steps).toEqual([128, 2.35]);
    state.draw(0, 0);
    expect(traits.steps).toEqual([0.25, 2.35]);
    state.draw(0, NaN);
    expect(traits.steps).toEqual([0.25, 2.35]);
  });

  it("know the plan that they follow, and keep to it in another number", () => {
    const { traits, state } = figure([1.5, 2, 1.5]);
    expect(state.plan).toBe("silver");
    state.resize(2);
    expect(traits.steps).toEqual([1.5, 2]);
    state.draw(0, 1);
    expect(state.plan).toBeUndefined();
    state.resize(3);
    expect(traits.steps).toEqual([1, 2, 1]);
    state.follow("even");
    expect(traits.steps).toEqual([1, 1, 1]);
    state.follow("constructor");
    expect(traits.steps).toEqual([1, 1, 1]);
  });

  it("that a link has rounded follow their plan still", () => {
    expect(figure([1.500001, 2, 1.5]).state.plan).toBe("silver");
    expect(figure([1.501, 2, 1.5]).state.plan).toBeUndefined();
  });

  it("go into a link and come back", () => {
    expect(writeSteps([1.5, 2])).toBe("1.5,2");
    expect(readSteps("1.5,2", rules)).toEqual([1.5, 2]);
  });

  it.each(["", "1,", "0.1", "129", "1,1,1,1", "a", "1e400", "__proto__"])("are refused from a link: %s", (text) =>
    expect(readSteps(text, rules)).toBeNull(),
  );
});

describe("words of the worst case", () => {
  const both = { huber: { value: 0.02, parameter: 0.04 }, bowl: { value: 0.01, parameter: 1 } };

  it("name the family that hurts more", () => {
    expect(worse(both)).toBe(0.02);
    expect(worstWords(both, 7, write)).toBe(
      "Worst found after 7 steps: 0.02, on the Huber function that bends at 0.04.",
    );
    const bowl = { ...both, bowl: { value: 0.03, parameter: 1 } };
    expect(worstWords(bowl, 1, write)).toBe("Worst found after 1 step: 0.03, on the bowl of curvature 1.");
  });

  it("say whether the silver steps are beaten, and never so for a rounding", () => {
    expect(rankWords(0.02, 0.01, write)).toBe("The silver steps leave less: 0.01.");
    expect(rankWords(0.01, 0.02, write)).toContain("The silver steps leave more: 0.02");
    expect(rankWords(0.02 * (1 - 1e-9), 0.02, write)).toContain("leave as much");
    expect(summaryWords(both, both, 7, write)).toContain("leave as much");
  });
});
