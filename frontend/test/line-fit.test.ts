import { describe, expect, it } from "vitest";
import { padded } from "../src/plots/data";
import { shapeOf } from "../src/shared/race-map";
import { heightName } from "../src/shared/words";

describe("a picture of data", () => {
  it("leaves a little room around them, and some around data that are all alike", () => {
    expect(padded([0, 10])).toEqual([-0.6, 10.6]);
    const [low, high] = padded([2, 2]);
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(2);
  });
});

describe("a map with equal units", () => {
  it("is as wide as its bounds say, unless that makes a strip", () => {
    expect(
      shapeOf([
        [0, 3],
        [1, 3],
      ]),
    ).toBe(1.5);
    expect(
      shapeOf([
        [0, 30],
        [1, 3],
      ]),
    ).toBeNull();
  });
});

describe("the cost above its floor", () => {
  it.each([
    [0, "J"],
    [0.107, "J − 0.107"],
    [-1.47, "J − (−1.47)"],
  ])("has brackets where the floor %f wants them", (floor, name) => expect(heightName(floor)).toBe(name));
});
