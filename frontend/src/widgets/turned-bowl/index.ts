/** TurnedBowl: a bowl that a reader turns under three rules, and who notices. */

import { select, slider } from "../../core/controls";
import { h } from "../../core/dom";
import { formatNumber } from "../../core/format";
import { readInteger } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { symbolPath } from "../../plots/swatch";
import { controls, follow, layOut, stage } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { explainedTable, row } from "../../shared/table";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { bowlPanel, countChart, styleOf } from "./panels";
import { BowlState, RUN_TRAITS, TRAITS } from "./state";
import { needWords } from "./words";

export function renderTurnedBowl(view: View): void {
  const state = new BowlState(view);
  const panels = [bowlPanel(state), countChart(state)] as const;
  const [bowl, chart] = panels;
  const play = transport(view, {
    step: () => state.step,
    last: () => state.last,
    go: (step) => view.set({ step }),
  });
  const [table, knobs] = [readout(state), settings(state)];
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(state)));
  layOut(
    view,
    tools,
    h("div", { class: "gdw-title" }, "A bowl with κ = 100, turned"),
    stage(bowl.element, chart.element, table.element),
    controls(play.element, knobs.element),
  );
  follow(view, TRAITS, [table, play, knobs], panels);
  view.onChange(RUN_TRAITS, () => view.live.say(wordsOf(state)));
}

function wordsOf(state: BowlState): string {
  const needs = state.names.map((name) => ({
    name,
    here: state.walk(name).arrival,
    along: state.walk(name, 0).arrival,
  }));
  return needWords(state.angle, needs);
}

function readout(state: BowlState): Part {
  return explainedTable(
    state.view,
    ["rule", "cost J", "steps here", "at 0°"],
    () =>
      state.names.map((name) => {
        const style = styleOf(state.view.root, name);
        const { costs, arrival } = state.walk(name);
        const cost = costs[Math.min(state.step, costs.length - 1)] ?? NaN;
        const counts = [arrival, state.walk(name, 0).arrival].map((count) => String(count ?? "–"));
        return row([symbolPath(style), name], style.colour, [formatNumber(cost), ...counts]);
      }),
    () => wordsOf(state),
  );
}

function settings(state: BowlState): Part {
  const { view } = state;
  const angle = slider(view, {
    label: "angle",
    low: 0,
    high: 90,
    scale: "integer",
    value: () => state.angle,
    change: (value) => view.set({ angle: value }),
    after: () => "degrees",
  });
  const rule = select(view, {
    label: "Matrix rule",
    options: () => state.programs.matrix.map((name) => [name, name] as const),
    value: () => view.get("rule"),
    change: (name) => view.set({ rule: name }),
  });
  return {
    element: h("div", { class: "gdw-sliders" }, angle.element, rule.element),
    update() {
      angle.update();
      rule.update();
    },
  };
}

function linkFields(state: BowlState): LinkFields {
  const { view } = state;
  return {
    angle: { trait: "angle", write: () => String(state.angle), read: (text) => readInteger(text, 0, 90) },
    rule: {
      trait: "rule",
      write: () => view.get("rule"),
      read: (text) => (state.programs.matrix.includes(text) ? text : null),
    },
    step: {
      trait: "step",
      write: () => String(view.get("step") ?? state.programs.most),
      read: (text) => readInteger(text, 0, state.programs.most),
    },
  };
}
