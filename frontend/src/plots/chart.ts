/** A small chart of curves against the step, logarithmic upward. */

import type { MethodStyle, Theme } from "../core/theme";
import type { Size } from "./canvas";
import type { Frame, Scale } from "./frame";
import { decades, drawAxes, frameIn, horizontal, line, vertical, verticalLog } from "./frame";
import { drawMarker } from "./marks";

export interface Curve {
  readonly ys: ArrayLike<number>;
  /** Where along the axis each stands; 0, 1, 2, … by default. */
  readonly xs?: ArrayLike<number>;
  readonly style: MethodStyle;
  /** Of the line, in pixels; 2 by default. */
  readonly width?: number;
}

export interface ChartSpec {
  readonly curves: readonly Curve[];
  /** The last step on the axis. */
  readonly last: number;
  /** The step to point out. */
  readonly at: number;
  readonly yLabel: string;
  readonly xLabel: string;
  readonly log: boolean;
  /** Where the upward axis begins at the latest. */
  readonly from?: number;
}

export interface ChartLayout {
  readonly frame: Frame;
  readonly x: Scale;
}

const MARGIN = { left: 50, right: 18, top: 24, bottom: 24 };
const DEPTH = 1e-16;
/** Half the width of a digit on the axis, and some: the last number stands half to the right of its tick. */
const DIGIT = 4.5;

export function drawChart(context: CanvasRenderingContext2D, size: Size, theme: Theme, spec: ChartSpec): ChartLayout {
  const frame = frameIn(size, { ...MARGIN, right: Math.max(MARGIN.right, DIGIT * String(spec.last).length) });
  const x = horizontal(frame, 0, Math.max(1, spec.last));
  const [low, high] = extent(spec);
  const y = spec.log ? verticalLog(frame, low, high) : vertical(frame, low, high);
  const ticks = spec.log ? decades(y, Math.max(2, Math.floor(frame.height / 34))) : undefined;
  drawAxes(context, frame, theme, {
    x,
    y,
    xLabel: "",
    yLabel: "",
    grid: true,
    ...(ticks?.length ? { yTicks: ticks } : {}),
  });
  nameChart(context, frame, theme, spec);
  context.strokeStyle = theme.muted;
  context.setLineDash([3, 3]);
  line(context, x(spec.at), frame.top, x(spec.at), frame.top + frame.height);
  context.setLineDash([]);
  for (const curve of spec.curves) drawCurve(context, curve, x, y, low, spec.at, theme);
  return { frame, x };
}

function nameChart(context: CanvasRenderingContext2D, frame: Frame, theme: Theme, spec: ChartSpec): void {
  context.font = `13px ${theme.font}`;
  context.fillStyle = theme.ink;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(spec.yLabel, frame.left - MARGIN.left + 2, frame.top - 6);
  context.textAlign = "right";
  context.fillStyle = theme.muted;
  context.fillText(spec.xLabel, frame.left + frame.width, frame.top - 6);
}

/** The range of what is drawn; on a log axis at most sixteen decades deep, and never nothing. */
function extent(spec: ChartSpec): [number, number] {
  let [low, high] = [spec.from ?? Infinity, -Infinity];
  for (const { ys } of spec.curves) {
    for (let k = 0; k < ys.length; k++) {
      const y = ys[k] ?? NaN;
      if (!Number.isFinite(y) || (spec.log && y <= 0)) continue;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  if (!(high >= low)) return spec.log ? [0.1, 1] : [0, 1];
  if (!spec.log) return high > low ? [low, high] : [low - 1, high + 1];
  low = Math.max(low, high * DEPTH);
  return high > low * 1.001 ? [low, high] : [low / 10, high * 10];
}

function drawCurve(
  context: CanvasRenderingContext2D,
  curve: Curve,
  x: Scale,
  y: Scale,
  low: number,
  at: number,
  theme: Theme,
): void {
  const { ys, xs, style } = curve;
  const along = (k: number) => x(xs ? (xs[k] ?? k) : k);
  context.strokeStyle = style.colour;
  context.lineWidth = curve.width ?? 2;
  context.lineJoin = "round";
  context.setLineDash([...style.dash]);
  context.beginPath();
  for (let k = 0; k < ys.length; k++) context.lineTo(along(k), y(Math.max(ys[k] ?? low, low)));
  context.stroke();
  context.setLineDash([]);
  const k = xs ? lastUpTo(xs, at) : Math.min(at, ys.length - 1);
  if (k >= 0) drawMarker(context, along(k), y(Math.max(ys[k] ?? low, low)), style, theme, 60);
}

/** The last place in a rising row that is at most `at`. */
export function lastUpTo(xs: ArrayLike<number>, at: number): number {
  let [low, high] = [-1, xs.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if ((xs[middle] ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
