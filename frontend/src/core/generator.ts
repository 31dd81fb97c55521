/**
 * NumPy's `default_rng(seed).standard_normal()`, number for number: a network that Python starts from a seed starts
 * from the same numbers on a page.
 *
 * PCG64 (O'Neill 2014, XSL-RR 128/64), seeded as NumPy does, by O'Neill's `seed_seq` in 32-bit words; the ziggurat of
 * Marsaglia & Tsang 2000 (doi:10.18637/jss.v005.i08) with 256 layers, bits dealt as NumPy deals them.
 */

const WORDS = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const LONG = (1n << 64n) - 1n;

/** 64-bit words, for a whole seed of at least 0 and below 2³². */
function words(seed: number): () => bigint {
  const [a = 0n, b = 0n, c = 0n, d = 0n] = seeded(seed);
  const increment = ((((c << 64n) | d) << 1n) | 1n) & WORDS;
  let state = 0n;
  const step = () => {
    state = (state * MULTIPLIER + increment) & WORDS;
  };
  step();
  state = (state + ((a << 64n) | b)) & WORDS;
  step();
  return () => {
    step();
    const mixed = (state >> 64n) ^ (state & LONG);
    const turn = state >> 122n;
    return ((mixed >> turn) | (mixed << ((64n - turn) & 63n))) & LONG;
  };
}

/** Four 64-bit words that a small seed is spread over. */
function seeded(seed: number): bigint[] {
  const pool = spread(seed);
  const hash = hasher(0x8b51f9dd, 0x58f38ded);
  const words = Array.from({ length: 8 }, (_, i) => BigInt(hash(pool[i % 4] ?? 0)));
  return [0, 2, 4, 6].map((i) => ((words[i + 1] ?? 0n) << 32n) | (words[i] ?? 0n));
}

function spread(seed: number): number[] {
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = [seed, 0, 0, 0].map((word) => hash(word));
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mixed(pool[to] ?? 0, hash(pool[from] ?? 0));
  return pool;
}

function hasher(first: number, factor: number): (word: number) => number {
  let constant = first;
  return (word) => {
    const before = word ^ constant;
    constant = Math.imul(constant, factor);
    const product = Math.imul(before, constant);
    return (product ^ (product >>> 16)) >>> 0;
  };
}

function mixed(x: number, y: number): number {
  const both = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) | 0;
  return (both ^ (both >>> 16)) >>> 0;
}

/** Where the outermost layer of the ziggurat ends, and the area of each. */
const EDGE = 3.6541528853610088;
const AREA = 0.004928673233974655;
const LAYERS = 256;
const UNIT = 2 ** 52;

const density = (x: number) => Math.exp(-0.5 * x * x);

/** The width of each layer: the first is as wide as its area wants, tail included. */
const widths = () => {
  const found = new Float64Array(LAYERS);
  let x = EDGE;
  for (let i = LAYERS - 1; i > 0; i--) {
    found[i] = x;
    x = Math.sqrt(-2 * Math.log(AREA / x + density(x)));
  }
  found[0] = AREA / density(EDGE);
  return found;
};

/** Numbers from 0 to 1, as `random()` draws them. */
export const uniforms = (seed: number) => uniform(words(seed));

const uniform = (next: () => bigint) => () => Number(next() >> 11n) / 2 ** 53;

/** Numbers of the standard normal distribution. */
export function normals(seed: number): () => number {
  const next = words(seed);
  const fraction = uniform(next);
  const wide = widths();
  const width = (i: number) => wide[i] as number;
  const height = (i: number) => (i ? density(width(i)) : 1);
  /** The share of a layer that lies wholly below the curve. */
  const sure = (i: number) => (i ? (i > 1 ? width(i - 1) / width(i) : 0) : EDGE / width(0));
  return () => {
    for (;;) {
      const word = next();
      const layer = Number(word & 255n);
      const sign = word & 256n ? -1 : 1;
      const far = (word >> 9n) & 0xfffffffffffffn;
      const share = Number(far) / UNIT;
      if (share < sure(layer)) return sign * share * width(layer);
      if (!layer) return (far & 256n ? -1 : 1) * tail(fraction);
      const x = share * width(layer);
      if ((height(layer - 1) - height(layer)) * fraction() + height(layer) < density(x)) return sign * x;
    }
  };
}

/** A number beyond the edge (Marsaglia 1964). */
function tail(uniform: () => number): number {
  for (;;) {
    const over = -Math.log1p(-uniform()) / EDGE;
    const drop = -Math.log1p(-uniform());
    if (2 * drop > over * over) return EDGE + over;
  }
}
