import { describe, expect, it } from "vitest";
import { batchEnds, order, uniforms } from "../src/core/random";
import { lastUpTo } from "../src/plots/chart";
import { measuredRadius, walkSource } from "../src/race/batches";
import type { Fit } from "../src/race/batches";

describe("the order of rows", () => {
  it("comes from the generator that Python has too", () => {
    expect(uniforms(0)()).toBe(0.26642920868471265);
    expect(uniforms(1)()).toBe(0.6270739405881613);
  });

  it("shows every row once an epoch when shuffled, and not when drawn", () => {
    const epochs = order(9, 4, 3, false);
    for (let e = 0; e < 4; e++) expect([...epochs.subarray(9 * e, 9 * e + 9)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(order(9, 1, 3, true)).size).toBeLessThan(9);
  });

  it("closes an epoch with what is left of it", () => {
    expect([...batchEnds(7, 2, 3)]).toEqual([3, 6, 7, 10, 13, 14]);
    expect([...batchEnds(4, 2, 4)]).toEqual([4, 8]);
  });
});

describe("descent on batches", () => {
  it("averages the printed gradient over a batch's rows and takes the printed step", () => {
    const source = walkSource({
      gradient: { lines: [["r", "theta_0*x_0 + theta_1*x_1 - y"]], results: ["r*x_0", "r*x_1"] },
      step: { lines: [], results: ["theta_0 - eta*g_0", "theta_1 - eta*g_1"] },
      rate: "eta",
    });
    const walk = new Function("start", "rateAt", "order", "ends", "features", "targets", source);
    const path = walk([0, 0], (k: number) => 1 / (2 * k), [0, 1, 1], [2, 3], [1, 2, 1, -2], [4, 2]) as Float64Array;
    // residuals −4 and −2: mean gradient (−3, −2), at rate ½ to (1.5, 1); then row 1 alone, residual −2.5, at ¼
    expect([...path]).toEqual([0, 0, 1.5, 1, 2.125, -0.25]);
  });

  it("finds the latest point at a moment", () => {
    expect([0, 4, 5, 9, 12, 99].map((at) => lastUpTo([0, 5, 10], at))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(lastUpTo([5], 4)).toBe(-1);
  });

  it("measures a settled run only", () => {
    const run: Fit = {
      name: "stochastic", size: 1, steps: 4, diverged: false, seen: new Int32Array(5), values: new Float64Array(5),
      points: Float64Array.from([9, 9, 9, 9, 3, 4, -3, 4, 0, 5]),
    };
    expect(measuredRadius(run, [0, 0], 0.1)).toBeCloseTo(5);
    expect(measuredRadius(run, [0, 0], 0.9)).toBeNull();
    expect(measuredRadius({ ...run, diverged: true }, [0, 0], 0.1)).toBeNull();
  });
});
