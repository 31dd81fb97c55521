/** A filled contour map of a landscape of two variables, drawn once per landscape, size and theme. */

import type { ContourMultiPolygon } from "d3-contour";
import { interpolateLab, piecewise } from "d3-interpolate";
import { formatNumber } from "../core/format";
import type { Landscape } from "../core/program";
import type { Theme } from "../core/theme";
import type { Size } from "./canvas";
import type { Field } from "./field";
import { fieldOf, GRID } from "./field";
import type { Frame } from "./frame";
import { placeLabels } from "./labels";

/** Keeps the finished picture until something that it depends on changes. */
export class MapPicture {
  private picture: HTMLCanvasElement | null = null;
  private key: unknown[] = [];

  draw(context: CanvasRenderingContext2D, landscape: Landscape, frame: Frame, theme: Theme): void {
    const ratio = context.getTransform().a;
    const key = [landscape, theme, ratio, frame.width, frame.height, frame.left, frame.top];
    if (!this.picture || key.some((part, i) => part !== this.key[i])) {
      this.picture = paint(landscape, frame, theme, ratio);
      this.key = key;
    }
    context.drawImage(this.picture, frame.left, frame.top, frame.width, frame.height);
  }
}

function paint(landscape: Landscape, frame: Frame, theme: Theme, ratio: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(frame.width * ratio);
  canvas.height = Math.round(frame.height * ratio);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser has no 2-D canvas");
  context.scale(canvas.width / frame.width, canvas.height / frame.height);
  paintField(context, fieldOf(landscape), frame, theme);
  return canvas;
}

function paintField(context: CanvasRenderingContext2D, field: Field, size: Size, theme: Theme): void {
  const shades = piecewise(interpolateLab, [...theme.map]);
  const colour = (band: number) => shades(band / Math.max(1, field.polygons.length));
  context.fillStyle = colour(0);
  context.fillRect(0, 0, size.width, size.height);
  field.polygons.forEach((polygon, i) => {
    context.beginPath();
    trace(context, polygon, size);
    context.fillStyle = colour(i + 1);
    context.fill();
    context.strokeStyle = theme.contour;
    context.lineWidth = 0.75;
    context.stroke();
  });
  label(context, field, size, theme, colour);
}

/** Draw the contour lines alone, on whatever lies there. */
export function drawContours(
  context: CanvasRenderingContext2D,
  landscape: Landscape,
  frame: Frame,
  theme: Theme,
): void {
  context.save();
  context.translate(frame.left, frame.top);
  context.strokeStyle = theme.contour;
  context.lineWidth = 0.75;
  for (const polygon of fieldOf(landscape).polygons) {
    context.beginPath();
    trace(context, polygon, frame);
    context.stroke();
  }
  context.restore();
}

function trace(context: CanvasRenderingContext2D, polygon: ContourMultiPolygon, size: Size): void {
  for (const rings of polygon.coordinates) {
    for (const ring of rings) {
      ring.forEach(([x = 0, y = 0], i) => {
        const at = [(x / GRID) * size.width, (y / GRID) * size.height] as const;
        if (i) context.lineTo(...at);
        else context.moveTo(...at);
      });
      context.closePath();
    }
  }
}

/** Each number stands in ink on a ground of its map's own tone there, which interrupts the line. */
function label(
  context: CanvasRenderingContext2D,
  field: Field,
  size: Size,
  theme: Theme,
  colour: (band: number) => string,
): void {
  const every = size.width < 420 ? 3 : 2;
  const chosen = field.polygons.filter((_, i) => i % every === 0);
  context.font = `11px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { level, x, y, angle } of placeLabels(chosen, size)) {
    const text = formatNumber(level);
    context.save();
    context.translate(x, y);
    context.rotate(angle);
    context.lineWidth = 3.5;
    context.strokeStyle = colour(field.polygons.findIndex(({ value }) => value === level) + 0.5);
    context.strokeText(text, 0, 0);
    context.fillStyle = theme.ink;
    context.fillText(text, 0, 0);
    context.restore();
  }
}
