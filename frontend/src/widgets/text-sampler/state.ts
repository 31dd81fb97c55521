/** What TextSampler shows: a model after some steps of a rule, a beginning, and how it goes on. */

import { uniforms } from "../../core/generator";
import { once } from "../../core/once";
import type { TapeProgram } from "../../core/tape";
import { size } from "../../core/tape-shapes";
import type { View } from "../../core/view";
import type { PartShape } from "../../shared/network";
import { answersOf, sizeOf } from "../../shared/network";

export const TRAITS = ["rule", "step", "beginning", "seed"] as const;

export interface Packed {
  /** One character a weight. */
  readonly digits: string;
  /** What one is worth in each column of each array. */
  readonly worth: readonly number[];
}

export interface Run {
  readonly name: string;
  /** Costs at even distances, from step 0 to the last. */
  readonly curve: readonly number[];
  /** After each of the steps but the first, which is 0. */
  readonly weights: readonly Packed[];
}

export interface Programs {
  /** Over the parts of θ and rows with a one at each sign: the probabilities of the next, row by row. */
  readonly answers: TapeProgram;
  readonly parts: readonly PartShape[];
  readonly alphabet: string;
  /** How many signs the model reads. */
  readonly length: number;
  readonly steps: readonly number[];
  /** The characters of weights, from the most negative on. */
  readonly digits: string;
  readonly runs: readonly Run[];
  /** How many signs are written, and how many a beginning has at most. */
  readonly written: number;
  readonly longest: number;
  /** How many signs have a bar. */
  readonly expected: number;
}

export interface Expected {
  readonly sign: string;
  readonly share: number;
}

export class SamplerState {
  private key = "";
  private found: { readonly theta: Float64Array; readonly next: readonly Expected[]; readonly text: string } | null =
    null;

  constructor(readonly view: View) {}

  get programs(): Programs {
    return this.view.get("_programs");
  }

  get run(): Run {
    const { runs } = this.programs;
    return runs.find(({ name }) => name === this.view.get("rule")) ?? (runs[0] as Run);
  }

  get step(): number {
    return this.view.get("step");
  }

  /** The chosen step's number among those that there are. */
  get index(): number {
    return Math.max(0, this.programs.steps.indexOf(this.step));
  }

  get last(): number {
    return this.programs.steps.at(-1) ?? 0;
  }

  get beginning(): string {
    return this.view.get("beginning");
  }

  /** The cost at the chosen step, by the curve. */
  get cost(): number {
    const { curve } = this.run;
    return curve[Math.round((this.step / this.last) * (curve.length - 1))] ?? NaN;
  }

  /** The most probable signs after the beginning, first the most probable. */
  get next(): readonly Expected[] {
    return this.made.next.slice(0, this.programs.expected);
  }

  /** What the model writes after the beginning. */
  get text(): string {
    return this.made.text;
  }

  private get made() {
    const key = JSON.stringify(TRAITS.map((name) => this.view.get(name)));
    if (key !== this.key || !this.found) {
      const theta = unpacked(this.programs, this.run.weights[this.index - 1]);
      const shares = [...this.probabilities(theta, this.beginning)];
      const next = shares.map((share, i) => ({ sign: this.programs.alphabet[i] ?? "", share }));
      next.sort((a, b) => b.share - a.share);
      this.found = { theta, next, text: this.write(theta) };
      this.key = key;
    }
    return this.found;
  }

  private readonly model = once(({ answers, parts, length, alphabet }: Programs) =>
    answersOf(answers, parts, [length, alphabet.length]),
  );

  /** How probable each sign is after a text, of which the model reads the end. */
  probabilities(theta: Float64Array, text: string): Float64Array {
    const { alphabet, length } = this.programs;
    const { features, at } = this.model(this.programs);
    const read = [...text].slice(-length);
    features.fill(0);
    for (let i = 0; i < length; i++) features[i * alphabet.length + Math.max(0, alphabet.indexOf(read[i] ?? ""))] = 1;
    return at(theta).slice((read.length - 1) * alphabet.length, read.length * alphabet.length);
  }

  private write(theta: Float64Array): string {
    const { alphabet, written } = this.programs;
    const draw = uniforms(this.view.get("seed"));
    let text = this.beginning;
    for (let k = 0; k < written; k++) text += alphabet[drawn(this.probabilities(theta, text), draw())];
    return text.slice(this.beginning.length);
  }
}

/** The first place up to which the probabilities add up to more than u. */
export function drawn(shares: ArrayLike<number>, u: number): number {
  let sum = 0;
  for (let i = 0; i < shares.length - 1; i++) {
    sum += shares[i] as number;
    if (u < sum) return i;
  }
  return shares.length - 1;
}

/** θ of the digits that a page keeps; zeros before the first step, where all signs are equally probable. */
export function unpacked({ parts, digits }: Pick<Programs, "parts" | "digits">, packed?: Packed): Float64Array {
  const theta = new Float64Array(sizeOf(parts));
  if (!packed) return theta;
  const zero = (digits.length - 1) / 2;
  let [at, column] = [0, 0];
  for (const { shape } of parts) {
    const columns = shape.at(-1) ?? 1;
    for (let i = 0; i < size(shape); i++, at++) {
      const whole = digits.indexOf(packed.digits[at] ?? "") - zero;
      theta[at] = whole * (packed.worth[column + (i % columns)] ?? 0);
    }
    column += columns;
  }
  return theta;
}
