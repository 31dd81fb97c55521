/** DecisionBoundary: two classes in a plane, and how a small network parts them while it descends. */

import { button, ICONS, slider } from "../../core/controls";
import { h } from "../../core/dom";
import { counted, spoken } from "../../core/format";
import { readInteger, readNumber, writeNumber } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { controls, follow, layOut, stage } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { boundaryChart, regionPanel } from "./panels";
import { BoundaryState, RUN_TRAITS, TRAITS } from "./state";
import { pointTable } from "./table";
import { stepWords } from "./words";

const RATES = { low: 0.01, high: 10, scale: "log" } as const;
const MOST_STEPS = 5000;
const LARGEST_SEED = 99;

export function renderDecisionBoundary(view: View): void {
  const state = new BoundaryState(view);
  const panels = [regionPanel(state), boundaryChart(state)] as const;
  const [regions, chart] = panels;
  const play = transport(view, {
    step: () => state.step,
    last: () => state.last,
    go: (step) => view.set({ step }),
  });
  const [table, knobs] = [pointTable(state), settings(state)];
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(view)));
  layOut(
    view,
    tools,
    titleOf(state),
    stage(regions.element, chart.element, table.element),
    controls(play.element, knobs.element),
  );
  follow(view, TRAITS, [table, play, knobs], panels);
  view.onChange(RUN_TRAITS, () => view.live.say(stepWords(state.run, state.rows, state.step, spoken)));
}

function titleOf(state: BoundaryState): HTMLElement {
  const { network } = state.programs;
  const units = network.parts.filter(({ shape }) => shape.length === 2).slice(0, -1);
  const words = units.map(({ shape: [, count = 0] }) => counted(count, "hidden unit")).join(", then ");
  return h("div", { class: "gdw-title" }, `${words || "No hidden units"}, ${state.rows} points`);
}

function settings(state: BoundaryState): Part {
  const { view } = state;
  const whole = (label: string, trait: string, low: number, high: number) =>
    slider(view, {
      label,
      low,
      high,
      scale: "integer",
      value: () => view.get(trait),
      change: (value) => view.set({ [trait]: value }),
    });
  const rate = slider(view, {
    label: "learning rate",
    letter: "η",
    ...RATES,
    value: () => view.get("learning_rate"),
    change: (learning_rate) => view.set({ learning_rate }),
  });
  const steps = whole("steps", "steps", 1, MOST_STEPS);
  const seed = whole("start (seed)", "seed", 0, LARGEST_SEED);
  const another = button(view, {
    label: "Another start",
    icon: ICONS.reset,
    words: true,
    press: () => view.set({ seed: (view.get<number>("seed") + 1) % (LARGEST_SEED + 1) }),
  });
  const knobs = [rate, steps, seed];
  return {
    element: h("div", { class: "gdw-sliders" }, ...knobs.map((knob) => knob.element), another),
    update: () => knobs.forEach((knob) => knob.update()),
  };
}

function linkFields(view: View): LinkFields {
  const integer = (trait: string, low: number, high: number) => ({
    trait,
    write: () => String(view.get(trait) ?? high),
    read: (text: string) => readInteger(text, low, high),
  });
  return {
    rate: {
      trait: "learning_rate",
      write: () => writeNumber(view.get("learning_rate")),
      read: (text) => readNumber(text, RATES.low, RATES.high),
    },
    seed: integer("seed", 0, LARGEST_SEED),
    steps: integer("steps", 1, MOST_STEPS),
    step: integer("step", 0, MOST_STEPS),
  };
}
