/** What is true of a model and a text. */

import { counted } from "../../core/format";
import type { Expected } from "./state";

/** A sign as it is shown: a blank by its name. */
export function named(sign: string): string {
  return sign === " " ? "blank" : sign;
}

export function share(probability: number): string {
  return probability.toFixed(2);
}

const quoted = ({ sign, share: probability }: Expected) =>
  `${sign === " " ? "a blank" : `“${sign}”`} (${share(probability)})`;

export function summary(rule: string, step: number, cost: number, next: readonly Expected[]): string {
  const [first, second] = next;
  const moment = step ? `After ${counted(step, "step")} of ${rule}` : "Before the first step";
  const expected =
    !first || !second || first.share === next.at(-1)?.share
      ? "All signs are equally probable."
      : `Next it expects ${quoted(first)} or ${quoted(second)}.`;
  return `${moment} the model needs ${cost.toFixed(2)} bits a sign. ${expected}`;
}

/** What a reader types in the alphabet of the model: in lower case, other signs as blanks, no longer than it may be. */
export function plain(typed: string, alphabet: string, longest: number): string {
  const signs = [...typed.toLowerCase()].map((sign) => (alphabet.includes(sign) ? sign : " "));
  return signs.slice(-longest).join("");
}
