/** What WorstCase shows: the steps that a reader has drawn, and of two families the function that hurts them most. */

import { own } from "../../core/dom";
import { readNumber, writeNumber } from "../../core/fragment";
import { once } from "../../core/once";
import type { TapeProgram } from "../../core/tape";
import { tapeFunction } from "../../core/tape-function";
import type { View } from "../../core/view";

export const TRAITS = ["steps"] as const;
export const FAMILIES = ["huber", "bowl"] as const;

export type Family = (typeof FAMILIES)[number];

export interface Worst {
  /** The cost after the last step. */
  readonly value: number;
  /** Where a Huber function bends, or a bowl's curvature. */
  readonly parameter: number;
}

export type Both = Readonly<Record<Family, Worst>>;

/** A step over place, its size and the parameter; the cost over place and parameter. */
type Pair = readonly [move: TapeProgram, value: TapeProgram];

interface Programs extends Readonly<Record<Family, Pair>> {
  /** Steps at most. */
  readonly most: number;
  readonly range: readonly [low: number, high: number];
  /** Functions that are tried at once, how often, and the first parameter of them. */
  readonly tried: number;
  readonly rounds: number;
  readonly first: number;
  /** For each number of steps, the plans with their names, in the order in which they are shown. */
  readonly presets: readonly (readonly (readonly [name: string, steps: readonly number[]])[])[];
}

const DIGITS = 3;
/** Less apart are steps that a link carries to six digits, and what they leave. */
const CLOSE = 1e-5;

export class WorstState {
  private known = new Map<string, Both>();

  constructor(readonly view: View) {}

  get programs(): Programs {
    return this.view.get("_programs");
  }

  get steps(): readonly number[] {
    return this.view.get("steps");
  }

  get count(): number {
    return this.steps.length;
  }

  /** The plans for as many steps, or for another number. */
  plans(count: number = this.count): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries(this.programs.presets[count - 1] ?? []);
  }

  /** The name of the plan that the steps follow, if they do. */
  get plan(): string | undefined {
    const mine = this.steps;
    return Object.entries(this.plans()).find(([, steps]) => steps.every((step, i) => close(step, mine[i] ?? NaN)))?.[0];
  }

  /** Set a step, within its range and to three digits. */
  draw(index: number, size: number): void {
    const [low, high] = this.programs.range;
    const kept = Number(Math.min(high, Math.max(low, size)).toPrecision(DIGITS));
    if (Number.isFinite(kept)) this.view.set({ steps: this.steps.map((step, i) => (i === index ? kept : step)) });
  }

  /** Take another number of steps: of the same plan, or the first of these and then 1. */
  resize(count: number): void {
    const { plan, steps } = this;
    const others = this.plans(count);
    const longer = Array.from({ length: count }, (_, i) => steps[i] ?? 1);
    this.view.set({ steps: [...((plan && own(others, plan)) || longer)] });
  }

  follow(plan: string): void {
    this.view.set({ steps: [...(own(this.plans(), plan) ?? this.steps)] });
  }

  private readonly run = once((programs: Programs) => {
    const of = (family: Family, length: number) => {
      const [move, value] = programs[family];
      const many = [length];
      return { move: tapeFunction(move, [many, [], many]), value: tapeFunction(value, [many, many]) };
    };
    const both = (length: number) => ({ huber: of("huber", length), bowl: of("bowl", length) });
    return { all: both(programs.tried), one: both(1) };
  });

  /** The worst of both families for some steps. */
  worstOf(steps: readonly number[]): Both {
    const key = steps.join();
    const known = this.known.get(key) ?? { huber: this.search("huber", steps), bowl: this.search("bowl", steps) };
    if (this.known.size > 50) this.known.clear();
    this.known.set(key, known);
    return known;
  }

  /** Try many parameters in equal ratios, then more between the best one's neighbours. */
  private search(family: Family, steps: readonly number[]): Worst {
    const { tried, rounds, first } = this.programs;
    const { move, value } = this.run(this.programs).all[family];
    let [low, high, best] = [first, 1, { value: NaN, parameter: NaN }];
    for (let round = 0; round < rounds; round++) {
      const parameters = Float64Array.from({ length: tried }, (_, i) => low * (high / low) ** (i / (tried - 1)));
      let x = new Float64Array(tried).fill(1);
      for (const step of steps) x = Float64Array.from(move(x, [step], parameters));
      const costs = value(x, parameters);
      const at = costs.reduce((top, cost, i) => (cost > (costs[top] ?? 0) ? i : top), 0);
      best = { value: costs[at] ?? NaN, parameter: parameters[at] ?? NaN };
      [low, high] = [parameters[Math.max(at - 1, 0)] ?? low, parameters[Math.min(at + 1, tried - 1)] ?? high];
    }
    return best;
  }

  /** The iterates on a family's worst function. */
  walk(family: Family): number[] {
    const { move } = this.run(this.programs).one[family];
    const { parameter } = this.worstOf(this.steps)[family];
    const places = [1];
    for (const step of this.steps) places.push(move([places.at(-1) ?? NaN], [step], [parameter])[0] ?? NaN);
    return places;
  }

  /** The cost of a family's worst function at a place. */
  heightOf(family: Family): (x: number) => number {
    const { value } = this.run(this.programs).one[family];
    const { parameter } = this.worstOf(this.steps)[family];
    return (x) => value([x], [parameter])[0] ?? NaN;
  }
}

export function close(one: number, other: number): boolean {
  return Math.abs(one / other - 1) < CLOSE;
}

export function worse({ huber, bowl }: Both): number {
  return Math.max(huber.value, bowl.value);
}

export function writeSteps(steps: readonly number[]): string {
  return steps.map(writeNumber).join(",");
}

export function readSteps(text: string, { most, range: [low, high] }: StepRules): number[] | null {
  const steps = text.split(",").map((part) => readNumber(part, low, high));
  return steps.length <= most && steps.every((step): step is number => step !== null) ? steps : null;
}

export type StepRules = Pick<Programs, "most" | "range">;
