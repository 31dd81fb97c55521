/** What ItemMap shows: a person's arrow, put by hand or told from answers, and the guesses that follow. */

import { once } from "../../core/once";
import type { TapeProgram } from "../../core/tape";
import { tapeFunction } from "../../core/tape-function";
import type { View } from "../../core/view";
import type { Table } from "../../shared/network";

export const TRAITS = ["person", "answers", "item", "turn"] as const;

export type Pair = readonly [number, number];
export type Answers = Readonly<Record<string, number>>;

interface Programs {
  readonly places: Table;
  readonly names: readonly string[];
  readonly means: readonly number[];
  /** The number of each item's group. */
  readonly groups: readonly number[];
  readonly group_names: readonly string[];
  /** The methods whose looks the groups have. */
  readonly looks: readonly string[];
  readonly levels: Pair;
  /** How far the picture goes to each side. */
  readonly reach: number;
  /** How much longer than the person's vector the arrow is drawn. */
  readonly scale: number;
  /** Answers at most. */
  readonly most: number;
  /** Items that are named as most and as least agreed with. */
  readonly named: number;
  /** Over places, 1 where an item is told of, and answers less means: the person. */
  readonly newcomer: TapeProgram;
  /** Over places, means and the person. */
  readonly guesses: TapeProgram;
  /** Over points and degrees. */
  readonly turned: TapeProgram;
}

/** Numbers as a drag can set them. */
const DIGITS = 4;

export class ItemState {
  constructor(readonly view: View) {}

  get programs(): Programs {
    return this.view.get("_programs");
  }

  get count(): number {
    return this.programs.names.length;
  }

  private readonly run = once(({ newcomer, guesses, turned, places }: Programs) => {
    const count = [places.shape[0] ?? 0];
    return {
      newcomer: tapeFunction(newcomer, [places.shape, count, count]),
      guesses: tapeFunction(guesses, [places.shape, count, [2]]),
      turnedAll: tapeFunction(turned, [places.shape, []]),
      turnedOne: tapeFunction(turned, [[1, 2], []]),
    };
  });

  get answers(): Answers {
    return this.view.get("answers");
  }

  get answered(): number {
    return Object.keys(this.answers).length;
  }

  answerTo(item: number): number | undefined {
    const name = this.programs.names[item] ?? "";
    return Object.hasOwn(this.answers, name) ? this.answers[name] : undefined;
  }

  /** The person's vector. */
  get vector(): Pair {
    if (!this.answered) return this.view.get<Pair>("person");
    const { programs } = this;
    const told = programs.names.map((_, i) => Number(this.answerTo(i) !== undefined));
    const residuals = programs.means.map((mean, i) => (this.answerTo(i) ?? mean) - mean);
    const [x = NaN, y = NaN] = this.run(programs).newcomer(programs.places.data, told, residuals);
    return [x, y];
  }

  get guesses(): Float64Array {
    const { programs } = this;
    return this.run(programs).guesses(programs.places.data, programs.means, this.vector);
  }

  get turn(): number {
    return this.view.get("turn");
  }

  /** The items' places as they are seen, (x0, y0, x1, y1, …). */
  get seen(): Float64Array {
    return this.run(this.programs).turnedAll(this.programs.places.data, [this.turn]);
  }

  /** Where the arrow's tip is seen. */
  get tip(): Pair {
    const { scale } = this.programs;
    const [x, y] = this.vector;
    return this.turnedBy([x * scale, y * scale], this.turn);
  }

  private turnedBy(point: readonly number[], degrees: number): Pair {
    const [x = 0, y = 0] = this.run(this.programs).turnedOne(point, [degrees]);
    return [x, y];
  }

  /** Put the tip where the reader wants to see it; what was answered no longer counts. */
  tipTo(point: readonly number[]): void {
    const { scale } = this.programs;
    const person = this.turnedBy(point, -this.turn).map((value) => Number((value / scale).toPrecision(DIGITS)));
    this.view.set({ person, answers: {} });
  }

  /** The item that is told of. */
  get item(): number {
    return Math.max(0, this.programs.names.indexOf(this.view.get("item")));
  }

  choose(item: number): void {
    this.view.set({ item: this.programs.names[item] });
  }

  get full(): boolean {
    return this.answered >= this.programs.most;
  }

  /** Answer an item, or take the answer back by giving it again. */
  answer(item: number, level: number): void {
    const name = this.programs.names[item] ?? "";
    const { [name]: before, ...others } = this.answers;
    if (before === undefined && this.full) return;
    this.view.set({ answers: before === level ? others : { ...this.answers, [name]: level } });
  }

  get levels(): number[] {
    const [low, high] = this.programs.levels;
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
  }
}

/** Answers in a link: items by number, with their answers. */
export function writeAnswers(answers: Answers, names: readonly string[]): string {
  return Object.entries(answers)
    .map(([name, level]) => `${names.indexOf(name)}:${level}`)
    .join(",");
}

export function readAnswers(text: string, { names, levels: [low, high], most }: AnswerRules): Answers | null {
  const pairs = text ? text.split(",").map((part) => /^(\d{1,3}):(-?\d{1,7})$/.exec(part)) : [];
  const answers: Record<string, number> = {};
  for (const pair of pairs) {
    const [name, level] = [names[Number(pair?.[1])], Number(pair?.[2])];
    if (name === undefined || !(level >= low && level <= high)) return null;
    Object.defineProperty(answers, name, { value: level, enumerable: true, configurable: true });
  }
  return Object.keys(answers).length === pairs.length && pairs.length <= most ? answers : null;
}

export type AnswerRules = Pick<Programs, "names" | "levels" | "most">;
