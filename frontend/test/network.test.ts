import { describe, expect, it } from "vitest";
import { normals } from "../src/core/generator";
import type { Cost } from "../src/shared/network";
import { sizeOf, startOf } from "../src/shared/network";
import { NetworkDescent } from "../src/shared/network-descent";
import { Sharpness } from "../src/widgets/edge-of-stability/sharpness";
import { Training } from "../src/widgets/edge-of-stability/training";
import { edgeWords, momentWords } from "../src/widgets/edge-of-stability/words";

const STEP = { lines: [], results: ["theta_i - eta*g_i"] };

/** ½ Σ λᵢ θᵢ². */
function bowl(...curvatures: readonly number[]): Cost {
  return (theta, slope) => {
    curvatures.forEach((curvature, i) => {
      slope[i] = curvature * (theta[i] ?? 0);
    });
    return 0.5 * curvatures.reduce((sum, curvature, i) => sum + curvature * (theta[i] ?? 0) ** 2, 0);
  };
}

describe("NumPy's normal numbers", () => {
  it("come in NumPy's order from NumPy's seeds", () => {
    // np.random.default_rng(seed).standard_normal(4), NumPy 2
    const known = {
      0: [0.1257302210933933, -0.1321048632913019, 0.6404226504432821, 0.10490011715303971],
      1: [0.345584192064786, 0.8216181435011584, 0.33043707618338714, -1.303157231604361],
      4294967295: [-0.027271763074256376, 0.2153539268318988, -0.6669252679186933, -1.165040684753369],
    };
    for (const [seed, numbers] of Object.entries(known)) {
      const draw = normals(Number(seed));
      for (const number of numbers) expect(draw() / number).toBeCloseTo(1, 12);
    }
  });

  it("have mean 0, variance 1 and the tail of a normal distribution", () => {
    const draw = normals(3);
    const drawn = Array.from({ length: 40_000 }, draw);
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.02); // four standard errors
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    const far = drawn.filter((x) => Math.abs(x) > 3).length / drawn.length;
    expect(Math.abs(far - 0.0027)).toBeLessThan(0.0011);
  });
});

describe("a network's start", () => {
  const parts = [
    { name: "hidden.weights", shape: [1, 2] },
    { name: "hidden.bias", shape: [2] },
    { name: "output.weights", shape: [2, 1] },
    { name: "output.bias", shape: [1] },
  ];

  it("draws weights in their order, each layer with its own spread, and leaves biases at 0", () => {
    const spread = { lines: [], results: ["into + 10*out"] };
    const start = startOf({ arguments: ["into", "out"], spread }, parts, 5);
    const draw = normals(5);
    const [a, b, c, d] = [draw(), draw(), draw(), draw()];
    expect(sizeOf(parts)).toBe(7);
    expect([...start]).toEqual([21 * a, 21 * b, 0, 0, 12 * c, 12 * d, 0]);
  });
});

describe("descent on all rows", () => {
  it("takes the printed step from the slope where it stands", () => {
    const descent = new NetworkDescent(bowl(1, 4), Float64Array.of(2, 1), STEP);
    expect(descent.loss).toBe(4);
    expect(descent.take(0.25)).toBe(true);
    expect([...descent.theta]).toEqual([1.5, 0]);
    expect(descent.take(0.25)).toBe(true);
    expect([...descent.theta]).toEqual([1.125, 0]);
  });

  it("stays where a step leads to no finite loss", () => {
    const descent = new NetworkDescent(bowl(1), Float64Array.of(1), STEP);
    expect(descent.take(1e200)).toBe(false);
    expect([...descent.theta]).toEqual([1]);
    expect(descent.loss).toBe(0.5);
  });

  it("stays where a step leads to no finite point, even if the loss there is finite", () => {
    const slide: Cost = (_, slope) => {
      slope[0] = 1;
      return 0;
    };
    const descent = new NetworkDescent(slide, Float64Array.of(-1e308), STEP);
    expect(descent.take(1e308)).toBe(false);
    expect([...descent.theta]).toEqual([-1e308]);
  });
});

