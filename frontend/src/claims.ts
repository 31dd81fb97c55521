/**
 * The page "Claims on trial": a verdict waits for the reader's own, then a slider moves along what was measured.
 *
 * Everything that is shown stands in the page (`gdlib/book/claims/shown.py`); without this script it is all in sight.
 */

import { h, setText } from "./core/dom";

const GUESSES = ["holds", "holds when", "does not hold"] as const;
const SAID: Readonly<Record<(typeof GUESSES)[number], string>> = {
  holds: "It holds.",
  "holds when": "It holds when …",
  "does not hold": "It does not hold.",
};
const SVG = "http://www.w3.org/2000/svg";

interface Trial {
  readonly verdict: string;
  readonly part: string;
  /** The claim's section, heading and all. */
  readonly section: HTMLElement;
  readonly reveal: () => void;
}

export function start(page: Document): void {
  const filter = page.querySelector<HTMLElement>(".gd-claims-filter");
  const judged: boolean[] = [];
  const trials = [...page.querySelectorAll<HTMLElement>(".gd-claim")].map((place, i) => trial(place, i, note));
  const said = filter?.querySelector<HTMLElement>("[role=status]");

  function note(right: boolean): void {
    judged.push(right);
    const rightly = judged.filter(Boolean).length;
    if (said) setText(said, `You have judged ${judged.length} of ${trials.length} claims, ${rightly} rightly.`);
  }

  if (filter && said) showFilter(filter, said, trials);
}

function trial(place: HTMLElement, index: number, note: (right: boolean) => void): Trial {
  const verdict = place.dataset.verdict ?? "";
  const found = place.querySelector<HTMLElement>(".gd-trial");
  const answer = h("div", { role: "status" });
  const asked = h("p", { id: `gd-guess-${index}` }, h("strong", {}, "What do you think?"));
  const buttons = GUESSES.map((guess) => h("button", { type: "button" }, `${SAID[guess]}`));
  const guess = h("div", { class: "gd-guess", role: "group", "aria-labelledby": asked.id }, asked, ...buttons, answer);
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => {
      const right = GUESSES[i] === verdict;
      answer.append(h("p", {}, `You said: “${button.textContent}” ${right ? "That is right." : "That is not right."}`));
      open();
      note(right);
    });
  });

  /** Show the trial; its ruling is said where the question was. */
  function open(): void {
    if (!found?.hidden) return;
    const ruling = found.querySelector(".gd-ruling");
    if (ruling) answer.append(ruling);
    for (const element of [asked, ...buttons]) element.remove();
    guess.removeAttribute("aria-labelledby");
    guess.setAttribute("aria-label", "Verdict");
    found.hidden = false;
    follow(found, index);
  }

  if (found) {
    found.hidden = true;
    found.before(guess);
  }
  const section = place.closest<HTMLElement>("section") ?? place;
  return { verdict, part: place.dataset.part ?? "", section, reveal: open };
}

/** Put a slider below the chart, a ring where it stands, and words that say what is so there. */
function follow(found: HTMLElement, index: number): void {
  const chart = found.querySelector("svg");
  const rows = [...found.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent ?? ""),
  );
  const places = [...(chart?.querySelectorAll("[transform]") ?? [])].map((mark) => mark.getAttribute("transform"));
  if (!chart || !rows.length) return;
  const [control = "", measured = ""] = [...found.querySelectorAll("thead th")].map((cell) => cell.textContent ?? "");
  const ring = document.createElementNS(SVG, "circle");
  ring.setAttribute("class", "gd-at");
  ring.setAttribute("r", "9");
  chart.append(ring);
  const name = `gd-control-${index}`;
  const first = String(Math.floor(rows.length / 2));
  const slider = h("input", { type: "range", id: name, min: 0, max: rows.length - 1, step: 1, value: first });
  const said = h("p", { role: "status" });
  found
    .querySelector("figure")
    ?.after(h("div", { class: "gd-move" }, h("label", { for: name }, control), slider, said));

  function draw(): void {
    const at = Number(slider.value);
    const [value = "", number = "", holds = ""] = rows[at] ?? [];
    ring.setAttribute("transform", places[at] ?? "");
    slider.setAttribute("aria-valuetext", `${value}, the claim ${holds}`);
    setText(said, `${control}: ${value}; ${measured}: ${number}. Here the claim ${holds}.`);
  }

  slider.addEventListener("input", draw);
  draw();
}

/** Let the reader choose which claims are shown; a part without any of them goes too. */
function showFilter(filter: HTMLElement, said: HTMLElement, trials: readonly Trial[]): void {
  const [verdict, part] = [...filter.querySelectorAll("select")];
  if (!verdict || !part) return;

  function choose(): void {
    const fits = (one: Trial) =>
      (!verdict?.value || one.verdict === verdict.value) && (!part?.value || one.part === part.value);
    for (const one of trials) one.section.hidden = !fits(one);
    for (const outer of new Set(trials.map(({ section }) => section.parentElement))) {
      const inner = trials.filter(({ section }) => section.parentElement === outer);
      if (outer?.matches("section section")) outer.hidden = inner.every(({ section }) => section.hidden);
    }
    setText(said, `${trials.filter(fits).length} of ${trials.length} claims are shown.`);
  }

  verdict.addEventListener("change", choose);
  part.addEventListener("change", choose);
  filter.querySelector("button")?.addEventListener("click", () => {
    for (const one of trials) one.reveal();
    setText(said, "All verdicts are shown.");
  });
  filter.hidden = false;
}

start(document);
