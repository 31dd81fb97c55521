import { describe, expect, it } from "vitest";
import type { LandscapeProgram } from "../src/core/program";
import type { View } from "../src/core/view";
import { NewtonState } from "../src/widgets/newton-line/state";
import { endWords, stepWords } from "../src/widgets/newton-line/words";
import { parabola } from "./programs";

const code = (result: string) => ({ lines: [], results: [result] });

const model = {
  parabola: code("J + g*s + 0.5*h*s*s"),
  plain: code("-(g/h)"),
  damped: code("-(g/Math.max(1e-16, Math.abs(h)))"),
  size: code("Math.max(1e-16, Math.abs(h))"),
  enough: code("J + c*g*s"),
  slope: 1e-4,
  shrink: 0.5,
  most: 100,
  room: 0.35,
};

/** θ⁴/4 − θ²/2: two minima, a hilltop between them. */
const hills: LandscapeProgram = {
  ...parabola,
  name: "hills",
  quadratic: false,
  minima: [],
  valleys: [[-1], [1]],
  value: code("theta_0*theta_0*theta_0*theta_0/4 - theta_0*theta_0/2"),
  gradient: code("theta_0*theta_0*theta_0 - theta_0"),
  hessian: code("3*theta_0*theta_0 - 1"),
};

const line: LandscapeProgram = { ...parabola, gradient: code("1"), value: code("theta_0"), hessian: code("0.0") };

function state(program: LandscapeProgram, traits: Record<string, unknown>): NewtonState {
  const known: Record<string, unknown> = {
    curve: 0,
    start: 2,
    steps: 8,
    step: 0,
    damped: false,
    _programs: { curves: [program], flat: [[]], model },
    ...traits,
  };
  return new NewtonState({ get: (name: string) => known[name] } as unknown as View);
}

const said = (shown: NewtonState) => `${stepWords(shown, String)} ${endWords(shown, String)}`;

describe("Newton's step on a curve", () => {
  it("lands in the middle of a parabola at once", () => {
    const shown = state(parabola, {});
    expect(shown.next).toBe(0);
    expect(said(shown)).toContain("opens upward; its lowest point is at x = 0.");
    expect(said(shown)).toContain("After 1 step the walk is at a minimum, x = 0.");
  });

  it("draws a parabola through the place where it stands", () => {
    const { fit } = state(hills, { start: 1.5 });
    expect(fit.parabola(1.5)).toBe(fit.height);
    expect((fit.parabola(1.5 + 1e-6) - fit.height) / 1e-6).toBeCloseTo(fit.slope, 4);
  });

  it("says that the plain step seeks the highest point where the curvature is negative", () => {
    const shown = state(hills, { start: 0.4 });
    expect(said(shown)).toContain("opens downward: its highest point is at");
    expect(said(shown)).toContain("is at a maximum");
  });

  it("turns that parabola over for the damped step, and says how often it is halved", () => {
    expect(said(state(hills, { start: 0.4, damped: true }))).toContain("The damped step takes its size");
    expect(said(state(hills, { start: 0.56, damped: true }))).toContain("is halved 4 times");
    expect(said(state(hills, { start: 0.59, damped: true }))).not.toMatch(/halved [12] times/);
  });

  it("compares the cost before and after, and calls no higher one lower", () => {
    expect(stepWords(state(hills, { start: 0.4 }), String)).toContain("higher than here");
    expect(stepWords(state(hills, { start: 1.5 }), String)).toContain("lower than here");
  });

  it("tells two costs apart by their difference where their digits are alike", () => {
    const short = (x: number) => x.toPrecision(3);
    expect(stepWords(state(hills, { start: 1.0001 }), short)).toContain("lower than here by 1.00e-8.");
    expect(stepWords(state(hills, { start: 1 + 1e-9 }), short)).toMatch(/the same as here( but for rounding)?\./);
  });

  it("stands at a flat place without a step, and calls it by its kind", () => {
    expect(said(state(hills, { start: 1 }))).toContain("The walk stays at its start, a minimum.");
    expect(said(state(hills, { start: 0 }))).toContain("The walk stays at its start, a maximum.");
    const cube = { ...line, minima: [], valleys: [], gradient: code("theta_0*theta_0"), hessian: code("2*theta_0") };
    expect(said(state(cube, { start: 0 }))).toBe(
      "Slope and curvature are 0: the parabola is a level line and has no vertex. " +
        "The walk stays at its start, a flat place.",
    );
  });

  it("calls no place flat because the way there was steeper", () => {
    const far = state(hills, { start: 0.577351, steps: 15 }); // at first 300,000 away
    expect(Math.abs(far.run.slopes[15] ?? 0)).toBeGreaterThan(1e3);
    expect(endWords(far, String)).toMatch(/^After 15 steps the walk is at x = /);
  });

  it("takes a vertex beyond all numbers for no line, and a lack of curvature for no parabola", () => {
    const steep = { ...line, gradient: code("1e200"), hessian: code("1e-200") };
    expect(said(state(steep, {}))).toContain("too far away for a number");
    const bare = { ...line, hessian: code("NaN") };
    expect(said(state(bare, {}))).toContain("no curvature at x = 2, so no parabola fits");
  });

  it("says where no step can be taken", () => {
    expect(said(state(line, {}))).toContain("the parabola is a line");
    expect(said(state(line, { damped: true }))).toContain("The damped step takes a tiny one");
    expect(said(state({ ...line, value: code("NaN") }, {}))).toContain("The walk cannot start.");
  });

  it("does not call a walk at rest that goes on", () => {
    const falling = { ...line, value: code("-theta_0"), gradient: code("-1"), hessian: code("1.0") };
    expect(endWords(state(falling, {}), String)).toBe("After 8 steps the walk is at x = 10.");
  });
});
