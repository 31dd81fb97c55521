/** The numbers of LineFit: the line shown beside the best one, and how the run ends. */

import { formatNumber, rounded } from "../../core/format";
import type { Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import { pointAt } from "../../core/trajectory";
import { symbolPath } from "../../plots/swatch";
import type { Race } from "../../shared/race";
import { explainedTable, row } from "../../shared/table";
import { endingWords } from "../../shared/words";

const COLUMNS = ["line", "step", "intercept θ₀", "slope θ₁", "cost J"];

export function lineTable(race: Race): Part {
  return explainedTable(
    race.view,
    COLUMNS,
    () => [...runRows(race), ...bestRows(race)],
    () => race.runs.map(({ name, run }) => `${name}: ${endingWords(run, race.landscape)}.`).join(" "),
  );
}

function runRows(race: Race): HTMLElement[] {
  const theme = themeOf(race.view.root);
  return race.runs.map(({ name, run }) => {
    const style = theme.method(name);
    const k = Math.min(race.step, run.steps);
    const point = run.ending === "unstarted" ? race.start : pointAt(run, k);
    return row([symbolPath(style), "now"], style.colour, [String(k), ...cellsOf(race, point)]);
  });
}

function bestRows(race: Race): HTMLElement[] {
  const { ink } = themeOf(race.view.root);
  return race.program.minima.map((best) => row(["best"], ink, ["", ...cellsOf(race, best)]));
}

function cellsOf(race: Race, point: readonly number[]): string[] {
  return [...point, race.landscape.value(...point)].map((x) => formatNumber(rounded(x)));
}
