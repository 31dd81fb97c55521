/** Backtracking as Python does it: each step's rates, from the first to the one that is taken. */

import type { Code } from "../../core/code";
import { results } from "../../core/code";
import { isSound } from "../../core/descent";
import type { Verdict } from "../../core/judge";
import { verdictOf } from "../../core/judge";
import { once } from "../../core/once";
import type { Landscape, LandscapeProgram } from "../../core/program";
import { coordinates } from "../../core/program";

export interface SearchPrograms {
  readonly landscapes: readonly LandscapeProgram[];
  /** Where a look is, J at most there, and the rate after it; over θ, g, J, η, c and s. */
  readonly look: Code;
  /** After so many refusals a step gives up. */
  readonly most_looks: number;
}

/** A rate that was tried. */
export interface Look {
  readonly rate: number;
  readonly point: readonly number[];
  /** J there; NaN out of reach of floats. */
  readonly value: number;
  /** What J must not exceed there: Armijo's line. */
  readonly most: number;
  readonly verdict: Verdict;
}

/** One step: from where, and what was tried. The last look is the one that is taken, or none is. */
export interface Search {
  readonly point: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
  readonly looks: readonly Look[];
}

export interface Settings {
  readonly rate: number;
  readonly shrink: number;
  readonly slope: number;
}

type Computed = (...values: number[]) => number[];
const compiled = once(
  (code: Code): Computed => results([...coordinates("theta", 2), ...coordinates("g", 2), "J", "eta", "c", "s"], code),
);

/** What one look at a rate computes. */
export function lookAt(code: Code, search: Omit<Search, "looks">, rate: number, { slope, shrink }: Settings) {
  const [x = NaN, y = NaN, most = NaN, next = NaN] = compiled(code)(
    ...search.point,
    ...search.gradient,
    search.value,
    rate,
    slope,
    shrink,
  );
  return { point: [x, y], most, next };
}

/** All searches of a descent; one without a look that is taken is the last. */
export function searches(
  programs: SearchPrograms,
  landscape: Landscape,
  start: readonly number[],
  steps: number,
  settings: Settings,
): readonly Search[] {
  const found: Search[] = [];
  let point = start;
  while (found.length < steps) {
    const [value, gradient] = [landscape.value(...point), landscape.gradient(...point)];
    if (!isSound(point, value, gradient)) break;
    const looks = tried(programs, landscape, { point, value, gradient }, settings);
    found.push({ point, value, gradient, looks });
    const last = looks[looks.length - 1];
    if (last?.verdict !== "taken") break;
    point = last.point;
  }
  return found;
}

function tried(
  programs: SearchPrograms,
  landscape: Landscape,
  from: Omit<Search, "looks">,
  settings: Settings,
): readonly Look[] {
  const looks: Look[] = [];
  let { rate } = settings;
  while (looks.length < programs.most_looks) {
    const { point, most, next } = lookAt(programs.look, from, rate, settings);
    if (point.every((x, i) => x === from.point[i])) break;
    const value = point.every(Number.isFinite) ? landscape.value(...point) : NaN;
    const verdict = verdictOf(value, from.value, most);
    looks.push({ rate, point, value, most, verdict });
    if (verdict === "taken") break;
    rate = next;
  }
  return looks;
}
