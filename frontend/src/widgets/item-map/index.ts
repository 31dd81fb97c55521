/** ItemMap: a person's arrow over a map of items; guesses, answers, and a turn that changes none of them. */

import { button, ICONS, select } from "../../core/controls";
import { h } from "../../core/dom";
import { readInteger, readPoint, writeNumber } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { controls, follow, layOut } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { guessBars, legend, mapPanel, summary, words } from "./panels";
import { ItemState, readAnswers, TRAITS, writeAnswers } from "./state";
import { guessWords, turnWords } from "./words";

export function renderItemMap(view: View): void {
  const state = new ItemState(view);
  const map = mapPanel(state);
  const parts = [legend(state), guessBars(state), words(state), answering(state)] as const;
  const [groups, bars, said, asked] = parts;
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(state)));
  layOut(
    view,
    tools,
    h("div", { class: "gdw-title" }, `${state.count} items and a person`),
    controls(asked.element),
    h(
      "div",
      { class: "gdw-items" },
      h("div", {}, map.element, groups.element, h("p", { class: "gdw-hint" }, hint(state))),
      h("div", {}, h("p", { class: "gdw-hint gdw-over" }, "Guesses; ticks are means, ✓ answers."), bars.element),
    ),
    said.element,
  );
  follow(view, TRAITS, parts, [map]);
  view.onChange(["person", "answers"], () => view.live.say(summary(state)));
  view.onChange(["item"], () => view.live.say(guess(state)));
  view.onChange(["turn"], () => view.live.say(turnWords(state.turn) || "Not turned."));
}

function guess(state: ItemState): string {
  const { programs, guesses, item } = state;
  return guessWords(programs.names[item] ?? "", guesses[item] ?? NaN, programs.means[item] ?? NaN);
}

function hint({ programs }: ItemState): string {
  return (
    "Drag the arrow's tip, or the ring at the rim to turn everything; arrow keys do the same. " +
    `The arrow is drawn ${programs.scale} times as long as the person's vector. ` +
    "A long arrow makes guesses outside the scale."
  );
}

/** Which item is told of, a button for each answer, and one that forgets them all. */
function answering(state: ItemState): Part {
  const { view } = state;
  const { names, most } = state.programs;
  const chosen = select(view, {
    label: "Item",
    options: () => names.map((name, i) => [String(i), name] as const),
    value: () => String(state.item),
    change: (i) => state.choose(Number(i)),
  });
  const levels = state.levels.map((level) => ({
    level,
    element: button(view, { label: String(level), press: () => state.answer(state.item, level) }),
  }));
  const forget = button(view, {
    label: "Forget all",
    icon: ICONS.reset,
    words: true,
    press: () => view.set({ answers: {} }),
  });
  const told = h("span", {});
  const bar = { class: "gdw-levels", role: "group", "aria-label": "The person's answer" };
  return {
    element: h(
      "div",
      { class: "gdw-answering" },
      chosen.element,
      h("div", bar, h("span", { "aria-hidden": "true" }, "Answer"), ...levels.map(({ element }) => element)),
      forget,
      told,
    ),
    update() {
      chosen.update();
      const answer = state.answerTo(state.item);
      const closed = answer === undefined && state.full;
      for (const { level, element } of levels) {
        element.setAttribute("aria-pressed", String(level === answer));
        element.disabled = closed;
      }
      forget.disabled = !state.answered;
      told.textContent = closed ? `${most} answers are the most: take one back first.` : "";
    },
  };
}

function linkFields(state: ItemState): LinkFields {
  const { view } = state;
  return {
    person: {
      trait: "person",
      write: () => view.get<readonly number[]>("person").map(writeNumber).join(","),
      read: (text) => readPoint(text, 2),
    },
    answers: {
      trait: "answers",
      write: () => writeAnswers(state.answers, state.programs.names),
      read: (text) => readAnswers(text, state.programs),
    },
    item: {
      trait: "item",
      write: () => String(state.item),
      read: (text) => state.programs.names[readInteger(text, 0, state.count - 1) ?? -1] ?? null,
    },
    turn: { trait: "turn", write: () => String(state.turn), read: (text) => readInteger(text, -180, 180) },
  };
}
