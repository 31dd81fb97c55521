import { expect, test } from "vitest";
import { fromTrack, toTrack } from "../src/core/controls";
import { counted, formatFactor, formatNumber, formatPoint, spoken } from "../src/core/format";
import { PageModel, same } from "../src/core/model";
import { methodStyle, rgb } from "../src/core/theme";
import { contourLevels } from "../src/plots/levels";

const scales = [
  { low: 1e-4, high: 10, scale: "log" },
  { low: 0, high: 0.999, scale: "to one" },
  { low: 0, high: 0.5, scale: "linear" },
  { low: 1, high: 200, scale: "integer" },
] as const;

test.each(scales)("a slider ($scale) ends where it should and grows on its way", (s) => {
  expect(fromTrack(s, 0)).toBe(s.low);
  expect(fromTrack(s, 1)).toBe(s.high);
  const values = Array.from({ length: 101 }, (_, i) => fromTrack(s, i / 100));
  expect([...values].sort((a, b) => a - b)).toEqual(values);
  for (const position of [0.25, 0.5, 0.9]) expect(toTrack(s, fromTrack(s, position))).toBeCloseTo(position, 1.9);
});

test("a value outside a slider's range stands at its end", () => {
  expect(toTrack(scales[0], 1e9)).toBe(1);
  expect(toTrack(scales[0], 1e-9)).toBe(0);
});

test.each([
  [0, "0"],
  [-1.5, "−1.5"],
  [0.1, "0.1"],
  [123456, "1.23e5"],
  [1e-8, "1e−8"],
  [0.30000000000000004, "0.3"],
])("%d is written %s", (x, text) => {
  expect(formatNumber(x)).toBe(text);
});

test("numbers are spoken without signs that a screen reader skips", () => {
  expect(spoken(-1.5e-8)).toBe("minus 1.5 times ten to the minus 8");
  expect(formatPoint([1, -2])).toBe("(1, −2)");
});

test("contour levels lie inside the values, rise, and are round", () => {
  const valley = Float64Array.from({ length: 400 }, (_, i) => (i / 20) ** 4);
  const levels = contourLevels(valley);
  expect(levels.length).toBeGreaterThan(6);
  expect([...levels].sort((a, b) => a - b)).toEqual(levels);
  expect(levels[0]).toBeGreaterThan(0);
  expect(levels.at(-1)).toBeLessThan(valley[399] ?? 0);
  for (const level of levels) expect(String(level).replace(/[.\-0]/g, "").length).toBeLessThanOrEqual(3);
});

test("a flat or infinite field has no levels, and no failure", () => {
  expect(contourLevels([2, 2, 2])).toEqual([]);
  expect(contourLevels([Infinity, NaN])).toEqual([]);
});

test("a page's model tells each view of a change, once, and not of a repeat", () => {
  const model = new PageModel({ start: [1, 2] });
  const heard: string[] = [];
  const first = () => heard.push("first");
  model.on("change:start", first);
  model.on("change:start", () => heard.push("second"));
  model.set("start", [1, 2]);
  expect(heard).toEqual([]);
  model.set("start", [3, 4]);
  expect(heard).toEqual(["first", "second"]);
  model.off("change:start", first);
  model.set("start", [5, 6]);
  expect(heard).toEqual(["first", "second", "second"]);
  expect(same(model.get("start"), [5, 6])).toBe(true);
});

test("each method has one look, and an unknown one keeps its own", () => {
  expect(methodStyle("Adam", false)).toEqual({ colour: "#E69F00", marker: "circle", dash: [] });
  expect(methodStyle("mine", false)).toEqual(methodStyle("mine", true));
  expect(rgb("rgb(1, 2, 3)")).toEqual([1, 2, 3]);
  expect(rgb("#fff")).toEqual([255, 255, 255]);
});

test.each([
  [0.99997385, "0.9999739"],
  [1.0004, "1.0004"],
  [-1.00000003, "−1.00000003"],
  [-0.9951, "−0.9951"],
  [1, "1"],
  [1 - 1e-16, "1"],
  [0.93, "0.93"],
  [-259, "−259"],
])("the factor %d is told from 1: %s", (x, text) => {
  expect(formatFactor(x)).toBe(text);
});

test("counts one thing in the singular", () => {
  expect([0, 1, 2].map((n) => counted(n, "step"))).toEqual(["0 steps", "1 step", "2 steps"]);
});
