/**
 * The order in which rows are drawn: the same small generator as `gdlib/widgets/shuffling.py`, bit for bit.
 * mulberry32 (T. Ettinger 2017, public domain): 32 bits of state; for shuffling alike, not for statistics.
 */

export function uniforms(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows in the order in which they are seen: shuffled every epoch, or each drawn from all. */
export function order(rows: number, epochs: number, seed: number, replacement: boolean): Int32Array {
  const draw = uniforms(seed);
  const drawn = new Int32Array(rows * epochs);
  if (replacement) return drawn.map(() => Math.floor(draw() * rows));
  for (let epoch = 0; epoch < epochs; epoch++) shuffle(drawn.subarray(epoch * rows, (epoch + 1) * rows), draw);
  return drawn;
}

/** Fisher and Yates, from the last place down. */
function shuffle(places: Int32Array, draw: () => number): void {
  for (let i = 0; i < places.length; i++) places[i] = i;
  for (let last = places.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [places[last], places[other]] = [places[other] ?? 0, places[last] ?? 0];
  }
}

/** How many rows have been seen when each batch is complete; an epoch's last batch may be small. */
export function batchEnds(rows: number, epochs: number, size: number): Int32Array {
  const each = Math.ceil(rows / size);
  return Int32Array.from(
    { length: epochs * each },
    (_, i) => Math.floor(i / each) * rows + Math.min(rows, ((i % each) + 1) * size),
  );
}
