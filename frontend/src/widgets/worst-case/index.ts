/** WorstCase: step sizes that a reader draws, and the convex functions that hurt them most. */

import { button, slider } from "../../core/controls";
import { h } from "../../core/dom";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { controls, follow, layOut, stage } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { StepBars, summary, walkPanel, worstTable } from "./panels";
import { readSteps, TRAITS, WorstState, writeSteps } from "./state";

export function renderWorstCase(view: View): void {
  const state = new WorstState(view);
  const bars = new StepBars(state);
  const huber = walkPanel(state, "huber", "worst Huber function");
  const bowl = walkPanel(state, "bowl", "worst bowl");
  const [table, knobs] = [worstTable(state), settings(state)];
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(state)));
  layOut(
    view,
    tools,
    h("div", { class: "gdw-title" }, "Gradient descent on the worst convex function"),
    stage(
      h("div", { class: "gdw-edge" }, bars.element, knobs.element),
      h("div", { class: "gdw-edge" }, huber.element, bowl.element),
    ),
    controls(table.element),
  );
  follow(view, TRAITS, [table, knobs], [bars, huber, bowl]);
  view.onChange(TRAITS, () => view.live.say(summary(state)));
}

function settings(state: WorstState): Part {
  const { view } = state;
  const count = slider(view, {
    label: "steps",
    letter: "n",
    low: 1,
    high: state.programs.most,
    scale: "integer",
    value: () => state.count,
    change: (value) => state.resize(value),
  });
  const plans = Object.keys(state.plans()).map((name) => ({
    name,
    element: button(view, { label: name, press: () => state.follow(name) }),
  }));
  const bar = { class: "gdw-levels", role: "group", "aria-label": "Steps to begin with" };
  return {
    element: h(
      "div",
      { class: "gdw-sliders" },
      h("p", { class: "gdw-hint" }, "Draw across the bars, or move a bar's end by arrow keys."),
      h("div", bar, ...plans.map(({ element }) => element)),
      count.element,
    ),
    update() {
      count.update();
      for (const { name, element } of plans) element.setAttribute("aria-pressed", String(name === state.plan));
    },
  };
}

function linkFields(state: WorstState): LinkFields {
  return {
    steps: {
      trait: "steps",
      write: () => writeSteps(state.steps),
      read: (text) => readSteps(text, state.programs),
    },
  };
}
