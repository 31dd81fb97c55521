/** The explorer's map: contours, paths, the start that can be dragged. */

import { formatPoint } from "../../core/format";
import type { Panel } from "../../core/part";
import { pointAt } from "../../core/trajectory";
import { MapPicture } from "../../plots/map";
import { drawArrow, drawMarker, drawText } from "../../plots/marks";
import { Plane } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { Eased } from "../../shared/ease";
import type { Race } from "../../shared/race";
import { drawRace, shapeOf } from "../../shared/race-map";
import type { Vector } from "./term-arrows";
import { termArrows } from "./term-arrows";

/** How far from the map's border an arrow ends, and the room that its name takes, in pixels. */
const INSET = 6;
const NAME = 28;

export function mapPanel(race: Race): Panel {
  const { view } = race;
  const picture = new MapPicture();
  const eased = new Eased(view, () => race.step);
  const plane = new Plane(view, {
    label: "Start of all runs",
    describe: () => formatPoint(race.start),
    bounds: () => race.program.bounds,
    names: () => race.program.variables,
    point: () => race.start,
    move: (start) => view.set({ start }),
    shape: () => shapeOf(race.program.bounds),
    draw(stage) {
      drawRace(stage, picture, race, eased.value);
      if (view.get("show_gradient") && !view.waiting) drawGradient(stage, race);
      if (view.get("show_terms")) drawTerms(stage, race);
    },
  });
  return {
    element: plane.element,
    update() {
      const shape = shapeOf(race.program.bounds) ?? 4 / 3;
      plane.element.style.aspectRatio = String(Math.min(1.7, Math.max(0.8, shape)));
      plane.element.classList.toggle("gdw-flat", shape > 1.4);
      plane.element.hidden = view.get("view") === "surface";
      plane.update();
    },
    paint: () => plane.paint(),
  };
}

/** The direction of steepest ascent, at one length, or as far as the map's border. */
function drawGradient(stage: Stage, race: Race): void {
  const { frame, theme } = stage;
  const { run } = race.focusRun;
  const point = pointAt(run, Math.min(race.step, run.steps));
  const vector = pixelVector(stage, race.landscape.gradient(...point));
  const length = Math.hypot(...vector);
  if (!(length > 0)) return;
  const scale = (0.16 * Math.min(frame.width, frame.height)) / length;
  const arrow = scaled(vector, scale);
  drawNamed(stage, point, scaled(arrow, roomFor(stage, stage.at(point), arrow)), theme.ink, "∇J");
}

/** The next step and its terms, one after the other from the point shown; all on one scale. */
function drawTerms(stage: Stage, race: Race): void {
  const { context, theme, frame, at } = stage;
  const { run, name } = race.focusRun;
  const { terms } = race;
  const vectors = terms.map((term) => pixelVector(stage, term.change));
  const total = vectors.reduce(([a, b], [c, d]) => [a + c, b + d] as const, [0, 0] as const);
  const longest = Math.max(...[...vectors, total].map((vector) => Math.hypot(...vector)));
  if (!terms.length || !(longest > 0)) return;
  const scale = Math.max(1, (0.32 * Math.min(frame.width, frame.height)) / longest);
  const point = pointAt(run, race.step);
  const [x, y] = at(point);
  drawNamed(stage, point, scaled(total, scale), theme.method(name).colour, "step");
  const arrows = termArrows(terms.map((term, i) => ({ name: term.name, vector: scaled(vectors[i] ?? [0, 0], scale) })));
  arrows.forEach(({ name, from, by, label }, i) => {
    const tail = [x + from[0], y + from[1]] as const;
    drawArrow(context, tail, [tail[0] + by[0], tail[1] + by[1]], theme.muted, theme, i ? [2, 4] : [6, 4]);
    drawText(context, name, x + label[0], y + label[1], theme, "center");
  });
  drawMarker(context, x, y, theme.method(name), theme);
}

function pixelVector({ x, y }: Stage, [dx = 0, dy = 0]: readonly number[]): Vector {
  return [x(dx) - x(0), y(dy) - y(0)];
}

/** The part of an arrow that stays inside the map, at least two fifths of it. */
function roomFor({ frame }: Stage, from: Vector, by: Vector): number {
  const along = (start: number, way: number, low: number, size: number) =>
    way < 0 ? (low + INSET - start) / way : way > 0 ? (low + size - INSET - start) / way : 1;
  const inside = Math.min(
    along(from[0], by[0], frame.left, frame.width),
    along(from[1], by[1], frame.top, frame.height),
  );
  return Math.min(1, Math.max(0.4, inside));
}

/** An arrow with its name beyond the tip, inside the map. */
function drawNamed(stage: Stage, point: readonly number[], by: Vector, colour: string, name: string): void {
  const { context, theme, frame } = stage;
  const from = stage.at(point);
  const tip = [from[0] + by[0], from[1] + by[1]] as const;
  drawArrow(context, from, tip, colour, theme);
  const above = tip[1] + (by[1] < 0 ? -8 : 10);
  const y = Math.min(Math.max(above, frame.top + 10), frame.top + frame.height - 10);
  const left = tip[0] > frame.left + frame.width - NAME || (by[0] < 0 && tip[0] > frame.left + NAME);
  const aside = y === above ? 6 : 10;
  drawText(context, name, tip[0] + (left ? -aside : aside), y, theme, left ? "right" : "left");
}

function scaled([x, y]: Vector, by: number): Vector {
  return [x * by, y * by];
}
