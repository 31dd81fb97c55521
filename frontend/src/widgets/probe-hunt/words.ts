/** A hunt in words: for the readouts and for the line that a screen reader hears. */

import { counted, formatNumber, spoken } from "../../core/format";
import { slopeWords, winnerWords } from "../../shared/words";
import type { Found, Hunt } from "./state";

export function lowest(found: readonly Found[]): Found | null {
  return found.reduce<Found | null>((best, each) => (best && best.height <= each.height ? best : each), null);
}

export function spokenProbe(hunt: Hunt): string {
  const latest = hunt.found.at(-1);
  if (!latest) return "New curve. Nothing probed yet.";
  const { place, height, slope } = latest;
  const rest = hunt.lifted ? "The fog has lifted." : `${hunt.left} left.`;
  const found = `height ${spoken(height)}, slope ${spoken(slope)}, ${slopeWords(latest)}`;
  return `Probe ${hunt.found.length} at ${spoken(place)}: ${found}. ${rest}`;
}

/** Who came how close: said once the fog has lifted. */
export function scoreWords(hunt: Hunt): string[] {
  const { found, walk, run } = hunt;
  const words: string[] = [];
  if (found.length)
    words.push(`Your lowest probe is ${percent(hunt.miss(found))} of the curve's height above the bottom.`);
  if (walk.length <= run.steps) return words;
  const { name } = hunt.programs.rule;
  const its = `${name.charAt(0).toUpperCase()}${name.slice(1)}'s`;
  words.push(`${its} lowest is ${percent(hunt.miss(walk))} above it, after ${counted(walk.length, "gradient")}.`);
  if (found.length) words.push(winnerWords(hunt.miss(found), hunt.miss(walk)));
  return words;
}

function percent(value: number): string {
  return value < 0.005 ? "less than 0.01 %" : `${formatNumber(Number(value.toFixed(2)))} %`;
}
