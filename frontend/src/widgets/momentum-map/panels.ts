/** The pictures of MomentumMap: the plane of rates and decays, the unit circle, the path. */

import { formatNumber } from "../../core/format";
import type { Panel } from "../../core/part";
import type { Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { Size } from "../../plots/canvas";
import { picture } from "../../plots/canvas";
import type { ChartSpec, Curve } from "../../plots/chart";
import { drawChart } from "../../plots/chart";
import { line } from "../../plots/frame";
import { MapPicture } from "../../plots/map";
import { drawMarker } from "../../plots/marks";
import { Plane } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import type { MomentumState } from "./state";

/** Contours of the spectral radius, the edge of stability, the border of the complex pairs. */
export function radiusMap(state: MomentumState): Panel {
  const ground = new MapPicture();
  return new Plane(state.view, {
    label: "Scaled rate and decay",
    describe: () =>
      `scaled rate ${formatNumber(state.rate)}, decay ${formatNumber(state.decay)}, ` +
      `spectral radius ${formatNumber(state.slowest)}`,
    bounds: () => state.programs.bounds,
    names: () => ["ηλ", "β"],
    point: () => [state.rate, state.decay],
    move: (point) => state.moveTo(point),
    draw(stage) {
      ground.draw(stage.context, state.map, stage.frame, stage.theme);
      hatchUnstable(stage, state);
      for (const root of state.spectrum.meeting)
        drawOverDecay(stage, root, { colour: stage.theme.ink, dash: [2, 4], width: 1.5 });
      drawOverDecay(stage, state.spectrum.bound, { colour: stage.theme.bad, dash: [], width: 2.5 });
      nameRegions(stage, state);
      drawModes(stage, state);
    },
  });
}

const FINE = 120;
/** Pixels that the name of the complex pairs' region needs. */
const ROOM = 180;

function overDecay({ at }: Stage, curve: (decay: number) => number): (readonly [number, number])[] {
  return Array.from({ length: FINE + 1 }, (_, i) => at([curve(i / FINE), i / FINE]));
}

function drawOverDecay(
  stage: Stage,
  curve: (decay: number) => number,
  look: { colour: string; dash: readonly number[]; width: number },
): void {
  const { context } = stage;
  context.beginPath();
  for (const [x, y] of overDecay(stage, curve)) context.lineTo(x, y);
  context.strokeStyle = look.colour;
  context.lineWidth = look.width;
  context.setLineDash([...look.dash]);
  context.stroke();
  context.setLineDash([]);
}

/** Cover what lies beyond the bound, and hatch it. */
function hatchUnstable(stage: Stage, state: MomentumState): void {
  const { context, frame, theme } = stage;
  const [right, top, bottom] = [frame.left + frame.width, frame.top, frame.top + frame.height];
  context.save();
  context.beginPath();
  for (const [x, y] of overDecay(stage, state.spectrum.bound)) context.lineTo(x, y);
  context.lineTo(right + 1, top - 1);
  context.lineTo(right + 1, bottom + 1);
  context.closePath();
  context.clip();
  context.fillStyle = theme.page;
  context.fillRect(frame.left, top, frame.width, frame.height);
  context.strokeStyle = theme.bad;
  context.globalAlpha = 0.35;
  context.lineWidth = 1;
  for (let x = frame.left - frame.height; x < right; x += 9) line(context, x, bottom, x + frame.height, top);
  context.restore();
}

function nameRegions({ context, frame, theme, at }: Stage, state: MomentumState): void {
  context.font = `600 13px ${theme.font}`;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const write = (text: string, x: number, y: number, align: CanvasTextAlign, colour: string) => {
    context.textAlign = align;
    context.lineWidth = 4;
    context.strokeStyle = theme.halo;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  };
  const [, low] = at([0, 0.12]);
  write("steps grow", frame.left + frame.width - 12, low, "right", theme.bad);
  const [left = 0, right = 0] = state.spectrum.meeting.map((root) => root(0.72)).sort((a, b) => a - b);
  const [x, y] = at([(left + right) / 2, 0.72]);
  if (at([right, 0])[0] - at([left, 0])[0] > ROOM) write("complex pair: swings", x, y, "center", theme.ink);
}

function drawModes({ context, theme, at }: Stage, state: MomentumState): void {
  const places = state.modes.map((mode) => [mode, at([mode.rate, state.decay])] as const);
  const [first, last] = [places[0], places[places.length - 1]];
  if (first && last && first !== last) {
    for (const [colour, width] of [
      [theme.halo, 6],
      [theme.ink, 2.5],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      line(context, ...first[1], ...last[1]);
    }
  }
  for (const [mode, [x, y]] of [...places].reverse()) drawMarker(context, x, y, state.style(mode, theme), theme, 130);
}

/** The unit circle with the eigenvalues of every mode. */
export function circlePanel(state: MomentumState): Panel {
  return picture(state.view, "gdw-circle", (context, size) => drawCircle(context, size, state));
}

function drawCircle(context: CanvasRenderingContext2D, size: Size, state: MomentumState): void {
  const theme = themeOf(state.view.root);
  const eigenvalues = state.modes.map((mode) => ({ mode, parts: state.spectrum.eigenvalues(mode.rate, state.decay) }));
  const farthest = Math.max(
    ...eigenvalues.map(({ parts: [a, b, up] }) => Math.max(Math.hypot(a, up), Math.hypot(b, up))),
  );
  const [cx, cy] = [size.width / 2, size.height / 2 + 6];
  const unit = (Math.min(size.width, size.height - 20) / 2 - 8) / Math.max(1.06, Math.min(farthest * 1.06, 4));
  drawRings(context, theme, cx, cy, unit, state.slowest);
  context.strokeStyle = theme.line;
  line(context, cx - 1.3 * unit, cy, cx + 1.3 * unit, cy);
  line(context, cx, cy - 1.15 * unit, cx, cy + 1.15 * unit);
  context.font = `13px ${theme.font}`;
  context.fillStyle = theme.ink;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText("eigenvalues of a step", 2, 0);
  for (const {
    mode,
    parts: [a, b, up],
  } of [...eigenvalues].reverse()) {
    const style = state.style(mode, theme);
    for (const [real, imaginary] of [
      [a, up],
      [b, -up],
    ] as const) {
      drawMarker(context, cx + real * unit, cy - imaginary * unit, style, theme, 90);
    }
  }
}

/** The unit circle, and the circle of the spectral radius, filled. */
function drawRings(
  context: CanvasRenderingContext2D,
  theme: Theme,
  cx: number,
  cy: number,
  unit: number,
  radius: number,
): void {
  const ring = (size: number) => {
    context.beginPath();
    context.arc(cx, cy, Math.min(size, 6) * unit, 0, 2 * Math.PI);
  };
  ring(radius);
  context.fillStyle = radius > 1 + 1e-9 ? theme.bad : theme.accent;
  context.globalAlpha = 0.13;
  context.fill();
  context.globalAlpha = 1;
  ring(1);
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.75;
  context.stroke();
  context.lineWidth = 1;
}

/** How far out a growing path is drawn. */
const FAR = 3;

/** θ along each eigenvector, or its size on a logarithmic scale beside ρᵏ. */
export function pathPanel(state: MomentumState): Panel {
  return picture(state.view, "gdw-chart", (context, size) => {
    drawChart(context, size, themeOf(state.view.root), pathChart(state));
  });
}

function pathChart(state: MomentumState): ChartSpec {
  const theme = themeOf(state.view.root);
  const log = state.view.get<boolean>("logarithmic");
  const { steps } = state;
  const curves: Curve[] = state.modes.map((mode) => {
    const grows = state.spectrum.radius(mode.rate, state.decay) > 1;
    return { ys: shown(state.path(mode.rate).points, log, grows), style: state.style(mode, theme), width: 1.75 };
  });
  if (log) {
    const style = { colour: theme.muted, marker: "circle", dash: [2, 4] } as const;
    curves.push({ ys: Float64Array.from({ length: steps + 1 }, (_, k) => state.slowest ** k), style });
  }
  const yLabel = log ? "|θ|, and ρᵏ dotted" : "θ";
  return { curves: curves.reverse(), last: state.view.get("steps"), at: steps, log, yLabel, xLabel: "step" };
}

/** What is drawn of a path: if it grows, up to where it is far outside; sizes, where the scale is logarithmic. */
function shown(points: Float64Array, log: boolean, grows: boolean): Float64Array {
  const out = points.findIndex((x) => grows && Math.abs(x) > (log ? 1e6 : FAR));
  const kept = points.subarray(0, out < 0 ? points.length : out + 1);
  return log ? kept.map((x) => Math.max(Math.abs(x), 1e-12)) : kept;
}
