import { describe, expect, it } from "vitest";
import { readExpression, readNumber } from "../src/core/reading";

describe("a number as a reader types it", () => {
  it.each([
    ["0.25", 0.25],
    [" −3 ", -3],
    ["1/4", 0.25],
    ["2/11", 2 / 11],
    ["2.5e-1", 0.25],
    ["1e-3", 0.001],
    ["13 781", 13781],
    ["187_000", 187000],
    ["1\u202f234\u00a0567.5", 1234567.5],
    [".5", 0.5],
    ["√2", Math.SQRT2],
    ["-1/√2", -1 / Math.SQRT2],
    ["2√3", 2 * Math.sqrt(3)],
    ["√(1/4)", 0.5],
    ["np.sqrt(2)", Math.SQRT2],
    ["2π", 2 * Math.PI],
    ["pi/4", Math.PI / 4],
    ["10⁶", 1e6],
    ["2·10⁻³", 0.002],
    ["2**-1", 0.5],
    ["-2^2", -4],
    ["2^3^2", 512],
    ["(1 + 10) / 2", 5.5],
    ["ln(10)", Math.LN10],
    ["e", Math.E],
    ["1 - 0.9", 1 - 0.9],
    ["8/4/2", 1],
  ])("reads %s", (text, value) => {
    expect(readNumber(text)).toBeCloseTo(value, 14);
  });

  it.each([
    "",
    " ",
    "abc",
    "1,5",
    "1/0",
    "0x10",
    "1e999",
    "inf",
    "nan",
    "alert(1)",
    "2 +",
    "(1",
    "1)",
    "sqrt 2",
    "1 .5",
    "1 1/2",
    "12 34",
  ])("reads no finite number in %j", (text) => {
    expect(readNumber(text)).toBeNull();
  });

  it("knows what is infinite and what is no number", () => {
    expect(readExpression("inf")).toBe(Infinity);
    expect(readExpression("-∞")).toBe(-Infinity);
    expect(readExpression("nan")).toBeNaN();
    expect(readExpression("1/0")).toBe(Infinity);
  });

  it("gives up on what is nested too deeply, and does not hang on what is long", () => {
    expect(readNumber(`${"(".repeat(2000)}1${")".repeat(2000)}`)).toBeNull();
    expect(readNumber("-".repeat(5000))).toBeNull();
    expect(readNumber(`${"1+".repeat(2000)}1`)).toBe(2001);
  });
});
