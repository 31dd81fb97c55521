/** What WordNeighbours shows: a word, and how near each other word's vector points in its direction. */

import { once } from "../../core/once";
import type { TapeProgram } from "../../core/tape";
import { tapeFunction } from "../../core/tape-function";
import type { View } from "../../core/view";

export const TRAITS = ["word", "shown", "number"] as const;

export interface WordSet {
  readonly name: string;
  /** One vector after the other. */
  readonly vectors: readonly number[];
  /** Two coordinates a word. */
  readonly places: readonly number[];
}

export interface Programs {
  readonly words: readonly string[];
  /** How often the text has each word, if that is known. */
  readonly counts: readonly number[] | null;
  /** How long a vector is. */
  readonly numbers: number;
  readonly sets: readonly WordSet[];
  /** Over all vectors and one: the cosines. */
  readonly cosines: TapeProgram;
  /** Over cosines: how far vectors of length 1 are from each other. */
  readonly apart: TapeProgram;
  /** Cosines at which the picture has a ring. */
  readonly rings: readonly number[];
  /** Neighbours at most. */
  readonly most: number;
}

export interface Near {
  readonly index: number;
  readonly alike: number;
}

export class WordState {
  constructor(readonly view: View) {}

  get programs(): Programs {
    return this.view.get("_programs");
  }

  /** The number of the chosen word. */
  get chosen(): number {
    return Math.max(0, this.programs.words.indexOf(this.view.get("word")));
  }

  get word(): string {
    return this.programs.words[this.chosen] ?? "";
  }

  get set(): WordSet {
    const { sets } = this.programs;
    return sets.find(({ name }) => name === this.view.get("shown")) ?? (sets[0] as WordSet);
  }

  private readonly run = once(({ cosines, apart, rings, words, numbers }: Programs) => ({
    cosines: tapeFunction(cosines, [[words.length, numbers], [numbers]]),
    apart: tapeFunction(apart, [[words.length]]),
    rings: tapeFunction(apart, [[rings.length]])(rings),
  }));

  /** The cosines of all words with the chosen one, by one set of vectors. */
  alike({ vectors }: WordSet = this.set): Float64Array {
    const { programs, chosen } = this;
    const from = chosen * programs.numbers;
    return this.run(programs).cosines(vectors, vectors.slice(from, from + programs.numbers));
  }

  /** How far each word's vector is from the chosen one's, both at length 1. */
  get distances(): Float64Array {
    return this.run(this.programs).apart(this.alike());
  }

  /** The same at the cosines of the rings. */
  get rings(): Float64Array {
    return this.run(this.programs).rings;
  }

  /** The nearest words, the nearest first; none while the figure waits for a prediction. */
  nearest(set: WordSet = this.set): Near[] {
    if (this.view.waiting) return [];
    return rank(this.alike(set), this.chosen).slice(0, this.view.get("number"));
  }

  choose(index: number): void {
    this.view.set({ word: this.programs.words[index] });
  }
}

/** All but one by their cosines, the highest first; of equal ones the one that stands first. */
export function rank(alike: ArrayLike<number>, chosen: number): Near[] {
  return Array.from(alike, (cosine, index) => ({ index, alike: cosine }))
    .filter(({ index }) => index !== chosen)
    .sort((a, b) => b.alike - a.alike);
}
