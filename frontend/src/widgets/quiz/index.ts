/** Quiz: commit to an answer, then read what is said about that answer. */

import { button, ICONS } from "../../core/controls";
import { h, icon } from "../../core/dom";
import { formatNumber } from "../../core/format";
import { readNumber } from "../../core/reading";
import { kept, noteQuiz } from "../../core/standing";
import { forget, recall, remember } from "../../core/storage";
import type { View } from "../../core/view";
import { answered } from "../../shared/prediction";
import type { NumberProgram, OptionProgram, QuizProgram } from "./answers";
import { judge, readMemory } from "./answers";
import { proseNodes } from "./prose";

const TICK = "M6.3 13.2 1.6 8.5l1.7-1.7 3 3 6.4-6.4 1.7 1.7z";
const CROSS = "M3.7 2 8 6.3 12.3 2 14 3.7 9.7 8l4.3 4.3-1.7 1.7L8 9.7 3.7 14 2 12.3 6.3 8 2 3.7z";
/** What a link has that leads back to a failed prediction. */
const AGAIN = "again";
const SECOND_TRY = "Not right at first. And now?";
const NO_NUMBER = "Write one number, such as 0.25, 1/4 or 2.5e-1, with a point for the decimals.";
let quizzes = 0;

/** The part of a quiz where the reader answers: options or a field. */
interface Field {
  readonly element: HTMLElement;
  /** The answer as it stands, or what to do to make it one. */
  read(): number | string;
  /** Show what has been answered so far. */
  update(responses: readonly number[]): void;
}

export function renderQuiz(view: View): void {
  const program = view.get<QuizProgram>("_programs");
  const responses = () => view.get<readonly number[]>("responses");
  const field = program.number ? numberField(view, program.number) : choiceField(view, program);
  const said = h("div", { class: "gdw-said", role: "status" });
  const commit = h("button", { type: "submit", class: "gdw-button gdw-play" }, "Check my answer");
  const give = button(view, { label: "Show the answer", press: () => answer(program.number?.answer ?? NaN) });
  const again = button(view, { label: "Start again", icon: ICONS.reset, words: true, press: restart });
  const form = h(
    "form",
    { class: "gdw-quiz", novalidate: true },
    h("fieldset", {}, h("legend", {}, ...proseNodes(program.question)), field.element),
    h("div", { class: "gdw-answering" }, commit, program.number ? give : null, again),
    said,
  );
  view.root.append(form);
  view.root.setAttribute("aria-label", "Question");

  function answer(response: number): void {
    view.set({ responses: [...responses(), response] });
    remember(memory(program), { print: program.print, responses: responses() });
    note();
    view.host.address?.write(new Map());
    answered(view);
  }

  /** The first answer of a try counts: what follows it has been told. */
  function note(): void {
    const first = responses()[0];
    if (first !== undefined) noteQuiz(program.name, judge(program, first)?.correct === true);
  }

  function restart(): void {
    view.set({ responses: [] });
    forget(memory(program));
    form.querySelector("input")?.focus();
  }

  function update(): void {
    const given = responses();
    field.update(given);
    const latest = given.at(-1);
    const judged = latest === undefined ? null : judge(program, latest);
    form.toggleAttribute("data-answered", given.length > 0);
    again.hidden = !given.length;
    give.hidden = !given.length || judged?.correct === true;
    tell(said, judged);
  }

  view.listen(form, "submit", (event) => {
    event.preventDefault();
    const read = field.read();
    if (typeof read === "number") answer(read);
    else said.replaceChildren(h("p", {}, read));
  });
  view.onChange(["responses"], update);
  if (!responses().length) view.set({ responses: readMemory(recall(memory(program)), program) });
  update();
  note();
  const leave = view.host.address?.restore((fields) => {
    if (!fields?.has(AGAIN) || kept("quizzes")[program.name] === "mended") return;
    restart();
    said.replaceChildren(h("p", {}, SECOND_TRY));
  });
  if (leave) view.onDispose(leave);
}

function memory(program: QuizProgram): string {
  return `quiz/${program.name}`;
}

function tell(said: HTMLElement, judged: ReturnType<typeof judge>): void {
  said.replaceChildren();
  if (!judged) return;
  const word = judged.correct ? "Right." : "Not right.";
  const words = judged.feedback.length
    ? proseNodes(judged.feedback)
    : [document.createTextNode(judged.correct ? "Yes." : "Not this number.")];
  said.append(
    h(
      "p",
      { class: judged.correct ? "gdw-right" : "gdw-wrong" },
      mark(judged.correct),
      h("span", { class: "gdw-hidden" }, `${word} `),
      h("span", {}, ...words),
    ),
  );
}

function mark(correct: boolean): Node {
  return icon(correct ? TICK : CROSS);
}

function choiceField(view: View, program: QuizProgram): Field {
  quizzes += 1;
  const group = `gdw-quiz-${quizzes}`;
  const rows = (program.options ?? []).map((option, i) => optionRow(option, group, i));
  view.listen(view.root, "change", () =>
    rows.forEach((row) => row.element.classList.toggle("gdw-picked", row.input.checked)),
  );
  return {
    element: h("div", { class: "gdw-choices" }, ...rows.map((row) => row.element)),
    read() {
      const picked = rows.findIndex((row) => row.input.checked);
      return picked < 0 ? "Choose one of the answers first." : picked;
    },
    update(responses) {
      const latest = responses.at(-1);
      rows.forEach((row, i) => {
        if (latest === undefined || latest === i) row.input.checked = latest === i;
        row.element.classList.toggle("gdw-picked", row.input.checked);
        row.show(responses.includes(i));
      });
    },
  };
}

function optionRow(
  option: OptionProgram,
  group: string,
  i: number,
): { element: HTMLElement; input: HTMLInputElement; show(tried: boolean): void } {
  const input = h("input", { type: "radio", name: group, value: i });
  const verdict = h("span", { class: "gdw-verdict" });
  const element = h("label", { class: "gdw-choice" }, input, h("span", {}, ...proseNodes(option.text)), verdict);
  return {
    element,
    input,
    show(tried) {
      element.classList.toggle("gdw-right", tried && option.correct);
      element.classList.toggle("gdw-wrong", tried && !option.correct);
      verdict.replaceChildren();
      if (tried)
        verdict.append(
          mark(option.correct),
          h("span", { class: "gdw-hidden" }, option.correct ? "(right)" : "(not right)"),
        );
    },
  };
}

function numberField(view: View, program: NumberProgram): Field {
  const input = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false" });
  const unit = program.unit ? h("span", {}, program.unit) : null;
  const tried = h("p", { class: "gdw-hint", hidden: true });
  view.listen(input, "input", () => input.removeAttribute("aria-invalid"));
  return {
    element: h(
      "div",
      {},
      h("label", { class: "gdw-entry" }, h("span", { class: "gdw-name" }, "Your answer"), input, unit),
      tried,
    ),
    read() {
      const value = readNumber(input.value);
      if (value !== null) return value;
      input.setAttribute("aria-invalid", "true");
      input.focus();
      return NO_NUMBER;
    },
    update(responses) {
      const latest = responses.at(-1);
      if (latest === undefined) input.value = "";
      else if (readNumber(input.value) !== latest) input.value = String(latest);
      tried.hidden = responses.length < 2;
      tried.textContent = `Answered so far: ${responses.map(formatNumber).join(", ")}.`;
    },
  };
}
