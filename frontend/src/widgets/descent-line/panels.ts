/** The curve with the ball: steps as landings on it, the tangent, the start that can be dragged. */

import { handle, pad } from "../../core/controls";
import { h } from "../../core/dom";
import { formatNumber } from "../../core/format";
import type { Panel, Part } from "../../core/part";
import { nudged, snapped } from "../../core/snap";
import type { Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import { pointAt } from "../../core/trajectory";
import type { Size } from "../../plots/canvas";
import { Canvas } from "../../plots/canvas";
import { drawGraph, graphOf, heightsShown } from "../../plots/curve";
import type { Scale } from "../../plots/frame";
import { frameIn, horizontal, line, NOWHERE, vertical } from "../../plots/frame";
import { drawArrow, drawMarker, drawPath, drawStar, drawStart, drawSteps } from "../../plots/marks";
import { drawStage } from "../../plots/stage";
import { between, Eased } from "../../shared/ease";
import type { Race, RacerRun } from "../../shared/race";

const MARGIN = { left: 44, right: 10, top: 10, bottom: 26 };

export class CurvePanel implements Panel {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly handle: Part;
  private readonly eased: Eased;
  private x: Scale = horizontal(NOWHERE, 0, 1);
  private y: Scale = vertical(NOWHERE, 0, 1);

  constructor(private readonly race: Race) {
    const { view } = race;
    this.canvas = new Canvas(view, "gdw-canvas");
    this.eased = new Eased(view, () => race.step);
    this.handle = handle(view, {
      label: "Start of the run",
      place: () => this.onCurve(race.start[0] ?? 0),
      drag: (px) => this.moveTo(px),
      nudge: (right) => view.set({ start: nudged(race.start, race.program.bounds, [right]) }),
      describe: () => `${race.program.variables[0] ?? "θ"} = ${formatNumber(race.start[0] ?? NaN)}`,
    });
    this.element = h("div", { class: "gdw-map gdw-curve" }, this.canvas.element, this.handle.element);
    pad(view, this.canvas.element, (px) => this.moveTo(px));
  }

  private moveTo(px: number): void {
    const { view, program } = this.race;
    view.set({ start: snapped([this.x.invert(px)], program.bounds) });
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
    const { race } = this;
    const theme = themeOf(race.view.root);
    const bounds = race.program.bounds[0] ?? [0, 1];
    const graph = graphOf(race.landscape.value, bounds);
    drawStage(context, frameIn(size, MARGIN), theme, {
      bounds: [bounds, heightsShown(graph)],
      names: [race.program.variables[0] ?? "θ", "J"],
      draw: (stage) => {
        this.x = stage.x;
        this.y = stage.y;
        drawGraph(stage, graph);
        for (const [minimum = NaN] of race.program.minima) drawStar(context, ...this.onCurve(minimum), theme);
        for (const run of race.runs) this.drawRun(context, run, theme);
        drawStart(context, ...this.onCurve(race.start[0] ?? 0), theme);
      },
    });
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
