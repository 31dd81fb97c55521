/** Which share of all starts reaches which minimum, how soon, and what becomes of the start chosen. */

import { h } from "../../core/dom";
import { counted, formatNumber, formatPoint, rounded } from "../../core/format";
import type { Part } from "../../core/part";
import { PROMPT } from "../../shared/prediction";
import type { Race } from "../../shared/race";
import { listEndings } from "../../shared/readouts";
import { row, table } from "../../shared/table";
import { endingWords } from "../../shared/words";
import { basinColour, basinLetter } from "./colours";
import type { BasinPass } from "./engine";
import type { Basins } from "./state";

const COLUMNS = ["reaches", "at", "J", "starts", "median steps"];
const MOST_ROWS = 6;
const KEY = "Strong colour: soon at its minimum; pale: late. Stripes: diverges; dots: still on its way.";
/** A coordinate that Newton's method leaves below this is 0. */
const NOTHING = 1e-9;

interface Tally {
  readonly label: number;
  readonly share: number;
  readonly median: number;
}

export function basinTable(race: Race, basins: Basins): Part {
  const { element, body } = table(COLUMNS);
  const more = h("p", { class: "gdw-hint" });
  const words = h("p", { class: "gdw-words" });
  const endings = h("ul", { class: "gdw-endings" });
  let latest: BasinPass | null = null;
  const count = (pass: BasinPass) => {
    latest = pass;
    const all = tally(pass);
    body.replaceChildren(...inOrder(all.slice(0, MOST_ROWS)).map((each) => tallyRow(each, pass, race)));
    const hidden = all.slice(MOST_ROWS).reduce((sum, { share }) => sum + share, 0);
    more.textContent = hidden > 0 ? othersWords(all.length - MOST_ROWS, percent(hidden)) : "";
    more.hidden = !more.textContent;
  };
  return {
    element: h("div", { class: "gdw-readouts" }, element, more, words, endings),
    update() {
      if (basins.pass && basins.pass !== latest) count(basins.pass);
      const said = `Every start of ${race.focus.name}, ${counted(race.steps, "step")} each. ${KEY}`;
      words.textContent = race.view.waiting ? PROMPT : said;
      listEndings(race, endings, (run) => `from ${formatPoint(race.start)} ${endingWords(run, race.landscape)}`);
    },
  };
}

function othersWords(count: number, share: string): string {
  return count === 1 ? `One more has the other ${share}.` : `${count} more share the other ${share}.`;
}

/** Count the cells of each label, most first; the median by counting paces, which are small whole numbers. */
export function tally(pass: Pick<BasinPass, "labels" | "pace">): Tally[] {
  const longest = pass.pace.reduce((a, b) => Math.max(a, b), 0);
  const counts = new Map<number, Uint32Array>();
  for (let at = 0; at < pass.labels.length; at++) {
    const label = pass.labels[at] ?? 0;
    const found = counts.get(label) ?? new Uint32Array(longest + 1);
    counts.set(label, found);
    found[pass.pace[at] ?? 0] = (found[pass.pace[at] ?? 0] ?? 0) + 1;
  }
  return [...counts]
    .map(([label, paces]) => {
      const total = paces.reduce((a, b) => a + b, 0);
      return { label, share: total / pass.labels.length, median: middle(paces, total) };
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
  const place = ({ label }: Tally) => (label < 0 ? 1e6 + label : label);
  return [...tallies].sort((a, b) => place(a) - place(b));
}

function tallyRow({ label, share, median }: Tally, pass: BasinPass, race: Race): HTMLElement {
  const minimum = pass.minima[label];
  const name = minimum ? basinLetter(label) : label === pass.rules.diverged ? "diverges" : "still going";
  const place = minimum ? formatPoint(minimum.map((x) => rounded(x, NOTHING))) : "–";
  const height = minimum ? formatNumber(rounded(race.landscape.value(...minimum), NOTHING)) : "–";
  const cells = [place, height, percent(share), minimum ? String(median) : "–"];
  const colour = minimum ? basinColour(label) : "transparent";
  return row([h("span", { class: "gdw-key" }), name], colour, cells);
}

/** The finished map in a sentence. */
export function spokenBasins(race: Race, pass: BasinPass): string {
  const parts = tally(pass)
    .slice(0, MOST_ROWS)
    .map(({ label, share }) => {
      const none = label === pass.rules.diverged ? "diverge" : "are still going";
      return `${percent(share)} ${label < 0 ? none : `reach ${basinLetter(label)}`}`;
    });
  return `Of all starts of ${race.focus.name}: ${parts.join(", ")}.`;
}

function percent(share: number): string {
  return share < 0.001 ? "under 0.1%" : `${formatNumber(Number((100 * share).toFixed(1)))}%`;
}
