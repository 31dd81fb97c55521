/** Data in a plane, and lines through them. */

import { line } from "./frame";
import { clamp } from "./marks";
import type { Stage } from "./stage";

/** The range of some numbers with a little room around. */
export function padded(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.06 * (high - low || 1);
  return [low - room, high + room];
}

export function drawDot(context: CanvasRenderingContext2D, [x, y]: readonly [number, number], radius: number): void {
  context.beginPath();
  context.arc(clamp(x), clamp(y), radius, 0, 2 * Math.PI);
  context.fill();
}

/** Points as quiet dots. */
export function drawPoints({ context, theme, at }: Stage, points: readonly (readonly number[])[]): void {
  context.fillStyle = theme.muted;
  context.globalAlpha = 0.55;
  for (const point of points) drawDot(context, at(point), 3);
  context.globalAlpha = 1;
}

export interface Stroke {
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
}

/** The line of an intercept and a slope, from edge to edge. */
export function drawLine({ context, frame, x, y }: Stage, [a = 0, b = 0]: readonly number[], look: Stroke): void {
  const [left, right] = [frame.left, frame.left + frame.width];
  context.strokeStyle = look.colour;
  context.lineWidth = look.width;
  context.setLineDash([...look.dash]);
  line(context, left, clamp(y(a + b * x.invert(left))), right, clamp(y(a + b * x.invert(right))));
  context.setLineDash([]);
}
