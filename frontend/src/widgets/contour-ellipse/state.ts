/** What ContourEllipse shows: a bowl by its axes, and the run of gradient descent in it. */

import type { Code } from "../../core/code";
import { result, results } from "../../core/code";
import { once } from "../../core/once";
import type { View } from "../../core/view";
import { shownAt } from "../../shared/clock";

/** A bowl by its axes: the angle of the flat one in degrees, κ and L. */
export interface Shape {
  readonly angle: number;
  readonly condition: number;
  readonly steepest: number;
}

export interface EllipsePrograms {
  /** MathML of the cost along the axes. */
  readonly math: string;
  /** Below which η stays: `code` is that of ηL, `text` of η. */
  readonly bound: { readonly code: string; readonly text: string };
  readonly factor_text: string;
  readonly half_axis_text: string;
  /** Over theta_0, theta_1 and phi: the place along the axes. */
  readonly along: Code;
  /** Over z_1, z_2 and phi: the place from there. */
  readonly back: Code;
  /** A factor below this, or an error that is this share of the start, is rounding. */
  readonly rounding: number;
  /** Over lamda and eta. */
  readonly factor: Code;
  readonly half_axis: Code;
  /** Over theta_0, theta_1 and L: κ where the long half axis ends there. */
  readonly condition: Code;
  /** Over mu and L. */
  readonly best: Code;
  /** Over lamda, eta and epsilon. */
  readonly steps: Code;
  /** How far the picture goes to each side. */
  readonly reach: number;
  /** What the buttons set. */
  readonly shapes: readonly (Shape & { readonly name: string; readonly learning_rate: number })[];
}

const formulas = once((program: EllipsePrograms) => ({
  along: results(["theta_0", "theta_1", "phi"], program.along),
  back: results(["z_1", "z_2", "phi"], program.back),
  factor: result(["lamda", "eta"], program.factor),
  halfAxis: result(["lamda"], program.half_axis),
  condition: result(["theta_0", "theta_1", "L"], program.condition),
  best: result(["mu", "L"], program.best),
  steps: result(["lamda", "eta", "epsilon"], program.steps),
  bound: result([], { lines: [], results: [program.bound.code] }),
}));

export const TRAITS = ["angle", "condition", "steepest", "learning_rate", "start", "steps", "step"] as const;
export const LARGEST = 1e6; // as in Python

/** One axis of the ellipses. */
export interface Axis {
  readonly name: string;
  /** 1 or −1: on which side its ruler lies, away from the run. */
  readonly side: number;
  readonly curvature: number;
  readonly halfAxis: number;
  readonly factor: number;
}

export class EllipseState {
  /** The side to which a reader holds the flat axis. */
  private held = 0;

  constructor(readonly view: View) {}

  get programs(): EllipsePrograms {
    return this.view.get("_programs");
  }

  private get formulas() {
    return formulas(this.programs);
  }

  get shape(): Shape {
    const { view } = this;
    return { angle: view.get("angle"), condition: view.get("condition"), steepest: view.get("steepest") };
  }

  get rate(): number {
    return this.view.get("learning_rate");
  }

  get start(): readonly number[] {
    return this.view.get("start");
  }

  get steps(): number {
    return this.view.get("steps");
  }

  /** The step shown. */
  get step(): number {
    return shownAt(this.view, "step", this.steps);
  }

  /** The flat one and the steep one. */
  get axes(): readonly [Axis, Axis] {
    const { condition, steepest } = this.shape;
    const [z1, z2] = this.first;
    return [this.axis("z₁", steepest / condition, this.held || away(z1)), this.axis("z₂", steepest, away(z2))];
  }

  private axis(name: string, curvature: number, side: number): Axis {
    const { halfAxis, factor } = this.formulas;
    const found = factor(curvature, this.rate);
    const exact = Math.abs(found) < this.programs.rounding ? 0 : found;
    return { name, side, curvature, halfAxis: halfAxis(curvature), factor: exact };
  }

