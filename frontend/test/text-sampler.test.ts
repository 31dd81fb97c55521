import { describe, expect, it } from "vitest";
import { uniforms } from "../src/core/generator";
import { drawn, unpacked } from "../src/widgets/text-sampler/state";
import { named, plain, share, summary } from "../src/widgets/text-sampler/words";

describe("a sign that is drawn", () => {
  it("is the first up to which the probabilities add up to more than the draw", () => {
    const shares = [0.5, 0.25, 0.25];
    expect([0, 0.49, 0.5, 0.74, 0.75, 0.99].map((u) => drawn(shares, u))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it("is the last where rounding leaves the sum below the draw", () => {
    expect(drawn([0.3, 0.3, 0.3], 0.95)).toBe(2);
  });

  it("follows NumPy's draws", () => {
    const draw = uniforms(0); // np.random.default_rng(0).random(2)
    expect([draw(), draw()]).toEqual([0.6369616873214543, 0.2697867137638703]);
  });
});

describe("the weights of a page", () => {
  const parts = [
    { name: "a", shape: [2, 2] },
    { name: "b", shape: [3] },
  ];

  it("are whole multiples, each of its column's worth", () => {
    const packed = { digits: "ABCBAAC", worth: [0.5, 2, 10, 20, 30] };
    expect([...unpacked({ parts, digits: "ABC" }, packed)]).toEqual([-0.5, 0, 0.5, 0, -10, -20, 30]);
  });

  it("are zeros before the first step", () => {
    expect([...unpacked({ parts, digits: "ABC" })]).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });
});

describe("what is said", () => {
  const next = [
    { sign: " ", share: 0.5 },
    { sign: "s", share: 0.256 },
    { sign: "a", share: 0.1 },
  ];

  it("names rule, step, cost and the two most probable signs", () => {
    expect(summary("Muon", 100, 2.345, next)).toBe(
      "After 100 steps of Muon the model needs 2.35 bits a sign. Next it expects a blank (0.50) or “s” (0.26).",
    );
    expect(summary("Muon", 1, 2, next)).toContain("After 1 step of Muon");
  });

  it("says that nothing is preferred before the first step", () => {
    const even = ["a", "b"].map((sign) => ({ sign, share: 0.5 }));
    expect(summary("Muon", 0, 4.807, even)).toBe(
      "Before the first step the model needs 4.81 bits a sign. All signs are equally probable.",
    );
  });

  it("writes a blank by its name", () => {
    expect([named(" "), named("q"), share(0.126)]).toEqual(["blank", "q", "0.13"]);
  });
});

describe("what is typed", () => {
  it("is read in lower case, other signs as blanks, and its end where it is long", () => {
    expect(plain("The Rate, 3", " aehrt", 20)).toBe("the rate   ");
    expect(plain("abcdef", "abcdef", 3)).toBe("def");
    expect(plain("", "ab", 3)).toBe("");
  });
});
