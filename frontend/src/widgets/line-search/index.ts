/** LineSearch: backtracking look by look, on the map and along the ray of each step. */

import { button, slider } from "../../core/controls";
import { h } from "../../core/dom";
import { readInteger, readNumber, readPoint, slug, writeNumber } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { heading } from "../../shared/heading";
import { controls, follow, layOut } from "../../shared/layout";
import type { LinkField, LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { spokenLook } from "../../shared/words";
import { mapPanel, rayPanel } from "./panels";
import { SearchState, TRAITS } from "./state";
import { lookTable } from "./table";

const RATES = { low: 1e-3, high: 10, scale: "log" } as const;
const SLOPES = { low: 1e-4, high: 0.95, scale: "log" } as const;
const SHRINKS = { low: 0.1, high: 0.9, scale: "linear" } as const;
const MOST_STEPS = 200;
const MOST_LOOKS = 20_000;

export function renderLineSearch(view: View): void {
  const state = new SearchState(view);
  const panels = [mapPanel(state), rayPanel(state)] as const;
  const [map, ray] = panels;
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(state)));
  const clock = { step: () => state.look, last: () => state.total, go: (look: number | null) => view.set({ look }) };
  const parts = [
    titleOf(state),
    trying(state),
    transport(view, clock, "Look"),
    knobs(state),
    lookTable(state),
  ] as const;
  const [head, next, play, settings, table] = parts;
  play.element.prepend(next.element);
  layOut(
    view,
    tools,
    head.element,
    h("div", { class: "gdw-pair" }, map.element, ray.element),
    controls(play.element),
    h("div", { class: "gdw-pair gdw-below" }, settings.element, table.element),
  );
  follow(view, TRAITS, parts, panels);
  view.onChange(
    TRAITS.filter((name) => name !== "look"),
    () => view.live.say(spokenLook(state.count)),
  );
}

function titleOf(state: SearchState): Part {
  return heading(state.view, {
    label: "Landscape",
    options: () => state.programs.landscapes,
    value: () => state.program.name,
    change: (name) => state.chooseLandscape(name),
    formula: () => state.program.math,
  });
}

/** The one press that the figure is about. */
function trying(state: SearchState): Part {
  const press = button(state.view, {
    label: "Try the next rate",
    press: () => {
      state.tryNext();
      state.view.live.say(spokenLook(state.count));
    },
  });
  return {
    element: press,
    update: () => {
      press.disabled = state.look >= state.total;
    },
  };
}

function knobs(state: SearchState): Part {
  const { view } = state;
  const number = (trait: string) => ({
    value: () => view.get<number>(trait),
    change: (value: number) => view.set({ [trait]: value }),
  });
  const sliders = [
    slider(view, { label: "first rate", letter: "η", ...RATES, ...number("learning_rate") }),
    slider(view, { label: "share of the tangent’s fall", letter: "c", ...SLOPES, ...number("slope") }),
    slider(view, { label: "shrink factor", ...SHRINKS, ...number("shrink") }),
    slider(view, { label: "steps", low: 1, high: MOST_STEPS, scale: "integer", ...number("steps") }),
  ];
  return {
    element: h("div", { class: "gdw-sliders" }, ...sliders.map(({ element }) => element)),
    update: () => sliders.forEach((each) => each.update()),
  };
}

function linkFields(state: SearchState): LinkFields {
  const { view } = state;
  const number = (trait: string, { low, high }: { low: number; high: number }): LinkField => ({
    trait,
    write: () => writeNumber(view.get(trait)),
    read: (text) => readNumber(text, low, high),
  });
  const whole = (trait: string, low: number, high: number, write: () => number): LinkField => ({
    trait,
    write: () => String(write()),
    read: (text) => readInteger(text, low, high),
  });
  const named = (text: string) => state.programs.landscapes.find(({ name }) => slug(name) === text)?.name ?? null;
  return {
    on: { trait: "landscape", write: () => slug(state.program.name), read: named },
    start: {
      trait: "start",
      write: () => state.start.map(writeNumber).join(","),
      read: (text) => readPoint(text, 2),
    },
    rate: number("learning_rate", RATES),
    c: number("slope", SLOPES),
    shrink: number("shrink", SHRINKS),
    steps: whole("steps", 1, MOST_STEPS, () => view.get("steps")),
    look: whole("look", 0, MOST_LOOKS, () => state.look),
  };
}
