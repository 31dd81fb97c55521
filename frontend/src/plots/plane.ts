/** A plane with one point that a reader moves: by dragging, by pointing, by keys. */

import { handle, pad } from "../core/controls";
import { h } from "../core/dom";
import type { Panel, Part } from "../core/part";
import type { Bounds } from "../core/snap";
import { nudged, snapped } from "../core/snap";
import { themeOf } from "../core/theme";
import type { View } from "../core/view";
import type { Size } from "./canvas";
import { Canvas } from "./canvas";
import type { Frame, Scale } from "./frame";
import { frameIn, horizontal, NOWHERE, vertical } from "./frame";
import type { Stage } from "./stage";
import { drawStage } from "./stage";

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
  /** Width over height of the frame; null, and by default, as large as there is room. */
  readonly shape?: () => number | null;
}

export class Plane implements Panel {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly handle: Part;
  private frame = NOWHERE;

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
      nudge: (right, up) => spec.move(nudged(spec.point(), spec.bounds(), [right, up])),
    });
    this.element = h("div", { class: "gdw-map" }, this.canvas.element, this.handle.element);
    pad(view, this.canvas.element, (px, py) => this.moveTo(px, py));
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

  /** Where a point lies, in pixels. */
  at([x = 0, y = 0]: readonly number[]): readonly [number, number] {
    return [this.x(x), this.y(y)];
  }

  /** The point at a place in pixels, within bounds. */
  invert(px: number, py: number): number[] {
    return snapped([this.x.invert(px), this.y.invert(py)], this.spec.bounds());
  }

  private moveTo(px: number, py: number): void {
    this.spec.move(this.invert(px, py));
  }

  private draw(context: CanvasRenderingContext2D, size: Size): void {
    this.frame = largest(frameIn(size), this.spec.shape?.() ?? null);
    const { bounds, names, draw } = this.spec;
    drawStage(context, this.frame, themeOf(this.view.root), { bounds: bounds(), names: names(), draw });
  }
}

/** The largest part of a frame with the given width over height, at its left; whole pixels keep pictures sharp. */
export function largest(frame: Frame, shape: number | null): Frame {
  if (!shape) return frame;
  const width = Math.min(frame.width, frame.height * shape);
  return { ...frame, width: Math.round(width), height: Math.round(width / shape) };
}
