/** EdgeOfStability: a network trains in the page; its sharpness climbs to 2/η and stays there. */

import { slider } from "../../core/controls";
import { h } from "../../core/dom";
import { formatNumber, spoken } from "../../core/format";
import { readInteger, readNumber, writeNumber } from "../../core/fragment";
import type { Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import type { View } from "../../core/view";
import { symbolPath } from "../../plots/swatch";
import { controls, follow, layOut, stage } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { explainedTable, row } from "../../shared/table";
import { Toolbar } from "../../shared/toolbar";
import { trainingBar } from "./bar";
import { fitPanel, lossChart, sharpnessChart } from "./panels";
import { EdgeState, TRAITS } from "./state";
import type { Moment } from "./words";
import { momentWords } from "./words";

const RATES = { low: 0.02, high: 2, scale: "log" } as const;
const WHOLE = { width: [1, 40], depth: [1, 3], seed: [0, 99] } as const;

export function renderEdgeOfStability(view: View): void {
  const state = new EdgeState(view);
  const panels = [sharpnessChart(state), lossChart(state), fitPanel(state)] as const;
  const [sharpness, loss, fit] = panels;
  let update = () => {};
  const bar = trainingBar(
    state,
    () => update(),
    () => view.live.say(momentWords(momentOf(state), spoken)),
  );
  const parts = [titleOf(state), readout(state), bar, settings(state)] as const;
  const [title, table, , knobs] = parts;
  const tools = new Toolbar(view, {
    ...linkMemory(view, TRAITS, linkFields(view)),
    reset() {
      state.restart();
      update();
    },
  });
  layOut(
    view,
    tools,
    title.element,
    stage(h("div", { class: "gdw-edge" }, sharpness.element, loss.element), fit.element, table.element),
    controls(bar.element, knobs.element),
  );
  view.onChange([...TRAITS, "_programs"], () => state.follow());
  update = follow(view, TRAITS, parts, panels);
  view.onChange(TRAITS, () => {
    if (!bar.playing()) view.live.say(momentWords(momentOf(state), spoken));
  });
  onPaper(state, () => {
    update();
    view.paintNow();
  });
}

/** A figure that has not been trained yet is, for paper, and only for that. */
function onPaper(state: EdgeState, show: () => void): void {
  const { view } = state;
  let trained = false;
  const before = view.guard(() => {
    trained = state.training.step === 0;
    if (!trained) return;
    state.trainAtOnce();
    show();
  });
  const after = view.guard(() => {
    if (trained) state.restart();
    show();
  });
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  view.onDispose(() => {
    window.removeEventListener("beforeprint", before);
    window.removeEventListener("afterprint", after);
  });
}

function momentOf(state: EdgeState): Moment {
  const { step, loss, rises, sharpness, diverged } = state.training;
  return { step, last: state.last, loss, rises, sharpness, edge: state.edge, diverged };
}

function titleOf(state: EdgeState): Part {
  const element = h("div", { class: "gdw-title" });
  return {
    element,
    update() {
      const { width, depth } = { width: state.view.get<number>("width"), depth: state.view.get<number>("depth") };
      const layers = ["1", ...Array<string>(depth).fill(String(width)), "1"].join("–");
      element.textContent = `A tanh network ${layers} on 20 points: ${state.parameters} parameters`;
    },
  };
}

function readout(state: EdgeState): Part {
  return explainedTable(
    state.view,
    ["step", "loss J", "sharpness", "2/η"],
    () => {
      const style = state.style(themeOf(state.view.root));
      const { step, loss, sharpness, edge } = momentOf(state);
      const cells = [loss, sharpness, edge].map((x) => formatNumber(x));
      return [row([symbolPath(style), String(step)], style.colour, cells)];
    },
    () => momentWords(momentOf(state)),
  );
}

function settings(state: EdgeState): Part {
  const { view } = state;
  const whole = (label: string, trait: keyof typeof WHOLE) =>
    slider(view, {
      label,
      low: WHOLE[trait][0],
      high: WHOLE[trait][1],
      scale: "integer",
      value: () => view.get(trait),
      change: (value) => view.set({ [trait]: value }),
    });
  const rate = slider(view, {
    label: "learning rate",
    letter: "η",
    ...RATES,
    value: () => state.rate,
    change: (learning_rate) => view.set({ learning_rate }),
  });
  const knobs = [rate, whole("units in a layer", "width"), whole("hidden layers", "depth"), whole("seed", "seed")];
  return {
    element: h("div", { class: "gdw-sliders" }, ...knobs.map((knob) => knob.element)),
    update: () => knobs.forEach((knob) => knob.update()),
  };
}

function linkFields(view: View): LinkFields {
  const whole = (trait: keyof typeof WHOLE) => ({
    trait,
    write: () => String(view.get(trait)),
    read: (text: string) => readInteger(text, WHOLE[trait][0], WHOLE[trait][1]),
  });
  return {
    rate: {
      trait: "learning_rate",
      write: () => writeNumber(view.get("learning_rate")),
      read: (text) => readNumber(text, RATES.low, RATES.high),
    },
    width: whole("width"),
    depth: whole("depth"),
    seed: whole("seed"),
  };
}
