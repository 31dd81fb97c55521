/** Exercises whose answer is no code, answered where they stand: letters to press, or a field. */

import { h } from "../core/dom";
import { noteExercise } from "../core/standing";
import { recall, remember } from "../core/storage";
import type { ChoicePage, Page, Verdict } from "./judge";
import { isChoice, isText, judgeTyped, line } from "./judge";

const HINT =
  "A number such as 0.25, 2/11, 1e-3, √2 or π: a point for the decimals, four digits or more if it does not end.";
const SEVERAL = "Numbers with commas between, such as 3, 0.5.";

/** Put a form into each place that the page has for one. */
export function showAnswers(page: Document): void {
  for (const place of page.querySelectorAll<HTMLElement>(".gd-answer[data-page]")) {
    const name = place.dataset.exercise ?? "";
    show(place, name, decoded(place.dataset.page ?? ""));
  }
}

/** What Python printed, written so that the answer is not read by accident in the page's source. */
function decoded(text: string): Page {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Page;
}

function show(place: HTMLElement, name: string, page: Page): void {
  const said = h("div", { class: "gd-verdict", role: "status" });
  const kept = `exercise/${name}`;
  const form = isChoice(page) ? letters(place, page, answer) : field(place, page, answer);
  place.replaceChildren(form.element, said);
  // what the page shows without scripts
  place.parentElement?.querySelector<HTMLElement>(".cell_output")?.setAttribute("hidden", "");
  const before = recall(kept);
  const given = typeof before === "string" && (!isChoice(page) || page.letters.includes(before)) ? before : "";
  form.fill(given);
  say(given);

  function answer(text: string): void {
    say(text);
    remember(kept, text);
  }

  function say(text: string): void {
    const found = judgeTyped(page, text);
    tell(said, found);
    if (found.state !== "not started") noteExercise(name, found.state === "correct");
  }
}

function tell(said: HTMLElement, found: Verdict): void {
  said.dataset.state = found.state;
  const parts = line(found).split("`");
  said.replaceChildren(...parts.map((part, i) => (i % 2 ? h("code", { translate: "no" }, part) : part)));
}

interface Form {
  readonly element: HTMLElement;
  /** Show an answer that was given before. */
  fill(text: string): void;
}

/** One button a letter, named with what it stands for; pressing it answers. */
function letters(place: HTMLElement, page: ChoicePage, answer: (text: string) => void): Form {
  const meanings = JSON.parse(place.dataset.meanings ?? "{}") as Readonly<Record<string, string>>;
  const buttons = page.letters.map((letter) => {
    const button = h("button", { type: "button", translate: "no", "aria-pressed": "false" }, letter);
    button.setAttribute("aria-label", meanings[letter] ?? letter);
    button.addEventListener("click", () => {
      press(letter);
      answer(letter);
    });
    return button;
  });
  const press = (letter: string) => {
    for (const [i, button] of buttons.entries())
      button.setAttribute("aria-pressed", String(page.letters[i] === letter));
  };
  return { element: h("div", { role: "group", "aria-label": "Your answer" }, ...buttons), fill: press };
}

/** A field named after the variable that the cell above has for the answer. */
function field(place: HTMLElement, page: Page, answer: (text: string) => void): Form {
  const several = !isChoice(page) && Array.isArray(page.expected);
  const text = !isChoice(page) && isText(page.expected);
  const hint = text ? "" : several ? SEVERAL : HINT;
  const input = h("input", {
    type: "text",
    dir: "ltr",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: 80,
  });
  const told = h("small", {}, hint);
  if (hint) {
    told.id = `${(place.dataset.exercise ?? "").replace("/", "-")}-hint`;
    input.setAttribute("aria-describedby", told.id);
  }
  const name = h("code", { translate: "no" }, `${place.dataset.variable ?? "answer"} =`);
  const check = h("button", { type: "submit" }, "Check");
  const form = h("form", { novalidate: true }, h("label", {}, name, input), check, hint ? told : null);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(input.value);
  });
  return {
    element: form,
    fill(given) {
      input.value = given;
    },
  };
}
