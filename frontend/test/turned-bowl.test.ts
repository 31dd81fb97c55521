import { describe, expect, it } from "vitest";
import { list, needWords } from "../src/widgets/turned-bowl/words";

const need = (name: string, here: number | null, along: number | null) => ({ name, here, along });

describe("what a bowl at an angle says", () => {
  it("joins names as a sentence does", () => {
    expect([list([]), list(["a"]), list(["a", "b"]), list(["a", "b", "c"])]).toEqual([
      "",
      "a",
      "a and b",
      "a, b and c",
    ]);
  });

  it("names the rules that need as many steps as along the axes, and by how much others differ", () => {
    const needs = [need("gradient descent", 210, 210), need("Adam", 656, 82), need("Shampoo", 91, 91)];
    expect(needWords(45, needs)).toBe(
      "Steps to a cost of 0.001 at 45°: gradient descent 210, Adam 656, Shampoo 91. " +
        "Gradient descent and Shampoo need as many as at 0°. Adam needs 82 steps at 0°, 8.0 times as many here.",
    );
  });

  it("says along the axes no more than the counts", () => {
    expect(needWords(0, [need("Adam", 82, 82)])).toBe(
      "Steps to a cost of 0.001 at 0°: Adam 82. Here the bowl lies along the axes.",
    );
  });

  it("says of a rule that does not arrive that it does not", () => {
    expect(needWords(30, [need("Adam", null, 82), need("Muon", 135, 135)])).toBe(
      "Steps to a cost of 0.001 at 30°: Adam does not arrive, Muon 135. " +
        "Muon needs as many as at 0°. Adam needs 82 steps at 0°.",
    );
    expect(needWords(30, [need("Adam", 90, null)])).toContain("Adam does not arrive at 0°.");
  });
});
