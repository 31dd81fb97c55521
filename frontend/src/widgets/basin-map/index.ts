/** BasinMap: which minimum every start reaches, and how soon, under any method. */

import { h } from "../../core/dom";
import type { Panel } from "../../core/part";
import type { View } from "../../core/view";
import { raceHeading } from "../../shared/heading";
import { controls, follow, layOut, stage } from "../../shared/layout";
import { methodChips, methodSliders, stepsSlider } from "../../shared/method-controls";
import { RACE_TRAITS, Race, RUN_TRAITS } from "../../shared/race";
import { raceMemory } from "../../shared/race-link";
import { Toolbar } from "../../shared/toolbar";
import { transport } from "../../shared/transport";
import { spokenRuns } from "../../shared/words";
import { basinPlane } from "./panels";
import { Basins } from "./state";
import { basinTable, spokenBasins } from "./table";

/** From every start of a map, more would take minutes. */
const MOST_STEPS = 2000;

export function renderBasinMap(view: View): void {
  const race = new Race(view);
  const basins = new Basins(race, () => {
    if (basins.pass?.block === 1) view.live.say(spokenBasins(race, basins.pass));
    update();
  });
  const plane = basinPlane(race, basins);
  const [head, table, steps] = [
    raceHeading(race, "Landscape"),
    basinTable(race, basins),
    stepsSlider(race, MOST_STEPS),
  ];
  const tools = new Toolbar(view, raceMemory(race));
  const play = transport(view, { step: () => race.step, last: () => race.steps, go: (step) => view.set({ step }) });
  const knobs = [play, methodChips(race), methodSliders(race)];
  layOut(
    view,
    tools,
    head.element,
    stage(plane.element, table.element),
    controls(...knobs.map((knob) => knob.element), h("div", { class: "gdw-options" }, steps.element)),
  );
  const map: Panel = {
    element: plane.element,
    update: () => plane.update(),
    paint() {
      if (!view.waiting) basins.ask(); // here, so that nothing is computed out of sight
      plane.paint();
    },
  };
  const update = follow(view, RACE_TRAITS, [head, table, steps, ...knobs], [map]);
  view.onChange(RUN_TRAITS, () => view.live.say(spokenRuns(race.runs, race.step, race.landscape)));
}
