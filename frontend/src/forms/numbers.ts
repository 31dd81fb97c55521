/** Numbers that a reader types into a form, as Python's. */

import { readNumber } from "../core/fragment";

/** What is said where `pairs` finds none. */
export const BOX = "A box is two numbers such as -3, 3; or a pair for each variable: -3, 3; 0, 1.";

/** Numbers with commas between them, as Python writes a list: 7 for 007, too. Null for anything else. */
export function list(text: string): string | null {
  const parts = text
    .replaceAll("−", "-")
    .split(",")
    .map((part) => readNumber(part.trim()));
  return parts.includes(null) ? null : `[${parts.join(", ")}]`;
}

/** Pairs such as "-3, 3; 0, 1", one a variable; one pair alone serves for all. Null for anything else. */
export function pairs(text: string): string | null {
  const lists = text.split(";").map(list);
  if (!lists.every((one) => one?.split(",").length === 2)) return null;
  return lists.length === 1 ? `${lists[0]}` : `[${lists.join(", ")}]`;
}
