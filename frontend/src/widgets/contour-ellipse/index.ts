/** ContourEllipse: tilt and stretch a bowl's ellipses; the run over its variables and along its axes. */

import { button, slider } from "../../core/controls";
import { h, mathElement } from "../../core/dom";
import { readInteger, readNumber, readPoint, writeNumber } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { controls, follow, layOut } from "../../shared/layout";
import type { LinkField, LinkFields } from "../../shared/link-fields";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { tiltedPanel, uprightPanel } from "./panels";
import { EllipseState, LARGEST, TRAITS } from "./state";
import { axisTable, explanation } from "./table";

const MOST_STEPS = 500; // as in Python
const ANGLES = { low: -90, high: 90, scale: "linear" } as const;
const CONDITIONS = { low: 1, high: 1000, scale: "log" } as const;
const RATES = { low: 1e-3, high: 10, scale: "log" } as const;

export function renderContourEllipse(view: View): void {
  const state = new EllipseState(view);
  const panels = [tiltedPanel(state), uprightPanel(state)] as const;
  const tools = new Toolbar(view, linkMemory(view, TRAITS, linkFields(state)));
  const clock = {
    step: () => state.step,
    last: () => state.steps,
    go: (step: number | null) => view.set({ step }),
  };
  const parts = [axisTable(state), transport(view, clock), shapes(state), knobs(state)] as const;
  const [table, play, given, settings] = parts;
  const title = h("div", { class: "gdw-title" }, h("span", { class: "gdw-formula" }, mathElement(state.programs.math)));
  layOut(
    view,
    tools,
    title,
    given.element,
    h("div", { class: "gdw-pair gdw-ellipses" }, ...panels.map(({ element }) => element)),
    table.element,
    controls(play.element, settings.element),
  );
  follow(view, [...TRAITS, "names"], parts, panels);
  view.onChange(["angle", "condition", "steepest", "learning_rate", "start"], () =>
    view.live.say(explanation(state.axes, state)),
  );
}

/** A button for each shape that was given by name. */
function shapes(state: EllipseState): Part {
  const given = state.programs.shapes.map((shape) => ({
    shape,
    element: button(state.view, { label: shape.name, press: () => state.take(shape) }),
  }));
  const bar = { class: "gdw-shapes", role: "group", "aria-label": "Given shapes", hidden: !given.length };
  return {
    element: h("div", bar, ...given.map(({ element }) => element)),
    update() {
      const { angle, condition, steepest } = state.shape;
      for (const { shape, element } of given) {
        const shown = shape.angle === angle && shape.condition === condition && shape.steepest === steepest;
        element.setAttribute("aria-pressed", String(shown));
      }
    },
  };
}

function knobs(state: EllipseState): Part {
  const { view } = state;
  const number = (trait: string) => ({
    value: () => view.get<number>(trait),
    change: (value: number) => view.set({ [trait]: value }),
  });
  const angle = slider(view, { label: "tilt in degrees", ...ANGLES, ...number("angle") });
  const condition = slider(view, {
    label: "condition number",
    letter: "κ",
    ...CONDITIONS,
    ...number("condition"),
  });
  const rate = slider(view, { label: "learning rate", letter: "η", ...RATES, ...number("learning_rate") });
  const best = button(view, { label: "Best rate for this κ", press: () => state.tune() });
  return {
    element: h(
      "div",
      {},
      h("div", { class: "gdw-sliders" }, angle.element, condition.element, rate.element),
      h("div", { class: "gdw-switches" }, best),
    ),
    update() {
      rate.update(state.bound);
      [angle, condition].forEach((part) => part.update());
    },
  };
}

/** The figure in a link. */
function linkFields(state: EllipseState): LinkFields {
  const { view } = state;
  const number = (trait: string, low: number, high: number): LinkField => ({
    trait,
    write: () => writeNumber(view.get(trait)),
    read: (text) => readNumber(text, low, high),
  });
  return {
    tilt: number("angle", -90, 90),
    condition: number("condition", 1, LARGEST),
    steepest: number("steepest", 1e-6, LARGEST),
    rate: number("learning_rate", 1e-6, LARGEST),
    start: {
      trait: "start",
      write: () => view.get<readonly number[]>("start").map(writeNumber).join(","),
      read: (text) => readPoint(text, 2),
    },
    steps: {
      trait: "steps",
      write: () => String(view.get("steps")),
      read: (text) => readInteger(text, 1, MOST_STEPS),
    },
    step: { trait: "step", write: () => String(state.step), read: (text) => readInteger(text, 0, MOST_STEPS) },
  };
}
