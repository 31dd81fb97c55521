/** Runs a program that `gdlib.autodiff.traced` wrote: a function of arrays and its gradient, step by step. */

import { own } from "./dom";
import type { Index, Places, Shape } from "./tape-shapes";
import { axesOf, broadcast, numbersIn, reduced, shapeOf, size, taken, turned, within } from "./tape-shapes";
import { symmetricEigen } from "./tape-symmetric";

/** An array of numbers, row by row. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** As Python's module describes it: steps, the numbers of the arrays that they take, and of the results. */
export interface TapeProgram {
  readonly inputs: number;
  readonly lines: readonly (readonly unknown[])[];
  readonly outputs: readonly number[];
}

export interface Tape {
  /** What the program reads: fill in `data` before `run`, whole or in part. */
  readonly inputs: readonly Tensor[];
  /** What it computes: the same arrays after each run. */
  readonly outputs: readonly Tensor[];
  run(): void;
}

/** An array, and what fills it at each run; where that is undefined, it is known at once or another's. */
interface Made extends Tensor {
  readonly fill?: () => void;
}

/** Lay out a program for inputs of these shapes. Every array is made here; a run makes none. */
export function compileTape({ inputs: count, lines, outputs }: TapeProgram, shapes: readonly Shape[]): Tape {
  if (shapes.length !== count) throw new Error(`a tape of ${count} inputs takes their shapes, not ${shapes.length}`);
  const inputs = shapes.map((shape) => empty(shape));
  const arrays: Made[] = [...inputs];
  for (const line of lines) arrays.push(made(line, arrays));
  const fills = arrays.flatMap(({ fill }) => fill ?? []);
  return {
    inputs,
    outputs: outputs.map((i) => found(arrays, i)),
    run: () => {
      for (const fill of fills) fill();
    },
  };
}

function made([name, ...operands]: readonly unknown[], arrays: readonly Tensor[]): Made {
  const array = (i: number) => found(arrays, operands[i] as number);
  const step = own(STEPS, name as string);
  if (step) return step(array, operands);
  const unary = own(UNARY, name as string);
  if (unary) return eachOf(unary, array(0));
  const binary = own(BINARY, name as string);
  if (binary) return pairs(binary, array(0), array(1));
  throw new Error(`a tape has no step "${name}"`);
}

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  negative: (x) => -x,
  square: (x) => x * x,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  absolute: Math.abs,
  sign: Math.sign,
};

const BINARY: Readonly<Record<string, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  power: (x, y) => x ** y,
  maximum: Math.max,
  minimum: Math.min,
  logaddexp: (x, y) => (x === y ? x + Math.LN2 : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)))),
  less: (x, y) => Number(x < y),
  less_equal: (x, y) => Number(x <= y),
  greater: (x, y) => Number(x > y),
  greater_equal: (x, y) => Number(x >= y),
  equal: (x, y) => Number(x === y),
  not_equal: (x, y) => Number(x !== y),
};

const STEPS: Readonly<Record<string, (array: (i: number) => Tensor, operands: readonly unknown[]) => Made>> = {
  constant: (_, [nested]) => ({
    shape: shapeOf(nested as number),
    data: Float64Array.from(numbersIn(nested as number)),
  }),
  matmul: (array) => product(array(0), array(1)),
  where: (array) => chosen(array(0), array(1), array(2)),
  summed: (array, [, axis, keepdims]) => added(array(0), ...left(array(0).shape, axis, keepdims)),
  averaged: (array, [, axis, keepdims]) => averaged(array(0), ...left(array(0).shape, axis, keepdims)),
  largest: (array, [, axis, keepdims]) => largest(array(0), ...left(array(0).shape, axis, keepdims)),
  repeated: (array, [, , axis]) => copied(array(0), array(1).shape, left(array(1).shape, axis, true)[1]),
  ratio: (array) => ({ shape: [], data: Float64Array.of(size(array(0).shape) / size(array(1).shape)) }),
  fitted: (array) => fitted(array(0), array(1).shape),
  taken: (array, [, index]) => {
    const { shape, places } = taken(array(0).shape, index as Index);
    return copied(array(0), shape, places);
  },
  put: (array, [, , index]) => added(array(0), array(1).shape, taken(array(1).shape, index as Index).places),
  reshaped: (array, [, shape]) => seen(array(0), [shape as number].flat()),
  shaped_as: (array) => seen(array(0), array(1).shape),
  unchanged: (array) => seen(array(0), array(0).shape),
  transposed: (array) => permuted(array(0), [...array(0).shape.keys()].reverse()),
  swapped: (array) => {
    const axes = [...array(0).shape.keys()];
    return permuted(array(0), [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
  },
  spectral_power: (array, [, exponent]) => spectralPower(array(0), exponent as number),
  eigenvectors: (array) => filled(array(0).shape, (out) => out.set(symmetricEigen(array(0).data).vectors)),
};

/** The shape that is left when an array is reduced along an axis, and for each of its numbers the place there. */
function left(shape: Shape, axis: unknown, keepdims: unknown): [Shape, Places] {
  const axes = axesOf(axis, shape);
  const kept = shape.flatMap((n, k) => (axes.includes(k) ? (keepdims ? [1] : []) : [n]));
  return [kept, reduced(shape, axes)];
}

function eachOf(f: (x: number) => number, { shape, data }: Tensor): Made {
  return filled(shape, (out) => {
    for (let i = 0; i < out.length; i++) out[i] = f(data[i] as number);
  });
}

function pairs(f: (x: number, y: number) => number, a: Tensor, b: Tensor): Made {
  const shape = broadcast([a.shape, b.shape]);
  const [x, y] = [a.data, b.data];
  if (x.length === size(shape) && y.length === x.length) {
    return filled(shape, (out) => {
      for (let i = 0; i < out.length; i++) out[i] = f(x[i] as number, y[i] as number);
    });
  }
  const [p, q] = [within(shape, a.shape), within(shape, b.shape)];
  return filled(shape, (out) => {
    for (let i = 0; i < out.length; i++) out[i] = f(x[p[i] as number] as number, y[q[i] as number] as number);
  });
}

function chosen(mask: Tensor, a: Tensor, b: Tensor): Made {
  const shape = broadcast([mask.shape, a.shape, b.shape]);
  const [m, p, q] = [within(shape, mask.shape), within(shape, a.shape), within(shape, b.shape)];
  return filled(shape, (out) => {
    for (let i = 0; i < out.length; i++) {
      out[i] = (mask.data[m[i] as number] ? a.data[p[i] as number] : b.data[q[i] as number]) as number;
    }
  });
}

/** The product of two matrices; a vector on the left is a row, one on the right a column. */
function product(a: Tensor, b: Tensor): Made {
  if (a.shape.length > 2 || b.shape.length > 2) throw new Error("a tape multiplies matrices, not stacks of them");
  const [x, y, inner, columns] = [a.data, b.data, a.shape.at(-1) ?? 1, b.shape[1] ?? 1];
  const rows = size(a.shape) / inner;
  return filled([...a.shape.slice(0, -1), ...b.shape.slice(1)], (out) => {
    out.fill(0);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < inner; k++) {
        const factor = x[i * inner + k] as number;
        for (let j = 0; j < columns; j++) {
          out[i * columns + j] = (out[i * columns + j] as number) + factor * (y[k * columns + j] as number);
        }
      }
    }
  });
}

