import { describe, expect, it } from "vitest";
import { basinLetter } from "../src/widgets/basin-map/colours";
import type { BasinFormulas, BasinJob, BasinPass, Port } from "../src/widgets/basin-map/engine";
import { BasinEngine } from "../src/widgets/basin-map/engine";
import { tally } from "../src/widgets/basin-map/table";

const RULES = { going: -1, diverged: -2, reach: 0.01, newton_steps: 8, arrived: 1e-6, most_points: 200 };

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
  value: "return theta_0 ** 4 / 4 - theta_0 ** 2 / 2 + theta_1 ** 2 / 2;",
  gradient: "return [theta_0 ** 3 - theta_0, theta_1];",
  hessian: "return [3 * theta_0 ** 2 - 1, 0, 0, 1];",
  rules: RULES,
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
    new BasinEngine(port, make);
    port.onmessage?.({ data: job });
  });
}

describe("the engine of basins", () => {
  it("refines from blocks of sixteen to single cells, and finds minima by itself", async () => {
    const all = await passes(JOB);
    expect(all.map((pass) => pass.block)).toEqual([16, 8, 4, 2, 1]);
    const last = all.at(-1) as BasinPass;
    expect(last.minima.map(([x = 0]) => Math.round(x)).sort()).toEqual([-1, 1]);
    last.labels.forEach((label, at) => {
      const side = at % 20 < 10 ? -1 : 1;
      expect(last.minima[label]?.[0]).toBeCloseTo(side, 6);
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
      value: (x = 0, y = 0) => x ** 4 / 4 - x ** 2 / 2 + y ** 2 / 2,
      gradient: (x = 0, y = 0) => [x ** 3 - x, y],
      hessian: (x = 0) => [3 * x ** 2 - 1, 0, 0, 1],
    });
    const [text, functions] = await Promise.all([
      passes(JOB),
      passes({ ...JOB, loop: "(", value: "(", gradient: "(", hessian: "(" }, 1, make),
    ]);
    expect(functions).toEqual(text);
  });

  it("calls a run that leaves every bound divergent", async () => {
    const [, last] = await passes({ ...JOB, values: [3] }, 8);
    expect([...new Set(last?.labels)]).toContain(RULES.diverged);
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
    new Function("self", `new (${BasinEngine})(self)`)(port);
    expect(typeof port.onmessage).toBe("function");
  });

  it("counts shares and medians", () => {
    const pass = { labels: Int16Array.from([0, 0, 0, RULES.diverged]), pace: Uint16Array.from([4, 9, 5, 100]) };
    expect(tally(pass)).toEqual([
      { label: 0, share: 0.75, median: 5 },
      { label: RULES.diverged, share: 0.25, median: 100 },
    ]);
  });

  it("names minima past Z", () => {
    expect([0, 25, 26, 51, 52].map(basinLetter)).toEqual(["A", "Z", "AA", "AZ", "BA"]);
  });
});
