/** What is true of the rules in a bowl at an angle. */

import { counted } from "../../core/format";

export interface Need {
  readonly name: string;
  /** Steps at this angle and along the axes; null where the rule does not arrive. */
  readonly here: number | null;
  readonly along: number | null;
}

export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Which rules need as many steps as along the axes, and which do not. */
export function needWords(angle: number, needs: readonly Need[]): string {
  const told = needs.map(({ name, here }) => `${name} ${here ?? "does not arrive"}`);
  const counts = `Steps to a cost of 0.001 at ${angle}°: ${told.join(", ")}.`;
  if (angle === 0) return `${counts} Here the bowl lies along the axes.`;
  const same = needs.filter(({ here, along }) => here === along).map(({ name }) => name);
  const others = needs.filter(({ here, along }) => here !== along).map(differs);
  const level = same.length ? `${list(same)} ${same.length > 1 ? "need" : "needs"} as many as at 0°. ` : "";
  return `${counts} ${[level.replace(/^./, (first) => first.toUpperCase()), ...others].join("")}`.trim();
}

function differs({ name, here, along }: Need): string {
  const before = along === null ? "does not arrive at 0°" : `needs ${counted(along, "step")} at 0°`;
  const times = here && along ? `, ${(here / along).toFixed(1)} times as many here` : "";
  return `${name} ${before}${times}. `;
}
