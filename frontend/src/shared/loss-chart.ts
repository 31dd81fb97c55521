/** The loss against the step; pointing at it moves the clock. */

import { h } from "../core/dom";
import { formatNumber } from "../core/format";
import { themeOf } from "../core/theme";
import { Canvas } from "../plots/canvas";
import type { ChartLayout } from "../plots/chart";
import { drawChart } from "../plots/chart";
import type { Race } from "./race";

export interface Panel {
  readonly element: HTMLElement;
  update(): void;
  paint(): void;
}

/** What the chart shows of a run, and what that is called. */
export interface Measure {
  readonly label: string;
  readonly of: (points: ArrayLike<number>, values: ArrayLike<number>) => ArrayLike<number>;
}

export function lossChart(race: Race, measure: () => Measure = () => heightOf(race)): Panel {
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
      const { label, of } = measure();
      const curves = race.runs.map(({ name, run }) => ({ ys: of(run.points, run.values), style: theme.method(name) }));
      canvas.draw((context, size) => {
        layout = drawChart(context, size, theme, {
          curves,
          last: race.steps,
          at: race.step,
          log: true,
          yLabel: label,
          xLabel: "step",
        });
      });
    },
  };
}

/** How far above its floor: the lowest known minimum, or the lowest value that any run saw. */
function heightOf(race: Race): Measure {
  const seen = race.runs.map(({ run }) => run.values.reduce((a, b) => Math.min(a, b), Infinity));
  const least = Number.isFinite(race.lowest) ? race.lowest : Math.min(...seen);
  const floor = Number.isFinite(least) ? least : 0; // no run has started
  const exact = Math.abs(floor) < 1e-9;
  return exact
    ? { label: "J", of: (_, values) => values }
    : { label: `J − (${formatNumber(floor)})`, of: (_, values) => Array.from(values, (v) => v - floor) };
}
