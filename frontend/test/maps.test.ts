import { describe, expect, it } from "vitest";
import { nudged, snapped } from "../src/plots/plane";
import { basinLetter } from "../src/widgets/basin-map/colours";
import type { BasinFormulas, BasinJob, BasinPass, Port } from "../src/widgets/basin-map/engine";
import { basinEngine, DIVERGED, FIRST } from "../src/widgets/basin-map/engine";
import { tally } from "../src/widgets/basin-map/table";
import { regime, stepsPerDigit } from "../src/widgets/momentum-map/spectrum";

/** x⁴/4 − x²/2 + y²/2 under gradient descent: minima at (±1, 0). */
const JOB: BasinJob = {
  job: 1,
  steps: 200,
  columns: 20,
  rows: 10,
  minima: [],
  bounds: [
    [-2, 2],
    [-1, 1],
  ],
  values: [0.1],
  loop: `const path = new Float64Array(2 * steps + 2); let [x, y] = start; path[0] = x; path[1] = y;
    for (let k = 1; k <= steps; k++) {
      x -= values[0] * (x ** 3 - x); y -= values[0] * y;
      path[2 * k] = x; path[2 * k + 1] = y;
    }
    return path;`,
  gradient: "return [theta_0 ** 3 - theta_0, theta_1];",
  hessian: "return [3 * theta_0 ** 2 - 1, 0, 0, 1];",
};

function passes(job: BasinJob, until = 1, make?: (job: BasinJob) => BasinFormulas): Promise<BasinPass[]> {
  return new Promise((resolve) => {
    const seen: BasinPass[] = [];
    const port: Port = {
      onmessage: null,
      postMessage(pass) {
        seen.push(pass);
        if (pass.block === until) resolve(seen);
        else setTimeout(() => port.onmessage?.({ data: { goOn: job.job } }), 0);
      },
    };
    basinEngine(port, make);
    port.onmessage?.({ data: job });
  });
}

describe("the engine of basins", () => {
  it("refines from blocks of sixteen to single cells, and finds minima by itself", async () => {
    const all = await passes(JOB);
    expect(all.map((pass) => pass.block)).toEqual([16, 8, 4, 2, 1]);
    const last = all.at(-1) as BasinPass;
    expect(last.minima.map(([x = 0]) => Math.round(x)).sort()).toEqual([-1, 1]);
    last.owner.forEach((owner, at) => {
      const side = at % 20 < 10 ? -1 : 1;
      expect(last.minima[owner - FIRST]?.[0]).toBeCloseTo(side, 6);
    });
  });

  it("takes functions where a job's text may not be compiled", async () => {
    const make = (): BasinFormulas => ({
      run: (start, steps, [rate = 0]) => {
        const path = new Float64Array(2 * steps + 2);
        let [x = 0, y = 0] = start;
        for (let k = 0; k <= steps; k++, x -= rate * (x ** 3 - x), y -= rate * y) path.set([x, y], 2 * k);
        return path;
      },
      gradient: (x = 0, y = 0) => [x ** 3 - x, y],
      hessian: (x = 0) => [3 * x ** 2 - 1, 0, 0, 1],
    });
    const [text, functions] = await Promise.all([
      passes(JOB),
      passes({ ...JOB, loop: "(", gradient: "(", hessian: "(" }, 1, make),
    ]);
    expect(functions).toEqual(text);
  });

  it("calls a run that leaves every bound divergent", async () => {
    const [, last] = await passes({ ...JOB, values: [3] }, 8);
    expect([...new Set(last?.owner)]).toContain(DIVERGED);
  });

  it("keeps the numbers of minima that it is told", async () => {
    const [first] = await passes(
      {
        ...JOB,
        minima: [
          [1, 0],
          [-1, 0],
        ],
      },
      16,
    );
    expect(first?.minima.slice(0, 2)).toEqual([
      [1, 0],
      [-1, 0],
    ]);
  });

  it("runs from its own text, as in a worker", () => {
    const port = {} as Port;
    new Function("self", `(${basinEngine.toString()})(self)`)(port);
    expect(typeof port.onmessage).toBe("function");
  });

  it("counts shares and medians", () => {
    const pass = { owner: Uint8Array.from([3, 3, 3, 2]), pace: Uint16Array.from([4, 9, 5, 100]) };
    expect(tally(pass)).toEqual([
      { owner: 3, share: 0.75, median: 5 },
      { owner: 2, share: 0.25, median: 100 },
    ]);
  });

  it("names minima past Z", () => {
    expect([0, 25, 26, 51, 52].map(basinLetter)).toEqual(["A", "Z", "AA", "AZ", "BA"]);
  });
});

describe("eigenvalues in words", () => {
  it.each([
    [[0.4, 0.4, 0.8], "swings to and fro"],
    [[0.9, 0.2, 0], "creeps in"],
    [[0.2, -0.7, 0], "hops from side to side"],
    [[0.5, 0.5, 0], "without a swing"],
    [[-0.5, -0.5, 0], "hopping from side to side"],
    [[0.5, 0.5, 1e-8], "have met"],
    [[0.2, -1.2, 0], "farther out"],
    [[0.9, 0.9, 0.6], "the swings grow"],
    [[0.6, 0.6, 0.8], "neither shrinks nor grows"],
  ] as const)("says of %j that it %s", (pair, words) => {
    expect(regime(pair)).toContain(words);
  });

  it("counts the steps to a tenth of the error", () => {
    expect(stepsPerDigit(0.1)).toBeCloseTo(1);
    expect(stepsPerDigit(1)).toBeNull();
  });
});

describe("a point of a plane", () => {
  it("stays within its bounds, at round numbers", () => {
    expect(
      snapped(
        [5.00049, -3],
        [
          [-5, 5],
          [-1, 1],
        ],
      ),
    ).toEqual([5, -1]);
    expect(
      snapped(
        [1.23456, 0],
        [
          [0, 4.4],
          [0, 1],
        ],
      ),
    ).toEqual([1.235, 0]);
  });

  it("moves by shares of them", () => {
    expect(
      nudged(
        [0, 0],
        [
          [-5, 5],
          [-1, 1],
        ],
        [0.01, -0.01],
      ),
    ).toEqual([0.1, -0.02]);
  });
});
