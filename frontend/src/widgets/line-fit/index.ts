/** LineFit: a line through points, and the two numbers that make it descend their map together. */

import { h, mathElement } from "../../core/dom";
import type { View } from "../../core/view";
import { controls, follow, layOut } from "../../shared/layout";
import { methodSliders, stepsSlider } from "../../shared/method-controls";
import { RACE_TRAITS, Race, RUN_TRAITS } from "../../shared/race";
import { raceMemory } from "../../shared/race-link";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { spokenRuns } from "../../shared/words";
import { dataPanel, fitPlane } from "./panels";
import { lineTable } from "./table";

const MOST_STEPS_TO_FIT = 200;

export function renderLineFit(view: View): void {
  const race = new Race(view);
  const tools = new Toolbar(view, raceMemory(race));
  const panels = [dataPanel(race), fitPlane(race)] as const;
  const [data, plane] = panels;
  const play = transport(view, { step: () => race.step, last: () => race.steps, go: (step) => view.set({ step }) });
  const [rate, steps, table] = [methodSliders(race), stepsSlider(race, MOST_STEPS_TO_FIT), lineTable(race)];
  const formula = h("span", { class: "gdw-formula" }, mathElement(race.program.math));
  layOut(
    view,
    tools,
    h("div", { class: "gdw-title" }, formula),
    h("div", { class: "gdw-pair" }, data.element, plane.element),
    controls(play.element, h("div", { class: "gdw-pair" }, rate.element, steps.element), table.element),
  );
  follow(view, [...RACE_TRAITS, "simple"], [play, rate, steps, table], panels);
  view.onChange(RUN_TRAITS, () => view.live.say(spokenRuns(race.runs, race.step, race.landscape)));
}
