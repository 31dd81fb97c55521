/** Shapes of a tape's arrays, and where the numbers of one lie in another. Places count row by row. */

export type Shape = readonly number[];
export type Places = Int32Array;
type Slice = { readonly slice: readonly [first: number | null, last: number | null, step: number | null] };
type Nested = number | readonly Nested[];
/** What a part is taken by, axis by axis: a place, places, a slice, a new axis (null), or all axes between. */
export type Index = readonly (number | null | "..." | Slice | { readonly places: Nested })[];

/** How many numbers an array of a shape has. */
export function size(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** The shape to which NumPy repeats arrays of these shapes. */
export function broadcast(shapes: readonly Shape[]): Shape {
  const axes = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: axes }, (_, k) => {
    const lengths = shapes.map((shape) => shape[k - axes + shape.length] ?? 1).filter((n) => n !== 1);
    if (lengths.some((n) => n !== lengths[0])) throw new Error(`shapes do not fit: ${JSON.stringify(shapes)}`);
    return lengths[0] ?? 1;
  });
}

/** For each number of an array of shape `big`, its place in one of shape `small` that is repeated to it. */
export function within(big: Shape, small: Shape): Places {
  const strides = stridesOf(small);
  const ahead = big.length - small.length;
  return walk(big.map((n, k) => steps(n, small[k - ahead] === 1 ? 0 : (strides[k - ahead] ?? 0))));
}

/** For each number of an array, its place in the array that is reduced along some axes. */
export function reduced(shape: Shape, axes: readonly number[]): Places {
  const left = shape.map((n, k) => (axes.includes(k) ? 1 : n));
  return within(shape, left);
}

/** The axes that NumPy's `axis` means: a number, a list, or null for all. */
export function axesOf(axis: unknown, shape: Shape): readonly number[] {
  if (axis === null) return [...shape.keys()];
  return (Array.isArray(axis) ? (axis as number[]) : [axis as number]).map((k) => (k < 0 ? k + shape.length : k));
}

/** The places from which an array is filled whose axes stand in another order. */
export function turned(shape: Shape, order: readonly number[]): Places {
  const strides = stridesOf(shape);
  return walk(order.map((k) => steps(shape[k] ?? 1, strides[k] ?? 0)));
}

/** The shape of a part, and the places of its numbers in the whole. */
export function taken(shape: Shape, index: Index): { shape: Shape; places: Places } {
  const strides = stridesOf(shape);
  const axes: { shape: Shape; offsets: Places }[] = [];
  const lists: { at: number; stride: number; n: number; nested: Nested }[] = [];
  let k = 0;
  for (const part of whole(index, shape.length)) {
    const n = shape[k] ?? 1;
    const stride = strides[k] ?? 0;
    if (part === null) {
      axes.push({ shape: [1], offsets: steps(1, 0) });
      continue;
    }
    if (typeof part === "number" || "places" in part) {
      lists.push({ at: axes.length, stride, n, nested: typeof part === "number" ? part : part.places });
    } else {
      const places = sliced(part, n);
      axes.push({ shape: [places.length], offsets: places.map((i) => i * stride) });
    }
    k++;
  }
  if (lists.length) {
    // Places of several axes belong together; they stand where the first does, unless others are between them.
    const common = broadcast(lists.map(({ nested }) => shapeOf(nested)));
    const offsets = new Int32Array(size(common));
    for (const { nested, stride, n } of lists) {
      const numbers = numbersIn(nested);
      within(common, shapeOf(nested)).forEach((from, i) => {
        const place = numbers[from] ?? 0;
        offsets[i] = (offsets[i] ?? 0) + (place < 0 ? place + n : place) * stride;
      });
    }
    const first = lists[0]?.at ?? 0;
    const together = lists.every(({ at }) => at === first);
    axes.splice(together ? first : 0, 0, { shape: common, offsets });
  }
  return { shape: axes.flatMap((axis) => axis.shape), places: walk(axes.map(({ offsets }) => offsets)) };
}

/** The shape of nested lists, as of an array that is written out. */
export function shapeOf(nested: Nested): Shape {
  return typeof nested === "number" ? [] : [nested.length, ...shapeOf(nested[0] ?? 0)];
}

/** The numbers of nested lists, row by row. */
export function numbersIn(nested: Nested): readonly number[] {
  return typeof nested === "number" ? [nested] : nested.flatMap(numbersIn);
}

function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, k) => size(shape.slice(k + 1)));
}

/** The offsets of n places that stand `stride` apart. */
function steps(n: number, stride: number): Places {
  return Int32Array.from({ length: n }, (_, i) => i * stride);
}

/** Add up the offsets of all axes, the last running fastest. */
function walk(axes: readonly Places[]): Places {
  return axes.reduce((places, offsets) => {
    const next = new Int32Array(places.length * offsets.length);
    places.forEach((place, i) => {
      offsets.forEach((offset, j) => {
        next[i * offsets.length + j] = place + offset;
      });
    });
    return next;
  }, Int32Array.of(0));
}

/** An index with a part for every axis: slices in the place of "..." and of what is left out. */
function whole(index: Index, axes: number): readonly Exclude<Index[number], "...">[] {
  const all: Slice = { slice: [null, null, null] };
  const parts = index.includes("...") ? index : [...index, "..." as const];
  const missing = axes - parts.filter((part) => part !== null && part !== "...").length;
  return parts.flatMap((part) => (part === "..." ? Array.from({ length: missing }, () => all) : [part]));
}

/** The places that Python's slice takes of n. */
function sliced({ slice: [first, last, step] }: Slice, n: number): Places {
  const by = step ?? 1;
  const clip = (i: number, low: number, high: number) => Math.min(Math.max(i < 0 ? i + n : i, low), high);
  const [low, high] = by > 0 ? [0, n] : [-1, n - 1];
  const from = first === null ? (by > 0 ? 0 : n - 1) : clip(first, low, high);
  const to = last === null ? (by > 0 ? n : -1) : clip(last, low, high);
  return Int32Array.from({ length: Math.max(0, Math.ceil((to - from) / by)) }, (_, i) => from + i * by);
}
