/** The pictures of BatchRace: the data with three lines, the plane with three paths, the cost. */

import { formatPoint } from "../../core/format";
import type { Panel } from "../../core/part";
import { compileLandscape } from "../../core/program";
import type { MethodStyle } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { Size } from "../../plots/canvas";
import { picture } from "../../plots/canvas";
import { drawDot, drawLine, drawPoints, padded } from "../../plots/data";
import { frameIn, line } from "../../plots/frame";
import { MapPicture } from "../../plots/map";
import { clamp, drawMarker, drawStar, drawStart } from "../../plots/marks";
import { Plane } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { drawStage } from "../../plots/stage";
import { seekChart } from "../../shared/seek-chart";
import type { Fit, Fits } from "./state";
import { indexAt } from "./state";

/** How many standard deviations the noise ball reaches: 1 − e⁻² = 86 % of a plane's Gaussian lie inside. */
const REACH = 2;

/** Points, the rows in use with their residuals, and the three lines. */
export function dataPanel(fits: Fits): Panel {
  return picture(fits.view, "gdw-map gdw-still-plot", (context, size) => drawData(context, size, fits));
}

function drawData(context: CanvasRenderingContext2D, size: Size, fits: Fits): void {
  const { features, targets, minimum } = fits.programs;
  const xs = targets.map((_, i) => features[2 * i + 1] ?? 0);
  drawStage(context, frameIn(size), themeOf(fits.view.root), {
    bounds: [padded(xs), padded(targets)],
    names: ["x", "y"],
    draw(stage) {
      drawPoints(
        stage,
        xs.map((x, i) => [x, targets[i] ?? 0]),
      );
      drawLine(stage, minimum, { colour: stage.theme.muted, dash: [2, 4], width: 1.5 });
      if (!started(fits)) return;
      for (const run of fits.runs) drawFit(stage, run, fits.samples);
      drawRowsInUse(stage, xs, fits);
    },
  });
}

/** All start together; too far out, none does. */
function started({ runs }: Fits): boolean {
  return runs.every(({ ending }) => ending !== "unstarted");
}

/** Where along the frame each line carries its marker. */
const PLACES: Readonly<Record<Fit["name"], number>> = { batch: 0.12, "mini-batch": 0.5, stochastic: 0.88 };

function drawFit(stage: Stage, run: Fit, samples: number): void {
  const { context, frame, theme, x, at } = stage;
  const [a, b] = pointOf(run, indexAt(run, samples));
  const style = theme.method(run.name);
  drawLine(stage, [a, b], { colour: theme.halo, dash: [], width: 5 });
  drawLine(stage, [a, b], { colour: style.colour, dash: style.dash, width: 2.5 });
  const place = x.invert(frame.left + PLACES[run.name] * frame.width);
  drawMarker(context, ...at([place, a + b * place]), style, theme, 90);
}

function pointOf({ points }: Fit, k: number): readonly [number, number] {
  return [points[2 * k] ?? 0, points[2 * k + 1] ?? 0];
}

/** The rows that the latest mini-batch has gathered, each tied to the line that it corrects; the latest row alone. */
function drawRowsInUse(stage: Stage, xs: readonly number[], fits: Fits): void {
  const { samples, drawn } = fits;
  const [, mini, single] = fits.runs;
  if (!samples || !mini || !single) return;
  const begun = mini.seen[Math.max(0, indexAt(mini, samples - 1))] ?? 0;
  const rows = Array.from(drawn.subarray(begun, samples), (row) => [xs[row] ?? 0, fits.programs.targets[row] ?? 0]);
  ringRows(stage, rows, mini, samples, 5.5);
  ringRows(stage, rows.slice(-1), single, samples, 8.5);
}

function ringRows(stage: Stage, rows: readonly number[][], run: Fit, samples: number, radius: number): void {
  const { context, y, at } = stage;
  const [a, b] = pointOf(run, indexAt(run, samples - 1));
  context.strokeStyle = stage.theme.method(run.name).colour;
  for (const row of rows) {
    const [px, py] = at(row);
    context.lineWidth = 1;
    line(context, px, py, px, clamp(y(a + b * (row[0] ?? 0))));
    context.lineWidth = 2;
    context.beginPath();
    context.arc(px, py, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** Contours of the cost, the three paths, and the balls in which noise keeps two of them. */
export function fitPlane(fits: Fits): Panel {
  const ground = new MapPicture();
  return new Plane(fits.view, {
    label: "Start of all three",
    describe: () => `intercept and slope ${formatPoint(fits.start)}`,
    bounds: () => fits.programs.cost.bounds,
    names: () => fits.programs.cost.variables,
    point: () => fits.start,
    move: (start) => fits.view.set({ start }),
    draw(stage) {
      ground.draw(stage.context, compileLandscape(fits.programs.cost), stage.frame, stage.theme);
      for (const run of [...fits.runs].reverse()) drawPathOf(stage, run, fits.samples);
      if (!fits.view.waiting) for (const run of fits.runs) drawBall(stage, run, fits);
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
    const [px, py] = at(pointOf(run, k));
    context.lineTo(clamp(px), clamp(py));
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
    drawDot(context, at(pointOf(run, k)), 3);
  }
}

function drawHead({ context, theme, at }: Stage, run: Fit, samples: number): void {
  drawMarker(context, ...at(pointOf(run, indexAt(run, samples))), theme.method(run.name), theme);
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

/** The cost above its lowest against samples seen. */
export function fitChart(fits: Fits): Panel {
  const { view } = fits;
  return seekChart(view, {
    seek: (at) => view.set({ samples: Math.max(0, Math.min(fits.total, Math.round(at))) }),
    chart() {
      const theme = themeOf(view.root);
      const { floor } = fits;
      const curves = [...fits.runs].reverse().map((run) => ({
        ys: run.values.map((v) => v - floor),
        xs: run.seen,
        style: theme.method(run.name),
        width: run.name === "stochastic" ? 1 : 2,
      }));
      const [yLabel, xLabel] = ["J − J min", "samples seen"];
      return { curves, last: fits.total, at: fits.samples, log: true, yLabel, xLabel };
    },
  });
}
