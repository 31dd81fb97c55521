/** The explorer's map: contours, paths, the start that can be dragged. */

import { handle } from "../core/controls";
import { pointAt } from "../core/descent";
import { h } from "../core/dom";
import { formatPoint } from "../core/format";
import { themeOf } from "../core/theme";
import type { Theme } from "../core/theme";
import { Canvas } from "../plots/canvas";
import type { Size } from "../plots/canvas";
import { drawAxes, frameIn, horizontal, vertical } from "../plots/frame";
import type { Frame, Scale } from "../plots/frame";
import { MapPicture } from "../plots/map";
import { drawArrow, drawMarker, drawPath, drawStar, drawStart, drawSteps } from "../plots/marks";
import type { Race, RacerRun } from "../race/state";

const MARGIN = { left: 40, right: 8, top: 8, bottom: 26 };
const KEY_STEP = 0.01;

export class MapView {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly picture = new MapPicture();
  private readonly handle: { element: HTMLElement; update(): void };
  private x: Scale = horizontal({ left: 0, top: 0, width: 1, height: 1 }, 0, 1);
  private y: Scale = vertical({ left: 0, top: 0, width: 1, height: 1 }, 0, 1);

  constructor(private readonly race: Race) {
    const { view } = race;
    this.canvas = new Canvas(view, "gdw-canvas");
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
    this.handle.update();
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
    context.restore();
  }

  private layOut(size: Size): Frame {
    const frame = frameIn(size, MARGIN);
    const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = this.race.program.bounds;
    this.x = horizontal(frame, x0, x1);
    this.y = vertical(frame, y0, y1);
    return frame;
  }

  /** The path as far as the step shown; what is still to come, faintly. */
  private drawRun(context: CanvasRenderingContext2D, { name, run }: RacerRun, theme: Theme): void {
    const style = theme.method(name);
    const pixels = new Float64Array(run.points.length);
    for (let i = 0; i < run.points.length; i += 2) {
      pixels[i] = this.x(run.points[i] ?? 0);
      pixels[i + 1] = this.y(run.points[i + 1] ?? 0);
    }
    const k = Math.min(this.race.step, run.steps);
    const done = pixels.subarray(0, 2 * (k + 1));
    if (k < run.steps) drawPath(context, pixels.subarray(2 * k), style, theme, true);
    drawPath(context, done, style, theme);
    drawSteps(context, done, style);
    drawMarker(context, done[2 * k] ?? 0, done[2 * k + 1] ?? 0, style, theme);
  }

  private drawGradient(context: CanvasRenderingContext2D, theme: Theme, frame: Frame): void {
    const { run } = this.race.focusRun;
    const point = pointAt(run, Math.min(this.race.step, run.steps));
    const [gx = 0, gy = 0] = this.race.landscape.gradient(...point);
    const from = this.toPixels(point);
    const to = this.toPixels([(point[0] ?? 0) + gx, (point[1] ?? 0) + gy]);
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (!(length > 0)) return;
    const shown = 0.18 * Math.min(frame.width, frame.height);
    const tip = [from[0] + ((to[0] - from[0]) / length) * shown, from[1] + ((to[1] - from[1]) / length) * shown] as const;
    drawArrow(context, from, tip, theme.bad, theme);
  }
}
