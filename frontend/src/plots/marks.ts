/** Paths, points, stars and arrows, each with a halo that lifts it off the map. */

import type { SymbolType } from "d3-shape";
import { symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolStar, symbolTriangle } from "d3-shape";
import type { Marker, MethodStyle, Theme } from "../core/theme";

type Context = CanvasRenderingContext2D;

export const SYMBOLS: Record<Marker, SymbolType> = {
  circle: symbolCircle,
  square: symbolSquare,
  diamond: symbolDiamond,
  triangle: symbolTriangle,
  cross: symbolCross,
  star: symbolStar,
};

/** Draw a polyline through pixels (x0, y0, x1, y1, …). */
export function drawPath(
  context: Context,
  pixels: ArrayLike<number>,
  style: MethodStyle,
  theme: Theme,
  faint = false,
): void {
  if (pixels.length < 4) return;
  context.lineJoin = "round";
  context.lineCap = "round";
  context.beginPath();
  for (let i = 0; i < pixels.length; i += 2) context.lineTo(clamp(pixels[i]), clamp(pixels[i + 1]));
  context.globalAlpha = faint ? 0.35 : 1;
  context.strokeStyle = theme.halo;
  context.lineWidth = 5;
  context.setLineDash([]);
  if (!faint) context.stroke();
  context.strokeStyle = style.colour;
  context.lineWidth = 2.25;
  context.setLineDash([...style.dash]);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** Canvas coordinates far outside slow some browsers down or vanish. */
export function clamp(pixel: number | undefined): number {
  return Math.max(-1e5, Math.min(1e5, pixel ?? 0));
}

/** Draw the small dots of the iterates, as long as they can be told apart. */
export function drawSteps(context: Context, pixels: ArrayLike<number>, style: MethodStyle): void {
  context.fillStyle = style.colour;
  context.beginPath();
  let [lastX, lastY] = [Infinity, Infinity];
  for (let i = 0; i < pixels.length; i += 2) {
    const [x, y] = [clamp(pixels[i]), clamp(pixels[i + 1])];
    if (Math.hypot(x - lastX, y - lastY) < 7) continue;
    [lastX, lastY] = [x, y];
    context.moveTo(x + 2.6, y);
    context.arc(x, y, 2.6, 0, 2 * Math.PI);
  }
  context.fill();
}

export function drawMarker(context: Context, x: number, y: number, style: MethodStyle, theme: Theme, size = 110): void {
  drawSymbol(context, x, y, SYMBOLS[style.marker], size, 4, style.colour, theme);
}

/** The star at a known minimum. */
export function drawStar(context: Context, x: number, y: number, theme: Theme): void {
  drawSymbol(context, x, y, symbolStar, 95, 3.5, theme.ink, theme);
}

function drawSymbol(
  context: Context,
  x: number,
  y: number,
  type: SymbolType,
  size: number,
  halo: number,
  colour: string,
  theme: Theme,
): void {
  context.save();
  context.translate(clamp(x), clamp(y));
  context.beginPath();
  symbol(type, size).context(context)();
  context.lineJoin = "round";
  context.lineWidth = halo;
  context.strokeStyle = theme.halo;
  context.stroke();
  context.fillStyle = colour;
  context.fill();
  context.restore();
}

/** The ring where every run starts. */
export function drawStart(context: Context, x: number, y: number, theme: Theme): void {
  drawRing(context, x, y, theme.ink, theme, 8);
}

/** A ring that leaves what it is around in sight. */
export function drawRing(context: Context, x: number, y: number, colour: string, theme: Theme, radius = 6.5): void {
  context.beginPath();
  context.arc(clamp(x), clamp(y), radius, 0, 2 * Math.PI);
  strokeTwice(context, colour, theme);
}

/** What was tried and refused. */
export function drawCross(context: Context, x: number, y: number, colour: string, theme: Theme): void {
  const [px, py, arm] = [clamp(x), clamp(y), 5];
  context.beginPath();
  for (const slant of [1, -1]) {
    context.moveTo(px - arm, py - slant * arm);
    context.lineTo(px + arm, py + slant * arm);
  }
  strokeTwice(context, colour, theme);
}

function strokeTwice(context: Context, colour: string, theme: Theme): void {
  context.lineWidth = 5.5;
  context.strokeStyle = theme.halo;
  context.stroke();
  context.lineWidth = 2.25;
  context.strokeStyle = colour;
  context.stroke();
}

export function drawArrow(
  context: Context,
  from: readonly [number, number],
  to: readonly [number, number],
  colour: string,
  theme: Theme,
  dash: readonly number[] = [],
): void {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 2) return;
  const head = Math.min(10, length * 0.5);
  const [ux, uy] = [dx / length, dy / length];
  const neck = [to[0] - ux * head, to[1] - uy * head] as const;
  for (const [stroke, width, pattern] of [
    [theme.halo, 6, []],
    [colour, 2.5, dash],
  ] as const) {
    context.strokeStyle = context.fillStyle = stroke;
    context.lineWidth = width;
    context.setLineDash([...pattern]);
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...neck);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(...to);
    context.lineTo(neck[0] - uy * head * 0.5, neck[1] + ux * head * 0.5);
    context.lineTo(neck[0] + uy * head * 0.5, neck[1] - ux * head * 0.5);
    context.closePath();
    if (stroke === theme.halo) context.stroke();
    else context.fill();
  }
}

/** A word on the map, with a halo. */
export function drawText(
  context: Context,
  text: string,
  x: number,
  y: number,
  theme: Theme,
  align: CanvasTextAlign = "left",
): void {
  context.font = `600 12px ${theme.font}`;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = theme.halo;
  context.strokeText(text, x, y);
  context.fillStyle = theme.ink;
  context.fillText(text, x, y);
}
