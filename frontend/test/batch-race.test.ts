import { describe, expect, it } from "vitest";
import type { View } from "../src/core/view";
import { lastUpTo } from "../src/plots/chart";
import { batchEnds, order, uniforms } from "../src/widgets/batch-race/shuffling";
import type { Fit } from "../src/widgets/batch-race/state";
import { Fits, measuredRadius } from "../src/widgets/batch-race/state";
import { walkSource } from "../src/widgets/batch-race/walk";
import { saddle } from "./programs";

/** Two rows, whose mean cost is ¼(θ₀² + θ₁²): the gradient of row (1, 0) with target 0 is (θ₀, 0). */
function fits(learning_rate: number, start: readonly number[]): Fits {
  const programs = {
    cost: {
      ...saddle,
      value: { lines: [], results: ["0.25*(theta_0*theta_0 + theta_1*theta_1)"] },
      gradient: { lines: [], results: ["0.5*theta_0", "0.5*theta_1"] },
    },
    features: [1, 0, 0, 1],
    targets: [0, 0],
    rate: "eta",
    minimum: [0, 0],
    gradient: { lines: [["r", "theta_0*x_0 + theta_1*x_1 - y"]], results: ["r*x_0", "r*x_1"] },
    step: { lines: [], results: ["theta_0 - eta*g_0", "theta_1 - eta*g_1"] },
    schedules: [{ name: "constant", arguments: ["k", "eta_0", "T"], lines: [], results: ["eta_0"] }],
  };
  const state = new Map<string, unknown>(
    Object.entries({
      _programs: programs,
      batch_size: 1,
      learning_rate,
      epochs: 60,
      seed: 0,
      replacement: false,
      start,
      schedule: "constant",
      samples: null,
    }),
  );
  return new Fits({ get: (name: string) => state.get(name) } as unknown as View);
}

describe("the order of rows", () => {
  it("comes from the generator that Python has too", () => {
    expect(uniforms(0)()).toBe(0.26642920868471265);
    expect(uniforms(1)()).toBe(0.6270739405881613);
  });

  it("shows every row once an epoch when shuffled, and not when drawn", () => {
    const epochs = order(9, 4, 3, false);
    for (let e = 0; e < 4; e++)
      expect([...epochs.subarray(9 * e, 9 * e + 9)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
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

  it("ends a run where its cost is finite no more, and nowhere before", () => {
    const [batch] = fits(1e6, [1, 1]).runs;
    // each step multiplies θ by 1 − 10⁶/2: cost ½ (½·10⁶)²ᵏ passes 1.8·10³⁰⁸ at k = 28
    expect(batch?.ending).toBe("diverged");
    expect(batch?.steps).toBe(27);
    expect([...(batch?.values ?? []), ...(batch?.points ?? [])].every(Number.isFinite)).toBe(true);
  });

  it("takes no step from a start whose cost is not finite", () => {
    for (const run of fits(0.1, [1e200, 0]).runs) {
      expect(run.ending).toBe("unstarted");
      expect([run.steps, run.points.length, run.values.length]).toEqual([0, 0, 0]);
    }
  });

  it("finds the latest point at a moment", () => {
    expect([0, 4, 5, 9, 12, 99].map((at) => lastUpTo([0, 5, 10], at))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(lastUpTo([5], 4)).toBe(-1);
  });

  it("measures a settled run only", () => {
    const run: Fit = {
      name: "stochastic",
      size: 1,
      steps: 4,
      ending: "out of steps",
      seen: new Int32Array(5),
      values: new Float64Array(5),
      points: Float64Array.from([9, 9, 9, 9, 3, 4, -3, 4, 0, 5]),
    };
    expect(measuredRadius(run, [0, 0], 0.1)).toBeCloseTo(5);
    expect(measuredRadius(run, [0, 0], 0.9)).toBeNull();
    expect(measuredRadius({ ...run, ending: "diverged" }, [0, 0], 0.1)).toBeNull();
  });
});
