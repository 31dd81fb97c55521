/** The pictures of DecisionBoundary: what the network says of every place, and the loss. */

import { contours } from "d3-contour";
import type { Panel } from "../../core/part";
import type { MethodStyle, Theme } from "../../core/theme";
import { rgb, themeOf } from "../../core/theme";
import { picture } from "../../plots/canvas";
import { frameIn, line } from "../../plots/frame";
import { drawCross, drawMarker } from "../../plots/marks";
import { largest } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { drawStage } from "../../plots/stage";
import { seekChart } from "../../shared/seek-chart";
import type { BoundaryState } from "./state";
import { CELLS, isRight } from "./state";

/** How much of a class's colour lies where the network is sure. */
const DEPTH = 0.5;

/** The looks of the two classes: they differ by more than colour. */
export function classLook(theme: Theme, target: number): MethodStyle {
  return target > 0.5
    ? { colour: theme.method("gradient descent").colour, marker: "square", dash: [] }
    : { colour: theme.accent, marker: "circle", dash: [] };
}

export function regionPanel(state: BoundaryState): Panel {
  const { view } = state;
  const tile = document.createElement("canvas");
  tile.width = tile.height = CELLS;
  return picture(view, "gdw-map gdw-still-plot", (context, size) => {
    const theme = themeOf(view.root);
    drawStage(context, largest(frameIn(size), 1), theme, {
      bounds: state.programs.bounds,
      names: ["x₁", "x₂"],
      draw(stage) {
        const { ground } = state;
        paintGround(tile, ground, theme);
        context.drawImage(tile, stage.frame.left, stage.frame.top, stage.frame.width, stage.frame.height);
        drawUnits(stage, state);
        drawBoundary(stage, ground);
        drawRows(stage, state);
      },
    });
  });
}

/** One dot a cell: a class's colour, the fainter the less sure the network is. */
function paintGround(tile: HTMLCanvasElement, ground: ArrayLike<number>, theme: Theme): void {
  const context = tile.getContext("2d");
  if (!context) return;
  const image = context.createImageData(CELLS, CELLS);
  const colours = [0, 1].map((target) => rgb(classLook(theme, target).colour) ?? [0, 0, 0]);
  for (let i = 0; i < CELLS * CELLS; i++) {
    const sure = ground[i] ?? 0.5;
    const [r = 0, g = 0, b = 0] = colours[sure > 0.5 ? 1 : 0] ?? [];
    image.data.set([r, g, b, 255 * DEPTH * Math.abs(2 * sure - 1)], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

/** Where the network changes its mind. */
function drawBoundary({ context, frame, theme }: Stage, ground: Float64Array): void {
  const [shape] = contours().size([CELLS, CELLS]).thresholds([0.5])([...ground]);
  context.strokeStyle = theme.ink;
  context.lineWidth = 2.5;
  context.beginPath();
  for (const ring of shape?.coordinates.flat() ?? []) {
    ring.forEach(([x = 0, y = 0], i) => {
      const at = [frame.left + (x / CELLS) * frame.width, frame.top + (y / CELLS) * frame.height] as const;
      if (i && !onEdge(x, y, ring[i - 1])) context.lineTo(...at);
      else context.moveTo(...at);
    });
  }
  context.stroke();
}

/** Whether a piece of a contour runs along the picture's edge, which closes it and is no boundary. */
function onEdge(x: number, y: number, before: readonly number[] | undefined): boolean {
  const [u = 0, v = 0] = before ?? [];
  const outside = (a: number, b: number) => (a <= 0.5 && b <= 0.5) || (a >= CELLS - 0.5 && b >= CELLS - 0.5);
  return outside(x, u) || outside(y, v);
}

/** Where each hidden unit of the first layer is 0: dashed. */
function drawUnits({ context, theme, x, y }: Stage, state: BoundaryState): void {
  const [[x0, x1] = [0, 1], [y0, y1] = [0, 1]] = state.programs.bounds;
  context.strokeStyle = theme.muted;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  for (const [a, b, c] of state.units) {
    const steep = Math.abs(a) > Math.abs(b);
    const end = (at: number) =>
      steep ? ([x(-(b * at + c) / a), y(at)] as const) : ([x(at), y(-(a * at + c) / b)] as const);
    const [from, to] = steep ? [end(y0), end(y1)] : [end(x0), end(x1)];
    if ([...from, ...to].every(Number.isFinite)) line(context, ...from, ...to);
  }
  context.setLineDash([]);
}

function drawRows({ context, theme, at }: Stage, state: BoundaryState): void {
  const { features, targets } = state.programs;
  const said = state.said(state.theta);
  const small = state.rows > 40;
  Array.from(targets.data).forEach((target, i) => {
    const [px, py] = at([features.data[2 * i] ?? 0, features.data[2 * i + 1] ?? 0]);
    drawMarker(context, px, py, classLook(theme, target), theme, small ? 45 : 150);
    if (!isRight(said[i] ?? NaN, target)) drawCross(context, px, py, theme.ink, theme);
  });
}

export function boundaryChart(state: BoundaryState): Panel {
  const { view } = state;
  return seekChart(view, {
    seek: (at) => view.set({ step: Math.max(0, Math.min(state.last, Math.round(at))) }),
    chart: () => ({
      curves: [{ ys: state.run.losses, style: state.style(themeOf(view.root)) }],
      last: state.last,
      at: state.step,
      log: true,
      yLabel: "loss J",
      xLabel: "step",
    }),
  });
}
