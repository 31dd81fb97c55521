/** The numbers of BatchRace: steps taken, cost left, and the noise ball as predicted and as measured. */

import { h } from "../../core/dom";
import { formatNumber, rounded } from "../../core/format";
import type { Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import { symbolPath } from "../../plots/swatch";
import { explainedTable, row } from "../../shared/table";
import { batchEndingWords } from "../../shared/words";
import type { Fit, Fits } from "./state";
import { indexAt, measuredRadius } from "./state";

const COLUMNS = ["steps", "J − J min", "ball, predicted", "measured"];

export function fitTable(fits: Fits): Part {
  return explainedTable(
    fits.view,
    [h("span", { class: "gdw-hidden" }, "method"), ...COLUMNS],
    () => fits.runs.map((run) => fitRow(run, fits)),
    () => explanation(fits),
  );
}

function fitRow(run: Fit, fits: Fits): HTMLElement {
  const style = themeOf(fits.view.root).method(run.name);
  const head = [symbolPath(style), run.name === "mini-batch" ? `mini-batch of ${run.size}` : run.name];
  const k = indexAt(run, fits.samples);
  const failure = batchEndingWords(run, k);
  if (failure) {
    const short = row(head, style.colour, [String(Math.max(0, k))]);
    short.append(h("td", { colspan: 3, class: "gdw-bad" }, failure));
    return short;
  }
  const cost = formatNumber(rounded((run.values[k] ?? NaN) - fits.floor));
  return row(head, style.colour, [String(k), cost, predicted(run, fits), measured(run, fits)]);
}

function predicted(run: Fit, fits: Fits): string {
  return ball(fits.variances(run.size, fits.rateNow(run))) ?? "none: η > 2/L";
}

function measured(run: Fit, fits: Fits): string {
  if (fits.schedule !== "constant") return "–";
  const rate = fits.view.get<number>("learning_rate");
  const slowest = Math.max(...fits.programs.noise.curvatures.map((c) => Math.abs(1 - rate * c)));
  const found = measuredRadius(run, fits.programs.minimum, slowest);
  return found === null
    ? ["diverged", "unstarted"].includes(run.ending)
      ? "–"
      : "not yet"
    : formatNumber(rounded(found));
}

function explanation(fits: Fits): string {
  const epoch = formatNumber(Number((fits.samples / fits.rows).toFixed(2)));
  const kind = fits.view.get("replacement")
    ? "Rows are drawn from all, each time anew."
    : "Every row is seen once an epoch, so that noise partly cancels";
  return `Epoch ${epoch}. ${fits.schedule === "constant" ? settled(fits, kind) : falling(fits, kind)}`;
}

function settled(fits: Fits, kind: string): string {
  const words =
    "Dashed: where noise should keep each run, two standard deviations wide. " +
    "Ball: the root mean square distance from the best line, predicted from the data, " +
    "and measured over a run’s second half once it has settled.";
  if (fits.view.get("replacement")) return `${words} ${kind}`;
  const free = ball(fits.variances(fits.batchSize, fits.view.get("learning_rate"), "independent")) ?? "unbounded";
  return `${words} ${kind}; for independent batches the ball of ${fits.batchSize} would be ${free}.`;
}

/** Under a schedule no run settles: the ball is that of the rate at this moment, kept. */
function falling(fits: Fits, kind: string): string {
  const rates = fits.runs.map((run) => `${run.name} ${formatNumber(rounded(fits.rateNow(run)))}`).join(", ");
  const words = "Dashed, and the ball predicted: where noise would keep each run if this rate stayed.";
  return `The rate η now: ${rates}. ${words} ${kind.replace(/\.?$/, ".")}`;
}

function ball(variances: readonly [number, number] | null): string | null {
  return variances && formatNumber(rounded(Math.sqrt(variances[0] + variances[1])));
}
