/** A canvas that keeps its box's size and the screen's sharpness. */

import { h } from "../core/dom";
import type { Panel } from "../core/part";
import type { View } from "../core/view";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export class Canvas {
  readonly element: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private size: Size = { width: 0, height: 0 };

  constructor(view: View, className: string) {
    // What it shows is said by the view's live line and by the readouts, not pixel by pixel.
    this.element = h("canvas", { class: className, "aria-hidden": "true" });
    const context = this.element.getContext("2d");
    if (!context) throw new Error("this browser has no 2-D canvas");
    this.context = context;
    const observer = new ResizeObserver(() => {
      this.measure();
      view.invalidate();
    });
    observer.observe(this.element);
    view.onDispose(() => observer.disconnect());
  }

  /** Clear and draw in CSS pixels. Does nothing while the canvas has no size. */
  draw(painter: (context: CanvasRenderingContext2D, size: Size) => void): void {
    if (!this.size.width) this.measure();
    const { width, height } = this.size;
    if (!width || !height) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    const pixels = [Math.round(width * ratio), Math.round(height * ratio)] as const;
    if (this.element.width !== pixels[0] || this.element.height !== pixels[1]) {
      [this.element.width, this.element.height] = pixels;
    }
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, width, height);
    painter(this.context, this.size);
  }

  /** Ask for the size only when it has changed: asking makes the browser lay the page out. */
  private measure(): void {
    this.size = { width: this.element.clientWidth, height: this.element.clientHeight };
  }
}

/** A picture with nothing in it to take hold of. */
export function picture(
  view: View,
  className: string,
  draw: (context: CanvasRenderingContext2D, size: Size) => void,
): Panel {
  const canvas = new Canvas(view, "gdw-canvas");
  return {
    element: h("div", { class: className }, canvas.element),
    update() {},
    paint: () => canvas.draw(draw),
  };
}