/** A power of a symmetric matrix: that of its eigenvalues; of those that are 0 but for rounding, 0. */
function spectralPower({ shape, data }: Tensor, exponent: number): Made {
  const n = shape[0] ?? 1;
  return filled(shape, (out) => {
    const { values, vectors } = symmetricEigen(data);
    const least = n * Number.EPSILON * Math.max(...values.map(Math.abs));
    // NaN passes: a run that is no longer finite ends as diverged.
    const powers = values.map((value) => (value <= least ? 0 : value ** exponent));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let k = 0; k < n; k++) {
          total += (vectors[i * n + k] as number) * (powers[k] as number) * (vectors[j * n + k] as number);
        }
        out[i * n + j] = total;
      }
    }
  });
}

function copied({ data }: Tensor, shape: Shape, places: Places): Made {
  return filled(shape, (out) => {
    for (let i = 0; i < out.length; i++) out[i] = data[places[i] as number] as number;
  });
}

/** Add each number to the one at its place. */
function added({ data }: Tensor, shape: Shape, places: Places): Made {
  return filled(shape, (out) => {
    out.fill(0);
    for (let i = 0; i < data.length; i++) {
      const place = places[i] as number;
      out[place] = (out[place] as number) + (data[i] as number);
    }
  });
}

function averaged(x: Tensor, shape: Shape, places: Places): Made {
  const { fill, data } = added(x, shape, places);
  const rows = x.data.length / data.length;
  return {
    shape,
    data,
    fill: () => {
      fill?.();
      for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) / rows;
    },
  };
}

function largest({ data }: Tensor, shape: Shape, places: Places): Made {
  return filled(shape, (out) => {
    out.fill(-Infinity);
    for (let i = 0; i < data.length; i++) {
      const place = places[i] as number;
      out[place] = Math.max(out[place] as number, data[i] as number);
    }
  });
}

/** Add up what broadcasting repeated, or repeat it. */
function fitted(x: Tensor, shape: Shape): Made {
  if (String(x.shape) === String(shape)) return seen(x, shape);
  const more = x.shape.length >= shape.length && size(x.shape) >= size(shape);
  return more ? added(x, shape, within(x.shape, shape)) : copied(x, shape, within(shape, x.shape));
}

/** The same numbers in another shape, in which one length may be left open: −1. */
function seen({ data }: Tensor, shape: Shape): Made {
  const known = size(shape.filter((n) => n >= 0));
  return { shape: shape.map((n) => (n < 0 ? data.length / known : n)), data };
}

function permuted(x: Tensor, order: readonly number[]): Made {
  return copied(
    x,
    order.map((k) => x.shape[k] ?? 1),
    turned(x.shape, order),
  );
}

function filled(shape: Shape, fill: (out: Float64Array) => void): Made {
  const { data } = empty(shape);
  return { shape, data, fill: () => fill(data) };
}

function empty(shape: Shape): Tensor {
  return { shape, data: new Float64Array(size(shape)) };
}

function found<T>(list: readonly T[], i: number): T {
  const one = list[i];
  if (one === undefined) throw new Error(`a tape's line names the array ${i}, which is not there yet`);
  return one;
}
