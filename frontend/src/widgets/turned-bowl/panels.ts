/** The pictures of TurnedBowl: the bowl with three paths, and the steps that each rule needs against the angle. */

import { contours } from "d3-contour";
import type { Panel } from "../../core/part";
import type { Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import { picture } from "../../plots/canvas";
import { frameIn } from "../../plots/frame";
import { drawMarker } from "../../plots/marks";
import { largest } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { drawStage } from "../../plots/stage";
import { seekChart } from "../../shared/seek-chart";
import type { BowlState } from "./state";
import { CELLS } from "./state";

/** Each contour's cost is four times that of the one within it; the outermost passes the start. */
const LEVELS = [-4, -3, -2, -1, 0, 1].map((power) => 52 * 4 ** power);

export function bowlPanel(state: BowlState): Panel {
  const { view } = state;
  return picture(view, "gdw-map gdw-still-plot", (context, size) => {
    const { reach } = state.programs;
    drawStage(context, largest(frameIn(size), 1), themeOf(view.root), {
      bounds: [
        [-reach, reach],
        [-reach, reach],
      ],
      names: ["x", "y"],
      draw(stage) {
        drawLevels(stage, state.ground);
        for (const name of state.names) drawPath(stage, state, name);
      },
    });
  });
}

function drawLevels({ context, frame, theme }: Stage, ground: Float64Array): void {
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  context.globalAlpha = 0.6;
  for (const { coordinates } of contours().size([CELLS, CELLS]).thresholds(LEVELS)([...ground])) {
    context.beginPath();
    for (const ring of coordinates.flat()) {
      ring.forEach(([x = 0, y = 0], i) => {
        const at = [frame.left + (x / CELLS) * frame.width, frame.top + (y / CELLS) * frame.height] as const;
        if (i) context.lineTo(...at);
        else context.moveTo(...at);
      });
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawPath({ context, theme, at }: Stage, state: BowlState, name: string): void {
  const { points } = state.walk(name);
  const shown = points.slice(0, state.step + 1);
  const style = theme.method(name);
  context.strokeStyle = style.colour;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.setLineDash([...style.dash]);
  context.beginPath();
  for (const point of shown) context.lineTo(...at(point));
  context.stroke();
  context.setLineDash([]);
  drawMarker(context, ...at(shown.at(-1) ?? [0, 0]), style, theme, 90);
}

export function countChart(state: BowlState): Panel {
  const { view } = state;
  return seekChart(view, {
    seek: (at) => view.set({ angle: Math.max(0, Math.min(90, Math.round(at))) }),
    chart: () => ({
      curves: state.names.map((name) => ({ ...state.counts(name), style: styleOf(view.root, name) })),
      last: 90,
      at: state.angle,
      log: false,
      from: 0,
      yLabel: "steps",
      xLabel: "degrees",
    }),
  });
}

export function styleOf(root: HTMLElement, name: string): ReturnType<Theme["method"]> {
  return themeOf(root).method(name);
}