describe("the sharpness", () => {
  it("is the largest eigenvalue, not the largest in size", () => {
    expect(new Sharpness(bowl(1, 5, 3), 3).of(Float64Array.of(0.3, -1, 2))).toBeCloseTo(5, 2);
    expect(new Sharpness(bowl(-7, 2, 1), 3).of(Float64Array.of(0, 0, 0))).toBeCloseTo(2, 2);
    expect(new Sharpness(bowl(-7, -2), 2).of(Float64Array.of(1, 1))).toBeCloseTo(-2, 2);
  });
});

describe("training", () => {
  it("counts the steps after which the loss was higher, and ends where it has all its steps", () => {
    const training = new Training(bowl(1), Float64Array.of(1), 10, STEP);
    expect(training.advance(4, 0.5)).toBe(4);
    expect([training.step, training.rises, training.done]).toEqual([4, 0, false]);
    training.advance(2, 2.5); // each step multiplies θ by −1.5
    expect([training.step, training.rises]).toEqual([6, 2]);
    expect(training.advance(99, 0.5)).toBe(4);
    expect([training.step, training.done, training.diverged]).toEqual([10, true, false]);
  });

  it("keeps where each rate was in force", () => {
    const training = new Training(bowl(1), Float64Array.of(1), 100, STEP);
    training.advance(3, 0.5);
    training.advance(2, 0.5);
    training.advance(4, 0.1);
    expect(training.rates).toEqual({ xs: [0, 5, 5, 9], ys: [0.5, 0.5, 0.1, 0.1] });
  });

  it("ends at its last finite point", () => {
    const training = new Training(bowl(1), Float64Array.of(1), 2000, STEP);
    training.advance(2000, 1e6);
    expect([training.diverged, training.done]).toEqual([true, true]);
    expect(training.step).toBe(25); // θ grows 10⁶-fold, ½θ² passes 1.8·10³⁰⁸ at step 26
    expect(Number.isFinite(training.loss)).toBe(true);
  });

  it("keeps the lowest and the highest loss between two measures, as they came", () => {
    const training = new Training(bowl(1), Float64Array.of(1), 2400, STEP);
    training.advance(3, 0.5); // measured every third step
    training.advance(3, 2.5);
    expect(training.losses.xs).toEqual([0, 1, 3, 4, 6]);
    const far = (power: number) => 0.5 * 0.125 ** 2 * 1.5 ** (2 * power);
    expect(training.losses.ys).toEqual([0.5, 0.125, far(0), far(1), far(3)]);
    expect(training.sharpnesses.xs).toEqual([0, 3, 6]);
    for (const sharpness of training.sharpnesses.ys) expect(sharpness).toBeCloseTo(1, 6);
  });

  it("measures the sharpness where it stands when asked, and once", () => {
    const training = new Training(bowl(1), Float64Array.of(1), 8000, STEP);
    training.advance(3, 0.5);
    expect(training.sharpnesses.xs).toEqual([0]);
    training.look();
    training.look();
    expect(training.sharpnesses.xs).toEqual([0, 3]);
  });

  it("stops when the time is up", () => {
    const training = new Training(bowl(1), Float64Array.of(1), 1000, STEP);
    expect(training.advance(1000, 0.1, () => true)).toBe(1);
  });
});

describe("words about the edge", () => {
  it("call it an edge within three percent, and say what a parabola would do elsewhere", () => {
    expect(edgeWords({ sharpness: 9.8, edge: 10 })).toContain("on the edge");
    expect(edgeWords({ sharpness: 10.2, edge: 10 })).toContain("on the edge");
    expect(edgeWords({ sharpness: 9.6, edge: 10 })).toContain("settle");
    expect(edgeWords({ sharpness: 10.4, edge: 10 })).toContain("grow");
  });

  it("say how often the loss rose, and when a run has diverged", () => {
    const moment = { step: 7, last: 9, loss: 0.5, rises: 2, sharpness: 4, edge: 10, diverged: false };
    expect(momentWords(moment)).toContain("The loss rose in 2 of 7 steps, and is 0.5 now.");
    expect(momentWords({ ...moment, diverged: true })).toContain("Diverged: step 8");
    expect(momentWords({ ...moment, step: 0 })).toContain("Not trained yet: the loss is 0.5.");
  });
});
