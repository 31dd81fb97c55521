/** The map of basins: coloured cells under contours, letters at the minima, the paths from the start chosen. */

import { formatPoint } from "../../core/format";
import { pointAt } from "../../core/trajectory";
import { drawContours } from "../../plots/map";
import { drawMarker, drawPath, drawStart, drawSteps } from "../../plots/marks";
import { Plane } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import type { Race, RacerRun } from "../../shared/race";
import { basinLetter, paintBasins } from "./colours";
import type { BasinPass } from "./engine";
import type { Basins } from "./state";
import { COLUMNS, ROWS } from "./state";

export function basinPlane(race: Race, basins: Basins): Plane {
  const picture = new BasinPicture();
  return new Plane(race.view, {
    label: "Start of the paths",
    describe: () => formatPoint(race.start) + fate(race, basins.pass, race.start),
    bounds: () => race.program.bounds,
    names: () => race.program.variables,
    point: () => race.start,
    move: (start) => race.view.set({ start }),
    draw(stage) {
      if (basins.pass) picture.draw(stage, basins.pass, race);
      else drawContours(stage.context, race.landscape, stage.frame, stage.theme);
      for (const run of race.runs) drawRun(stage, run, race.step);
      drawLetters(stage, basins.pass?.minima ?? race.program.minima);
      drawStart(stage.context, ...stage.at(race.start), stage.theme);
    },
  });
}

/** What becomes of a run from a point; nothing while no map is known. */
function fate(race: Race, pass: BasinPass | null, [x = 0, y = 0]: readonly number[]): string {
  if (!pass) return "";
  const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = race.program.bounds;
  const column = Math.min(COLUMNS - 1, Math.max(0, Math.floor(((x - x0) / (x1 - x0)) * COLUMNS)));
  const row = Math.min(ROWS - 1, Math.max(0, Math.floor(((y1 - y) / (y1 - y0)) * ROWS)));
  const label = pass.labels[row * COLUMNS + column] ?? NaN;
  if (label >= 0) return `, in the basin of minimum ${basinLetter(label)}`;
  return label === pass.rules.diverged ? ", from where runs diverge" : ", from where runs are still going";
}

/** Keeps the coloured cells until they, the theme or the landscape change. */
class BasinPicture {
  private readonly cells = document.createElement("canvas");
  private key: readonly unknown[] = [];

  draw({ context, frame, theme }: Stage, pass: BasinPass, race: Race): void {
    const key = [pass, theme];
    if (key.some((part, i) => part !== this.key[i])) {
      this.cells.width = COLUMNS;
      this.cells.height = ROWS;
      this.cells.getContext("2d")?.putImageData(paintBasins(pass, COLUMNS, ROWS, race.steps, theme), 0, 0);
      this.key = key;
    }
    context.imageSmoothingEnabled = pass.block === 1;
    context.drawImage(this.cells, frame.left, frame.top, frame.width, frame.height);
    context.imageSmoothingEnabled = true;
    drawContours(context, race.landscape, frame, theme);
  }
}

function drawLetters({ context, frame, theme, at }: Stage, minima: BasinPass["minima"]): void {
  const small = minima.length > 12;
  context.font = `700 ${small ? 11 : 15}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  minima.forEach((minimum, i) => {
    const [x, y] = at(minimum);
    if (x < frame.left || y < frame.top || x > frame.left + frame.width || y > frame.top + frame.height) return;
    context.lineWidth = small ? 3 : 4.5;
    context.strokeStyle = theme.halo;
    context.strokeText(basinLetter(i), x, y);
    context.fillStyle = theme.ink;
    context.fillText(basinLetter(i), x, y);
  });
}

function drawRun({ context, theme, at }: Stage, { name, run }: RacerRun, step: number): void {
  if (run.ending === "unstarted") return;
  const style = theme.method(name);
  const k = Math.min(step, run.steps);
  const pixels = Float64Array.from({ length: 2 * (k + 1) }, (_, i) => at(pointAt(run, i >> 1))[i % 2] ?? 0);
  drawPath(context, pixels, style, theme);
  drawSteps(context, pixels, style);
  drawMarker(context, pixels[2 * k] ?? 0, pixels[2 * k + 1] ?? 0, style, theme);
}
