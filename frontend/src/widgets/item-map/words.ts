/** What is true of a person on a map of items. */

import { counted } from "../../core/format";

/** A guess or a mean: one digit behind the point, as answers are whole numbers. */
export function rounded(guess: number): string {
  return guess.toFixed(1).replace("-", "−");
}

export function guessWords(name: string, guess: number, mean: number): string {
  return `Guess for “${name}”: ${rounded(guess)} (mean ${rounded(mean)}).`;
}

export function toldWords(answers: number, length: number): string {
  if (answers) return `The arrow is told from ${counted(answers, "answer")}.`;
  return length ? "The arrow is put by hand." : "No answer yet: every guess is the mean.";
}

/** The items with the highest and with the lowest guesses, so many of each if there are enough. */
export function extremes(guesses: ArrayLike<number>, named: number): { most: number[]; least: number[] } {
  const order = Array.from(guesses, (guess, i) => [guess, i] as const)
    .sort(([a], [b]) => b - a)
    .map(([, i]) => i);
  const each = Math.min(named, Math.floor(order.length / 2));
  return { most: order.slice(0, each), least: order.slice(order.length - each).reverse() };
}

export function agreeWords(names: readonly string[], guesses: ArrayLike<number>, named: number): string {
  const { most, least } = extremes(guesses, named);
  const list = (items: readonly number[]) => items.map((i) => `“${names[i]}”`).join(", ");
  return `Agrees most with ${list(most)}; least with ${list(least)}.`;
}

export function turnWords(degrees: number): string {
  if (!degrees) return "";
  return `Turned by ${String(degrees).replace("-", "−")}°, points and arrow together: no guess has changed.`;
}
