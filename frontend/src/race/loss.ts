/** The loss against the step; pointing at it moves the clock. */

import { h } from "../core/dom";
import { themeOf } from "../core/theme";
import { Canvas } from "../plots/canvas";
import { drawChart } from "../plots/chart";
import type { ChartLayout } from "../plots/chart";
import type { Race } from "./state";

export interface Panel {
  readonly element: HTMLElement;
  update(): void;
  paint(): void;
}

/** How far above its floor: the lowest known minimum, or the lowest value that any run saw. */
export function lossChart(race: Race): Panel {
  const { view } = race;
  const canvas = new Canvas(view, "gdw-canvas gdw-seek");
  let layout: ChartLayout | null = null;
  const seek = (event: PointerEvent) => {
    if (!layout) return;
    const k = Math.round(layout.x.invert(event.offsetX));
    view.set({ step: Math.max(0, Math.min(race.steps, k)) });
  };
  view.listen(canvas.element, "pointerdown", seek);
  view.listen(canvas.element, "pointermove", (event) => {
    if (event.pointerType === "mouse" || event.buttons) seek(event);
  });
  return {
    element: h("div", { class: "gdw-chart" }, canvas.element),
    update() {},
    paint() {
      const theme = themeOf(view.root);
      const floor = race.program.minima.length ? Math.min(...race.program.minima.map((m) => race.landscape.value(...m))) : lowest(race);
      const curves = race.runs.map(({ name, run }) => ({ ys: run.values.map((v) => v - floor), style: theme.method(name) }));
      canvas.draw((context, size) => {
        layout = drawChart(context, size, theme, {
          curves, last: race.steps, at: race.step, log: true,
          yLabel: floor === 0 ? "J" : "J − J min", xLabel: "step",
        });
      });
    },
  };
}

function lowest(race: Race): number {
  return Math.min(...race.runs.map(({ run }) => run.values.reduce((a, b) => Math.min(a, b), Infinity)));
}
