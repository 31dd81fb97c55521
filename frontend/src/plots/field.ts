/** The heights of a landscape of two variables on a grid over its bounds, and its contours. */

import type { ContourMultiPolygon } from "d3-contour";
import { contours } from "d3-contour";
import { once } from "../core/once";
import type { Landscape } from "../core/program";
import { contourLevels } from "./levels";

export const GRID = 300;

/** Stands for a height that is no number: higher than any level, so that contours go around it. */
const OVER_ALL = 1e300;

export interface Field {
  /** Row by row from the top, GRID × GRID. */
  readonly values: Float64Array;
  readonly polygons: readonly ContourMultiPolygon[];
}

/** Evaluate a landscape on the grid and trace its contours. */
export const fieldOf = once((landscape: Landscape): Field => {
  const values = sample(landscape);
  const levels = landscape.program.levels ? [...landscape.program.levels] : contourLevels(values);
  const heights = Array.from(values, (value) => (Number.isFinite(value) ? value : OVER_ALL));
  return { values, polygons: contours().size([GRID, GRID]).thresholds(levels)(heights) };
});

function sample(landscape: Landscape): Float64Array {
  const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = landscape.program.bounds;
  const values = new Float64Array(GRID * GRID);
  for (let row = 0, at = 0; row < GRID; row++) {
    const y = y1 - ((row + 0.5) / GRID) * (y1 - y0);
    for (let column = 0; column < GRID; column++) {
      values[at++] = landscape.value(x0 + ((column + 0.5) / GRID) * (x1 - x0), y);
    }
  }
  return values;
}
