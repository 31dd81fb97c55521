/** What the network says of each point; of many, how many are right. */

import { h } from "../../core/dom";
import { formatNumber, formatPoint } from "../../core/format";
import type { Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import { symbolPath } from "../../plots/swatch";
import { explainedTable, row } from "../../shared/table";
import { classLook } from "./panels";
import type { BoundaryState } from "./state";
import { isRight } from "./state";
import { stepWords } from "./words";

const MOST = 8;

export function pointTable(state: BoundaryState): Part {
  return explainedTable(
    state.view,
    ["point", "class", "P(class 1)", "verdict"],
    () => rows(state),
    () => {
      const { run, step } = state;
      const [loss, slope] = [run.losses[step] ?? NaN, run.slopes[step] ?? NaN].map(formatNumber);
      const numbers = `Step ${step}: loss ${loss}, slope ‖∇J‖ ${slope}.`;
      return `${numbers} ${stepWords(run, state.rows, step)}`;
    },
  );
}

function rows(state: BoundaryState): HTMLElement[] {
  const { features, targets } = state.programs;
  const theme = themeOf(state.view.root);
  const said = state.said(state.theta);
  if (state.rows > MOST) {
    const right = state.run.right[state.step] ?? 0;
    return [
      h("tr", {}, h("th", { scope: "row" }, `${state.rows} points`), h("td"), h("td"), h("td", {}, `${right} right`)),
    ];
  }
  return Array.from(targets.data, (target, i) => {
    const look = classLook(theme, target);
    const place = formatPoint([features.data[2 * i] ?? 0, features.data[2 * i + 1] ?? 0]);
    const sure = said[i] ?? NaN;
    const cells = [String(target), formatNumber(Number(sure.toFixed(3))), isRight(sure, target) ? "right" : "wrong"];
    return row([symbolPath(look), place], look.colour, cells);
  });
}
