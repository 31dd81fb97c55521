/** DescentLine: a ball on a curve, its tangent, where the step lands, and the regime of the rate. */

import { slider, toggle } from "../../core/controls";
import { h } from "../../core/dom";
import { formatNumber, rounded } from "../../core/format";
import { readFlag } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { raceHeading } from "../../shared/heading";
import { controls, follow, layOut, stage } from "../../shared/layout";
import type { LinkFields } from "../../shared/link-fields";
import type { Measure } from "../../shared/loss-chart";
import { lossChart } from "../../shared/loss-chart";
import { methodChips, methodSliders } from "../../shared/method-controls";
import { RACE_TRAITS, Race, RUN_TRAITS } from "../../shared/race";
import { raceMemory } from "../../shared/race-link";
import { readouts } from "../../shared/readouts";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { spokenRuns } from "../../shared/words";
import { CurvePanel } from "./panels";
import { regimeOf } from "./regime";

const MOST_STEPS_ON_A_LINE = 200;

export function renderDescentLine(view: View): void {
  const race = new Race(view);
  const panels = [new CurvePanel(race), lossChart(race, () => errorOf(race))] as const;
  const [curve, errors] = panels;
  const tools = new Toolbar(view, raceMemory(race, linkFields(view)));
  const play = transport(view, { step: () => race.step, last: () => race.steps, go: (step) => view.set({ step }) });
  const [head, regime, facts] = [raceHeading(race, "Curve"), regimeLine(race), readouts(race)];
  const [chips, choices] = [methodChips(race), options(race)];
  const knobs = [play, chips, methodSliders(race), choices];
  layOut(
    view,
    tools,
    head.element,
    stage(curve.element, errors.element, regime.element, facts.element),
    controls(...knobs.map((knob) => knob.element)),
  );
  const more = whenAsked(race, [errors.element, chips.element, choices.element]);
  follow(view, [...RACE_TRAITS, "show_tangent", "simple"], [head, regime, facts, ...knobs, more], panels);
  view.onChange(RUN_TRAITS, () => {
    view.live.say(`${regime.text()} ${spokenRuns(race.runs, race.step, race.landscape)}`);
  });
}

/** What a simple figure leaves away: all but the ball, the rate and play. */
function whenAsked(race: Race, elements: readonly HTMLElement[]): Part {
  const update = () => elements.forEach((element) => element.toggleAttribute("hidden", race.simple));
  return { element: race.view.root, update };
}

/** Distance to the nearest known minimum; the cost where none is known. */
function errorOf(race: Race): Measure {
  const [minimum] = race.nearestMinimum ?? [];
  if (minimum === undefined) return { label: "J", of: (_, values) => values };
  const name = race.program.variables[0] ?? "θ";
  const shift = minimum ? ` ${minimum < 0 ? "+" : "−"} ${formatNumber(Math.abs(minimum))}` : "";
  return { label: `|${name}${shift}|`, of: (points) => Array.from(points, (x) => Math.abs(x - minimum)) };
}

/** The regime's name, and what it means, as the slider crosses from one into the next. */
function regimeLine(race: Race): Part & { text(): string } {
  const name = h("strong");
  const words = h("span");
  const product = h("span", { class: "gdw-product" });
  const element = h("p", { class: "gdw-regime" }, product, " ", name, h("br"), words);
  return {
    element,
    update() {
      const regime = race.simple ? null : regimeOf(race);
      element.hidden = !regime;
      if (!regime) return;
      product.textContent = `ηλ = ${formatNumber(rounded(regime.product))}`;
      name.textContent = regime.name;
      words.textContent = `${regime.words}.`;
      element.classList.toggle("gdw-bad", regime.factor <= -1);
    },
    text: () => (element.hidden ? "" : `${name.textContent}: ${words.textContent}`),
  };
}

function options(race: Race): Part {
  const { view } = race;
  const steps = slider(view, {
    label: "steps",
    low: 1,
    high: MOST_STEPS_ON_A_LINE,
    scale: "integer",
    value: () => race.steps,
    change: (value) => view.set({ steps: value, step: null }),
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

function linkFields(view: View): LinkFields {
  return {
    show_tangent: {
      trait: "show_tangent",
      write: () => (view.get("show_tangent") ? "yes" : "no"),
      read: (text) => readFlag(text, "yes", "no"),
    },
  };
}
