/** A hunt in words: for the readouts and for the line that a screen reader hears. */

import { formatNumber, spoken } from "../../core/format";
import type { Found, Hunt } from "./state";

const LEVEL = 1e-3;

export function slopeWords({ slope }: Found): string {
  if (Math.abs(slope) < LEVEL) return "level";
  return slope > 0 ? "falls to the left" : "falls to the right";
}

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
  words.push(`${its} lowest is ${percent(hunt.miss(walk))} above it, after ${walk.length} gradients.`);
  if (found.length) words.push(comparison(hunt.miss(found), hunt.miss(walk)));
  return words;
}

function comparison(yours: number, its: number): string {
  if (Math.abs(yours - its) < 0.005) return "A draw.";
  return yours < its
    ? "You won: you looked around, and it only walks downhill."
    : "It won: it spent its probes where the slope sent it.";
}

function percent(value: number): string {
  return value < 0.005 ? "less than 0.01 %" : `${formatNumber(Number(value.toFixed(2)))} %`;
}
