/** DescentExplorer: any optimizers race down a landscape of two variables. */

import { select, slider, toggle } from "../../core/controls";
import { h, mathElement } from "../../core/dom";
import { readChoice } from "../../core/fragment";
import type { View } from "../../core/view";
import { spokenRuns } from "../../shared/ending-words";
import { lossChart } from "../../shared/loss-chart";
import { methodChips, methodSliders } from "../../shared/method-controls";
import { RACE_TRAITS, Race } from "../../shared/race";
import type { Extra } from "../../shared/race-link";
import { MOST_STEPS, raceMemory } from "../../shared/race-link";
import { readouts } from "../../shared/readouts";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { MapView } from "./map-panel";
import { SpaceView } from "./space-panel";

const OWN = ["show_gradient", "show_terms", "view"] as const;

export function renderExplorer(view: View): void {
  const race = new Race(view);
  const map = new MapView(race);
  const space = new SpaceView(race, (text) => tools.say(text));
  const chart = lossChart(race);
  const facts = readouts(race);
  const tools = new Toolbar(view, raceMemory(race, extra(view)));
  const head = heading(race);
  const play = transport(view, {
    step: () => race.step,
    last: () => race.steps,
    go: (step) => view.set({ step }),
  });
  const parts = [head, chart, facts, play, methodChips(race), methodSliders(race), options(race)];
  view.root.append(
    h("div", { class: "gdw-head" }, head.element, tools.element),
    h(
      "div",
      { class: "gdw-stage" },
      h("div", {}, map.element, space.element),
      h("div", { class: "gdw-side" }, chart.element, facts.element),
    ),
    h("div", { class: "gdw-controls" }, ...parts.slice(3).map((part) => part.element)),
    tools.note,
  );
  const update = () => {
    parts.forEach((part) => part.update());
    map.update();
    space.update();
    view.invalidate();
  };
  view.onChange([...RACE_TRAITS, ...OWN, "_programs"], update);
  view.onChange(["landscape", "optimizers", "start", "steps"], () =>
    view.live.say(spokenRuns(race.runs, race.step, race.lowest)),
  );
  update();
  view.paint(() => {
    map.paint();
    space.paint();
    chart.paint();
  });
}

function heading(race: Race): { element: HTMLElement; update(): void } {
  const choose = select(race.view, {
    label: "Landscape",
    options: () => race.programs.landscapes.map(({ name }) => [name, name] as const),
    value: () => race.program.name,
    change: (name) => race.chooseLandscape(name),
  });
  const formula = h("span", { class: "gdw-formula" });
  let shown = "";
  return {
    element: h("div", { class: "gdw-title" }, choose.element, formula),
    update() {
      choose.update();
      const { name, math } = race.program;
      if (name === shown) return;
      shown = name;
      formula.replaceChildren(mathElement(math) ?? "");
    },
  };
}

function options(race: Race): { element: HTMLElement; update(): void } {
  const { view } = race;
  const steps = slider(view, {
    label: "steps",
    low: 1,
    high: MOST_STEPS,
    scale: "log",
    value: () => race.steps,
    change: (value) => view.set({ steps: Math.max(1, Math.round(value)), step: null }),
    format: String,
  });
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
    update() {
      steps.update();
      switches.forEach((s) => s.update());
    },
  };
}

/** The explorer's own fields in a link. */
function extra(view: View): Extra {
  return {
    traits: OWN,
    write(fields, differs) {
      if (differs("view")) fields.set("view", view.get("view"));
      for (const name of ["show_gradient", "show_terms"] as const) {
        if (differs(name)) fields.set(name, view.get(name) ? "yes" : "no");
      }
    },
    read(fields, values) {
      for (const [name, choices] of [
        ["view", ["map", "surface"]],
        ["show_gradient", ["yes", "no"]],
        ["show_terms", ["yes", "no"]],
      ] as const) {
        if (!fields.has(name)) continue;
        const value = readChoice(fields.get(name), choices as readonly string[]);
        if (value === null) return false;
        values[name] = name === "view" ? value : value === "yes";
      }
      return true;
    },
  };
}
