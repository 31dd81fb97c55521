/** NewtonLine: the parabola that fits where you stand on a curve, and the step to its vertex. */

import { slider, toggle } from "../../core/controls";
import { h } from "../../core/dom";
import { spoken } from "../../core/format";
import { readFlag, readInteger, readNumber, writeNumber } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { heading } from "../../shared/heading";
import { controls, follow, layOut, stage } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { curvePanel, distanceChart } from "./panels";
import { NewtonState, TRAITS } from "./state";
import { newtonTable } from "./table";
import { endWords, stepWords } from "./words";

const MOST_STEPS = 30;
/** Long enough to see a parabola before the next one. */
const PACE = 1200;

export function renderNewtonLine(view: View): void {
  const state = new NewtonState(view);
  const panels = [curvePanel(state), distanceChart(state)] as const;
  const [curve, chart] = panels;
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(state)));
  const play = transport(view, {
    step: () => state.step,
    last: () => state.run.steps,
    go: (step) => view.set({ step: step ?? state.run.steps }),
    pace: PACE,
  });
  const parts = [titleOf(state), newtonTable(state), play, options(state)] as const;
  const [head, table, , choices] = parts;
  layOut(
    view,
    tools,
    head.element,
    stage(curve.element, chart.element, table.element),
    controls(play.element, choices.element),
  );
  follow(view, TRAITS, parts, panels);
  view.onChange(TRAITS, () => view.live.say(`${stepWords(state, spoken)} ${endWords(state, spoken)}`));
}

function titleOf(state: NewtonState): Part {
  return heading(state.view, {
    label: "Curve",
    options: () => state.programs.curves,
    value: () => state.program.name,
    change: (name) => state.choose(name),
    formula: () => state.program.math,
  });
}

function options(state: NewtonState): Part {
  const { view } = state;
  const start = slider(view, {
    label: "start",
    get low() {
      return state.interval[0];
    },
    get high() {
      return state.interval[1];
    },
    scale: "linear",
    value: () => state.start,
    change: (value) => state.moveTo(value),
  });
  const steps = slider(view, {
    label: "steps",
    low: 1,
    high: MOST_STEPS,
    scale: "integer",
    value: () => view.get("steps"),
    change: (value) => view.set({ steps: value }),
  });
  const damped = toggle(view, {
    label: "Damped",
    value: () => state.damped,
    change: (on) => view.set({ damped: on }),
  });
  return {
    element: h("div", { class: "gdw-options" }, start.element, steps.element, damped.element),
    update() {
      [start, steps, damped].forEach((part) => part.update());
    },
  };
}

function linkFields(state: NewtonState): LinkFields {
  const { view, programs } = state;
  const integer = (trait: string, low: number, high: number) => ({
    trait,
    write: () => String(view.get(trait)),
    read: (text: string) => readInteger(text, low, high),
  });
  return {
    curve: integer("curve", 0, programs.curves.length - 1),
    start: {
      trait: "start",
      write: () => writeNumber(state.start),
      read: (text) => readNumber(text, -1e6, 1e6),
    },
    steps: integer("steps", 1, MOST_STEPS),
    step: integer("step", 0, MOST_STEPS),
    damped: {
      trait: "damped",
      write: () => (state.damped ? "yes" : "no"),
      read: (text) => readFlag(text, "yes", "no"),
    },
  };
}
