/** The pictures of LineFit: the data with the line, and the map on which that line is one place. */

import { formatPoint } from "../../core/format";
import type { Panel } from "../../core/part";
import type { Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import { picture } from "../../plots/canvas";
import { drawLine, drawPoints, padded } from "../../plots/data";
import { frameIn, line } from "../../plots/frame";
import { MapPicture } from "../../plots/map";
import { clamp } from "../../plots/marks";
import { Plane } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { drawStage } from "../../plots/stage";
import { between, Eased } from "../../shared/ease";
import type { Race, RacerRun } from "../../shared/race";
import { drawRace, shapeOf } from "../../shared/race-map";

/** The points (x, y), as Python put them beside the programs. */
function pointsOf(race: Race): readonly (readonly number[])[] {
  return race.view.get<{ points: readonly (readonly number[])[] }>("_programs").points;
}

/** The points, the best line dotted, and the line of every run with what it misses. */
export function dataPanel(race: Race): Panel {
  const eased = new Eased(race.view, () => race.step);
  return picture(race.view, "gdw-map gdw-still-plot", (context, size) => {
    const points = pointsOf(race);
    const [xs, ys] = [points.map(([x = 0]) => x), points.map(([, y = 0]) => y)];
    drawStage(context, frameIn(size), themeOf(race.view.root), {
      bounds: [padded(xs), padded(ys)],
      names: ["x", "y"],
      draw(stage) {
        const { theme } = stage;
        for (const best of race.program.minima) {
          drawLine(stage, best, { colour: theme.muted, dash: [2, 4], width: 1.5 });
        }
        for (const run of race.runs) drawFit(stage, points, run, eased.value, theme);
        drawPoints(stage, points);
      },
    });
  });
}

/** A run's line at the step shown, and its residuals: from each point straight to the line. */
function drawFit(
  stage: Stage,
  points: readonly (readonly number[])[],
  { name, run }: RacerRun,
  shown: number,
  theme: Theme,
): void {
  if (run.ending === "unstarted") return;
  const { context, at, y } = stage;
  const fit = between(run.points, 2, Math.min(shown, run.steps));
  const [intercept = NaN, slope = NaN] = fit;
  const { colour, dash } = theme.method(name);
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  for (const point of points) {
    const [px, py] = at(point);
    line(context, px, py, px, clamp(y(intercept + slope * (point[0] ?? 0))));
  }
  drawLine(stage, fit, { colour: theme.halo, dash: [], width: 5 });
  drawLine(stage, fit, { colour, dash, width: 2.75 });
}

/** Contours of the cost, the path, and the start that can be dragged: then the clock goes back to it. */
export function fitPlane(race: Race): Panel {
  const { view } = race;
  const ground = new MapPicture();
  const eased = new Eased(view, () => race.step);
  return new Plane(view, {
    label: "Intercept and slope at the start",
    describe: () => `intercept and slope ${formatPoint(race.start)}`,
    bounds: () => race.program.bounds,
    names: () => race.program.variables,
    point: () => race.start,
    move: (start) => view.set({ start, step: 0 }),
    shape: () => shapeOf(race.program.bounds),
    draw: (stage) => drawRace(stage, ground, race, eased.value),
  });
}
