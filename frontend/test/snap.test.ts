import { describe, expect, it } from "vitest";
import { nudged, snapped } from "../src/core/snap";

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
