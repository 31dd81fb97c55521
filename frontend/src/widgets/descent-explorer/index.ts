/** DescentExplorer: any optimizers race down a landscape of two variables. */

import { toggle } from "../../core/controls";
import { h } from "../../core/dom";
import { readChoice, readFlag } from "../../core/fragment";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { raceHeading } from "../../shared/heading";
import { controls, follow, layOut, stage } from "../../shared/layout";
import type { LinkField, LinkFields } from "../../shared/link-fields";
import { lossChart } from "../../shared/loss-chart";
import { methodChips, methodSliders, stepsSlider } from "../../shared/method-controls";
import { RACE_TRAITS, Race, RUN_TRAITS } from "../../shared/race";
import { raceMemory } from "../../shared/race-link";
import { readouts } from "../../shared/readouts";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { spokenRuns } from "../../shared/words";
import { mapPanel } from "./map-panel";
import { SpacePanel } from "./space-panel";

const OWN = ["show_gradient", "show_terms", "view"];

export function renderDescentExplorer(view: View): void {
  const race = new Race(view);
  const tools = new Toolbar(view, raceMemory(race, linkFields(view)));
  const panels = [mapPanel(race), new SpacePanel(race, (text) => tools.say(text)), lossChart(race)] as const;
  const [map, space, chart] = panels;
  const [head, facts] = [raceHeading(race, "Landscape"), readouts(race)];
  const play = transport(view, {
    step: () => race.step,
    last: () => race.steps,
    go: (step) => view.set({ step }),
  });
  const knobs = [play, methodChips(race), methodSliders(race), options(race)];
  layOut(
    view,
    tools,
    head.element,
    stage(h("div", {}, map.element, space.element), chart.element, facts.element),
    controls(...knobs.map((knob) => knob.element)),
  );
  follow(view, [...RACE_TRAITS, ...OWN], [head, facts, ...knobs], panels);
  view.onChange(RUN_TRAITS, () => view.live.say(spokenRuns(race.runs, race.step, race.landscape)));
}

function options(race: Race): Part {
  const { view } = race;
  const steps = stepsSlider(race);
  const switches = [
    toggle(view, {
      label: "In space",
      value: () => view.get("view") === "surface",
      change: (on) => view.set({ view: on ? "surface" : "map" }),
    }),
    toggle(view, {
      label: "Gradient",
      value: () => view.get("show_gradient"),
      change: (on) => view.set({ show_gradient: on }),
    }),
    toggle(view, {
      label: "Terms of the step",
      value: () => view.get("show_terms"),
      change: (on) => view.set({ show_terms: on }),
    }),
  ];
  return {
    element: h("div", { class: "gdw-options" }, steps.element, ...switches.map((s) => s.element)),
    update: () => [steps, ...switches].forEach((part) => part.update()),
  };
}

/** The explorer's own fields in a link. */
function linkFields(view: View): LinkFields {
  const flag = (trait: string): LinkField => ({
    trait,
    write: () => (view.get(trait) ? "yes" : "no"),
    read: (text) => readFlag(text, "yes", "no"),
  });
  return {
    view: { trait: "view", write: () => view.get("view"), read: (text) => readChoice(text, ["map", "surface"]) },
    show_gradient: flag("show_gradient"),
    show_terms: flag("show_terms"),
  };
}
