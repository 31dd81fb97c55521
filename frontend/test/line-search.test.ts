import { describe, expect, it } from "vitest";
import { REACH } from "../../gdlib/static/search_window";
import { beyondWords, windowOf } from "../src/widgets/line-search/panels";
import type { Look } from "../src/widgets/line-search/search";

const look = (rate: number, verdict: Look["verdict"]): Look => ({ rate, point: [0, 0], value: 0, most: 0, verdict });

describe("the picture of a line search", () => {
  const rates = [10, 5, 2.5, 1.25, 0.625, 0.3125, 0.15625];
  const looks = rates.map((rate) => look(rate, rate < 0.2 ? "taken" : "higher"));

  it("reaches a few times as far as the rate that is taken, however large the first one is", () => {
    const { right, all } = windowOf({ looks }, 10);
    expect(right).toBeCloseTo(1.12 * 1.25, 12);
    expect(right).toBeLessThan(1.13 * REACH * 0.15625);
    expect(all).toBe(false);
  });

  it("shows every rate where none is taken, and the first where none was tried", () => {
    expect(windowOf({ looks: looks.slice(0, -1) }, 10)).toEqual({ right: 1.12 * 10, all: true });
    expect(windowOf({ looks: [] }, 3)).toEqual({ right: 1.12 * 3, all: true });
  });

  it("says what lies beyond it, one rate by its number", () => {
    expect(beyondWords([])).toBe("");
    expect(beyondWords(looks.slice(0, 1))).toBe("rate 10 refused →");
    expect(beyondWords(looks.slice(0, 3))).toBe("3 rates refused →");
  });
});
