import { describe, expect, it } from "vitest";
import type { View } from "../src/core/view";
import type { Stroke } from "../src/widgets/digit-pad/drawing";
import { bitmapOf, countsOf } from "../src/widgets/digit-pad/drawing";
import { PadState, readStrokes, writeStrokes } from "../src/widgets/digit-pad/state";
import { answerWords, ranked } from "../src/widgets/digit-pad/words";

const rules = { pixels: 32, block: 4, widest: 20, taller: 3, black: 312, pens: [1, 2, 3, 4, 5, 6] };
const total = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((sum, x) => sum + x, 0);

describe("a drawing in the form of the data", () => {
  it("is as high as the bitmap, wherever and however large it was drawn", () => {
    const ring: Stroke = Array.from({ length: 40 }, (_, i) => [
      20 + 10 * Math.cos((i / 39) * 2 * Math.PI),
      70 + 20 * Math.sin((i / 39) * 2 * Math.PI),
    ]);
    const large = ring.map(([x, y]) => [4 * x + 9, 4 * y - 30] as const);
    const bitmap = bitmapOf([ring], rules);
    expect(bitmap).toEqual(bitmapOf([large], rules));
    expect(total(bitmap.subarray(0, 32))).toBeGreaterThan(0);
    expect(total(bitmap.subarray(31 * 32))).toBeGreaterThan(0);
    const columns = Array.from({ length: 32 }, (_, x) => bitmap.some((black, i) => black && i % 32 === x));
    expect([columns.indexOf(true), columns.lastIndexOf(true)]).toEqual([7, 24]); // in the middle, at most 20 wide
  });

  it("of a straight stroke stays thin, and takes the pen that is black enough", () => {
    const bitmap = bitmapOf(
      [
        [
          [50, 10],
          [50, 90],
        ],
      ],
      rules,
    );
    expect(total(bitmap)).toBeGreaterThanOrEqual(312);
    const thinner = bitmapOf(
      [
        [
          [50, 10],
          [50, 90],
        ],
      ],
      { ...rules, pens: rules.pens.slice(0, -2) },
    );
    expect(total(thinner)).toBeLessThan(312);
    const counts = countsOf(
      [
        [
          [50, 10],
          [50, 90],
        ],
      ],
      rules,
    );
    expect(counts.length).toBe(64);
    expect([counts[24], counts[25], counts[30], counts[31]]).toEqual([0, 0, 0, 0]);
    expect([counts[27], counts[28]]).toEqual([16, 16]);
    expect(total(counts)).toBe(total(bitmap));
  });

  it("of nothing is nothing, and a dot is a dot", () => {
    expect(total(countsOf([], rules))).toBe(0);
    expect(total(countsOf([[]], rules))).toBe(0);
    expect(total(countsOf([[[5, 5]]], rules))).toBeGreaterThan(50);
  });
});

describe("strokes", () => {
  const pad = () => {
    const state = new Map<string, unknown>([
      ["strokes", []],
      ["_programs", { side: 200 }],
    ]);
    const view = {
      get: (name: string) => state.get(name),
      set: (values: object) => Object.entries(values).forEach(([name, value]) => state.set(name, value)),
    };
    return new PadState(view as unknown as View);
  };

  it("grow by points that are apart, and are undone and cleared", () => {
    const state = pad();
    state.begin(state.kept(10.4, -3));
    state.go([11, 0]); // too near
    state.go([14, 0]);
    state.begin([50, 50]);
    expect(state.strokes).toEqual([
      [
        [10, 0],
        [14, 0],
      ],
      [[50, 50]],
    ]);
    state.undo();
    expect(state.strokes.length).toBe(1);
    state.clear();
    expect(state.empty).toBe(true);
  });

  it("stop at what a drawing may hold", () => {
    const state = pad();
    state.begin([0, 0]);
    for (let i = 1; i < 700; i++) state.go([i % 2 ? 100 : 0, 0]);
    expect(state.strokes[0]?.length).toBe(600);
  });

  it("go into a link and come back; what is no drawing does not", () => {
    const strokes: Stroke[] = [
      [
        [1, 2],
        [3, 4],
      ],
      [[5, 6]],
    ];
    expect(writeStrokes(strokes)).toBe("1,2,3,4;5,6");
    expect(readStrokes("1,2,3,4;5,6", 200)).toEqual(strokes);
    expect(readStrokes("", 200)).toEqual([]);
    for (const text of ["1,2,3", "1,x", "1,201", "1,2;", "a"]) expect(readStrokes(text, 200)).toBeNull();
  });
});

describe("an answer", () => {
  it("is the most probable digit, with the next", () => {
    expect(ranked([0.1, 0.7, 0.2]).map(([digit]) => digit)).toEqual([1, 2, 0]);
    expect(answerWords([0.1, 0.7, 0.2])).toBe("It reads a 1, with probability 0.700; next comes 2, with 0.200.");
    expect(answerWords([0.001, 0.999])).toBe("It reads a 1, with probability 0.999.");
    expect(answerWords(null)).toBe("Nothing is drawn yet.");
    expect(answerWords([NaN, NaN])).toContain("no finite number");
  });
});
