/** The numbers of ContourEllipse: both axes, what a step does along each, and the words for it. */

import { formatNumber, rounded } from "../../core/format";
import type { Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import { symbolPath } from "../../plots/swatch";
import { explainedTable, row } from "../../shared/table";
import { axisStyle } from "./panels";
import type { Axis, EllipseState } from "./state";

/** An error is gone when this share of it is left. */
const SHARE = 1e-6;
/** Factors this close are equal, but for rounding. */
const ROUNDING = 1e-9;

export function axisTable(state: EllipseState): Part {
  const { factor_text, half_axis_text } = state.programs;
  const columns = ["axis", "curvature λ", `half axis ${half_axis_text}`, `factor ${factor_text}`, "error at the step"];
  return explainedTable(
    state.view,
    columns,
    () => state.axes.map((axis, i) => axisRow(state, axis, i)),
    () => explanation(state.axes, state),
  );
}

function axisRow(state: EllipseState, axis: Axis, i: number): HTMLElement {
  const style = axisStyle(i, themeOf(state.view.root));
  const at = state.turned[2 * state.step + i];
  const cells = [axis.curvature, axis.halfAxis, rounded(axis.factor, 1e-12)].map(formatNumber);
  return row([symbolPath(style), `${axis.name}, ${i ? "steep" : "flat"}`], style.colour, [
    ...cells,
    at === undefined ? "too large" : formatNumber(rounded(at, 1e-12)),
  ]);
}

/** What the axes say of the ellipse and of the run; `state` knows how many steps that takes. */
export function explanation(
  axes: readonly [Axis, Axis],
  state: Pick<EllipseState, "shape" | "bound" | "stepsTo">,
): string {
  const { condition } = state.shape;
  const [flat, steep] = axes;
  const shape =
    condition === 1
      ? "The contours are circles, κ = 1."
      : `Each ellipse is ${formatNumber(flat.halfAxis / steep.halfAxis)} times as long as wide, ` +
        `and that is √κ: κ = ${formatNumber(condition)}.`;
  return `${shape} ${speed(flat, steep, state)}`;
}

function speed(flat: Axis, steep: Axis, state: Pick<EllipseState, "bound" | "stepsTo">): string {
  const [a, b] = [Math.abs(flat.factor), Math.abs(steep.factor)];
  const [larger, name] = a > b ? [flat, "flat"] : [steep, "steep"];
  const size = Math.max(a, b);
  if (size > 1 + ROUNDING)
    return (
      `The error along ${larger.name} grows at each step: ` +
      `η must stay below ${state.bound.label} = ${formatNumber(state.bound.at)}.`
    );
  if (size > 1 - ROUNDING) return `The error along ${larger.name} keeps its size for ever: η is ${state.bound.label}.`;
  if (size < ROUNDING) return "Both factors are 0: one step arrives.";
  const count = formatNumber(Math.ceil(state.stepsTo(SHARE, larger) - ROUNDING));
  const alike = Math.abs(a - b) < ROUNDING;
  const decides = alike ? "Both factors are equally large" : `The ${name} axis decides`;
  return `${decides}: a millionth of ${alike ? "each" : "its"} error is left after ${count} steps.`;
}
