/** What every map of a race draws: its shape, and each run as far as the clock has come. */

import type { Bounds } from "../core/snap";
import type { MapPicture } from "../plots/map";
import { drawMarker, drawPath, drawStar, drawStart, drawSteps } from "../plots/marks";
import type { Stage } from "../plots/stage";
import { between } from "./ease";
import type { Race, RacerRun } from "./race";

/**
 * Width over height with equal units on both axes, so that the gradient is seen to cross contours at right angles;
 * null where that would be a strip.
 */
export function shapeOf([[x0, x1] = [0, 1], [y0, y1] = [0, 1]]: Bounds): number | null {
  const shape = (x1 - x0) / (y1 - y0);
  return shape > 0.4 && shape < 2.5 ? shape : null;
}

/** The path as far as the step shown, which may lie between two; what is still to come, faintly. */
export function drawRun({ context, theme, x, y }: Stage, { name, run }: RacerRun, shown: number): void {
  if (run.ending === "unstarted") return;
  const style = theme.method(name);
  const pixels = run.points.map((value, i) => (i % 2 ? y(value) : x(value)));
  const step = Math.min(shown, run.steps);
  const k = Math.floor(step);
  const here = between(pixels, 2, step);
  if (k < run.steps) drawPath(context, pixels.subarray(2 * k), style, theme, true);
  drawPath(context, [...pixels.subarray(0, 2 * (k + 1)), ...here], style, theme);
  drawSteps(context, pixels.subarray(0, 2 * (k + 1)), style);
  drawMarker(context, here[0] ?? 0, here[1] ?? 0, style, theme);
}

/** The map with its minima, the runs as far as the clock has come, and their start over all. */
export function drawRace(stage: Stage, picture: MapPicture, race: Race, shown: number): void {
  picture.draw(stage.context, race.landscape, stage.frame, stage.theme);
  for (const minimum of race.program.minima) drawStar(stage.context, ...stage.at(minimum), stage.theme);
  for (const run of race.runs) drawRun(stage, run, shown);
  drawStart(stage.context, ...stage.at(race.start), stage.theme);
}
