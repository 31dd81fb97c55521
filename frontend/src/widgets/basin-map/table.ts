/** Which share of all starts reaches which minimum, how soon, and what becomes of the start chosen. */

import { h } from "../../core/dom";
import { formatNumber, formatPoint } from "../../core/format";
import { themeOf } from "../../core/theme";
import { endingWords } from "../../shared/ending-words";
import type { Race } from "../../shared/race";
import { basinColour, basinLetter } from "./colours";
import type { BasinPass } from "./engine";
import { DIVERGED, FIRST, GOING } from "./engine";
import type { Basins } from "./state";

const COLUMNS = ["reaches", "at", "J", "starts", "median steps"];
const MOST_ROWS = 6;
const KEY = "Strong colour: soon at its minimum; pale: late. Stripes: diverges; dots: still on its way.";

interface Tally {
  readonly owner: number;
  readonly share: number;
  readonly median: number;
}

export function basinTable(race: Race, basins: Basins): { element: HTMLElement; update(): void } {
  const body = h("tbody");
  const more = h("p", { class: "gdw-hint" });
  const words = h("p", { class: "gdw-words" });
  const endings = h("ul", { class: "gdw-endings" });
  const head = h("tr", {}, ...COLUMNS.map((name) => h("th", { scope: "col" }, name)));
  let counted: BasinPass | null = null;
  return {
    element: h(
      "div",
      { class: "gdw-readouts" },
      h("table", { class: "gdw-table" }, h("thead", {}, head), body),
      more,
      words,
      endings,
    ),
    update() {
      if (basins.pass && basins.pass !== counted) {
        counted = basins.pass;
        const all = tally(counted);
        body.replaceChildren(...inOrder(all.slice(0, MOST_ROWS)).map((each) => row(each, basins.pass, race)));
        const hidden = all.slice(MOST_ROWS).reduce((sum, { share }) => sum + share, 0);
        more.textContent = hidden > 0 ? `${all.length - MOST_ROWS} more share the other ${percent(hidden)}.` : "";
        more.hidden = !more.textContent;
      }
      words.textContent = `Every start of ${race.focus.name}, ${race.steps} steps each. ${KEY}`;
      const theme = themeOf(race.view.root);
      endings.replaceChildren(
        ...race.runs.map(({ name, run }) => {
          const item = h("li", {}, h("b", {}, name), ` from ${formatPoint(race.start)} ${endingWords(run)}`);
          item.style.setProperty("--colour", theme.method(name).colour);
          return item;
        }),
      );
    },
  };
}

/** Count the cells of each owner, most first; the median by counting paces, which are small whole numbers. */
export function tally(pass: Pick<BasinPass, "owner" | "pace">): Tally[] {
  const longest = pass.pace.reduce((a, b) => Math.max(a, b), 0);
  const counts = new Map<number, Uint32Array>();
  for (let at = 0; at < pass.owner.length; at++) {
    const owner = pass.owner[at] ?? 0;
    const found = counts.get(owner) ?? new Uint32Array(longest + 1);
    counts.set(owner, found);
    found[pass.pace[at] ?? 0] = (found[pass.pace[at] ?? 0] ?? 0) + 1;
  }
  return [...counts]
    .map(([owner, paces]) => {
      const total = paces.reduce((a, b) => a + b, 0);
      return { owner, share: total / pass.owner.length, median: middle(paces, total) };
    })
    .sort((a, b) => b.share - a.share);
}

function middle(counts: Uint32Array, total: number): number {
  let seen = 0;
  for (const [at, count] of counts.entries()) {
    seen += count;
    if (seen > total / 2) return at;
  }
  return 0;
}

/** Minima by their letters, then what reaches none. */
function inOrder(tallies: readonly Tally[]): Tally[] {
  const place = ({ owner }: Tally) => (owner < FIRST ? 1000 - owner : owner);
  return [...tallies].sort((a, b) => place(a) - place(b));
}

function row({ owner, share, median }: Tally, pass: BasinPass | null, race: Race): HTMLElement {
  const name = owner === DIVERGED ? "diverges" : owner === GOING ? "still going" : basinLetter(owner - FIRST);
  const head = h("th", { scope: "row" }, h("span", { class: "gdw-key" }), name);
  head.style.setProperty("--colour", owner >= FIRST ? basinColour(owner - FIRST) : "transparent");
  const minimum = owner >= FIRST ? pass?.minima[owner - FIRST] : undefined;
  const place = minimum ? formatPoint(minimum.map(rounded)) : "–";
  const height = minimum ? formatNumber(rounded(race.landscape.value(...minimum))) : "–";
  const cells = [place, height, percent(share), minimum ? String(median) : "–"];
  return h("tr", {}, head, ...cells.map((text) => h("td", {}, text)));
}

/** The finished map in a sentence. */
export function spokenBasins(race: Race, pass: BasinPass): string {
  const parts = tally(pass)
    .slice(0, MOST_ROWS)
    .map(({ owner, share }) => {
      const words =
        owner === DIVERGED ? "diverge" : owner === GOING ? "are still going" : `reach ${basinLetter(owner - FIRST)}`;
      return `${percent(share)} ${words}`;
    });
  return `Of all starts of ${race.focus.name}: ${parts.join(", ")}.`;
}

function rounded(x: number): number {
  return Math.abs(x) < 1e-9 ? 0 : Number(x.toPrecision(3));
}

function percent(share: number): string {
  return share < 0.001 ? "under 0.1%" : `${formatNumber(Number((100 * share).toFixed(1)))}%`;
}
