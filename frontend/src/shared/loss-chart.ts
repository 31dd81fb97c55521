/** The loss of every racer against the step. */

import type { Panel } from "../core/part";
import { themeOf } from "../core/theme";
import type { Race } from "./race";
import { seekChart } from "./seek-chart";
import { heightName } from "./words";

/** What the chart shows of a run, and what that is called. */
export interface Measure {
  readonly label: string;
  readonly of: (points: ArrayLike<number>, values: ArrayLike<number>) => ArrayLike<number>;
}

export function lossChart(race: Race, measure: () => Measure = () => heightOf(race)): Panel {
  const { view } = race;
  return seekChart(view, {
    hover: true,
    seek: (at) => view.set({ step: Math.max(0, Math.min(race.steps, Math.round(at))) }),
    chart() {
      const theme = themeOf(view.root);
      const { label, of } = measure();
      const curves = race.runs.map(({ name, run }) => ({ ys: of(run.points, run.values), style: theme.method(name) }));
      return { curves, last: race.steps, at: race.step, log: true, yLabel: label, xLabel: "step" };
    },
  });
}

/** How far above its floor: the lowest known minimum, or the lowest value that any run saw. */
function heightOf(race: Race): Measure {
  const seen = race.runs.map(({ run }) => run.values.reduce((a, b) => Math.min(a, b), Infinity));
  const least = Number.isFinite(race.lowest) || race.view.waiting ? race.lowest : Math.min(...seen);
  const floor = Number.isFinite(least) ? least : 0; // no run has started, or the figure waits
  const label = heightName(floor);
  return label === "J"
    ? { label, of: (_, values) => values }
    : { label, of: (_, values) => Array.from(values, (v) => v - floor) };
}
