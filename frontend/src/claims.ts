/**
 * The page "Claims on trial": the reader marks where a claim holds, then sees its verdict and moves along what was
 * measured.
 *
 * Everything that is shown stands in the page (`gdlib/book/claims/shown.py`); without this script it is all in sight.
 */

import { h, setText } from "./core/dom";

const SVG = "http://www.w3.org/2000/svg";

/** A value of the control, what was measured there, and whether the claim holds: a row of the table of numbers. */
interface Row {
  readonly value: string;
  readonly number: string;
  readonly holds: boolean;
}

interface Trial {
  readonly verdict: string;
  readonly part: string;
  /** The claim's section, heading and all. */
  readonly section: HTMLElement;
  readonly reveal: () => void;
}

export function start(page: Document): void {
  const filter = page.querySelector<HTMLElement>(".gd-claims-filter");
  const judged: boolean[][] = [];
  const trials = [...page.querySelectorAll<HTMLElement>(".gd-claim")].map((place, i) => trial(place, i, note));
  const said = filter?.querySelector<HTMLElement>("[role=status]");

  function note(right: boolean[]): void {
    judged.push(right);
    const all = judged.flat();
    const claims = `You have judged ${judged.length} of ${trials.length} claims`;
    if (said) setText(said, `${claims}, and ${all.filter(Boolean).length} of their ${all.length} values rightly.`);
  }

  if (filter && said) showFilter(filter, said, trials);
}

function trial(place: HTMLElement, index: number, note: (right: boolean[]) => void): Trial {
  const verdict = place.dataset.verdict ?? "";
  const found = place.querySelector<HTMLElement>(".gd-trial");
  const [control = "", measured = ""] = [...place.querySelectorAll("thead th")].map((cell) => cell.textContent ?? "");
  const rows = [...place.querySelectorAll("tbody tr")].map(row);
  const answer = h("div", { role: "status" });
  const asked = h(
    "p",
    { id: `gd-guess-${index}` },
    h("strong", {}, "Where does it hold?"),
    ` Mark each value at which you think it does (${control}).`,
  );
  const values = rows.map(({ value }) => h("button", { type: "button", "aria-pressed": "false" }, value));
  const choice = h("div", { class: "gd-values" }, ...values);
  const judge = h("button", { type: "button", class: "gd-judge" });
  const guess = h(
    "div",
    { class: "gd-guess", role: "group", "aria-labelledby": asked.id },
    asked,
    choice,
    judge,
    answer,
  );
  const pressed = () => values.map((button) => button.getAttribute("aria-pressed") === "true");
  const tell = () => setText(judge, `My verdict: it holds at ${share(pressed())}`);
  for (const button of values) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      tell();
    });
  }
  judge.addEventListener("click", () => {
    const right = pressed().map((holds, i) => holds === rows[i]?.holds);
    answer.append(h("p", {}, answered(rows, right)));
    open();
    note(right);
  });
  tell();

  /** Show the trial; its ruling is said where the question was. */
  function open(): void {
    if (!found?.hidden) return;
    const ruling = found.querySelector(".gd-ruling");
    if (ruling) answer.append(ruling);
    for (const element of [asked, choice, judge]) element.remove();
    guess.removeAttribute("aria-labelledby");
    guess.setAttribute("aria-label", "Verdict");
    found.hidden = false;
    follow(found, rows, control, measured, index);
  }

  if (found) {
    found.hidden = true;
    found.before(guess);
  }
  const section = place.closest<HTMLElement>("section") ?? place;
  return { verdict, part: place.dataset.part ?? "", section, reveal: open };
}

function row(line: Element): Row {
  const [value = "", number = "", said = ""] = [...line.children].map((cell) => cell.textContent ?? "");
  return { value, number, holds: said === "holds" };
}

function share(marked: readonly boolean[]): string {
  const count = marked.filter(Boolean).length;
  if (count === 0) return "none of them";
  return count === marked.length ? "all of them" : `${count} of these ${marked.length}`;
}

/** Say at which values the reader was wrong. */
function answered(rows: readonly Row[], right: readonly boolean[]): string {
  const wrong = rows.filter((_, i) => !right[i]);
  if (!wrong.length) return `You placed all ${rows.length} values rightly.`;
  const at = (holds: boolean) => wrong.filter((one) => one.holds === holds).map(({ value }) => value);
  const missed = [
    { says: "it does hold at", values: at(true) },
    { says: "it fails at", values: at(false) },
  ].filter(({ values }) => values.length);
  const places = missed.map(({ says, values }) => `${says} ${values.join(", ")}`).join("; ");
  return `You placed ${rows.length - wrong.length} of ${rows.length} values rightly: ${places}.`;
}

/** Put a slider below the chart, a ring where it stands, and words that say what is so there. */
function follow(found: HTMLElement, rows: readonly Row[], control: string, measured: string, index: number): void {
  const chart = found.querySelector("svg");
  const places = [...(chart?.querySelectorAll("[transform]") ?? [])].map((mark) => mark.getAttribute("transform"));
  if (!chart || !rows.length) return;
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
    const here = rows[at];
    if (!here) return;
    const verdict = `the claim ${here.holds ? "holds" : "fails"}`;
    ring.setAttribute("transform", places[at] ?? "");
    slider.setAttribute("aria-valuetext", `${here.value}, ${verdict}`);
    setText(said, `${control}: ${here.value}; ${measured}: ${here.number}. Here ${verdict}.`);
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
