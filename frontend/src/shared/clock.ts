/** The moment that a figure shows. */

import type { View } from "../core/view";

/** The moment that a trait names; the last one where it is null or beyond, the first while the figure waits. */
export function shownAt(view: View, trait: string, last: number): number {
  if (view.waiting) return 0;
  return Math.min(view.get<number | null>(trait) ?? last, last);
}
