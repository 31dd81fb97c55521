/** TextSampler: type a beginning; a language model goes on from it, as it is after some steps of a rule. */

import { button, select, slider } from "../../core/controls";
import { h } from "../../core/dom";
import { readInteger } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { controls, follow, layOut } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { bars, costs, said, words, written } from "./panels";
import { SamplerState, TRAITS } from "./state";
import { plain } from "./words";

const LARGEST_SEED = 999;

export function renderTextSampler(view: View): void {
  const state = new SamplerState(view);
  const panel = costs(state);
  const parts = [typing(state), written(state), bars(state), words(state), choices(state)] as const;
  const [typed, text, shares, sentence, chosen] = parts;
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(state)));
  const { runs } = state.programs;
  layOut(
    view,
    tools,
    h("div", { class: "gdw-title" }, `A language model, trained by ${runs.map(({ name }) => name).join(" or ")}`),
    typed.element,
    text.element,
    h("div", { class: "gdw-words-pair" }, shares.element, panel.element),
    sentence.element,
    chosen.element,
  );
  follow(view, TRAITS, parts, [panel]);
  view.onChange(TRAITS, () => view.live.say(said(state)));
}

function typing(state: SamplerState): Part {
  const { view } = state;
  const { alphabet, longest } = state.programs;
  const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Beginning" });
  input.maxLength = longest;
  const take = () => {
    const beginning = plain(input.value, alphabet, longest);
    view.reveal();
    if (beginning) view.set({ beginning });
    else input.value = state.beginning;
  };
  view.listen(input, "change", take);
  view.listen(input, "keydown", (event) => {
    if (event.key === "Enter") take();
    if (event.key === "Escape") input.value = state.beginning;
  });
  view.listen(input, "input", () => {
    if (input.value) take();
  });
  const again = button(view, {
    label: "Draw anew",
    press: () => {
      view.reveal();
      view.set({ seed: (view.get<number>("seed") + 1) % (LARGEST_SEED + 1) });
    },
  });
  const entry = h("span", { class: "gdw-entry" }, h("span", { "aria-hidden": "true" }, "Beginning"), input);
  return {
    element: controls(h("div", { class: "gdw-asking" }, entry, again)),
    update() {
      if (plain(input.value, alphabet, longest) !== state.beginning) input.value = state.beginning;
    },
  };
}

function choices(state: SamplerState): Part {
  const { view } = state;
  const { runs, steps } = state.programs;
  const rule = select(view, {
    label: "Rule",
    options: () => runs.map(({ name }) => [name, name] as const),
    value: () => state.run.name,
    change: (name) => {
      view.reveal();
      view.set({ rule: name });
    },
  });
  const moment = slider(view, {
    label: "checkpoint",
    low: 0,
    high: steps.length - 1,
    scale: "integer",
    after: () => `, step ${state.step}`,
    value: () => state.index,
    change: (index) => {
      view.reveal();
      view.set({ step: steps[index] });
    },
  });
  return {
    element: controls(h("div", { class: "gdw-asking" }, rule.element, moment.element)),
    update() {
      rule.update();
      moment.update();
    },
  };
}

function linkFields(state: SamplerState): LinkFields {
  const { view } = state;
  const { runs, steps, alphabet, longest } = state.programs;
  return {
    rule: {
      trait: "rule",
      write: () => String(runs.indexOf(state.run)),
      read: (text) => runs[readInteger(text, 0, runs.length - 1) ?? -1]?.name ?? null,
    },
    step: {
      trait: "step",
      write: () => String(state.step),
      read: (text) => steps.find((step) => String(step) === text) ?? null,
    },
    beginning: {
      trait: "beginning",
      write: () => state.beginning,
      read: (text) => (text && plain(text, alphabet, longest) === text ? text : null),
    },
    seed: {
      trait: "seed",
      write: () => String(view.get("seed")),
      read: (text) => readInteger(text, 0, LARGEST_SEED),
    },
  };
}
