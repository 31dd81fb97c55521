/** The rates of this step as numbers, and what the search has cost. */

import { formatNumber } from "../../core/format";
import type { Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import { explainedTable, row } from "../../shared/table";
import { looksWords, verdictWords } from "../../shared/words";
import type { Look } from "./search";
import type { SearchState } from "./state";

/** So many rates fit; the first ones of a long search scroll away. */
const MOST_ROWS = 6;

export function lookTable(state: SearchState): Part {
  return explainedTable(
    state.view,
    ["rate η", "J there", "at most", "result"],
    () => (state.moment?.looks ?? []).slice(-MOST_ROWS).map((look) => lookRow(look, state)),
    () => looksWords(state.count),
  );
}

function lookRow({ rate, value, most, verdict }: Look, state: SearchState): HTMLElement {
  const { good, bad } = themeOf(state.view.root);
  const known = Number.isFinite(value) ? formatNumber(value) : "–";
  const cells = [known, formatNumber(most), verdictWords(verdict)];
  return row([formatNumber(rate)], verdict === "taken" ? good : bad, cells);
}
