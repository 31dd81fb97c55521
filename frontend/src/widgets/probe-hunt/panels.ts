/** The hunt's picture: fog, probes in it, and the curve once it has lifted. */

import { handle } from "../../core/controls";
import { h } from "../../core/dom";
import { formatNumber } from "../../core/format";
import type { Panel, Part } from "../../core/part";
import type { MethodStyle, Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { Size } from "../../plots/canvas";
import { Canvas } from "../../plots/canvas";
import { graphOf, traceGraph } from "../../plots/curve";
import type { Frame, Scale } from "../../plots/frame";
import { drawAxes, frameIn, horizontal, line, NOWHERE, vertical } from "../../plots/frame";
import { drawMarker, drawStart } from "../../plots/marks";
import type { Found, Hunt } from "./state";

const MARGIN = { left: 40, right: 12, top: 10, bottom: 28 };
const HAND = "your hand";
/** Half of a probe's piece of tangent, and the clearing around it, in pixels. */
const REACH = 17;
const CLEARING = 34;

export class HuntPanel implements Panel {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly handle: Part;
  private x: Scale = horizontal(NOWHERE, 0, 1);
  private y: Scale = vertical(NOWHERE, 0, 1);
  private bottom = 0;
  private hover: number | null = null;

  constructor(private readonly hunt: Hunt) {
    const { view } = hunt;
    this.canvas = new Canvas(view, "gdw-canvas");
    this.handle = handle(view, {
      label: "Next probe",
      place: () => [this.x(hunt.probe), this.bottom],
      drag: (px) => hunt.aim(this.x.invert(px)),
      nudge: (right, up) => hunt.nudge(right + up),
      describe: () => `at ${formatNumber(hunt.probe)}, Enter probes there`,
    });
    this.element = h("div", { class: "gdw-map gdw-hunt" }, this.canvas.element, this.handle.element);
    view.listen(this.handle.element, "keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      hunt.fire();
    });
    view.listen(this.canvas.element, "pointermove", (event) => {
      if (event.pointerType === "mouse") this.hoverAt(event.offsetX);
    });
    view.listen(this.canvas.element, "pointerleave", () => this.hoverAt(null));
    view.listen(this.canvas.element, "click", (event) => {
      if (hunt.lifted) return;
      hunt.aim(this.x.invert(event.offsetX));
      hunt.fire();
    });
  }

  update(): void {
    this.handle.element.hidden = this.hunt.lifted;
    this.handle.update();
  }

  paint(): void {
    this.canvas.draw((context, size) => this.draw(context, size));
    this.handle.update();
  }

  /** A line under the pointer; it is no choice yet, so the state does not know of it. */
  private hoverAt(px: number | null): void {
    if (this.hunt.lifted) return;
    this.hover = px;
    this.hunt.view.invalidate();
  }

  private draw(context: CanvasRenderingContext2D, size: Size): void {
    const theme = themeOf(this.hunt.view.root);
    const { hunt } = this;
    const frame = this.layOut(size);
    if (hunt.lifted) this.drawCurve(context, frame, theme);
    else this.drawFog(context, frame, theme);
    drawAxes(context, frame, theme, { x: this.x, y: this.y, xLabel: "θ", yLabel: "height" });
    const hand = theme.method(HAND);
    for (const found of hunt.found) this.drawProbe(context, found, hand, theme);
    if (hunt.lifted) this.drawWalk(context, theme);
    else this.drawAim(context, frame, theme);
  }

  /** Room below the curve that differs from curve to curve, or the axis would tell where its bottom is. */
  private layOut(size: Size): Frame {
    const frame = frameIn(size, MARGIN);
    const [low, high] = this.hunt.extent;
    const room = 0.12 + 0.4 * ((0.618 * (this.hunt.number + 1)) % 1);
    this.x = horizontal(frame, ...this.hunt.interval);
    this.y = vertical(frame, low - room * (high - low), high + (0.7 - room) * 0.5 * (high - low));
    this.bottom = frame.top + frame.height;
    return frame;
  }

  private drawFog(context: CanvasRenderingContext2D, frame: Frame, theme: Theme): void {
    context.save();
    context.fillStyle = theme.line;
    context.fillRect(frame.left, frame.top, frame.width, frame.height);
    context.globalCompositeOperation = "destination-out";
    for (const { place, height } of this.hunt.found) {
      const [px, py] = [this.x(place), this.y(height)];
      const clear = context.createRadialGradient(px, py, 0.35 * CLEARING, px, py, CLEARING);
      clear.addColorStop(0, "rgb(0 0 0 / 100%)");
      clear.addColorStop(1, "rgb(0 0 0 / 0%)");
      context.fillStyle = clear;
      context.fillRect(px - CLEARING, py - CLEARING, 2 * CLEARING, 2 * CLEARING);
    }
    context.restore();
  }

  private drawCurve(context: CanvasRenderingContext2D, frame: Frame, theme: Theme): void {
    traceGraph(context, graphOf(this.hunt.landscape.value, this.hunt.interval), this.x, this.y);
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.stroke();
    context.lineTo(frame.left + frame.width, this.bottom);
    context.lineTo(frame.left, this.bottom);
    context.fillStyle = theme.line;
    context.globalAlpha = 0.55;
    context.fill();
    context.globalAlpha = 1;
  }

  /** A piece of the tangent: what a height and a slope say about the ground. */
  private drawProbe(
    context: CanvasRenderingContext2D,
    { place, height, slope }: Found,
    style: MethodStyle,
    theme: Theme,
  ): void {
    const [px, py] = [this.x(place), this.y(height)];
    const along = [this.x(1) - this.x(0), slope * (this.y(1) - this.y(0))] as const;
    const scale = REACH / Math.hypot(...along);
    const [dx, dy] = [along[0] * scale, along[1] * scale];
    context.lineCap = "round";
    for (const [colour, width] of [
      [theme.halo, 7],
      [style.colour, 3.25],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      line(context, px - dx, py - dy, px + dx, py + dy);
    }
    drawMarker(context, px, py, style, theme, 55);
  }

  private drawWalk(context: CanvasRenderingContext2D, theme: Theme): void {
    const style = theme.method(this.hunt.programs.rule.name);
    const { walk } = this.hunt;
    const first = walk[0];
    if (!first) return;
    for (const found of walk.slice(0, -1))
      drawMarker(context, this.x(found.place), this.y(found.height), style, theme, 45);
    drawStart(context, this.x(first.place), this.y(first.height), theme);
    const now = walk[walk.length - 1] ?? first;
    drawMarker(context, this.x(now.place), this.y(now.height), style, theme);
  }

  private drawAim(context: CanvasRenderingContext2D, frame: Frame, theme: Theme): void {
    const px = this.x(this.hunt.probe);
    context.strokeStyle = theme.accent;
    context.fillStyle = theme.accent;
    context.lineWidth = 1.5;
    context.setLineDash([5, 4]);
    line(context, px, frame.top, px, this.bottom);
    context.setLineDash([]);
    if (this.hover !== null) line(context, this.hover, frame.top, this.hover, this.bottom);
    context.beginPath();
    context.arc(px, this.bottom, 9, 0, 2 * Math.PI);
    context.fill();
  }
}
