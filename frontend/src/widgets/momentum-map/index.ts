/** MomentumMap: which rates and decays converge, how fast, and the eigenvalues that say so. */

import { button, select, slider, toggle } from "../../core/controls";
import { h, mathElement } from "../../core/dom";
import { spoken } from "../../core/format";
import { readChoice, readInteger, readNumber, slug, writeNumber } from "../../core/fragment";
import { same } from "../../core/model";
import type { View } from "../../core/view";
import type { Memory } from "../../shared/toolbar";
import { Toolbar } from "../../shared/toolbar";
import { circlePanel, pathPanel, radiusMap } from "./panels";
import { regime } from "./spectrum";
import { MomentumState, TRAITS } from "./state";
import { momentumTable } from "./table";

const DECAYS = { low: 0, high: 0.999, scale: "to one" } as const;
const CONDITIONS = { low: 1, high: 1e4, scale: "log" } as const;
const RATES = { low: 0.01, high: 4.4, scale: "linear" } as const;
const MOST_STEPS = 300;

export function renderMomentumMap(view: View): void {
  const state = new MomentumState(view);
  const [map, circle, chart] = [radiusMap(state), circlePanel(state), pathPanel(state)];
  const tools = new Toolbar(view, memory(state));
  const parts = [heading(state), map, knobs(state), momentumTable(state)] as const;
  const [head, , controls, table] = parts;
  view.root.append(
    h("div", { class: "gdw-head" }, head.element, tools.element),
    h("div", { class: "gdw-stage" }, map.element, h("div", { class: "gdw-side" }, circle.element, chart.element)),
    h("div", { class: "gdw-controls" }, controls.element, table.element),
    tools.note,
  );
  const update = () => {
    parts.forEach((part) => part.update());
    view.invalidate();
  };
  view.onChange([...TRAITS, "_programs"], update);
  view.onChange(["method", "scaled_rate", "decay", "condition"], () => view.live.say(spokenPoint(state)));
  update();
  view.paint(() => [map, circle, chart].forEach((panel) => panel.paint()));
}

function spokenPoint(state: MomentumState): string {
  const parts = state.modes.map(({ name, rate }) => {
    const radius = state.spectrum.radius(rate, state.decay);
    return `${name}: spectral radius ${spoken(radius)}, ${regime(state.spectrum.eigenvalues(rate, state.decay))}.`;
  });
  return parts.join(" ");
}

function heading(state: MomentumState): { element: HTMLElement; update(): void } {
  const choose = select(state.view, {
    label: "Method",
    options: () => state.programs.rules.map(({ name }) => [name, name] as const),
    value: () => state.rule.name,
    change: (method) => state.view.set({ method }),
  });
  const formula = h("span", { class: "gdw-formula" });
  let shown = "";
  return {
    element: h("div", { class: "gdw-title" }, choose.element, formula),
    update() {
      choose.update();
      const { equation } = state.program;
      if (equation !== shown) formula.replaceChildren(mathElement(equation) ?? "");
      shown = equation;
    },
  };
}

function knobs(state: MomentumState): { element: HTMLElement; update(): void } {
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
    label: "condition number L/μ",
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

type Reader = readonly [trait: string, read: (text?: string) => unknown];

/** The point in a link. */
function memory(state: MomentumState): Memory {
  const { view } = state;
  const rules = () => state.programs.rules.map(({ name }) => name);
  const readers = new Map(
    Object.entries<Reader>({
      rule: ["method", (text) => rules().find((name) => slug(name) === text) ?? null],
      rate: ["scaled_rate", (text) => readNumber(text, 1e-6, 10)],
      decay: ["decay", (text) => readNumber(text, 0, 0.9999)],
      condition: ["condition", (text) => readNumber(text, 1, 1e4)],
      steps: ["steps", (text) => readInteger(text, 1, MOST_STEPS)],
      chart: ["logarithmic", (text) => readChoice(text, ["log", "plain"])],
    }),
  );
  const text = (value: unknown) =>
    typeof value === "number"
      ? writeNumber(value)
      : typeof value === "boolean"
        ? value
          ? "log"
          : "plain"
        : slug(String(value));
  return {
    traits: TRAITS,
    write: (first) =>
      new Map(
        [...readers]
          .filter(([, [trait]]) => !same(first[trait], view.get(trait)))
          .map(([key, [trait]]) => [key, text(view.get(trait))]),
      ),
    read(fields) {
      const values: Record<string, unknown> = {};
      for (const [key, given] of fields) {
        const reader = readers.get(key);
        const value = reader?.[1](given) ?? null;
        if (!reader || value === null) return null;
        values[reader[0]] = key === "chart" ? value === "log" : value;
      }
      return values;
    },
  };
}
