/** The numbers of MomentumMap: eigenvalues, radius and speed for each curvature, and the words for them. */

import { formatFactor, formatNumber, rounded } from "../../core/format";
import { turns } from "../../core/judge";
import type { Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import { symbolPath } from "../../plots/swatch";
import { explainedTable, row } from "../../shared/table";
import { motionWords } from "../../shared/words";
import { stepsPerDigit } from "./spectrum";
import type { Mode, MomentumState } from "./state";

const COLUMNS = ["curvature", "ηλ", "eigenvalues", "radius ρ", "steps to a tenth"];

export function momentumTable(state: MomentumState): Part {
  return explainedTable(
    state.view,
    COLUMNS,
    () => state.modes.map((mode) => modeRow(mode, state)),
    () => explanation(state),
  );
}

function modeRow(mode: Mode, state: MomentumState): HTMLElement {
  const style = state.style(mode, themeOf(state.view.root));
  const parts = state.spectrum.eigenvalues(mode.rate, state.decay);
  const radius = state.spectrum.radius(mode.rate, state.decay);
  const digit = stepsPerDigit(radius);
  const cells = [short(mode.rate), pair(parts), formatFactor(radius, short), digit === null ? "never" : short(digit)];
  return row([symbolPath(style), mode.name], style.colour, cells);
}

function short(x: number): string {
  return formatNumber(rounded(x, 1e-12));
}

function pair(parts: readonly [number, number, number]): string {
  const [a, b, up] = parts;
  return turns(parts) ? `${short(a)} ± ${short(up)}i` : `${short(a)} and ${short(b)}`;
}

function explanation(state: MomentumState): string {
  const { decay, condition, spectrum } = state;
  const said = state.modes
    .map(({ name, rate }) => `Along ${name}, ${motionWords(spectrum.eigenvalues(rate, decay), spectrum.least(decay))}.`)
    .join(" ");
  const digit = stepsPerDigit(state.slowest);
  if (digit === null) return `${said} Left of the red line, ηλ = ${state.program.bound_text}, every path converges.`;
  if (condition === 1) return said;
  const [rate, best] = spectrum.tuned(condition);
  const reach = Math.max(spectrum.radius(rate, best), spectrum.radius(rate / condition, best));
  const offer = `${formatFactor(reach, short)}, at ηL = ${short(rate)}, β = ${short(best)}`;
  const slower = `The slower of the two decides: ρ = ${formatFactor(state.slowest, short)}.`;
  return `${said} ${slower} The best that theory offers for this κ is ${offer}.`;
}
