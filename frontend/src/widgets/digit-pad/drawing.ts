/** A drawing brought into the form of the data, 8 × 8 counts from 0 to 16, as `gdlib/widgets/drawing.py` does it. */

export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

/** What Python prints: sizes in pixels of the bitmap. */
export interface BitmapRules {
  readonly pixels: number;
  readonly block: number;
  readonly widest: number;
  readonly taller: number;
  /** How many pixels are black; the thinnest pen that makes them so is taken. */
  readonly black: number;
  /** Radii. */
  readonly pens: readonly number[];
}

/** How many of its pixels are black in each block, row by row from the top. */
export function countsOf(strokes: readonly Stroke[], rules: BitmapRules): number[] {
  const { pixels, block } = rules;
  const side = pixels / block;
  const counts = new Array<number>(side * side).fill(0);
  bitmapOf(strokes, rules).forEach((black, i) => {
    const at = Math.floor(Math.floor(i / pixels) / block) * side + Math.floor((i % pixels) / block);
    counts[at] = (counts[at] ?? 0) + black;
  });
  return counts;
}

/** 1 where a pixel is black, row by row from the top. */
export function bitmapOf(strokes: readonly Stroke[], rules: BitmapRules): Uint8Array {
  let drawn = new Uint8Array(rules.pixels ** 2);
  const inked = strokes.filter((stroke) => stroke.length);
  if (!inked.length) return drawn;
  for (const pen of rules.pens) {
    drawn = draw(scaled(inked, pen, rules), pen, rules.pixels);
    if (drawn.reduce((sum, black) => sum + black, 0) >= rules.black) break;
  }
  return drawn;
}

function scaled(strokes: readonly Stroke[], pen: number, { pixels, widest, taller }: BitmapRules): Stroke[] {
  const [x, y] = [0, 1].map((axis) => {
    const all = strokes.flatMap((stroke) => stroke.map((point) => point[axis] as number));
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return { middle: (low + high) / 2, span: Math.max(high - low, 1e-9) };
  }) as [{ middle: number; span: number }, { middle: number; span: number }];
  const across = (widest - 2 * pen) / x.span;
  const down = (pixels - 2 * pen) / y.span;
  const [sx, sy] = [Math.min(across, down), Math.min(down, taller * across)];
  return strokes.map((stroke) =>
    stroke.map(([px, py]) => [(px - x.middle) * sx + pixels / 2, (py - y.middle) * sy + pixels / 2] as const),
  );
}

/** Blacken the pixels whose middle is within a pen's radius of a stroke. */
function draw(strokes: readonly Stroke[], pen: number, pixels: number): Uint8Array<ArrayBuffer> {
  const black = new Uint8Array(pixels ** 2);
  for (const stroke of strokes) {
    const ends = stroke.length > 1 ? stroke.slice(1) : stroke; // a dot is a stroke that goes nowhere
    ends.forEach((to, i) => {
      const near = segment(stroke[i] as Point, to);
      for (let at = 0; at < black.length; at++)
        if (near((at % pixels) + 0.5, Math.floor(at / pixels) + 0.5) <= pen * pen) black[at] = 1;
    });
  }
  return black;
}

/** The squared distance of a place from a piece of a line. */
function segment([ax, ay]: Point, [bx, by]: Point): (x: number, y: number) => number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  return (x, y) => {
    const along = (x - ax) * dx + (y - ay) * dy;
    const share = length > 0 ? Math.min(1, Math.max(0, along / length)) : 0;
    const [u, v] = [x - ax - share * dx, y - ay - share * dy];
    return u * u + v * v;
  };
}
