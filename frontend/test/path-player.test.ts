import { describe, expect, it } from "vitest";
import type { Theme } from "../src/core/theme";
import { methodStyle } from "../src/core/theme";
import { looksOf } from "../src/widgets/path-player/looks";
import { frameOf, pointOf, stepOf, unpack } from "../src/widgets/path-player/paths";

const packed = { name: "a", steps: 7, unit: [0.01, 0.1] as const, moves: [-120, 10, 1, -2, 0, 5], heights: [3, 2, 1] };
const theme = { method: (name: string) => methodStyle(name, false) } as Theme;

describe("a packed path", () => {
  it("is a sum of whole numbers of its unit", () => {
    const path = unpack(packed);
    const expected = [-1.2, 1, -1.19, 0.8, -1.19, 1.3];
    expect(path.points).toHaveLength(6);
    path.points.forEach((x, i) => expect(x).toBeCloseTo(expected[i] ?? NaN, 12));
  });

  it("stays where it ended while others go on", () => {
    const path = unpack(packed);
    expect(frameOf(path, 9)).toBe(2);
    expect(pointOf(path, 9)).toEqual(pointOf(path, 2));
  });

  it("ends at its last step even if that is no whole frame", () => {
    const path = unpack(packed);
    expect([0, 1, 2, 9].map((frame) => stepOf(path, frame, 4))).toEqual([0, 4, 7, 7]);
  });

  it("has a closed curve a frame, packed as its points are", () => {
    const moves = [100, 0, -100, 10, -100, -10, 200, 0, -200, 20, -200, -20];
    const { outlines } = unpack({ ...packed, corners: 3, outlines: moves });
    expect(outlines.map(({ length }) => length)).toEqual([6, 6]);
    const expected = [1, 0, -1, 2, -3, 0].map((x) => expect.closeTo(x, 12));
    expect([...(outlines[1] ?? [])]).toEqual(expected);
    expect(unpack(packed).outlines).toEqual([]);
  });
});

describe("looks of paths", () => {
  it("are a method's own where a label begins with its name", () => {
    expect(looksOf(["Adam, rate 0.1"], theme)[0]?.colour).toBe(methodStyle("Adam", false).colour);
    expect(looksOf(["AdamW"], theme)[0]?.colour).toBe(methodStyle("AdamW", false).colour);
  });

  it.each([["Adam"], ["momentum"], ["AdaGrad"]])("are %s's own where other paths stand before it", (method) => {
    const looks = looksOf(["no correction", "no momentum", "no second moment", method], theme);
    expect(looks[3]?.colour).toBe(methodStyle(method, false).colour);
    expect(new Set(looks.map(({ colour }) => colour)).size).toBe(4);
  });

  it.each([
    [["Adam, fast", "Adam, slow", "path 1", "path 2"]],
    [["Adam", "no correction", "no momentum", "no second moment"]],
  ])("differ from path to path: %s", (labels) => {
    const colours = looksOf(labels, theme).map(({ colour }) => colour);
    expect(new Set(colours).size).toBe(4);
  });

  it.each([..."abcdef"])("keep a method's hue to itself in the dark, where its shade is another: %s", (label) => {
    const dark = { method: (name: string) => methodStyle(name, true) } as Theme;
    const [, beside] = looksOf(["Nesterov", label], dark);
    expect(beside?.colour).not.toBe(methodStyle("Nesterov", false).colour);
  });
});
