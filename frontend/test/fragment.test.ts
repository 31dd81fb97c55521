import { describe, expect, test } from "vitest";
import {
  readFragment,
  readInteger,
  readNumber,
  readPoint,
  slug,
  writeFragment,
  writeNumber,
} from "../src/core/fragment";

describe("a link's fragment", () => {
  test("carries several widgets' fields there and back", () => {
    const state = new Map([
      [
        "explorer-1",
        new Map([
          ["start", "1,-2.5"],
          ["run", "adam,lion"],
        ]),
      ],
      ["line-1", new Map([["rate", "0.3"]])],
    ]);
    const text = writeFragment(state);
    expect(text).toBe("#gd/explorer-1?start=1,-2.5&run=adam,lion/line-1?rate=0.3");
    expect(readFragment(text)).toEqual(state);
  });

  test("keeps any text of a field whole", () => {
    const state = new Map([["w", new Map([["a", "x/y?z&k=v#%+ é"]])]]);
    expect(readFragment(writeFragment(state))).toEqual(state);
  });

  test("is nothing when no field differs", () => {
    expect(writeFragment(new Map([["explorer-1", new Map()]]))).toBe("");
  });

  test("that is a heading's is not ours", () => {
    expect(readFragment("#the-learning-rate")).toBeNull();
    expect(readFragment("")).toBeNull();
  });

  test.each([
    "#gd/",
    "#gd/x",
    "#gd/<script>?a=1",
    "#gd/w?__proto__=1",
    "#gd/w?a=%E0%A4%A",
    "#gd/w?a",
    `#gd/w?a=${"9".repeat(30_000)}`,
  ])("that is malformed (%s) gives no field", (hash) => {
    const fields = [...(readFragment(hash)?.values() ?? [])].flatMap((map) => [...(map ?? [])]);
    expect(fields).toEqual([]);
  });
});

test("a malformed part is told from one that is not there, and spoils no other", () => {
  expect(readFragment("#gd/a?x/b?y=1")).toEqual(
    new Map([
      ["a", null],
      ["b", new Map([["y", "1"]])],
    ]),
  );
});

describe("a number in a link", () => {
  test.each(["", " 1", "1 ", "0x10", "1e9999", "NaN", "Infinity", "1,2", "--1", "alert(1)", "1_000", "١"])(
    "is not %j",
    (text) => {
      expect(readNumber(text)).toBeNull();
    },
  );

  test.each([
    ["1", 1],
    ["-2.5", -2.5],
    [".5", 0.5],
    ["1e-3", 0.001],
    ["+3.", 3],
  ])("may be %j", (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  test("outside its range is refused", () => {
    expect(readNumber("11", 0, 10)).toBeNull();
    expect(readInteger("1.5", 0, 10)).toBeNull();
    expect(readInteger("7", 0, 10)).toBe(7);
  });

  test("comes back as it was shown", () => {
    for (const value of [0.1, 1e-8, -1.2, 12345.7, 0]) {
      expect(readNumber(writeNumber(value))).toBeCloseTo(value, 4);
    }
  });

  test("of a point comes in the right count", () => {
    expect(readPoint("1,2", 2)).toEqual([1, 2]);
    expect(readPoint("1,2,3", 2)).toBeNull();
    expect(readPoint("1,", 2)).toBeNull();
    expect(readPoint(undefined, 2)).toBeNull();
    expect(readPoint("1e300,1", 2)).toBeNull();
  });
});

test("names become lower-case keys", () => {
  expect(slug("Styblinski–Tang")).toBe("styblinski-tang");
  expect(slug("gradient descent")).toBe("gradient-descent");
});
