/** Where a reader draws: with mouse, finger or pen; or by keys, which move a pen that Space puts down and lifts. */

import { handle } from "../../core/controls";
import { h } from "../../core/dom";
import type { Panel } from "../../core/part";
import { themeOf } from "../../core/theme";
import type { View } from "../../core/view";
import { Canvas } from "../../plots/canvas";
import type { Point } from "./drawing";
import type { PadState } from "./state";

/** Units that an arrow key moves the pen, and the width of a line. */
const STEP = 8;
const LINE = 14;

export class Pad implements Panel {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly pen: Panel;
  private at: Point;
  private down = false;

  constructor(private readonly state: PadState) {
    const { view } = state;
    this.at = state.kept(state.programs.side / 2, state.programs.side / 4);
    this.canvas = new Canvas(view, "gdw-canvas");
    const pen = handle(view, {
      label: "Pen",
      describe: () => `${this.down ? "down" : "up"} at ${this.at.join(", ")}. Space puts it down and lifts it`,
      place: () => [this.at[0] / this.unit, this.at[1] / this.unit],
      drag: () => {},
      nudge: (right, up) => this.nudge(right, up),
    });
    this.pen = { ...pen, paint: () => {} };
    view.listen(pen.element, "click", () => this.toggle());
    this.element = h("div", { class: "gdw-pad" }, this.canvas.element, pen.element);
    this.drawBy(view);
  }

  /** Units of the pad in a CSS pixel. */
  private get unit(): number {
    return this.state.programs.side / (this.canvas.element.clientWidth || this.state.programs.side);
  }

  private drawBy(view: View): void {
    const { element } = this.canvas;
    const place = (event: PointerEvent) => this.state.kept(event.offsetX * this.unit, event.offsetY * this.unit);
    view.listen(element, "pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      this.lift();
      this.at = place(event);
      this.state.begin(this.at);
    });
    view.listen(element, "pointermove", (event) => {
      if (!element.hasPointerCapture(event.pointerId)) return;
      this.at = place(event);
      this.state.go(this.at);
    });
  }

  private nudge(right: number, up: number): void {
    this.at = this.state.kept(this.at[0] + STEP * right, this.at[1] - STEP * up);
    if (this.down) this.state.go(this.at, 1);
    this.shown();
  }

  private toggle(): void {
    this.down = !this.down;
    if (this.down) this.state.begin(this.at);
    this.shown();
  }

  lift(): void {
    this.down = false;
    this.shown();
  }

  private shown(): void {
    this.update();
    this.state.view.invalidate();
  }

  update(): void {
    this.pen.update();
  }

  paint(): void {
    const theme = themeOf(this.state.view.root);
    this.canvas.draw((context, { width }) => {
      const scale = width / this.state.programs.side;
      context.strokeStyle = theme.ink;
      context.fillStyle = theme.ink;
      context.lineWidth = LINE * scale;
      context.lineCap = context.lineJoin = "round";
      for (const stroke of this.state.strokes) {
        context.beginPath();
        const [[x, y] = [0, 0]] = stroke;
        context.moveTo(x * scale, y * scale);
        for (const [px, py] of stroke) context.lineTo(px * scale, py * scale);
        context.stroke();
      }
      context.beginPath();
      context.arc(this.at[0] * scale, this.at[1] * scale, (LINE / 2) * scale + 2, 0, 2 * Math.PI);
      context.lineWidth = 2;
      context.strokeStyle = this.down ? theme.bad : theme.accent;
      context.stroke();
    });
    this.pen.update();
  }
}
