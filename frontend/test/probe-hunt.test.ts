import { describe, expect, it } from "vitest";

import { PageModel } from "../src/core/model";
import type { View } from "../src/core/view";
import { slopeWords, winnerWords } from "../src/shared/words";
import { huntMemory } from "../src/widgets/probe-hunt/link";
import { Hunt } from "../src/widgets/probe-hunt/state";
import { lowest, scoreWords } from "../src/widgets/probe-hunt/words";

/** (θ − 3)² on [0, 10], walked by θ ← θ − 0.5 g, which lands on the bottom at once. */
function parabola(name: string) {
  return {
    name,
    math: "",
    variables: ["theta"],
    bounds: [[0, 10]],
    start: [5],
    minima: [],
    valleys: [],
    quadratic: true,
    value: { lines: [], results: ["(theta_0 - 3) * (theta_0 - 3)"] },
    gradient: { lines: [], results: ["2 * (theta_0 - 3)"] },
    hessian: { lines: [], results: [] },
  };
}

const rule = {
  name: "gradient descent",
  moments: [],
  powers: [],
  once: [],
  each_step: [],
  bound: null,
  hyperparameters: [
    { symbol: "eta", letter: "η", keyword: "learning_rate", value: 0.5, low: 0.1, high: 1, scale: "log" },
  ],
  each_coordinate: [["theta_i", "theta_i - eta * g_i"]],
};

function newHunt(state: Record<string, unknown> = {}): Hunt {
  const model = new PageModel({
    curve: 0,
    probes: [],
    probe: 5,
    lifted: false,
    walked: null,
    allowed: 4,
    _programs: {
      curves: [parabola("a"), parabola("b")],
      extent: [
        [0, 49],
        [0, 49],
      ],
      rule,
    },
    ...state,
  });
  const set = (values: Record<string, unknown>) =>
    Object.entries(values).forEach(([name, value]) => model.set(name, value));
  return new Hunt({ get: (name: string) => model.get(name), set } as unknown as View);
}

function huntAfter(places: readonly number[]): Hunt {
  const hunt = newHunt();
  for (const place of places) {
    hunt.aim(place);
    hunt.fire();
  }
  return hunt;
}

describe("a hunt", () => {
  it("tells height and slope where it is probed, and lifts the fog after the last probe", () => {
    const hunt = huntAfter([1, 4]);
    expect(hunt.found).toEqual([
      { place: 1, height: 4, slope: -4 },
      { place: 4, height: 1, slope: 2 },
    ]);
    expect([hunt.left, hunt.lifted]).toEqual([2, false]);
    expect(huntAfter([1, 4, 2, 2]).lifted).toBe(true);
  });

  it("has no probe beyond the last", () => {
    expect(huntAfter([1, 4, 2, 2, 3]).found).toHaveLength(4);
  });

  it("aims within the bounds, to a thousandth of them", () => {
    const hunt = newHunt();
    hunt.aim(-3);
    expect(hunt.probe).toBe(0);
    hunt.aim(1.23456);
    expect(hunt.probe).toBe(1.23);
  });

  it("lets the optimizer have as many gradients", () => {
    const hunt = newHunt({ lifted: true, walked: 3 });
    expect(hunt.walk.map(({ place }) => place)).toEqual([5, 3, 3, 3]);
    expect(newHunt({ lifted: true }).walk).toEqual([]);
  });

  it("scores both in percent of the curve's height", () => {
    const hunt = huntAfter([1, 4, 10, 0]);
    expect(hunt.miss(hunt.found)).toBeCloseTo(100 / 49, 12);
    expect(scoreWords(hunt).join(" ")).toContain("2.04 %");
    hunt.view.set({ walked: 3 });
    expect(scoreWords(hunt).join(" ")).toContain("It won");
  });

  it("begins the next curve in fog, and comes round", () => {
    const hunt = huntAfter([1, 4, 10, 0]);
    hunt.next();
    expect([hunt.number, hunt.found.length, hunt.lifted, hunt.walked]).toEqual([1, 0, false, null]);
    hunt.next();
    expect(hunt.number).toBe(0);
  });

  it("says which way the ground falls, and which probe is lowest", () => {
    const { found } = huntAfter([1, 4, 3]);
    expect(found.map(slopeWords)).toEqual(["falls to the right", "falls to the left", "level"]);
    expect(lowest(found)?.place).toBe(3);
    expect(lowest([])).toBeNull();
  });
});

describe("a hunt in a link", () => {
  const first = { curve: 0 };

  it("comes back as it was", () => {
    const hunt = huntAfter([1, 4, 10, 0.5]);
    hunt.view.set({ walked: 2 });
    const fields = huntMemory(hunt).write(first);
    expect(huntMemory(newHunt()).read(fields)).toEqual({
      curve: 0,
      probe: 0.5,
      probes: [1, 4, 10, 0.5],
      lifted: true,
      walked: 2,
    });
  });

  it("names another curve by its number", () => {
    const hunt = newHunt({ curve: 1 });
    expect([...huntMemory(hunt).write(first)]).toEqual([["curve", "2"]]);
    expect(huntMemory(newHunt()).read(new Map([["curve", "2"]]))).toEqual({ curve: 1, probe: 5 });
  });

  it.each([
    [["curve", "3"]],
    [["curve", "0"]],
    [["probes", "1,2,3,4,5"]],
    [["probes", "11"]],
    [["probes", "1,x"]],
    [["fog", "alert(1)"]],
    [["walked", "2"]],
    [
      ["fog", "lifted"],
      ["walked", "9"],
    ],
  ] as [string, string][][])("is refused if it is %j", (...pairs) => {
    expect(huntMemory(newHunt()).read(new Map(pairs))).toBeNull();
  });
});

describe("who came lower", () => {
  it("is a draw within what is shown, and says no more than which probe is lower", () => {
    expect(winnerWords(1, 1.004)).toBe("A draw.");
    expect(winnerWords(1, 1.01)).toContain("You won");
    expect(winnerWords(1.01, 1)).toContain("It won");
  });
});
