/** The curve with the ball: steps as landings on it, the tangent, the start that can be dragged. */

import { handle } from "../../core/controls";
import { pointAt } from "../../core/descent";
import { h } from "../../core/dom";
import { formatNumber } from "../../core/format";
import type { Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { Size } from "../../plots/canvas";
import { Canvas } from "../../plots/canvas";
import type { Scale } from "../../plots/frame";
import { drawAxes, frameIn, horizontal, line, vertical } from "../../plots/frame";
import { drawArrow, drawMarker, drawPath, drawStar, drawStart, drawSteps } from "../../plots/marks";
import { between, Eased } from "../../shared/ease";
import type { Race, RacerRun } from "../../shared/race";

const MARGIN = { left: 44, right: 10, top: 10, bottom: 26 };
const KEY_STEP = 0.01;
const SAMPLES = 400;

export class CurveView {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly handle: { element: HTMLElement; update(): void };
  private readonly eased: Eased;
  private x: Scale = horizontal({ left: 0, top: 0, width: 1, height: 1 }, 0, 1);
  private y: Scale = vertical({ left: 0, top: 0, width: 1, height: 1 }, 0, 1);

  constructor(private readonly race: Race) {
    const { view } = race;
    this.canvas = new Canvas(view, "gdw-canvas");
    this.eased = new Eased(view, () => race.step);
    this.handle = handle(view, {
      label: "Start of the run",
      place: () => this.onCurve(race.start[0] ?? 0),
      drag: (px) => race.moveStart([this.x.invert(px)]),
      nudge: (right) => race.nudgeStart([right * KEY_STEP]),
      describe: () => `${race.program.variables[0] ?? "θ"} = ${formatNumber(race.start[0] ?? NaN)}`,
    });
    this.element = h("div", { class: "gdw-map gdw-curve" }, this.canvas.element, this.handle.element);
    view.listen(this.canvas.element, "pointerdown", (event) => {
      if (event.button !== 0) return;
      if (event.pointerType === "mouse") this.canvas.element.setPointerCapture(event.pointerId);
      race.moveStart([this.x.invert(event.offsetX)]);
    });
    view.listen(this.canvas.element, "pointermove", (event) => {
      if (this.canvas.element.hasPointerCapture(event.pointerId)) race.moveStart([this.x.invert(event.offsetX)]);
    });
  }

  update(): void {
    this.handle.update();
  }

  paint(): void {
    this.canvas.draw((context, size) => this.draw(context, size));
    this.handle.update();
  }

  /** A place on the curve; at the foot of the picture where the curve has no height. */
  private onCurve(x: number): readonly [number, number] {
    const height = this.y(this.race.landscape.value(x));
    return [this.x(x), Number.isFinite(height) ? height : (this.y.range()[0] ?? 0)];
  }

  private draw(context: CanvasRenderingContext2D, size: Size): void {
    const theme = themeOf(this.race.view.root);
    const frame = frameIn(size, MARGIN);
    const [low, high] = this.race.program.bounds[0] ?? [0, 1];
    this.x = horizontal(frame, low, high);
    const heights = Array.from({ length: SAMPLES + 1 }, (_, i) =>
      this.race.landscape.value(low + (i / SAMPLES) * (high - low)),
    );
    const known = heights.filter(Number.isFinite);
    const [bottom, top] = known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
    const tall = top - bottom || 1;
    this.y = vertical(frame, bottom - 0.08 * tall, top + 0.06 * tall);
    drawAxes(context, frame, theme, {
      x: this.x,
      y: this.y,
      xLabel: this.race.program.variables[0] ?? "θ",
      yLabel: "J",
    });
    context.save();
    context.beginPath();
    context.rect(frame.left, frame.top, frame.width, frame.height);
    context.clip();
    this.drawCurve(context, heights, low, high, theme);
    for (const [minimum = NaN] of this.race.program.minima) drawStar(context, ...this.onCurve(minimum), theme);
    for (const run of this.race.runs) this.drawRun(context, run, theme);
    drawStart(context, ...this.onCurve(this.race.start[0] ?? 0), theme);
    context.restore();
  }

  private drawCurve(
    context: CanvasRenderingContext2D,
    heights: readonly number[],
    low: number,
    high: number,
    theme: Theme,
  ): void {
    context.beginPath();
    heights.forEach((value, i) => {
      const to = Number.isFinite(heights[i - 1]) ? "lineTo" : "moveTo"; // no line across where there is no height
      if (Number.isFinite(value)) context[to](this.x(low + (i / SAMPLES) * (high - low)), this.y(value));
    });
    context.strokeStyle = theme.muted;
    context.lineWidth = 2.5;
    context.lineJoin = "round";
    context.stroke();
  }

  private drawRun(context: CanvasRenderingContext2D, { name, run }: RacerRun, theme: Theme): void {
    if (run.ending === "unstarted") return;
    const style = theme.method(name);
    const step = Math.min(this.eased.value, run.steps);
    const k = Math.floor(step);
    const pixels = new Float64Array(2 * (k + 1));
    for (let i = 0; i <= k; i++) pixels.set([this.x(run.points[i] ?? 0), this.y(run.values[i] ?? 0)], 2 * i);
    const [x = NaN] = between(run.points, 1, step);
    drawPath(context, pixels, style, theme);
    drawSteps(context, pixels, style);
    if (name === this.race.focus.name) this.drawNext(context, run, Math.min(this.race.step, run.steps), theme);
    drawMarker(context, ...this.onCurve(x), style, theme, 150);
  }

  /** The tangent at the ball, and how far along the axis its step goes. */
  private drawNext(context: CanvasRenderingContext2D, run: RacerRun["run"], k: number, theme: Theme): void {
    if (!this.race.view.get("show_tangent")) return;
    const [x = NaN] = pointAt(run, k);
    const [slope = NaN] = this.race.landscape.gradient(x);
    const at = this.onCurve(x);
    const steep = (this.y(slope) - this.y(0)) / (this.x(1) - this.x(0));
    const reach = 70 / Math.hypot(1, steep);
    context.strokeStyle = theme.accent;
    context.lineWidth = 2;
    line(context, at[0] - reach, at[1] - reach * steep, at[0] + reach, at[1] + reach * steep);
    if (k >= run.steps) return;
    const landing = this.onCurve(run.points[k + 1] ?? NaN);
    drawArrow(context, at, [landing[0], at[1]], theme.accent, theme);
    context.setLineDash([3, 4]);
    context.strokeStyle = theme.accent;
    line(context, landing[0], at[1], landing[0], landing[1]);
    context.setLineDash([]);
  }
}
