/** A prediction and the figure that tests it: answering the question starts the figure. */

import type { View } from "../core/view";

const ANSWERED = "gdw-answered";

/** Tell the figure below a question that it has been answered. */
export function answered(view: View): void {
  view.root.dispatchEvent(new Event(ANSWERED, { bubbles: true }));
}

/**
 * Start a figure when the question right above it is answered: no other figure stands between the two.
 *
 * A reader who wants less motion starts it by hand. Off screen it rests until it is scrolled into view.
 */
export function onAnswer(view: View, start: () => void): void {
  const page = view.root.ownerDocument;
  const hear = view.guard((event: Event) => {
    const figures = [...page.querySelectorAll(".gdw")];
    const asked = figures.indexOf(event.target as Element);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (asked >= 0 && figures[asked + 1] === view.root && !calm) start();
  });
  page.addEventListener(ANSWERED, hear);
  view.onDispose(() => page.removeEventListener(ANSWERED, hear));
}
