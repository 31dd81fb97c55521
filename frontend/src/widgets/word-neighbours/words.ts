/** What is true of a word and its neighbours. */

import { counted } from "../../core/format";
import type { Near, Programs } from "./state";

export function cosine(alike: number): string {
  return alike.toFixed(2).replace("-", "−");
}

export function nearWords({ words, counts }: Programs, chosen: number, near: readonly Near[]): string {
  const often = counts ? ` (${counted(counts[chosen] ?? 0, "time")} in the text)` : "";
  const list = near.slice(0, 3).map(({ index, alike }) => `“${words[index]}” ${cosine(alike)}`);
  return `Nearest to “${words[chosen]}”${often}: ${list.join(", ")}.`;
}

/** How many of a word's neighbours are its neighbours by other vectors, too. */
export function sharedWords(near: readonly Near[], others: readonly { name: string; near: readonly Near[] }[]): string {
  return others
    .map(({ name, near: other }) => {
      const also = new Set(other.map(({ index }) => index));
      const both = near.filter(({ index }) => also.has(index)).length;
      if (near.length === 1) return ` By “${name}” ${both ? "it is the nearest, too" : "another is the nearest"}.`;
      return ` By “${name}”, ${both} of these ${near.length} are among the ${near.length} nearest, too.`;
    })
    .join("");
}

/** The number of a typed word, whatever its case and the blanks around it; −1 for one without a vector. */
export function find(typed: string, words: readonly string[]): number {
  const text = typed.trim();
  const exact = words.indexOf(text);
  return exact >= 0 ? exact : words.findIndex((word) => word.toLowerCase() === text.toLowerCase());
}
