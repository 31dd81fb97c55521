/** What DigitPad shows: a drawing, what the network is given of it, and what it answers. */

import { readNumber } from "../../core/fragment";
import { once } from "../../core/once";
import type { TapeProgram } from "../../core/tape";
import type { View } from "../../core/view";
import type { PartShape } from "../../shared/network";
import { answersOf } from "../../shared/network";
import type { BitmapRules, Point, Stroke } from "./drawing";
import { countsOf } from "./drawing";

export const TRAITS = ["strokes"] as const;
/** Points of a drawing at most: what follows is not kept. */
const MOST_POINTS = 600;
/** Units of the pad between two points of a stroke, at least. */
const APART = 2;

interface Programs {
  readonly network: { readonly scores: TapeProgram; readonly parts: readonly PartShape[] };
  readonly theta: readonly number[];
  readonly bitmap: BitmapRules;
  /** Along each side of the pad. */
  readonly side: number;
  /** What the network is given for an empty block, and for a full one. */
  readonly levels: readonly [number, number];
}

export class PadState {
  private readonly counted = once((strokes: readonly Stroke[]) => countsOf(strokes, this.programs.bitmap));

  constructor(readonly view: View) {}

  get programs(): Programs {
    return this.view.get("_programs");
  }

  get strokes(): readonly Stroke[] {
    return this.view.get("strokes");
  }

  get empty(): boolean {
    return !this.strokes.some((stroke) => stroke.length);
  }

  /** Blocks along a side. */
  get blocks(): number {
    const { pixels, block } = this.programs.bitmap;
    return pixels / block;
  }

  get full(): number {
    return this.programs.bitmap.block ** 2;
  }

  get counts(): readonly number[] {
    return this.counted(this.strokes);
  }

  /** How probable the network finds each digit; null where nothing is drawn. */
  get answer(): readonly number[] | null {
    return this.empty ? null : this.classify(this.counts);
  }

  private classify(counts: readonly number[]): number[] {
    const { programs, full } = this;
    const { features, at } = this.network(programs);
    const [low, high] = programs.levels;
    counts.forEach((count, i) => {
      features[i] = low + (count / full) * (high - low);
    });
    return [...at(programs.theta)];
  }

  private readonly network = once(({ network }: Programs) =>
    answersOf(network.scores, network.parts, [1, this.blocks ** 2]),
  );

  /** A place within the pad, at whole units. */
  kept(x: number, y: number): Point {
    const { side } = this.programs;
    const within = (value: number) => Math.round(Math.min(side, Math.max(0, value)));
    return [within(x), within(y)];
  }

  begin(at: Point): void {
    if (this.points < MOST_POINTS) this.view.set({ strokes: [...this.strokes, [at]] });
  }

  /** Draw on to a place; what is too near to the last point waits for more. */
  go(at: Point, apart = APART): void {
    const last = this.strokes.at(-1) ?? [];
    const [x, y] = last.at(-1) ?? [NaN, NaN];
    if (this.points >= MOST_POINTS || Math.hypot(at[0] - x, at[1] - y) < apart) return;
    this.view.set({ strokes: [...this.strokes.slice(0, -1), [...last, at]] });
  }

  undo(): void {
    this.view.set({ strokes: this.strokes.slice(0, -1) });
  }

  clear(): void {
    this.view.set({ strokes: [] });
  }

  private get points(): number {
    return this.strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  }
}

export function writeStrokes(strokes: readonly Stroke[]): string {
  return strokes.map((stroke) => stroke.flat().join(",")).join(";");
}

/** The strokes of a link, or null. */
export function readStrokes(text: string, side: number): Stroke[] | null {
  if (!text) return [];
  const strokes = text.split(";").map((part) => {
    const numbers = part.split(",").map((each) => readNumber(each, 0, side));
    const pairs = Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
    return numbers.length % 2 || numbers.includes(null) ? null : (pairs as unknown as Stroke);
  });
  const sound = strokes.filter((stroke): stroke is Stroke => stroke !== null);
  return sound.length === strokes.length && sound.flat().length <= MOST_POINTS ? sound : null;
}
