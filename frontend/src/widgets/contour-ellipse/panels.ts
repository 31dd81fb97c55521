/** The pictures of ContourEllipse: the bowl over its two variables, and the same bowl along its axes. */

import { tickStep } from "d3-array";
import { handle } from "../../core/controls";
import { formatNumber, formatPoint } from "../../core/format";
import type { Panel } from "../../core/part";
import type { Bounds } from "../../core/snap";
import { drawnIn, nudged } from "../../core/snap";
import type { MethodStyle, Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import { picture } from "../../plots/canvas";
import { frameIn, line } from "../../plots/frame";
import { drawMarker, drawPath, drawStar, drawStart, drawSteps, drawText } from "../../plots/marks";
import { largest, Plane } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { drawStage } from "../../plots/stage";
import type { EllipseState } from "./state";

/** Contours as multiples of the ellipse that is measured. */
const SIZES = [8, 6, 4, 3, 2, 1, 0.5] as const;
const MEASURED = 1;

/** The flat axis in ink, the steep one in the page's accent: they differ by more than colour. */
export function axisStyle(i: number, theme: Theme): MethodStyle {
  return i
    ? { colour: theme.accent, marker: "square", dash: [6, 4] }
    : { colour: theme.ink, marker: "triangle", dash: [] };
}

/** What takes hold of the flat axis. */
function grip(theme: Theme): MethodStyle {
  return { ...axisStyle(0, theme), marker: "circle" };
}

function boundsOf(state: EllipseState): Bounds {
  const { reach } = state.programs;
  return [
    [-reach, reach],
    [-reach, reach],
  ];
}

/** The bowl over its variables. The start is moved anywhere; the end of the long half axis tilts and stretches. */
export function tiltedPanel(state: EllipseState): Panel {
  const { view } = state;
  const bounds = () => boundsOf(state);
  const plane = new Plane(view, {
    label: "Start",
    describe: () => formatPoint(state.start),
    bounds,
    names: () => view.get("names"),
    point: () => state.start,
    move: (start) => view.set({ start }),
    shape: () => 1,
    draw(stage) {
      drawBowl(stage, state, state.path, state.shape.angle);
      drawMarker(stage.context, ...stage.at(drawnIn(state.tip, state.programs.reach)), grip(stage.theme), stage.theme);
    },
  });
  const end = handle(view, {
    label: "End of the long half axis",
    describe: () => `at ${formatNumber(state.shape.angle)} degrees, κ = ${formatNumber(state.shape.condition)}`,
    place: () => plane.at(drawnIn(state.tip, state.programs.reach)),
    drag: (x, y) => state.tipTo(plane.invert(x, y)),
    nudge: (right, up) => state.tipTo(nudged(drawnIn(state.tip, state.programs.reach), bounds(), [right, up])),
  });
  plane.element.append(end.element);
  return {
    element: plane.element,
    update() {
      plane.update();
      end.update();
    },
    paint() {
      plane.paint();
      end.update();
    },
  };
}

/** The same bowl and the same run, measured along the axes; what each error does alone is drawn on its axis. */
export function uprightPanel(state: EllipseState): Panel {
  return picture(state.view, "gdw-map gdw-still-plot", (context, size) => {
    drawStage(context, largest(frameIn(size), 1), themeOf(state.view.root), {
      bounds: boundsOf(state),
      names: state.axes.map(({ name }) => name),
      draw(stage) {
        drawBowl(stage, state, state.turned, 0);
        state.errors.forEach((errors, i) => drawShadows(stage, errors, i, state.step));
      },
    });
  });
}

/** Each point of a run brought straight to one axis, as long as there is one. */
function drawShadows(stage: Stage, errors: Float64Array, axis: number, step: number): void {
  const style = axisStyle(axis, stage.theme);
  const known = errors.filter(Number.isFinite);
  const on = pixels(
    stage,
    Float64Array.from({ length: 2 * known.length }, (_, i) => (i % 2 === axis ? (known[i >> 1] ?? 0) : 0)),
  );
  drawSteps(stage.context, on, style);
  const at = on.slice(2 * step, 2 * step + 2);
  if (at.length) drawMarker(stage.context, at[0] ?? 0, at[1] ?? 0, style, stage.theme, 90);
}

function drawBowl(stage: Stage, state: EllipseState, points: Float64Array, angle: number): void {
  drawContours(stage, state, angle);
  state.axes.forEach(({ halfAxis, side }, i) => {
    drawRuler(stage, halfAxis, angle + 90 * (i + 1 - side), axisStyle(i, stage.theme));
  });
  const { context, theme } = stage;
  const path = pixels(stage, points);
  const [shown, style] = [path.subarray(0, 2 * state.step + 2), theme.method("gradient descent")];
  drawPath(context, path, style, theme, true);
  drawPath(context, shown, style, theme);
  drawSteps(context, shown, style);
  drawStar(context, ...stage.at([0, 0]), theme);
  drawStart(context, path[0] ?? 0, path[1] ?? 0, theme);
  drawMarker(context, shown.at(-2) ?? 0, shown.at(-1) ?? 0, style, theme);
}

function pixels({ at }: Stage, points: Float64Array): Float64Array {
  const found = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) found.set(at([points[i] ?? 0, points[i + 1] ?? 0]), i);
  return found;
}

