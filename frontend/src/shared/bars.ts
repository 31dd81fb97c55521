/** A list of bars: each with what it is of before it, and its number behind. */

import { h, setText } from "../core/dom";

export interface Bar {
  readonly element: HTMLElement;
  /** Give the bar a share of its full length, and its number. */
  show(share: number, number: string): void;
}

export function bar(head: Node | string, ...more: Node[]): Bar {
  const [filled, number] = [h("span", { class: "gdw-bar" }), h("span", { class: "gdw-share" })];
  return {
    element: h("li", {}, head, filled, number, ...more),
    show(share, text) {
      filled.style.setProperty("--share", String(Number(Math.min(1, Math.max(0, share)).toFixed(4))));
      setText(number, text);
    },
  };
}

export function barList(className: string, bars: readonly Bar[]): HTMLElement {
  return h("ul", { class: `gdw-bars ${className}` }, ...bars.map(({ element }) => element));
}
