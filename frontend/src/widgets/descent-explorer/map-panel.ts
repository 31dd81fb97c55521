/** The explorer's map: contours, paths, the start that can be dragged. */

import { handle } from "../../core/controls";
import { pointAt } from "../../core/descent";
import { h } from "../../core/dom";
import { formatPoint } from "../../core/format";
import type { Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { Size } from "../../plots/canvas";
import { Canvas } from "../../plots/canvas";
import type { Frame, Scale } from "../../plots/frame";
import { drawAxes, frameIn, horizontal, vertical } from "../../plots/frame";
import { MapPicture } from "../../plots/map";
import { drawArrow, drawMarker, drawPath, drawStar, drawStart, drawSteps, drawText } from "../../plots/marks";
import { between, Eased } from "../../shared/ease";
import type { Race, RacerRun } from "../../shared/race";
import type { Vector } from "./term-arrows";
import { termArrows } from "./term-arrows";

const MARGIN = { left: 40, right: 8, top: 8, bottom: 26 };
const KEY_STEP = 0.01;

export class MapView {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly picture = new MapPicture();
  private readonly handle: { element: HTMLElement; update(): void };
  private readonly eased: Eased;
  private x: Scale = horizontal({ left: 0, top: 0, width: 1, height: 1 }, 0, 1);
  private y: Scale = vertical({ left: 0, top: 0, width: 1, height: 1 }, 0, 1);

  constructor(private readonly race: Race) {
    const { view } = race;
    this.canvas = new Canvas(view, "gdw-canvas");
    this.eased = new Eased(view, () => race.step);
    this.handle = handle(view, {
      label: "Start of all runs",
      place: () => this.toPixels(race.start),
      drag: (px, py) => this.startAt(px, py),
      nudge: (right, up) => race.nudgeStart([right * KEY_STEP, up * KEY_STEP]),
      describe: () => formatPoint(race.start),
    });
    this.element = h("div", { class: "gdw-map" }, this.canvas.element, this.handle.element);
    view.listen(this.canvas.element, "pointerdown", (event) => this.grab(event));
    view.listen(this.canvas.element, "pointermove", (event) => {
      if (this.canvas.element.hasPointerCapture(event.pointerId)) this.startAt(event.offsetX, event.offsetY);
    });
  }

  update(): void {
    this.element.style.aspectRatio = String(Math.min(1.7, Math.max(0.8, this.shape ?? 4 / 3)));
    this.element.hidden = this.race.view.get("view") === "surface";
    this.handle.update();
  }

  /**
   * Width over height with equal units on both axes, so that the gradient is seen to cross contours at right angles;
   * null where that would be a strip.
   */
  private get shape(): number | null {
    const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = this.race.program.bounds;
    const shape = (x1 - x0) / (y1 - y0);
    return shape > 0.4 && shape < 2.5 ? shape : null;
  }

  paint(): void {
    this.canvas.draw((context, size) => this.draw(context, size));
    this.handle.update();
  }

  /** A mouse drags from anywhere; a finger taps, so that it can still scroll the page. */
  private grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (event.pointerType === "mouse") this.canvas.element.setPointerCapture(event.pointerId);
    this.startAt(event.offsetX, event.offsetY);
  }

  private startAt(px: number, py: number): void {
    this.race.moveStart([this.x.invert(px), this.y.invert(py)]);
  }

  private toPixels([x = 0, y = 0]: readonly number[]): readonly [number, number] {
    return [this.x(x), this.y(y)];
  }

  private draw(context: CanvasRenderingContext2D, size: Size): void {
    const theme = themeOf(this.race.view.root);
    const frame = this.layOut(size);
    const { program, landscape } = this.race;
    this.picture.draw(context, landscape, frame, theme);
    const [xLabel = "", yLabel = ""] = program.variables;
    drawAxes(context, frame, theme, { x: this.x, y: this.y, xLabel, yLabel });
    context.save();
    context.beginPath();
    context.rect(frame.left, frame.top, frame.width, frame.height);
    context.clip();
    for (const minimum of program.minima) drawStar(context, ...this.toPixels(minimum), theme);
    for (const run of this.race.runs) this.drawRun(context, run, theme);
    drawStart(context, ...this.toPixels(this.race.start), theme);
    if (this.race.view.get("show_gradient")) this.drawGradient(context, theme, frame);
    if (this.race.view.get("show_terms")) this.drawTerms(context, theme, frame);
    context.restore();
  }

  private layOut(size: Size): Frame {
    const frame = largest(frameIn(size, MARGIN), this.shape);
    const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = this.race.program.bounds;
    this.x = horizontal(frame, x0, x1);
    this.y = vertical(frame, y0, y1);
    return frame;
  }

  /** The path as far as the step shown; what is still to come, faintly. */
  private drawRun(context: CanvasRenderingContext2D, { name, run }: RacerRun, theme: Theme): void {
    if (run.ending === "unstarted") return;
    const style = theme.method(name);
    const pixels = new Float64Array(run.points.length);
    for (let i = 0; i < run.points.length; i += 2) {
      pixels[i] = this.x(run.points[i] ?? 0);
      pixels[i + 1] = this.y(run.points[i + 1] ?? 0);
    }
    const step = Math.min(this.eased.value, run.steps);
    const k = Math.floor(step);
    const here = between(pixels, 2, step);
    if (k < run.steps) drawPath(context, pixels.subarray(2 * k), style, theme, true);
    drawPath(context, [...pixels.subarray(0, 2 * (k + 1)), ...here], style, theme);
    drawSteps(context, pixels.subarray(0, 2 * (k + 1)), style);
    drawMarker(context, here[0] ?? 0, here[1] ?? 0, style, theme);
  }

  /** The direction of steepest ascent, at one length. */
  private drawGradient(context: CanvasRenderingContext2D, theme: Theme, frame: Frame): void {
    const { run } = this.race.focusRun;
    const point = pointAt(run, Math.min(this.race.step, run.steps));
    const [dx, dy] = this.pixelVector(this.race.landscape.gradient(...point));
    const length = Math.hypot(dx, dy);
    if (!(length > 0)) return;
    const scale = (0.16 * Math.min(frame.width, frame.height)) / length;
    this.arrow(context, theme, point, [dx * scale, dy * scale], theme.ink, [], "∇J");
  }

  /** The next step and its terms, one after the other from the point shown; all on one scale. */
  private drawTerms(context: CanvasRenderingContext2D, theme: Theme, frame: Frame): void {
    const { run, name } = this.race.focusRun;
    const { terms } = this.race;
    if (!terms.length) return;
    const vectors = terms.map((term) => this.pixelVector(term.change));
    const total = vectors.reduce(([a, b], [c, d]) => [a + c, b + d] as const, [0, 0] as const);
    const longest = Math.max(...[...vectors, total].map(([x, y]) => Math.hypot(x, y)));
    if (!(longest > 0)) return;
    const wanted = 0.32 * Math.min(frame.width, frame.height);
    const scale = longest < wanted ? wanted / longest : 1;
    const point = pointAt(run, this.race.step);
    const [x, y] = this.toPixels(point);
    this.arrow(context, theme, point, scaled(total, scale), theme.method(name).colour, [], "step");
    const arrows = termArrows(
      terms.map((term, i) => ({ name: term.name, vector: scaled(vectors[i] ?? [0, 0], scale) })),
    );
    arrows.forEach(({ name, from, by, label }, i) => {
      const tail = [x + from[0], y + from[1]] as const;
      drawArrow(context, tail, [tail[0] + by[0], tail[1] + by[1]], theme.muted, theme, i ? [2, 4] : [6, 4]);
      drawText(context, name, x + label[0], y + label[1], theme, "center");
    });
    drawMarker(context, ...this.toPixels(point), theme.method(name), theme);
  }

  private pixelVector([x = 0, y = 0]: readonly number[]): Vector {
    return [this.x(x) - this.x(0), this.y(y) - this.y(0)];
  }

  private arrow(
    context: CanvasRenderingContext2D,
    theme: Theme,
    point: readonly number[],
    by: readonly [number, number],
    colour: string,
    dash: readonly number[],
    label: string,
  ): void {
    const from = this.toPixels(point);
    const tip = [from[0] + by[0], from[1] + by[1]] as const;
    drawArrow(context, from, tip, colour, theme, dash);
    drawText(
      context,
      label,
      tip[0] + Math.sign(by[0] || 1) * 6,
      tip[1] + (by[1] < 0 ? -8 : 10),
      theme,
      by[0] < 0 ? "right" : "left",
    );
  }
}

function scaled([x, y]: Vector, by: number): Vector {
  return [x * by, y * by];
}

/** The largest part of a frame with the given width over height, at its left. */
function largest(frame: Frame, shape: number | null): Frame {
  if (!shape) return frame;
  const width = Math.min(frame.width, frame.height * shape);
  return { ...frame, width, height: width / shape };
}
