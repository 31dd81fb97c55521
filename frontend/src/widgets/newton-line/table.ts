/** The numbers of NewtonLine: where the walk is, where it goes, and the curve's height, slope and curvature there. */

import { h } from "../../core/dom";
import { formatNumber } from "../../core/format";
import type { Part } from "../../core/part";
import { explainedTable } from "../../shared/table";
import type { NewtonState } from "./state";
import { endWords, stepWords } from "./words";

export function newtonTable(state: NewtonState): Part {
  return explainedTable(
    state.view,
    ["at", "place", "J", "J′", "J″"],
    () => {
      const { here, next, step } = state;
      const rows = [placeRow(state, `step\u00a0${step}`, here)];
      return next === null || next === here ? rows : [...rows, placeRow(state, "next", next)];
    },
    () => `${stepWords(state, formatNumber)} ${endWords(state, formatNumber)}`,
  );
}

function placeRow(state: NewtonState, name: string, place: number): HTMLElement {
  const { height, slope, curvature } = state.fitAt(place);
  const cells = [place, height, slope, curvature].map((x) => (Number.isFinite(x) ? formatNumber(x) : "none"));
  return h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((text) => h("td", {}, text)));
}
