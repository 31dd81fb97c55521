/** The numbers of ContourEllipse: both axes, what a step does along each, and the words for it. */

import { counted, formatFactor, formatNumber, rounded } from "../../core/format";
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
/** A factor nearer to 1 than this has no digits left that tell how many steps it takes. */
const SLOWEST = 1e-12;

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
  const error = state.errors[i]?.[state.step] ?? NaN;
  const cells = [formatNumber(axis.curvature), formatNumber(axis.halfAxis), formatFactor(axis.factor, short)];
  return row([symbolPath(style), `${axis.name}, ${i ? "steep" : "flat"}`], style.colour, [
    ...cells,
    Number.isFinite(error) ? short(error) : "too large",
  ]);
}

function short(x: number): string {
  return formatNumber(rounded(x));
}

/** What the axes say of the ellipse and of the run; `state` knows how many steps that takes. */
export function explanation(
  axes: readonly [Axis, Axis],
  state: Pick<EllipseState, "shape" | "bound" | "stepsTo">,
): string {
  return `${outline(axes, state.shape.condition)} ${speed(axes, state)}`;
}

function outline([flat, steep]: readonly [Axis, Axis], condition: number): string {
  if (condition === 1) return "The contours are circles, κ = 1.";
  const long = formatNumber(flat.halfAxis / steep.halfAxis);
  if (long === "1") return `Each ellipse is nearly a circle: κ = ${formatNumber(condition)}.`;
  return `Each ellipse is ${long} times as long as wide, and that is √κ: κ = ${formatNumber(condition)}.`;
}

function speed([flat, steep]: readonly [Axis, Axis], state: Pick<EllipseState, "bound" | "stepsTo">): string {
  const { bound } = state;
  const [a, b] = [Math.abs(flat.factor), Math.abs(steep.factor)];
  const [larger, name] = a > b ? [flat, "flat"] : [steep, "steep"];
  const alike = Math.abs(a - b) < ROUNDING;
  const along = alike ? "each axis" : larger.name;
  if (Math.abs(steep.factor + 1) < ROUNDING)
    return `An error along ${along} keeps its size for ever: η is ${bound.label}.`;
  if (steep.factor < -1) {
    const grows = flat.factor < -1 ? "Errors along both axes grow" : `An error along ${steep.name} grows`;
    return `${grows} at each step: η must stay below ${bound.label} = ${formatNumber(bound.at)}.`;
  }
  const size = Math.max(a, b);
  if (size === 0) return "Both factors are 0: one step arrives.";
  const decides = alike ? "Both factors are equally large" : `The ${name} axis decides`;
  const whose = alike ? "each" : "its";
  if (size > 1 - SLOWEST) return `${decides}: ${whose} error shrinks too slowly for these numbers to tell.`;
  return `${decides}: a millionth of ${whose} error is left after ${stepCount(state.stepsTo(SHARE, larger))}.`;
}

/** A number of steps, up to the next whole one; in round numbers where they are very many. */
function stepCount(steps: number): string {
  const count = Math.max(1, Math.ceil(steps - ROUNDING));
  if (count >= 1e5) return `about ${formatNumber(count)} steps`;
  return counted(count, "step");
}