function drawContours(stage: Stage, state: EllipseState, angle: number): void {
  const { context, frame, theme, at } = stage;
  const [x, y] = at([0, 0]);
  const unit = at([1, 0])[0] - x;
  const [flat, steep] = state.axes;
  const colours = theme.map;
  context.fillStyle = colours.at(-1) ?? theme.surface;
  context.fillRect(frame.left, frame.top, frame.width, frame.height);
  SIZES.forEach((size, i) => {
    const half = (length: number) => Math.min(1e5, size * length * unit);
    context.beginPath();
    context.ellipse(x, y, half(flat.halfAxis), half(steep.halfAxis), (-angle * Math.PI) / 180, 0, 2 * Math.PI);
    context.fillStyle = colours[Math.max(0, colours.length - 2 - i)] ?? theme.surface;
    context.fill();
    context.strokeStyle = size === MEASURED ? theme.ink : theme.contour;
    context.lineWidth = size === MEASURED ? 1.75 : 0.75;
    context.stroke();
  });
}

/** How long a ruler's ticks are, in pixels to each side, and about how many it has. */
const TICK = 4;
const TICKS = 8;
/** How far beside its end a ruler's length is written, in pixels. */
const BESIDE = [28, 15] as const;

/** A half axis with ticks, the same unit on both, and its length at its end. */
function drawRuler(stage: Stage, length: number, angle: number, style: MethodStyle): void {
  const { context, theme, at, frame } = stage;
  const turn = (angle * Math.PI) / 180;
  const [along, across] = [
    [Math.cos(turn), Math.sin(turn)],
    [-Math.sin(turn), Math.cos(turn)],
  ] as const;
  const [[x0, y0], [x1, y1]] = [at([0, 0]), at([length * along[0], length * along[1]])];
  for (const [colour, width] of [
    [theme.halo, 6],
    [style.colour, 2.5],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    line(context, x0, y0, x1, y1);
  }
  const [low = -1, high = 1] = stage.x.domain();
  const unit = tickStep(0, (high - low) / 2, TICKS);
  context.lineWidth = 1.5;
  for (let t = unit; t <= Math.min(length, 2 * high) * (1 + 1e-9); t += unit) {
    const [x, y] = at([t * along[0], t * along[1]]);
    line(context, x - TICK * across[0], y + TICK * across[1], x + TICK * across[0], y - TICK * across[1]);
  }
  const beside = [x1 + BESIDE[0] * across[0], y1 - BESIDE[1] * across[1]] as const;
  const inside = (value: number, from: number, size: number) => Math.min(from + size - 24, Math.max(from + 24, value));
  drawText(
    context,
    formatNumber(length),
    inside(beside[0], frame.left, frame.width),
    inside(beside[1], frame.top, frame.height),
    theme,
    "center",
  );
}
