/** A small table: what the picture shows, as numbers. */

import { h } from "../core/dom";
import type { Part } from "../core/part";
import type { View } from "../core/view";
import { PROMPT } from "./prediction";

export function table(columns: readonly (Node | string)[]): { element: HTMLElement; body: HTMLElement } {
  const head = h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)));
  const body = h("tbody");
  return { element: h("table", { class: "gdw-table" }, h("thead", {}, head), body), body };
}

/** A table of what is shown now, with words about it below; a prompt while the figure waits. */
export function explainedTable(
  view: View,
  columns: readonly (Node | string)[],
  rows: () => readonly HTMLElement[],
  explanation: () => string,
): Part {
  const { element, body } = table(columns);
  const words = h("p", { class: "gdw-words" });
  return {
    element: h("div", { class: "gdw-readouts" }, element, words),
    update() {
      body.replaceChildren(...rows());
      words.textContent = view.waiting ? PROMPT : explanation();
    },
  };
}

/** A row that a method's colour and marker head. */
export function row(head: readonly (Node | string)[], colour: string, cells: readonly string[]): HTMLElement {
  const name = h("th", { scope: "row" }, ...head);
  name.style.setProperty("--colour", colour);
  return h("tr", {}, name, ...cells.map((text) => h("td", {}, text)));
}
