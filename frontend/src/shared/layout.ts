/** The frame of every figure: a head with its tools, what it shows, its controls; and when each is updated. */

import { h } from "../core/dom";
import type { Panel, Part } from "../core/part";
import type { View } from "../core/view";
import type { Toolbar } from "./toolbar";

/** Fill a figure's box: title and tools, then its rows, then the quiet note. */
export function layOut(view: View, tools: Toolbar, title: HTMLElement, ...rows: HTMLElement[]): void {
  view.root.append(h("div", { class: "gdw-head" }, title, tools.element), ...rows, tools.note);
}

/** The picture that a reader handles, and beside it what follows from that. */
export function stage(main: HTMLElement, ...side: HTMLElement[]): HTMLElement {
  return h("div", { class: "gdw-stage" }, main, h("div", { class: "gdw-side" }, ...side));
}

export function controls(...elements: HTMLElement[]): HTMLElement {
  return h("div", { class: "gdw-controls" }, ...elements);
}

/**
 * Update the parts now, whenever one of the traits changes, and when a figure that waits is revealed; paint the panels
 * after. Returns the update.
 */
export function follow(
  view: View,
  traits: readonly string[],
  parts: readonly Part[],
  panels: readonly Panel[],
): () => void {
  const update = () => {
    for (const part of [...panels, ...parts]) part.update();
    view.invalidate();
  };
  view.onChange([...traits, "_programs"], update);
  view.onReveal(view.guard(update));
  update();
  view.paint(() => panels.forEach((panel) => panel.paint()));
  return update;
}
