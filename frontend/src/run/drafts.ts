/** What a reader has typed into a cell and not put back: it is there when the page is opened again. */

import { forget, recall, remember } from "../core/storage";

/** A cell of this page. */
interface Place {
  readonly number: number;
}

/** Keep what was typed instead of the page's own code. */
export function keepDraft(cell: Place, own: string, code: string): void {
  if (code === own) forget(name(cell));
  else remember(name(cell), { own, code });
}

/** What was typed instead of the page's own code, unless that has changed since; or null. */
export function draft(cell: Place, own: string): string | null {
  const kept = Object(recall(name(cell))) as Record<string, unknown>;
  return kept.own === own && typeof kept.code === "string" ? kept.code : null;
}

/** A cell's own code, as it stands in the page. */
export function codeOf(pre: Element): string {
  return (pre.textContent ?? "").replace(/\n$/, "");
}

function name({ number }: Place): string {
  const page = location.pathname
    .split("/")
    .at(-1)
    ?.replace(/\.html$/, "");
  return `draft/${page}/${number}`;
}
