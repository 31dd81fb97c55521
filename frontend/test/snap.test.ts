import { describe, expect, it } from "vitest";
import { readTyped } from "../src/core/controls";
import { kept, nudged, snapped } from "../src/core/snap";

const wide = [
  [-5, 5],
  [-1, 1],
] as const;

describe("a point of a plane", () => {
  it("stays within its bounds, at round numbers", () => {
    expect(kept([5.00049, -3], wide)).toEqual([5, -1]);
    expect(
      kept(
        [1.23456, 0],
        [
          [0, 4.4],
          [0, 1],
        ],
      ),
    ).toEqual([1.235, 0]);
  });

  it("snaps to an axis that is close, if there is one", () => {
    expect(snapped([0.09, -0.019], wide)).toEqual([0, 0]);
    expect(snapped([0.11, -0.021], wide)).toEqual([0.11, -0.021]);
    expect(snapped([1.001], [[1, 2]])).toEqual([1.001]);
  });

  it("moves by keys over round numbers, and so meets the axes", () => {
    expect(nudged([0, 0], wide, [1, -1])).toEqual([0.1, -0.02]);
    expect(nudged([0.03, 0.03], wide, [-1, 0])).toEqual([0, 0.03]);
    expect(nudged([0.03], [[-1.5, 1.5]], [-1])).toEqual([0.02]);
    expect(nudged([0.02], [[-1.5, 1.5]], [-1])).toEqual([0]);
    expect(nudged([0], [[-1.2, 1.2]], [1])).toEqual([0.02]);
    expect(nudged([4.98], [[-5, 5]], [5])).toEqual([5]);
    let x = 2;
    for (let i = 0; i < 40; i++) [x = NaN] = nudged([x], [[-1, 3]], [-1]);
    expect(x).toBe(0);
  });
});

describe("a number as readers type it", () => {
  it.each([
    ["2.1", 2.1],
    [" 0,9 ", 0.9],
    ["−1e−3", -0.001],
    ["1e-4", 1e-4],
  ])("%j is read", (text, value) => {
    expect(readTyped(text)).toBe(value);
  });

  it.each(["", "fast", "1.2.3"])("%j is none", (text) => {
    expect(readTyped(text)).toBeNaN();
  });
});
