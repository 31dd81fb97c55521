/** A prediction and the figure that tests it: the figure waits for an answer, and the answer starts it. */

import { h } from "../core/dom";
import type { View } from "../core/view";

const ANSWERED = "gdw-answered";
/** What a figure says while it waits: in its words, and in the place of its caption. */
export const PROMPT = "Make your prediction, or try the figure.";
const LATER = "What it shows is said here after your prediction.";

/** The question beside this figure on a chapter's first screen, while it has no answer. */
function openQuestion(view: View): Element | null {
  const question = view.el.closest(".gd-opening")?.querySelector(".gdw-quiz") ?? null;
  return question?.hasAttribute("data-answered") ? null : question;
}

/** Let a figure beside an unanswered question show its start only, and keep its caption for later. */
export function waitForAnswer(view: View): void {
  const question = openQuestion(view);
  if (!question) return;
  view.wait();
  const figure = view.el.closest("figure");
  const later = h("span", { class: "gdw-later" }, LATER);
  figure?.setAttribute("data-waiting", "");
  figure?.querySelector(".caption-text")?.before(later);
  view.onReveal(() => {
    figure?.removeAttribute("data-waiting");
    later.remove();
  });
  const page = view.root.ownerDocument;
  const hear = (event: Event) => {
    if ((event.target as Element).contains(question)) view.reveal();
  };
  page.addEventListener(ANSWERED, hear);
  view.onDispose(() => page.removeEventListener(ANSWERED, hear));
}

/** Tell the figure below a question that it has been answered. */
export function answered(view: View): void {
  view.root.dispatchEvent(new Event(ANSWERED, { bubbles: true }));
}

/**
 * Start a figure when the question right above it is answered: no other figure stands between the two.
 *
 * A reader who wants less motion starts it by hand; until then it may show what `still` makes of it.
 * Off screen it rests until it is scrolled into view.
 */
export function onAnswer(view: View, start: () => void, still: () => void = () => {}): void {
  const page = view.root.ownerDocument;
  const hear = view.guard((event: Event) => {
    const figures = [...page.querySelectorAll(".gdw")];
    const asked = figures.indexOf(event.target as Element);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (asked < 0 || figures[asked + 1] !== view.root) return;
    if (calm) still();
    else start();
  });
  page.addEventListener(ANSWERED, hear);
  view.onDispose(() => page.removeEventListener(ANSWERED, hear));
}
