/** The graph of a function of one variable. */

import type { Scale } from "./frame";
import type { Stage } from "./stage";

const SAMPLES = 400;

export interface Graph {
  readonly places: readonly number[];
  readonly heights: readonly number[];
}

/** Evaluate a function evenly over an interval. */
export function graphOf(value: (x: number) => number, [low, high]: readonly [number, number]): Graph {
  const places = Array.from({ length: SAMPLES + 1 }, (_, i) => low + (i / SAMPLES) * (high - low));
  return { places, heights: places.map((place) => value(place)) };
}

/** Trace a graph; no line runs across where it has no height. */
export function traceGraph(context: CanvasRenderingContext2D, { places, heights }: Graph, x: Scale, y: Scale): void {
  context.beginPath();
  heights.forEach((height, i) => {
    const to = Number.isFinite(heights[i - 1]) ? "lineTo" : "moveTo";
    if (Number.isFinite(height)) context[to](x(places[i] ?? NaN), y(height));
  });
}

/** Draw a graph as the ground on which runs walk. */
export function drawGraph({ context, theme, x, y }: Stage, graph: Graph): void {
  traceGraph(context, graph, x, y);
  context.strokeStyle = theme.muted;
  context.lineWidth = 2.5;
  context.lineJoin = "round";
  context.stroke();
}

/** The range of a graph with room around it, below it as much as is asked for; any where it has no height. */
export function heightsShown({ heights }: Graph, room = 0.08): [number, number] {
  const known = heights.filter(Number.isFinite);
  const [bottom, top] = known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
  const tall = top - bottom || 1;
  return [bottom - room * tall, top + 0.06 * tall];
}
