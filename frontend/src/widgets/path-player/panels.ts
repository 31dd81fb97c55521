/** The player's picture: the ground, each path as far as it has come, faintly what is to come. */

import { h } from "../../core/dom";
import { compileLandscape } from "../../core/program";
import type { MethodStyle, Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { Size } from "../../plots/canvas";
import { Canvas } from "../../plots/canvas";
import type { Frame, Scale } from "../../plots/frame";
import { drawAxes, frameIn, horizontal, vertical } from "../../plots/frame";
import { MapPicture } from "../../plots/map";
import { drawMarker, drawPath, drawStar, drawStart, drawSteps } from "../../plots/marks";
import type { Player } from ".";
import type { PlayedPath } from "./paths";
import { frameOf } from "./paths";

const MARGIN = { left: 40, right: 8, top: 8, bottom: 26 };
const SAMPLES = 400;

export class PlayerPicture {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly map = new MapPicture();

  constructor(private readonly player: Player) {
    this.canvas = new Canvas(player.view, "gdw-canvas");
    this.element = h("div", { class: "gdw-map gdw-still-plot" }, this.canvas.element);
  }

  paint(): void {
    this.canvas.draw((context, size) => this.draw(context, size));
  }

  private draw(context: CanvasRenderingContext2D, size: Size): void {
    const { program, paths, styles } = this.player;
    const theme = themeOf(this.player.view.root);
    const frame = frameIn(size, MARGIN);
    const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = program.bounds;
    const x = horizontal(frame, x0, x1);
    const y = vertical(frame, y0, y1);
    this.drawGround(context, frame, theme, x, y);
    const [xLabel = "", yLabel = ""] = program.names;
    drawAxes(context, frame, theme, { x, y, xLabel, yLabel });
    context.save();
    context.beginPath();
    context.rect(frame.left, frame.top, frame.width, frame.height);
    context.clip();
    if (program.landscape?.variables.length === 2) {
      for (const [a = 0, b = 0] of program.landscape.minima) drawStar(context, x(a), y(b), theme);
    }
    paths.forEach((path, i) => this.drawOne(context, path, styles[i] as MethodStyle, theme, x, y));
    context.restore();
  }

  private drawGround(context: CanvasRenderingContext2D, frame: Frame, theme: Theme, x: Scale, y: Scale): void {
    const { landscape } = this.player.program;
    if (!landscape) return;
    const compiled = compileLandscape(landscape);
    if (compiled.n === 2) {
      this.map.draw(context, compiled, frame, theme);
      return;
    }
    const [low = 0, high = 1] = x.domain();
    context.beginPath();
    for (let i = 0; i <= SAMPLES; i++) {
      const place = low + (i / SAMPLES) * (high - low);
      context.lineTo(x(place), y(compiled.value(place)));
    }
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    context.stroke();
  }

  private drawOne(
    context: CanvasRenderingContext2D,
    path: PlayedPath,
    style: MethodStyle,
    theme: Theme,
    x: Scale,
    y: Scale,
  ): void {
    const pixels = path.points.map((value, i) => (i % 2 ? y(value) : x(value)));
    const k = frameOf(path, this.player.frame);
    const done = pixels.subarray(0, 2 * (k + 1));
    if (k < path.last) drawPath(context, pixels.subarray(2 * k), style, theme, true);
    drawPath(context, done, style, theme);
    drawSteps(context, done, style);
    drawStart(context, pixels[0] ?? 0, pixels[1] ?? 0, theme);
    drawMarker(context, done[2 * k] ?? 0, done[2 * k + 1] ?? 0, style, theme);
  }
}
