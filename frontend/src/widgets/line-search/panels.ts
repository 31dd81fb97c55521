/** The pictures of LineSearch: the map with the ray, and the cost along it with Armijo's line. */

import { REACH } from "../../../../gdlib/static/search_window";
import { formatNumber, formatPoint } from "../../core/format";
import type { Panel } from "../../core/part";
import type { Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { Size } from "../../plots/canvas";
import { picture } from "../../plots/canvas";
import { graphOf, traceGraph } from "../../plots/curve";
import { frameIn, line } from "../../plots/frame";
import { MapPicture } from "../../plots/map";
import { clamp, drawCross, drawMarker, drawPath, drawRing, drawStar, drawStart, drawText } from "../../plots/marks";
import { Plane } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { drawStage } from "../../plots/stage";
import { shapeOf } from "../../shared/race-map";
import type { Look, Search } from "./search";
import { lookAt } from "./search";
import type { Moment, SearchState } from "./state";

const METHOD = "gradient descent";

/** The path so far, the ray of this step, and on it the rates that were tried. */
export function mapPanel(state: SearchState): Panel {
  const { view } = state;
  const ground = new MapPicture();
  const plane = new Plane(view, {
    label: "Start of the descent",
    describe: () => formatPoint(state.start),
    bounds: () => state.program.bounds,
    names: () => state.program.variables,
    point: () => state.start,
    move: (start) => view.set({ start }),
    shape: () => shapeOf(state.program.bounds),
    draw(stage) {
      const { context, theme, frame, at } = stage;
      ground.draw(context, state.landscape, frame, theme);
      for (const minimum of state.program.minima) drawStar(context, ...at(minimum), theme);
      const { moment } = state;
      if (moment) drawMoment(stage, state, moment);
      drawStart(context, ...at(state.start), theme);
    },
  });
  return {
    element: plane.element,
    update() {
      plane.element.style.aspectRatio = String(Math.min(1.7, Math.max(0.8, shapeOf(state.program.bounds) ?? 4 / 3)));
      plane.update();
    },
    paint: () => plane.paint(),
  };
}

function drawMoment({ context, theme, at }: Stage, state: SearchState, { step, search, looks }: Moment): void {
  const style = theme.method(METHOD);
  const here = at(search.point);
  const far = at(lookAt(state.programs.look, search, state.settings.rate, state.settings).point);
  const taken = looks.find(({ verdict }) => verdict === "taken");
  const path = state.searches.slice(0, step + 1).map(({ point }) => point);
  drawPath(
    context,
    [...path, ...(taken ? [taken.point] : [])].flatMap((point) => [...at(point)]),
    style,
    theme,
  );
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  line(context, here[0], here[1], clamp(far[0]), clamp(far[1]));
  context.setLineDash([]);
  drawMarker(context, ...here, style, theme);
  for (const look of looks) drawLook(context, look, at(look.point), theme);
}

function drawLook(
  context: CanvasRenderingContext2D,
  { verdict }: Look,
  [x, y]: readonly [number, number],
  theme: Theme,
): void {
  if (verdict === "taken") drawRing(context, x, y, theme.good, theme);
  else drawCross(context, x, y, theme.bad, theme);
}

const MARGIN = { left: 50, right: 10, top: 10, bottom: 28 };

export function rayPanel(state: SearchState): Panel {
  return picture(state.view, "gdw-map gdw-still-plot", (context, size) => {
    const { moment } = state;
    if (moment) drawRay(context, size, state, moment);
  });
}

function drawRay(context: CanvasRenderingContext2D, size: Size, state: SearchState, moment: Moment): void {
  const { search, looks } = moment;
  const { settings, landscape, programs } = state;
  const { right, all } = windowOf(search, settings.rate);
  const shown = looks.filter(({ rate }) => rate < right);
  const along = (rate: number, slope = settings.slope) => lookAt(programs.look, search, rate, { ...settings, slope });
  const sampled = graphOf((rate) => landscape.value(...along(rate).point), [0, right]);
  const known = sampled.heights.filter(Number.isFinite);
  const low = Math.min(...known);
  const room = (all ? Math.max(...known) - search.value : search.value - low) || Math.abs(search.value) || 1;
  const top = search.value + room;
  // Pixels far outside slow some browsers down.
  const graph = { ...sampled, heights: sampled.heights.map((height) => (height > top ? top + room : height)) };
  drawStage(context, frameIn(size, MARGIN), themeOf(state.view.root), {
    bounds: [
      [0, right],
      [low - 0.2 * room, top],
    ],
    names: ["η", "J(θ − ηg)"],
    draw(stage) {
      const { theme, x, y, frame } = stage;
      const straight = (slope: number, dash: readonly number[], colour: string) => {
        context.strokeStyle = colour;
        context.lineWidth = 2;
        context.setLineDash([...dash]);
        line(context, x(0), y(search.value), x(right), clamp(y(along(right, slope).most)));
        context.setLineDash([]);
      };
      straight(1, [2, 4], theme.muted);
      traceGraph(context, graph, x, y);
      context.strokeStyle = theme.method(METHOD).colour;
      context.lineWidth = 2.5;
      context.lineJoin = "round";
      context.stroke();
      straight(settings.slope, [7, 5], theme.ink);
      nameLines(stage, search.value, (slope) => along(right, slope).most, right, settings.slope);
      for (const look of shown) {
        const above = !(look.value <= top);
        drawLook(
          context,
          look,
          [x(look.rate), above ? frame.top + 12 : Math.max(frame.top + 12, y(look.value))],
          theme,
        );
        if (above && look === shown[0])
          drawText(context, "higher ↑", x(look.rate) - 12, frame.top + 12, theme, "right");
      }
      const beyond = beyondWords(looks.filter(({ rate }) => rate >= right));
      if (beyond) drawText(context, beyond, frame.left + frame.width - 6, frame.top + 34, theme, "right");
    },
  });
}

/**
 * How far the picture of a step reaches: the same from its first look to its last, so that it is about the rate that
 * is taken; where none is, all are shown.
 */
export function windowOf({ looks }: Pick<Search, "looks">, first: number): { right: number; all: boolean } {
  const last = looks[looks.length - 1];
  const taken = last?.verdict === "taken";
  const widest = taken ? looks.find(({ rate }) => rate <= REACH * last.rate) : null;
  return { right: 1.12 * (widest?.rate ?? first), all: !taken };
}

/** What lies to the right of the picture. */
export function beyondWords(looks: readonly Pick<Look, "rate">[]): string {
  const [first] = looks;
  if (!first) return "";
  return looks.length === 1 ? `rate ${formatNumber(first.rate)} refused →` : `${looks.length} rates refused →`;
}

/** Each straight line's name where there is room for it: along the way down, or at the right. */
function nameLines(
  { context, theme, x, y, frame }: Stage,
  value: number,
  end: (slope: number) => number,
  right: number,
  slope: number,
): void {
  const bottom = frame.top + frame.height;
  for (const [c, text, level] of [
    [1, "tangent", bottom - 14],
    [slope, "Armijo’s line", bottom - 34],
  ] as const) {
    const low = y(end(c));
    const share = low > level ? (level - y(value)) / (low - y(value)) : 0.97;
    const align = share > 0.6 ? "right" : "left";
    drawText(context, text, x(share * right) + (align === "left" ? 8 : -8), Math.min(level, low - 12), theme, align);
  }
}
