/** The pictures of WorstCase: a bar for each step, drawn by pointer or keys; the two functions with the iterates. */

import { handle } from "../../core/controls";
import { h } from "../../core/dom";
import { formatNumber } from "../../core/format";
import type { Panel, Part } from "../../core/part";
import type { MethodStyle, Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import { Canvas, picture } from "../../plots/canvas";
import { traceGraph } from "../../plots/curve";
import type { Frame } from "../../plots/frame";
import { frameIn, horizontal, line, vertical } from "../../plots/frame";
import { drawMarker, drawText } from "../../plots/marks";
import { drawStage } from "../../plots/stage";
import { symbolPath } from "../../plots/swatch";
import { explainedTable, row } from "../../shared/table";
import type { Family, WorstState } from "./state";
import { worse } from "./state";
import { BOUND, summaryWords } from "./words";

/** What a key multiplies a step by. */
const KEY = 1.02;
const TICKS = [0.5, 1, 2, 8, 32];
const RULE = "gradient descent";
const MARGIN = { left: 34, right: 8, top: 20, bottom: 22 };
const SAMPLES = 240;
/** Above the highest point, for the picture's name. */
const HEADROOM = 1.3;

export class StepBars implements Panel {
  readonly element: HTMLElement;
  private readonly canvas: Canvas;
  private readonly handles: readonly Part[];

  constructor(private readonly state: WorstState) {
    const { view } = state;
    this.canvas = new Canvas(view, "gdw-canvas");
    this.handles = Array.from({ length: state.programs.most }, (_, i) =>
      handle(view, {
        label: `Step ${i + 1}`,
        describe: () => `${formatNumber(state.steps[i] ?? NaN)} over L`,
        place: () => this.top(i),
        drag: (x, y) => this.drawAt(x, y),
        nudge: (right, up) => state.draw(i, (state.steps[i] ?? NaN) * KEY ** (right + up)),
      }),
    );
    const handles = this.handles.map(({ element }) => element);
    this.element = h("div", { class: "gdw-map gdw-fit" }, this.canvas.element, ...handles);
    this.drawBy();
  }

  /** A mouse draws across the bars; a finger taps, or drags a bar's end, so that the page still scrolls. */
  private drawBy(): void {
    const { element } = this.canvas;
    const { view } = this.state;
    view.listen(element, "pointerdown", (event) => {
      if (event.button !== 0) return;
      if (event.pointerType === "mouse") element.setPointerCapture(event.pointerId);
      this.drawAt(event.offsetX, event.offsetY);
    });
    view.listen(element, "pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) this.drawAt(event.offsetX, event.offsetY);
    });
  }

  private get frame(): Frame {
    const { clientWidth: width, clientHeight: height } = this.canvas.element;
    return frameIn({ width: width || 300, height: height || 200 }, MARGIN);
  }

  private scales(frame: Frame) {
    const [low, high] = this.state.programs.range;
    return { x: horizontal(frame, 0, this.state.count), y: vertical(frame, Math.log2(low), Math.log2(high)) };
  }

  private top(index: number): readonly [number, number] {
    const { x, y } = this.scales(this.frame);
    return [x(index + 0.5), y(Math.log2(this.state.steps[index] ?? 1))];
  }

  private drawAt(px: number, py: number): void {
    const { x, y } = this.scales(this.frame);
    const index = Math.min(this.state.count - 1, Math.max(0, Math.floor(x.invert(px))));
    this.state.draw(index, 2 ** y.invert(py));
  }

  update(): void {
    this.handles.forEach(({ element, update }, i) => {
      element.hidden = i >= this.state.count;
      if (!element.hidden) update();
    });
  }

  paint(): void {
    const { state } = this;
    const theme = themeOf(state.view.root);
    this.canvas.draw((context) => {
      const { frame } = this;
      const { x, y } = this.scales(frame);
      const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
      context.strokeStyle = theme.line;
      context.lineWidth = 1;
      for (const tick of TICKS) {
        line(context, frame.left, y(Math.log2(tick)), right, y(Math.log2(tick)));
        drawText(context, String(tick), frame.left - 6, y(Math.log2(tick)), theme, "right");
      }
      const wide = Math.min(28, (0.7 * frame.width) / state.count);
      state.steps.forEach((step, i) => {
        const [middle, top] = [x(i + 0.5), y(Math.log2(step))];
        context.fillStyle = theme.method(RULE).colour;
        context.globalAlpha = 0.45;
        context.fillRect(middle - wide / 2, top, wide, bottom - top);
        context.globalAlpha = 1;
        context.fillRect(middle - wide / 2, top - 2, wide, 4);
        drawText(context, String(i + 1), middle, bottom + 12, theme, "center");
      });
      drawText(context, "step, times L", 4, 9, theme);
    });
    this.update();
  }
}

export function walkPanel(state: WorstState, family: Family, name: string): Panel {
  const { view } = state;
  return picture(view, "gdw-map gdw-still-plot gdw-fit", (context, size) => {
    const theme = themeOf(view.root);
    const walk = view.waiting ? [1] : state.walk(family);
    const reach = 1.1 * Math.max(...walk.map(Math.abs));
    const height = state.heightOf(family);
    const places = Array.from({ length: SAMPLES + 1 }, (_, i) => ((2 * i) / SAMPLES - 1) * reach);
    const heights = places.map(height);
    const top = HEADROOM * Math.max(...heights);
    drawStage(context, frameIn(size), theme, {
      bounds: [
        [-reach, reach],
        [-0.06 * top, top],
      ],
      names: ["x", name],
      draw({ at, x, y }) {
        if (view.waiting) return;
        traceGraph(context, { places, heights }, x, y);
        context.strokeStyle = theme.muted;
        context.lineWidth = 2;
        context.stroke();
        const pixels = walk.map((place) => at([place, height(place)]));
        drawHops(context, pixels, theme);
      },
    });
  });
}

/** The iterates, joined in their order; the last one is marked. */
function drawHops(
  context: CanvasRenderingContext2D,
  pixels: readonly (readonly [number, number])[],
  theme: Theme,
): void {
  const style: MethodStyle = theme.method(RULE);
  context.strokeStyle = style.colour;
  context.lineWidth = 1.25;
  context.beginPath();
  for (const [px, py] of pixels) context.lineTo(px, py);
  context.stroke();
  for (const [px, py] of pixels) drawMarker(context, px, py, style, theme, 32);
  const [px, py] = pixels.at(-1) ?? [0, 0];
  drawMarker(context, px, py, { ...style, colour: theme.accent }, theme, 90);
}

export function worstTable(state: WorstState): Part {
  return explainedTable(
    state.view,
    ["steps", "Huber", "bowl", "worst found"],
    () => {
      const theme = themeOf(state.view.root);
      const style = theme.method(RULE);
      const rowOf = (head: readonly (Node | string)[], colour: string, steps: readonly number[]) => {
        const both = state.worstOf(steps);
        const numbers = [both.huber.value, both.bowl.value, worse(both)];
        return row(head, colour, state.view.waiting ? ["", "", ""] : numbers.map(threeDigits));
      };
      const others = Object.entries(state.plans()).map(([name, steps]) => rowOf([name], theme.ink, steps));
      return [rowOf([symbolPath(style), "yours"], style.colour, state.steps), ...others];
    },
    () => `${summary(state)} ${BOUND}`,
  );
}

export function threeDigits(x: number): string {
  return formatNumber(Number(x.toPrecision(3)));
}

export function summary(state: WorstState): string {
  const silver = state.plans().silver ?? state.steps;
  return summaryWords(state.worstOf(state.steps), state.worstOf(silver), state.count, threeDigits);
}
