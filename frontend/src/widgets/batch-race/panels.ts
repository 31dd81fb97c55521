/** The pictures of BatchRace: the data with three lines, the plane with three paths, the cost. */

import { h } from "../../core/dom";
import { formatPoint } from "../../core/format";
import { compileLandscape } from "../../core/program";
import type { MethodStyle, Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { Size } from "../../plots/canvas";
import { Canvas } from "../../plots/canvas";
import type { ChartLayout } from "../../plots/chart";
import { drawChart } from "../../plots/chart";
import type { Frame, Scale } from "../../plots/frame";
import { drawAxes, frameIn, horizontal, line, vertical } from "../../plots/frame";
import { MapPicture } from "../../plots/map";
import { drawMarker, drawStar, drawStart } from "../../plots/marks";
import type { Stage } from "../../plots/plane";
import { Plane } from "../../plots/plane";
import type { Fit, Fits } from "./state";
import { indexAt } from "./state";

export interface Panel {
  readonly element: HTMLElement;
  update(): void;
  paint(): void;
}

/** How many standard deviations the noise ball reaches: 1 − e⁻² = 86 % of a plane's Gaussian lie inside. */
const REACH = 2;
const MARGIN = { left: 40, right: 8, top: 8, bottom: 26 };

/** Points, the rows in use with their residuals, and the three lines. */
export function dataPanel(fits: Fits): Panel {
  const canvas = new Canvas(fits.view, "gdw-canvas");
  return {
    element: h("div", { class: "gdw-map gdw-still-plot" }, canvas.element),
    update() {},
    paint: () => canvas.draw((context, size) => drawData(context, size, fits)),
  };
}

function drawData(context: CanvasRenderingContext2D, size: Size, fits: Fits): void {
  const theme = themeOf(fits.view.root);
  const { features, targets, minimum } = fits.programs;
  const xs = targets.map((_, i) => features[2 * i + 1] ?? 0);
  const frame = frameIn(size, MARGIN);
  const x = horizontal(frame, ...padded(xs));
  const y = vertical(frame, ...padded(targets));
  drawAxes(context, frame, theme, { x, y, xLabel: "x", yLabel: "y" });
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  context.fillStyle = theme.muted;
  context.globalAlpha = 0.55;
  xs.forEach((value, i) => dot(context, x(value), y(targets[i] ?? 0), 3));
  context.globalAlpha = 1;
  drawLine(context, frame, x, y, minimum, { colour: theme.muted, dash: [2, 4], width: 1.5 });
  if (started(fits)) {
    for (const run of fits.runs) drawFit(context, frame, x, y, run, fits, theme);
    drawRowsInUse(context, x, y, xs, fits, theme);
  }
  context.restore();
}

/** All start together; too far out, none does. */
function started({ runs }: Fits): boolean {
  return runs.every(({ points }) => points.length > 0);
}

function padded(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.06 * (high - low || 1);
  return [low - room, high + room];
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function drawFit(
  context: CanvasRenderingContext2D,
  frame: Frame,
  x: Scale,
  y: Scale,
  run: Fit,
  fits: Fits,
  theme: Theme,
): void {
  const k = indexAt(run, fits.samples);
  const point = run.points.subarray(2 * k, 2 * k + 2);
  const style = theme.method(run.name);
  drawLine(context, frame, x, y, point, { colour: theme.halo, dash: [], width: 5 });
  drawLine(context, frame, x, y, point, { colour: style.colour, dash: style.dash, width: 2.5 });
  const share = run.name === "batch" ? 0.12 : run.name === "mini-batch" ? 0.5 : 0.88;
  const at = x.invert(frame.left + share * frame.width);
  drawMarker(context, x(at), y((point[0] ?? 0) + (point[1] ?? 0) * at), style, theme, 90);
}

function drawLine(
  context: CanvasRenderingContext2D,
  frame: Frame,
  x: Scale,
  y: Scale,
  [a = 0, b = 0]: ArrayLike<number> & Iterable<number>,
  look: { colour: string; dash: readonly number[]; width: number },
): void {
  const [left, right] = [frame.left, frame.left + frame.width];
  context.strokeStyle = look.colour;
  context.lineWidth = look.width;
  context.setLineDash([...look.dash]);
  line(context, left, limit(y(a + b * x.invert(left))), right, limit(y(a + b * x.invert(right))));
  context.setLineDash([]);
}

function limit(pixel: number): number {
  return Math.max(-1e5, Math.min(1e5, pixel));
}

/** The rows that the latest mini-batch has gathered, each tied to the line that it corrects; the latest row alone. */
function drawRowsInUse(
  context: CanvasRenderingContext2D,
  x: Scale,
  y: Scale,
  xs: readonly number[],
  fits: Fits,
  theme: Theme,
): void {
  const { samples, drawn } = fits;
  const [, mini, single] = fits.runs;
  if (!samples || !mini || !single) return;
  const begun = mini.seen[Math.max(0, indexAt(mini, samples - 1))] ?? 0;
  const rows = Array.from(drawn.subarray(begun, samples));
  ring(rows, mini, 5.5);
  ring(rows.slice(-1), single, 8.5);

  function ring(chosen: readonly number[], run: Fit, radius: number): void {
    const k = indexAt(run, samples - 1);
    const [a = 0, b = 0] = run.points.subarray(2 * k, 2 * k + 2);
    context.strokeStyle = theme.method(run.name).colour;
    for (const row of chosen) {
      const [px, py, foot] = [x(xs[row] ?? 0), y(fits.programs.targets[row] ?? 0), y(a + b * (xs[row] ?? 0))];
      context.lineWidth = 1;
      line(context, px, py, px, limit(foot));
      context.lineWidth = 2;
      context.beginPath();
      context.arc(px, py, radius, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}

/** Contours of the cost, the three paths, and the balls in which noise keeps two of them. */
export function fitPlane(fits: Fits): Panel {
  const picture = new MapPicture();
  return new Plane(fits.view, {
    label: "Start of all three",
    describe: () => `intercept and slope ${formatPoint(fits.start)}`,
    bounds: () => fits.programs.cost.bounds,
    names: () => fits.programs.cost.variables,
    point: () => fits.start,
    move: (start) => fits.view.set({ start }),
    draw(stage) {
      picture.draw(stage.context, compileLandscape(fits.programs.cost), stage.frame, stage.theme);
      for (const run of [...fits.runs].reverse()) drawPathOf(stage, run, fits.samples);
      for (const run of fits.runs) drawBall(stage, run, fits);
      drawStar(stage.context, ...stage.at(fits.programs.minimum), stage.theme);
      drawStart(stage.context, ...stage.at(fits.start), stage.theme);
      if (started(fits)) for (const run of [...fits.runs].reverse()) drawHead(stage, run, fits.samples);
    },
  });
}

const WIDTHS: Readonly<Record<Fit["name"], number>> = { batch: 2.75, "mini-batch": 1.75, stochastic: 1 };

function drawPathOf({ context, theme, at }: Stage, run: Fit, samples: number): void {
  const end = indexAt(run, samples);
  const style = theme.method(run.name);
  const width = WIDTHS[run.name];
  context.lineJoin = "round";
  context.beginPath();
  for (let k = 0; k <= end; k++) {
    const [px, py] = at(run.points.subarray(2 * k, 2 * k + 2) as unknown as number[]);
    context.lineTo(limit(px), limit(py));
  }
  if (run.name === "batch") {
    context.strokeStyle = theme.halo;
    context.lineWidth = width + 2.5;
    context.stroke();
  }
  context.strokeStyle = style.colour;
  context.globalAlpha = run.name === "stochastic" ? 0.5 : 1;
  context.lineWidth = width;
  context.stroke();
  context.globalAlpha = 1;
  if (run.name === "batch") drawDots(context, run, end, at, style);
}

function drawDots(context: CanvasRenderingContext2D, run: Fit, end: number, at: Stage["at"], style: MethodStyle): void {
  context.fillStyle = style.colour;
  for (let k = 0; k <= end; k++) {
    const [px, py] = at([run.points[2 * k] ?? 0, run.points[2 * k + 1] ?? 0]);
    dot(context, limit(px), limit(py), 3);
  }
}

function drawHead({ context, theme, at }: Stage, run: Fit, samples: number): void {
  const k = indexAt(run, samples);
  drawMarker(context, ...at([run.points[2 * k] ?? 0, run.points[2 * k + 1] ?? 0]), theme.method(run.name), theme);
}

/** The ellipse of two predicted standard deviations around the minimum. */
function drawBall({ context, theme, at }: Stage, run: Fit, fits: Fits): void {
  const variances = fits.variances(run.size, fits.rateNow(run));
  if (!variances || !(variances[0] + variances[1] > 0)) return;
  const { directions } = fits.programs.noise;
  const [c0, c1] = fits.programs.minimum;
  context.beginPath();
  for (let i = 0; i <= 72; i++) {
    const angle = (i / 72) * 2 * Math.PI;
    const a = REACH * Math.sqrt(variances[0]) * Math.cos(angle);
    const b = REACH * Math.sqrt(variances[1]) * Math.sin(angle);
    context.lineTo(
      ...at([c0 + a * directions[0][0] + b * directions[1][0], c1 + a * directions[0][1] + b * directions[1][1]]),
    );
  }
  context.lineWidth = 5;
  context.strokeStyle = theme.halo;
  context.stroke();
  context.lineWidth = 2.25;
  context.setLineDash([7, 5]);
  context.strokeStyle = theme.method(run.name).colour;
  context.stroke();
  context.setLineDash([]);
}

/** The cost above its lowest against samples seen; pointing at it moves the clock. */
export function fitChart(fits: Fits): Panel {
  const { view } = fits;
  const canvas = new Canvas(view, "gdw-canvas gdw-seek");
  let layout: ChartLayout | null = null;
  const seek = (event: PointerEvent) => {
    if (!layout) return;
    const samples = Math.round(layout.x.invert(event.offsetX));
    view.set({ samples: Math.max(0, Math.min(fits.total, samples)) });
  };
  view.listen(canvas.element, "pointerdown", seek);
  view.listen(canvas.element, "pointermove", (event) => {
    if (event.buttons) seek(event);
  });
  return {
    element: h("div", { class: "gdw-chart" }, canvas.element),
    update() {},
    paint() {
      const theme = themeOf(view.root);
      const { floor } = fits;
      const curves = [...fits.runs].reverse().map((run) => ({
        ys: run.values.map((v) => v - floor),
        xs: run.seen,
        style: theme.method(run.name),
        width: run.name === "stochastic" ? 1 : 2,
      }));
      canvas.draw((context, size) => {
        layout = drawChart(context, size, theme, {
          curves,
          last: fits.total,
          at: fits.samples,
          log: true,
          yLabel: "J − J min",
          xLabel: "samples seen",
        });
      });
    },
  };
}
