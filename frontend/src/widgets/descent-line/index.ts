/** DescentLine: a ball on a curve, its tangent, where the step lands, and the regime of the rate. */

import { select, slider, toggle } from "../../core/controls";
import { h, mathElement } from "../../core/dom";
import { formatNumber } from "../../core/format";
import { readChoice } from "../../core/fragment";
import type { View } from "../../core/view";
import { spokenRuns } from "../../shared/ending-words";
import { lossChart } from "../../shared/loss-chart";
import { methodChips, methodSliders } from "../../shared/method-controls";
import { RACE_TRAITS, Race } from "../../shared/race";
import type { Extra } from "../../shared/race-link";
import { raceMemory } from "../../shared/race-link";
import { readouts } from "../../shared/readouts";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { CurveView } from "./panels";
import { nearestMinimum, regimeOf } from "./regime";

const MOST_STEPS_ON_A_LINE = 200;

export function renderLine(view: View): void {
  const race = new Race(view);
  const curve = new CurveView(race);
  const errors = lossChart(race, () => errorOf(race));
  const tools = new Toolbar(view, raceMemory(race, extra(view)));
  const play = transport(view, { step: () => race.step, last: () => race.steps, go: (step) => view.set({ step }) });
  const head = heading(race);
  const regime = regimeLine(race);
  const facts = readouts(race);
  const controls = [play, methodChips(race), methodSliders(race), options(race)];
  view.root.append(
    h("div", { class: "gdw-head" }, head.element, tools.element),
    h(
      "div",
      { class: "gdw-stage" },
      curve.element,
      h("div", { class: "gdw-side" }, errors.element, regime.element, facts.element),
    ),
    h("div", { class: "gdw-controls" }, ...controls.map((control) => control.element)),
    tools.note,
  );
  const update = () => {
    [head, regime, facts, curve, ...controls].forEach((part) => part.update());
    view.invalidate();
  };
  view.onChange([...RACE_TRAITS, "show_tangent", "_programs"], update);
  view.onChange(["landscape", "optimizers", "start", "steps"], () =>
    view.live.say(`${regime.text()} ${spokenRuns(race.runs, race.step, race.lowest)}`),
  );
  update();
  view.paint(() => {
    curve.paint();
    errors.paint();
  });
}

/** Distance to the nearest known minimum; the cost where none is known. */
function errorOf(race: Race): {
  label: string;
  of: (points: ArrayLike<number>, values: ArrayLike<number>) => ArrayLike<number>;
} {
  const [minimum] = nearestMinimum(race) ?? [];
  if (minimum === undefined) return { label: "J", of: (_, values) => values };
  const name = race.program.variables[0] ?? "θ";
  return {
    label: minimum ? `|${name} ${minimum < 0 ? "+" : "−"} ${formatNumber(Math.abs(minimum))}|` : `|${name}|`,
    of: (points) => Array.from(points, (x) => Math.abs(x - minimum)),
  };
}

function heading(race: Race): { element: HTMLElement; update(): void } {
  const choose = select(race.view, {
    label: "Curve",
    options: () => race.programs.landscapes.map(({ name }) => [name, name] as const),
    value: () => race.program.name,
    change: (name) => race.chooseLandscape(name),
  });
  const formula = h("span", { class: "gdw-formula" });
  return {
    element: h("div", { class: "gdw-title" }, choose.element, formula),
    update() {
      choose.update();
      if (formula.dataset.of === race.program.name) return;
      formula.dataset.of = race.program.name;
      formula.replaceChildren(mathElement(race.program.math) ?? "");
    },
  };
}

/** The regime's name, and what it means, as the slider crosses from one into the next. */
function regimeLine(race: Race): { element: HTMLElement; update(): void; text(): string } {
  const name = h("strong");
  const words = h("span");
  const product = h("span", { class: "gdw-product" });
  const element = h("p", { class: "gdw-regime" }, product, " ", name, h("br"), words);
  return {
    element,
    update() {
      const regime = regimeOf(race);
      element.hidden = !regime;
      if (!regime) return;
      product.textContent = `ηλ = ${formatNumber(Number(regime.product.toPrecision(3)))}`;
      name.textContent = regime.name;
      words.textContent = `${regime.words}.`;
      element.classList.toggle("gdw-bad", regime.factor <= -1);
    },
    text: () => (element.hidden ? "" : `${name.textContent}: ${words.textContent}`),
  };
}

function options(race: Race): { element: HTMLElement; update(): void } {
  const { view } = race;
  const steps = slider(view, {
    label: "steps",
    low: 1,
    high: MOST_STEPS_ON_A_LINE,
    scale: "integer",
    value: () => race.steps,
    change: (value) => view.set({ steps: value, step: null }),
    format: String,
  });
  const tangent = toggle(view, {
    label: "Tangent",
    value: () => view.get("show_tangent"),
    change: (on) => view.set({ show_tangent: on }),
  });
  return {
    element: h("div", { class: "gdw-options" }, steps.element, tangent.element),
    update() {
      steps.update();
      tangent.update();
    },
  };
}

function extra(view: View): Extra {
  return {
    traits: ["show_tangent"],
    write(fields, differs) {
      if (differs("show_tangent")) fields.set("show_tangent", view.get("show_tangent") ? "yes" : "no");
    },
    read(fields, values) {
      if (!fields.has("show_tangent")) return true;
      const value = readChoice(fields.get("show_tangent"), ["yes", "no"]);
      values.show_tangent = value === "yes";
      return value !== null;
    },
  };
}
