/** The pictures of PathPlayer: the ground with each path as far as it has come, and the cost against the step. */

import type { Panel } from "../../core/part";
import type { Landscape } from "../../core/program";
import { compileLandscape } from "../../core/program";
import type { MethodStyle } from "../../core/theme";
import { themeOf } from "../../core/theme";
import { picture } from "../../plots/canvas";
import { graphOf, traceGraph } from "../../plots/curve";
import { frameIn } from "../../plots/frame";
import { MapPicture } from "../../plots/map";
import { drawMarker, drawPath, drawStar, drawStart, drawSteps } from "../../plots/marks";
import type { Stage } from "../../plots/stage";
import { drawStage } from "../../plots/stage";
import { seekChart } from "../../shared/seek-chart";
import type { PlayedPath } from "./paths";
import { frameOf, stepOf } from "./paths";
import type { Player } from "./state";

export function pathsPanel(player: Player): Panel {
  const map = new MapPicture();
  return picture(player.view, "gdw-map gdw-still-plot", (context, size) => {
    const { program, paths, styles, frame } = player;
    drawStage(context, frameIn(size), themeOf(player.view.root), {
      bounds: program.bounds,
      names: program.names,
      draw(stage) {
        if (program.landscape) drawGround(stage, compileLandscape(program.landscape), map);
        paths.forEach((path, i) => drawOutline(stage, path, styles[i] as MethodStyle, frame));
        paths.forEach((path, i) => drawOne(stage, path, styles[i] as MethodStyle, frame));
      },
    });
  });
}

/** A map with stars at the minima, or the graph of a curve. */
function drawGround({ context, frame, theme, x, y, at }: Stage, landscape: Landscape, map: MapPicture): void {
  if (landscape.n === 2) {
    map.draw(context, landscape, frame, theme);
    for (const minimum of landscape.program.minima) drawStar(context, ...at(minimum), theme);
    return;
  }
  const [low = 0, high = 1] = x.domain();
  traceGraph(context, graphOf(landscape.value, [low, high]), x, y);
  context.strokeStyle = theme.ink;
  context.lineWidth = 2;
  context.stroke();
}

/** The closed curve beside a path at the frame shown. */
function drawOutline({ context, theme, x, y }: Stage, path: PlayedPath, style: MethodStyle, frame: number): void {
  const outline = path.outlines[Math.min(frame, path.outlines.length - 1)];
  if (!outline) return;
  const pixels = Array.from(outline, (value, i) => (i % 2 ? y(value) : x(value)));
  drawPath(context, [...pixels, ...pixels.slice(0, 2)], style, theme);
}

/** The path as far as the frame shown; what is still to come, faintly. */
function drawOne({ context, theme, x, y }: Stage, path: PlayedPath, style: MethodStyle, frame: number): void {
  const pixels = path.points.map((value, i) => (i % 2 ? y(value) : x(value)));
  const k = frameOf(path, frame);
  const done = pixels.subarray(0, 2 * (k + 1));
  if (k < path.last) drawPath(context, pixels.subarray(2 * k), style, theme, true);
  drawPath(context, done, style, theme);
  drawSteps(context, done, style);
  drawStart(context, pixels[0] ?? 0, pixels[1] ?? 0, theme);
  drawMarker(context, done[2 * k] ?? 0, done[2 * k + 1] ?? 0, style, theme);
}

/** The cost against the step, where it is known. */
export function heightChart(player: Player): Panel {
  const { view } = player;
  const chart = seekChart(view, {
    seek(at) {
      const frame = Math.round(at / player.program.every);
      view.set({ frame: Math.max(0, Math.min(player.last, frame)) });
    },
    chart() {
      const { paths, styles, program } = player;
      const curves = paths.flatMap(({ heights, ...path }, i) => {
        const xs = heights?.map((_, k) => stepOf(path, k, program.every));
        return heights && xs ? [{ ys: heights, xs, style: styles[i] as MethodStyle }] : [];
      });
      const log = curves.every(({ ys }) => ys.every((y) => y > 0));
      const last = Math.max(...paths.map((path) => path.steps));
      return { curves, last, at: player.frame * program.every, log, yLabel: "J", xLabel: player.unit.toLowerCase() };
    },
  });
  chart.element.hidden = !player.paths.some((path) => path.heights);
  return chart;
}