  /** The start along the axes; 0 where no more than rounding is left. */
  private get first(): readonly [number, number] {
    const [x = NaN, y = NaN] = this.start;
    const [z1 = NaN, z2 = NaN] = this.formulas.along(x, y, this.shape.angle);
    const least = this.programs.rounding * Math.hypot(x, y);
    return [Math.abs(z1) < least ? 0 : z1, Math.abs(z2) < least ? 0 : z2];
  }

  /** 2/L: the rate must stay below. */
  get bound(): { readonly at: number; readonly label: string } {
    return { at: this.formulas.bound() / this.shape.steepest, label: this.programs.bound.text };
  }

  /**
   * The error along each axis at each step; infinite beyond the reach of floats. Each by itself: over the two
   * variables, the rounding of a large one would show as the small one.
   */
  get errors(): readonly [Float64Array, Float64Array] {
    const { axes, first } = this;
    const along = (i: 0 | 1) => {
      const found = new Float64Array(this.steps + 1).fill(first[i]);
      for (let k = 1; k < found.length; k++) found[k] = (found[k - 1] ?? NaN) * axes[i].factor;
      return found;
    };
    return [along(0), along(1)];
  }

  /** Points (z₁, z₂, z₁, z₂, …) along the axes, up to where a coordinate is no finite number. */
  get turned(): Float64Array {
    const [flat, steep] = this.errors;
    return finitePart(Float64Array.from({ length: 2 * flat.length }, (_, i) => (i % 2 ? steep : flat)[i >> 1] ?? NaN));
  }

  /** The same points over the two variables: for the picture. */
  get path(): Float64Array {
    const { turned } = this;
    const { angle } = this.shape;
    const points = new Float64Array(turned.length);
    for (let i = 0; i < turned.length; i += 2)
      points.set(this.formulas.back(turned[i] ?? NaN, turned[i + 1] ?? NaN, angle), i);
    return finitePart(points);
  }

  /** Where the long half axis ends. */
  get tip(): readonly [number, number] {
    const [{ halfAxis, side }] = this.axes;
    const turn = (this.shape.angle * Math.PI) / 180;
    return [side * halfAxis * Math.cos(turn), side * halfAxis * Math.sin(turn)];
  }

  /** Let the long half axis end at a point, as near as can be: it is never shorter than the short one. */
  tipTo([x = 0, y = 0]: readonly number[]): void {
    if (!x && !y) return;
    const condition = Math.max(1, this.formulas.condition(x, y, this.shape.steepest));
    const angle = angleOf(x, y);
    this.held = x > 0 || (x === 0 && y > 0) ? 1 : -1; // as angles lie above −90 and at most at 90
    this.view.set({ condition: Number(Math.min(LARGEST, condition).toPrecision(4)), angle });
  }

  /** Take one of the given shapes, at the best rate for it. */
  take({ name: _, ...values }: EllipsePrograms["shapes"][number]): void {
    this.view.set({ ...values });
  }

  tune(): void {
    const [{ curvature }, { curvature: steepest }] = this.axes;
    this.view.set({ learning_rate: this.formulas.best(curvature, steepest) });
  }

  /** Steps until so small a share of the error along an axis is left. */
  stepsTo(share: number, { curvature }: Axis): number {
    return this.formulas.steps(curvature, this.rate, share);
  }
}

/** The points before the first that has a coordinate beyond the reach of floats. */
function finitePart(points: Float64Array): Float64Array {
  const end = points.findIndex((x) => !Number.isFinite(x));
  return end < 0 ? points : points.subarray(0, end - (end % 2));
}

function away(z: number): number {
  return z > 0 ? -1 : 1;
}

/** The angle of an axis through a point, above −90 and at most 90 degrees, to a tenth. */
export function angleOf(x: number, y: number): number {
  const angle = (Math.atan2(y, x) * 180) / Math.PI;
  return Math.round(10 * (angle - 180 * Math.ceil(angle / 180 - 0.5))) / 10 + 0; // and no −0
}
