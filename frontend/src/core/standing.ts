/** What is kept of the reader's progress, whatever that may be, and how it rises: this much many pages need. */

import { recall, remember } from "./storage";

/** The name under which the list is kept. */
export const KEPT = "progress";
/** Heard on the document when the list has changed. */
export const CHANGED = "gd-progress";

/** What is kept of quizzes or of exercises: level by name. */
export function kept(kind: string): Record<string, unknown> {
  return Object(Object(recall(KEPT))[kind]);
}

/** Whether nothing is left to do: not with the lowest level of either kind, nor with none. */
export function isDone(level: unknown): boolean {
  return level !== undefined && level !== "wrong" && level !== "tried";
}

/** Note that an exercise has been tried, and whether it was right. */
export function noteExercise(name: string, correct: boolean): void {
  note("exercises", name, correct ? "right" : "tried");
}

/** Note the first answer of a try; a right one after a wrong one mends that. */
export function noteQuiz(name: string, correct: boolean): void {
  note("quizzes", name, correct ? (kept("quizzes")[name] ? "mended" : "right") : "wrong");
}

/** What is done stays as it is. */
function note(kind: string, name: string, level: string): void {
  if (isDone(kept(kind)[name])) return;
  remember(KEPT, { ...Object(recall(KEPT)), [kind]: { ...kept(kind), [name]: level } });
  document.dispatchEvent(new Event(CHANGED));
}
