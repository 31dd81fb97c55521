/** Numbers that a reader types into a form, as Python's. */

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i;

/** Numbers with commas between them, as Python writes a list; null for anything else. */
export function list(text: string): string | null {
  const parts = text
    .replaceAll("−", "-")
    .split(",")
    .map((part) => number(part.trim()));
  return parts.includes(null) ? null : `[${parts.join(", ")}]`;
}

/** Rewrites what Python does not take: 007, and thousands of digits. */
function number(text: string): string | null {
  const value = Number(text);
  return NUMBER.test(text) && Number.isFinite(value) ? `${value}` : null;
}

/** Pairs such as "-3, 3; 0, 1", one a variable; one pair alone serves for all. Null for anything else. */
export function pairs(text: string): string | null {
  const lists = text.split(";").map(list);
  if (!lists.every((one) => one?.split(",").length === 2)) return null;
  return lists.length === 1 ? `${lists[0]}` : `[${lists.join(", ")}]`;
}
