import { describe, expect, it } from "vitest";
import type { Axis } from "../src/widgets/contour-ellipse/state";
import { angleOf } from "../src/widgets/contour-ellipse/state";
import { explanation } from "../src/widgets/contour-ellipse/table";

const axis = (name: string, factor: number, halfAxis = 1): Axis => ({ name, side: 1, curvature: 1, halfAxis, factor });
const said = (flat: number, steep: number, condition = 26) =>
  explanation([axis("z₁", flat, Math.sqrt(condition)), axis("z₂", steep)], {
    shape: { angle: 0, condition, steepest: 26 },
    bound: { at: 2 / 26, label: "2/L" },
    stepsTo: (share, { factor }) => Math.log(share) / Math.log(Math.abs(factor)),
  });

describe("an ellipse in words", () => {
  it.each([
    [0.93, -0.82, "The flat axis decides: a millionth of its error is left after 191 steps"],
    [0.99, -0.995, "The steep axis decides"],
    [0.9, -0.9, "Both factors are equally large"],
    [0.9, -1.01, "An error along z₂ grows at each step: η must stay below 2/L = 0.07692"],
    [0.9, -1, "keeps its size for ever: η is 2/L"],
    [0, 0, "one step arrives"],
    [0.9, 0.5 - 2.5, "An error along z₂ grows"],
    [-1.2, -2, "Errors along both axes grow at each step"],
    [-1, -1, "An error along each axis keeps its size for ever"],
    [1 - 1e-11, 0.5, "a millionth of its error is left after about 1.38e12 steps"],
    [1, 0.5, "its error shrinks too slowly for these numbers to tell"],
    [1e-9, 0, "a millionth of its error is left after 1 step."],
    [0.9, 0.9, "a millionth of each error is left after 132 steps"],
  ])("with the factors %f and %f says: %s", (flat, steep, words) => {
    expect(said(flat, steep)).toContain(words);
  });

  it("names √κ where there is a long axis, and circles where there is none", () => {
    expect(said(0.9, 0.8, 26)).toContain("5.099 times as long as wide, and that is √κ: κ = 26");
    expect(said(0.9, 0.9, 1)).toContain("circles");
    expect(said(0.9, 0.9, 1.00005)).toContain("nearly a circle: κ = 1");
  });
});

describe("the angle of an axis", () => {
  it.each([
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 90],
    [0, -1, 90],
    [4, 3, 36.9],
    [-4, -3, 36.9],
    [-4, 3, -36.9],
  ])("through (%d, %d) is %d degrees", (x, y, angle) => {
    expect(angleOf(x, y)).toBe(angle);
  });
});
