/** MomentumMap: which rates and decays converge, how fast, and the eigenvalues that say so. */

import { button, slider, toggle } from "../../core/controls";
import { h } from "../../core/dom";
import { spoken } from "../../core/format";
import { readFlag, readInteger, readNumber, slug, writeNumber } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { heading } from "../../shared/heading";
import { controls, follow, layOut, stage } from "../../shared/layout";
import type { LinkField, LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { motionWords } from "../../shared/words";
import { circlePanel, pathPanel, radiusMap } from "./panels";
import { MomentumState, TRAITS } from "./state";
import { momentumTable } from "./table";

const DECAYS = { low: 0, high: 0.999, scale: "to one" } as const;
const CONDITIONS = { low: 1, high: 1e4, scale: "log" } as const;
const RATES = { low: 0.01, high: 4.4, scale: "linear" } as const;
const MOST_STEPS = 300;

export function renderMomentumMap(view: View): void {
  const state = new MomentumState(view);
  const panels = [radiusMap(state), circlePanel(state), pathPanel(state)] as const;
  const [map, circle, chart] = panels;
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(state)));
  const parts = [titleOf(state), knobs(state), momentumTable(state)] as const;
  const [head, settings, table] = parts;
  layOut(
    view,
    tools,
    head.element,
    stage(map.element, circle.element, chart.element),
    controls(settings.element, table.element),
  );
  follow(view, TRAITS, parts, panels);
  view.onChange(["method", "scaled_rate", "decay", "condition"], () => view.live.say(spokenPoint(state)));
}

function spokenPoint(state: MomentumState): string {
  const parts = state.modes.map(({ name, rate }) => {
    const { spectrum, decay } = state;
    const words = motionWords(spectrum.eigenvalues(rate, decay), spectrum.least(decay));
    return `${name}: spectral radius ${spoken(spectrum.radius(rate, decay))}, ${words}.`;
  });
  return parts.join(" ");
}

function titleOf(state: MomentumState): Part {
  return heading(state.view, {
    label: "Method",
    options: () => state.programs.rules,
    value: () => state.rule.name,
    change: (method) => state.view.set({ method }),
    formula: () => state.program.equation,
  });
}

function knobs(state: MomentumState): Part {
  const { view } = state;
  const rate = slider(view, {
    label: "scaled rate",
    letter: "ηL",
    ...RATES,
    value: () => state.rate,
    change: (scaled_rate) => view.set({ scaled_rate }),
  });
  const decay = slider(view, {
    label: "decay",
    letter: "β",
    ...DECAYS,
    value: () => state.decay,
    change: (value) => view.set({ decay: value }),
  });
  const condition = slider(view, {
    label: "condition number",
    letter: "κ",
    ...CONDITIONS,
    value: () => state.condition,
    change: (value) => view.set({ condition: value }),
  });
  const steps = slider(view, {
    label: "steps",
    low: 10,
    high: MOST_STEPS,
    scale: "integer",
    value: () => view.get("steps"),
    change: (value) => view.set({ steps: value }),
  });
  const log = toggle(view, {
    label: "Logarithmic chart",
    value: () => view.get("logarithmic"),
    change: (value) => view.set({ logarithmic: value }),
  });
  const best = button(view, { label: "Best for this κ", press: () => state.tune() });
  return {
    element: h(
      "div",
      {},
      h("div", { class: "gdw-sliders" }, rate.element, decay.element, condition.element, steps.element),
      h("div", { class: "gdw-switches" }, best, log.element),
    ),
    update() {
      rate.update({ at: state.spectrum.bound(state.decay), label: state.program.bound_text });
      [decay, condition, steps, log].forEach((part) => part.update());
    },
  };
}

/** The point in a link. */
function linkFields(state: MomentumState): LinkFields {
  const { view } = state;
  const named = (text: string) => state.programs.rules.find(({ name }) => slug(name) === text)?.name ?? null;
  const number = (trait: string, low: number, high: number): LinkField => ({
    trait,
    write: () => writeNumber(view.get(trait)),
    read: (text) => readNumber(text, low, high),
  });
  return {
    rule: { trait: "method", write: () => slug(view.get("method")), read: named },
    rate: number("scaled_rate", 1e-6, 10),
    decay: number("decay", 0, 0.9999),
    condition: number("condition", 1, 1e4),
    steps: { ...number("steps", 1, MOST_STEPS), read: (text) => readInteger(text, 1, MOST_STEPS) },
    chart: {
      trait: "logarithmic",
      write: () => (view.get("logarithmic") ? "log" : "plain"),
      read: (text) => readFlag(text, "log", "plain"),
    },
  };
}
