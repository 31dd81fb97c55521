/** The graph of a function of one variable. */

import type { Scale } from "./frame";

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
