/** WordNeighbours: choose or type a word; the words whose vectors are nearest, as a list and around it. */

import { button, select, slider } from "../../core/controls";
import { h } from "../../core/dom";
import { readInteger } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { controls, follow, layOut } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { neighbourList, ringPanel, summary, words } from "./panels";
import { TRAITS, WordState } from "./state";
import { find } from "./words";

const HINT =
  "Each dot is a word, as far from the middle as its vector is from the chosen word's, both at length 1. " +
  "The rings say at which cosine. The direction tells little.";

export function renderWordNeighbours(view: View): void {
  const state = new WordState(view);
  const rings = ringPanel(state);
  const parts = [neighbourList(state), words(state), asking(state)] as const;
  const [list, said, asked] = parts;
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(state)));
  layOut(
    view,
    tools,
    h("div", { class: "gdw-title" }, `Neighbours among ${state.programs.words.length} words`),
    asked.element,
    h(
      "div",
      { class: "gdw-words-pair" },
      list.element,
      h("div", {}, rings.element, h("p", { class: "gdw-hint" }, HINT)),
    ),
    said.element,
  );
  follow(view, TRAITS, parts, [rings]);
  view.onChange(TRAITS, () => view.live.say(summary(state)));
}

/** Names the field's own list of words on a page that may have several such figures. */
let fields = 0;

/** The word to type, with the known words to complete it; which vectors, and how many neighbours. */
function asking(state: WordState): Part {
  const { view } = state;
  const { words: known, sets, most } = state.programs;
  const id = `gdw-known-words-${fields++}`;
  const input = h("input", { type: "text", list: id, autocomplete: "off", spellcheck: "false", "aria-label": "Word" });
  const complete = h("datalist", { id }, ...known.map((value) => h("option", { value })));
  const missing = h("p", { class: "gdw-note", role: "status", hidden: true });
  const say = (text: string) => {
    missing.textContent = text;
    missing.hidden = !text;
  };
  const take = () => {
    const index = find(input.value, known);
    const typed = input.value.trim();
    say(index < 0 && typed ? `“${typed}” has no vector here. Shown is still “${state.word}”.` : "");
    if (index < 0) return;
    view.reveal();
    state.choose(index);
    input.value = state.word;
  };
  view.listen(input, "change", take);
  view.listen(input, "keydown", (event) => {
    if (event.key === "Enter") take();
    if (event.key === "Escape") {
      input.value = state.word;
      say("");
    }
  });
  view.listen(input, "input", () => {
    if (known.includes(input.value)) take();
  });
  view.listen(input, "focus", () => input.select());
  const show = button(view, { label: "Show", press: take });
  const shown = select(view, {
    label: "Vectors",
    options: () => sets.map(({ name }) => [name, name] as const),
    value: () => state.set.name,
    change: (name) => view.set({ shown: name }),
  });
  shown.element.hidden = sets.length < 2;
  const number = slider(view, {
    label: "neighbours",
    low: 1,
    high: Math.min(most, known.length - 1),
    scale: "integer",
    value: () => view.get("number"),
    change: (count) => view.set({ number: count }),
  });
  let before = "";
  return {
    element: h(
      "div",
      {},
      controls(
        h(
          "div",
          { class: "gdw-asking" },
          h("span", { class: "gdw-entry" }, h("span", { "aria-hidden": "true" }, "Word"), input, complete),
          show,
          shown.element,
          number.element,
        ),
      ),
      missing,
    ),
    update() {
      shown.update();
      number.update();
      if (state.word === before) return;
      before = input.value = state.word;
      say("");
    },
  };
}

function linkFields(state: WordState): LinkFields {
  const { view } = state;
  const { words: known, sets, most } = state.programs;
  return {
    word: {
      trait: "word",
      write: () => state.word,
      read: (text) => (known.includes(text) ? text : null),
    },
    by: {
      trait: "shown",
      write: () => String(sets.indexOf(state.set)),
      read: (text) => sets[readInteger(text, 0, sets.length - 1) ?? -1]?.name ?? null,
    },
    number: {
      trait: "number",
      write: () => String(view.get("number")),
      read: (text) => readInteger(text, 1, most),
    },
  };
}
