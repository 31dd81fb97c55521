/** A chart against the step; pointing at it moves the clock. */

import { h } from "../core/dom";
import type { Panel } from "../core/part";
import { themeOf } from "../core/theme";
import type { View } from "../core/view";
import { Canvas } from "../plots/canvas";
import type { ChartLayout, ChartSpec } from "../plots/chart";
import { drawChart } from "../plots/chart";

export interface SeekSpec {
  readonly chart: () => ChartSpec;
  /** Go to a place on the axis, which may lie outside of it. */
  readonly seek: (at: number) => void;
  /** Let a mouse move the clock without a button. */
  readonly hover?: boolean;
}

export function seekChart(view: View, { chart, seek, hover = false }: SeekSpec): Panel {
  const canvas = new Canvas(view, "gdw-canvas gdw-seek");
  let layout: ChartLayout | null = null; // of the last frame: what the reader points at is what was drawn
  const point = (event: PointerEvent) => {
    if (layout) seek(layout.x.invert(event.offsetX));
  };
  view.listen(canvas.element, "pointerdown", point);
  view.listen(canvas.element, "pointermove", (event) => {
    const pointed = hover && event.pointerType === "mouse" && !view.waiting;
    if (event.buttons || pointed) point(event);
  });
  return {
    element: h("div", { class: "gdw-chart" }, canvas.element),
    update() {},
    paint() {
      const spec = chart();
      canvas.draw((context, size) => {
        layout = drawChart(context, size, themeOf(view.root), spec);
      });
    },
  };
}
