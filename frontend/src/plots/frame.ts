/** A plotting area inside a canvas: scales and quiet axes. */

import { scaleLinear, scaleLog } from "d3-scale";
import { formatNumber } from "../core/format";
import type { Theme } from "../core/theme";
import type { Size } from "./canvas";

export interface Frame extends Size {
  readonly left: number;
  readonly top: number;
}

export interface Scale {
  (value: number): number;
  invert(pixel: number): number;
  domain(): number[];
  range(): number[];
  ticks(count?: number): number[];
}

export interface Margin {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Room for the axes' numbers. */
const MARGIN: Margin = { left: 40, right: 8, top: 8, bottom: 26 };

/** Where a picture is before its canvas has a size: large enough that two points to grasp do not lie on each other. */
export const NOWHERE: Frame = { left: 0, top: 0, width: 200, height: 200 };

export function frameIn(size: Size, margin = MARGIN): Frame {
  return {
    left: margin.left,
    top: margin.top,
    width: Math.max(1, size.width - margin.left - margin.right),
    height: Math.max(1, size.height - margin.top - margin.bottom),
  };
}

export function horizontal(frame: Frame, low: number, high: number): Scale {
  return scaleLinear([low, high], [frame.left, frame.left + frame.width]);
}

export function vertical(frame: Frame, low: number, high: number): Scale {
  return scaleLinear([low, high], [frame.top + frame.height, frame.top]);
}

export function verticalLog(frame: Frame, low: number, high: number): Scale {
  return scaleLog([low, high], [frame.top + frame.height, frame.top]);
}

/** Draw what must not leave a frame. */
export function clipped(context: CanvasRenderingContext2D, frame: Frame, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  draw();
  context.restore();
}

/** Draw ticks and numbers below and left of a frame. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  frame: Frame,
  theme: Theme,
  axes: { x: Scale; y: Scale; xLabel: string; yLabel: string; grid?: boolean; yTicks?: readonly number[] },
): void {
  const bottom = frame.top + frame.height;
  context.font = `12px ${theme.font}`;
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of axes.x.ticks(Math.max(2, Math.floor(frame.width / 80)))) {
    const x = Math.round(axes.x(tick)) + 0.5;
    line(context, x, bottom, x, bottom + 4);
    context.fillText(formatNumber(tick), x, bottom + 6);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of axes.yTicks ?? axes.y.ticks(Math.max(2, Math.floor(frame.height / 48)))) {
    const y = Math.round(axes.y(tick)) + 0.5;
    if (y < frame.top - 1 || y > bottom + 1) continue;
    line(context, frame.left - 4, y, axes.grid ? frame.left + frame.width : frame.left, y);
    context.fillText(formatNumber(tick), frame.left - 7, y);
  }
  nameAxes(context, frame, theme, axes.xLabel, axes.yLabel);
}

/** The names lie over what is drawn, which may be a line: each has a halo. */
function nameAxes(context: CanvasRenderingContext2D, frame: Frame, theme: Theme, x: string, y: string): void {
  const write = (text: string, px: number, py: number) => {
    context.strokeText(text, px, py);
    context.fillText(text, px, py);
  };
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = theme.halo;
  context.fillStyle = theme.ink;
  context.font = `italic 13px ${theme.font}`;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  write(x, frame.left + frame.width - 4, frame.top + frame.height - 4);
  context.textAlign = "left";
  context.textBaseline = "top";
  write(y, frame.left + 5, frame.top + 5);
}

/** Powers of ten within a scale, at most `most` of them. */
export function decades(scale: Scale, most: number): number[] {
  const [low = 1, high = 1] = scale.domain();
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  return Array.from(
    { length: Math.max(0, Math.floor((last - first) / every) + 1) },
    (_, i) => 10 ** (first + i * every),
  );
}

export function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
