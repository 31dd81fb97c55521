/** A frame with its two scales, in which pictures of a plane are drawn. */

import type { Bounds } from "../core/snap";
import type { Theme } from "../core/theme";
import type { Frame, Scale } from "./frame";
import { clipped, drawAxes, horizontal, vertical } from "./frame";

export interface Stage {
  readonly context: CanvasRenderingContext2D;
  readonly frame: Frame;
  readonly theme: Theme;
  readonly x: Scale;
  readonly y: Scale;
  readonly at: (point: readonly number[]) => readonly [number, number];
}

export interface StageSpec {
  readonly bounds: Bounds;
  readonly names: readonly string[];
  /** Draw within the frame, on which nothing lies yet; what leaves it is cut off. */
  readonly draw: (stage: Stage) => void;
}

/** Draw a picture, and its axes over it. */
export function drawStage(context: CanvasRenderingContext2D, frame: Frame, theme: Theme, spec: StageSpec): void {
  const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = spec.bounds;
  const [x, y] = [horizontal(frame, x0, x1), vertical(frame, y0, y1)];
  const at = ([a = 0, b = 0]: readonly number[]) => [x(a), y(b)] as const;
  clipped(context, frame, () => spec.draw({ context, frame, theme, x, y, at }));
  const [xLabel = "", yLabel = ""] = spec.names;
  drawAxes(context, frame, theme, { x, y, xLabel, yLabel });
}
