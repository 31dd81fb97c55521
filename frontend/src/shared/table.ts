/** A small table: what the picture shows, as numbers. */

import { h } from "../core/dom";

export function table(columns: readonly (Node | string)[]): { element: HTMLElement; body: HTMLElement } {
  const head = h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)));
  const body = h("tbody");
  return { element: h("table", { class: "gdw-table" }, h("thead", {}, head), body), body };
}

/** A row that a method's colour and marker head. */
export function row(head: readonly (Node | string)[], colour: string, cells: readonly string[]): HTMLElement {
  const name = h("th", { scope: "row" }, ...head);
  name.style.setProperty("--colour", colour);
  return h("tr", {}, name, ...cells.map((text) => h("td", {}, text)));
}
