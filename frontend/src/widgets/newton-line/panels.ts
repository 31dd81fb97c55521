/** The pictures of NewtonLine: the curve with the parabola that fits, and how the walk closes in. */

import { formatNumber } from "../../core/format";
import type { Panel } from "../../core/part";
import { themeOf } from "../../core/theme";
import { drawGraph, graphOf, traceGraph } from "../../plots/curve";
import { line } from "../../plots/frame";
import { drawMarker, drawStar, drawStart, drawText } from "../../plots/marks";
import { Plane } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { seekChart } from "../../shared/seek-chart";
import type { NewtonState } from "./state";

export function curvePanel(state: NewtonState): Panel {
  return new Plane(state.view, {
    label: "Start of the walk",
    describe: () => `${state.letter} = ${formatNumber(state.start)}`,
    bounds: () => [state.interval, state.heights],
    names: () => [state.letter, "J"],
    point: () => [state.start, heightAt(state, state.start)],
    move: ([start = 0]) => state.moveTo(start),
    draw(stage) {
      drawGraph(stage, state.graph);
      const { context, theme, at } = stage;
      for (const [place, kind] of state.flat)
        if (kind === "minimum") drawStar(context, ...at([place, state.landscape.value(place)]), theme);
      drawWalk(stage, state);
      drawStart(context, ...at([state.start, heightAt(state, state.start)]), theme);
    },
  });
}

/** Of the curve; at the foot of the picture where it has none. */
function heightAt(state: NewtonState, place: number): number {
  const height = state.landscape.value(place);
  return Number.isFinite(height) ? height : state.heights[0];
}

function drawWalk(stage: Stage, state: NewtonState): void {
  const { context, theme, at } = stage;
  const { run, step, here } = state;
  if (run.ending === "unstarted") return;
  const style = state.style(theme);
  drawFit(stage, state);
  for (let k = 0; k < step; k++)
    drawMarker(context, ...at([run.points[k] ?? NaN, run.values[k] ?? NaN]), style, theme, 40);
  drawMarker(context, ...at([here, run.values[step] ?? NaN]), style, theme, 150);
  pointOut(stage, state, here, "");
}

/** The parabola, its vertex, and the way from there to the curve. */
function drawFit(stage: Stage, state: NewtonState): void {
  const { context, theme, x, y, at } = stage;
  const { fit, here, next } = state;
  traceGraph(context, graphOf(fit.parabola, state.interval), x, y);
  context.strokeStyle = theme.accent;
  context.lineWidth = 2;
  context.setLineDash([7, 4]);
  context.stroke();
  if (next !== null && next !== here) {
    context.setLineDash([2, 4]);
    const landing = state.landscape.value(next);
    if (Number.isFinite(landing)) line(context, ...at([next, fit.parabola(next)]), ...at([next, landing]));
    context.setLineDash([]);
    drawMarker(context, ...at([next, landing]), state.style(theme), theme, 70);
    pointOut(stage, state, next, "next: ");
  }
  context.setLineDash([]);
  if (!Number.isFinite(fit.toVertex)) return;
  const vertex = here + fit.toVertex;
  const look = { colour: theme.accent, marker: "diamond", dash: [] } as const;
  drawMarker(context, ...at([vertex, fit.parabola(vertex)]), look, theme, 60);
}

/** Name a place that lies outside of the picture, at the edge where it would be. */
function pointOut({ context, frame, theme }: Stage, state: NewtonState, place: number, name: string): void {
  const [low, high] = state.interval;
  if (place >= low && place <= high) return;
  const left = place < low;
  const text = left ? `← ${name}${formatNumber(place)}` : `${name}${formatNumber(place)} →`;
  const px = left ? frame.left + 8 : frame.left + frame.width - 8;
  drawText(context, text, px, frame.top + (name ? 44 : 22), theme, left ? "left" : "right");
}

/** The distance to the flat place where the walk ends; the size of the slope where none is known. */
export function distanceChart(state: NewtonState): Panel {
  const { view } = state;
  return seekChart(view, {
    seek: (at) => view.set({ step: Math.max(0, Math.min(state.run.steps, Math.round(at))) }),
    chart() {
      const { run, target } = state;
      const style = state.style(themeOf(view.root));
      const all = target === null ? run.slopes : run.points.map((place) => Math.abs(place - target));
      const gone = all.indexOf(0); // which a logarithmic axis does not have
      const ys = gone < 0 ? all : all.subarray(0, gone);
      const last = Math.max(1, run.steps);
      return { curves: [{ ys, style }], last, at: state.step, log: true, yLabel: nameOf(state), xLabel: "step" };
    },
  });
}

function nameOf({ letter, target }: NewtonState): string {
  if (target === null) return "|J′|";
  const shift = target ? ` ${target < 0 ? "+" : "−"} ${formatNumber(Math.abs(target))}` : "";
  return `|${letter}${shift}|`;
}
