import { describe, expect, it } from "vitest";
import type { View } from "../src/core/view";
import { ringPlace } from "../src/widgets/word-neighbours/panels";
import type { Programs } from "../src/widgets/word-neighbours/state";
import { rank, WordState } from "../src/widgets/word-neighbours/state";
import { cosine, find, nearWords, sharedWords } from "../src/widgets/word-neighbours/words";

const words = ["step", "rate", "slope", "Adam"];
const near = [
  { index: 1, alike: 0.5 },
  { index: 3, alike: -0.251 },
];

describe("neighbours", () => {
  it("are ranked by cosine without the word; of equal ones the first comes first", () => {
    expect(rank([1, 0.2, 0.9, 0.2], 0).map(({ index }) => index)).toEqual([2, 1, 3]);
    expect(rank([0.2, 0.2, 1, 0.2], 2).map(({ index }) => index)).toEqual([0, 1, 3]);
  });

  it("are kept back while the figure waits for a prediction", () => {
    const view = { waiting: true, get: () => ({}) } as unknown as View;
    expect(new WordState(view).nearest({ name: "", vectors: [], places: [] })).toEqual([]);
  });

  it("are told in words, with how often the text has the word if that is known", () => {
    const programs = { words, counts: [166, 2, 3, 4] } as unknown as Programs;
    expect(nearWords(programs, 0, near)).toBe("Nearest to “step” (166 times in the text): “rate” 0.50, “Adam” −0.25.");
    expect(nearWords({ ...programs, counts: [1, 1, 1, 1] }, 0, near)).toContain("(1 time in the text)");
    expect(nearWords({ ...programs, counts: null }, 0, near)).toContain("Nearest to “step”: ");
    expect(cosine(-0.999)).toBe("−1.00");
  });

  it("are compared with those by other vectors", () => {
    const others = [{ name: "another start", near: [{ index: 3, alike: 0.8 }] }];
    expect(sharedWords(near, others)).toBe(" By “another start”, 1 of these 2 are among the 2 nearest, too.");
    expect(sharedWords(near, [])).toBe("");
  });
});

describe("a word that is typed", () => {
  it("is found whatever its case and the blanks around it, first as it is written", () => {
    expect(find(" RATE ", words)).toBe(1);
    expect(find("adam", words)).toBe(3);
    expect(find("Adam", ["adam", "Adam"])).toBe(1);
  });

  it.each(["", "  ", "rat", "constructor"])("is not there: “%s”", (typed) => {
    expect(find(typed, words)).toBe(-1);
  });
});

describe("a word in the picture", () => {
  it("is as far away as its vector, in its direction from the chosen word on the map", () => {
    const places = [1, 1, 4, 5, 1, 1];
    const [x, y] = ringPlace(places, 0.5, 1, 0);
    expect(x).toBeCloseTo(0.3);
    expect(y).toBeCloseTo(0.4);
    expect(ringPlace(places, 0.5, 2, 0)).toEqual([0.5, 0]);
  });
});
