/** A plane with one point that a reader moves: by dragging, by pointing, by keys. */

import { handle } from "../core/controls";
import { h } from "../core/dom";
import type { Theme } from "../core/theme";
import { themeOf } from "../core/theme";
import type { View } from "../core/view";
import type { Size } from "./canvas";
import { Canvas } from "./canvas";
import type { Frame, Scale } from "./frame";
import { drawAxes, frameIn, horizontal, vertical } from "./frame";

export type Bounds = readonly (readonly [number, number])[];

export interface Stage {
  readonly context: CanvasRenderingContext2D;
  readonly frame: Frame;
  readonly theme: Theme;
  readonly x: Scale;
  readonly y: Scale;
  readonly at: (point: readonly number[]) => readonly [number, number];
}

export interface PlaneSpec {
  /** What the point is, for a screen reader. */
  readonly label: string;
  readonly describe: () => string;
  readonly bounds: () => Bounds;
  readonly names: () => readonly string[];
  readonly point: () => readonly number[];
  readonly move: (point: number[]) => void;
  /** Draw within the frame, on which nothing lies yet. */
  readonly draw: (stage: Stage) => void;
  readonly margin?: { left: number; right: number; top: number; bottom: number };
}

const MARGIN = { left: 40, right: 8, top: 8, bottom: 26 };
const KEY_STEP = 0.01;

export class Plane {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly handle: { element: HTMLElement; update(): void };
  private frame: Frame = { left: 0, top: 0, width: 1, height: 1 };

  constructor(
    private readonly view: View,
    private readonly spec: PlaneSpec,
  ) {
    this.canvas = new Canvas(view, "gdw-canvas");
    this.handle = handle(view, {
      label: spec.label,
      describe: spec.describe,
      place: () => this.at(spec.point()),
      drag: (px, py) => this.moveTo(px, py),
      nudge: (right, up) => spec.move(nudged(spec.point(), spec.bounds(), [right * KEY_STEP, up * KEY_STEP])),
    });
    this.element = h("div", { class: "gdw-map" }, this.canvas.element, this.handle.element);
    const pad = this.canvas.element;
    view.listen(pad, "pointerdown", (event) => {
      if (event.button !== 0) return;
      // A mouse drags from anywhere; a finger taps, so that it can still scroll the page.
      if (event.pointerType === "mouse") pad.setPointerCapture(event.pointerId);
      this.moveTo(event.offsetX, event.offsetY);
    });
    view.listen(pad, "pointermove", (event) => {
      if (pad.hasPointerCapture(event.pointerId)) this.moveTo(event.offsetX, event.offsetY);
    });
  }

  update(): void {
    this.handle.update();
  }

  paint(): void {
    this.canvas.draw((context, size) => this.draw(context, size));
    this.handle.update();
  }

  private get x(): Scale {
    const [[low, high] = [0, 1]] = this.spec.bounds();
    return horizontal(this.frame, low, high);
  }

  private get y(): Scale {
    const [, [low, high] = [0, 1]] = this.spec.bounds();
    return vertical(this.frame, low, high);
  }

  private at([x = 0, y = 0]: readonly number[]): readonly [number, number] {
    return [this.x(x), this.y(y)];
  }

  private moveTo(px: number, py: number): void {
    this.spec.move(snapped([this.x.invert(px), this.y.invert(py)], this.spec.bounds()));
  }

  private draw(context: CanvasRenderingContext2D, size: Size): void {
    this.frame = frameIn(size, this.spec.margin ?? MARGIN);
    const { frame, x, y } = this;
    const theme = themeOf(this.view.root);
    const at = ([a = 0, b = 0]: readonly number[]) => [x(a), y(b)] as const;
    context.save();
    context.beginPath();
    context.rect(frame.left, frame.top, frame.width, frame.height);
    context.clip();
    this.spec.draw({ context, frame, theme, x, y, at });
    context.restore();
    const [xLabel = "", yLabel = ""] = this.spec.names();
    drawAxes(context, frame, theme, { x, y, xLabel, yLabel });
  }
}

/** Keep a point within bounds, at a thousandth of their width or finer. */
export function snapped(point: readonly number[], bounds: Bounds): number[] {
  return point.map((value, i) => {
    const [low, high] = bounds[i] ?? [-Infinity, Infinity];
    const unit = 10 ** (Math.floor(Math.log10(high - low)) - 3);
    return Number((Math.round(Math.min(high, Math.max(low, value)) / unit) * unit).toPrecision(6));
  });
}

/** Move a point by fractions of the bounds. */
export function nudged(point: readonly number[], bounds: Bounds, by: readonly number[]): number[] {
  return snapped(
    point.map((value, i) => {
      const [low, high] = bounds[i] ?? [0, 1];
      return value + (by[i] ?? 0) * (high - low);
    }),
    bounds,
  );
}
