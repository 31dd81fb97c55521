/** A network's cost, slopes and scores at a flat θ, run by the programs that Python traced; and where it starts. */

import type { Code } from "../core/code";
import { result } from "../core/code";
import { normals } from "../core/generator";
import type { TapeProgram, Tensor } from "../core/tape";
import { compileTape } from "../core/tape";
import type { Shape } from "../core/tape-shapes";
import { size } from "../core/tape-shapes";

/** One of the arrays that lie in θ one after the other. */
export interface PartShape {
  readonly name: string;
  readonly shape: Shape;
}

export interface NetworkProgram {
  /** Takes the parts of θ, features and targets; gives the cost and its slope along each part. */
  readonly cost: TapeProgram;
  /** Takes the parts of θ and features; gives what the last layer says of each row. */
  readonly scores: TapeProgram;
}

export interface Table {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

export function sizeOf(parts: readonly PartShape[]): number {
  return parts.reduce((sum, { shape }) => sum + size(shape), 0);
}

/** Takes a point and where to write the slope; returns the cost. */
export type Cost = (theta: Float64Array, slope: Float64Array) => number;

export function costOf(program: TapeProgram, parts: readonly PartShape[], features: Table, targets: Table): Cost {
  const { inputs, outputs, run } = compileTape(program, [...shapesOf(parts), features.shape, targets.shape]);
  const [value, ...slopes] = outputs;
  inputs[parts.length]?.data.set(features.data);
  inputs[parts.length + 1]?.data.set(targets.data);
  return (theta, slope) => {
    place(theta, inputs, parts.length);
    run();
    let at = 0;
    for (const { data } of slopes) {
      slope.set(data, at);
      at += data.length;
    }
    return value?.data[0] ?? NaN;
  };
}

/** What a network says to rows of features, row by row, in an array that the next call writes anew. */
export interface Answers {
  /** Where the features stand. */
  readonly features: Float64Array;
  at(theta: ArrayLike<number>): Float64Array;
}

export function answersOf(program: TapeProgram, parts: readonly PartShape[], features: Table | Shape): Answers {
  const given = "data" in features ? features : null;
  const shape = "data" in features ? features.shape : features;
  const { inputs, outputs, run } = compileTape(program, [...shapesOf(parts), shape]);
  const data = inputs[parts.length]?.data ?? new Float64Array();
  if (given) data.set(given.data);
  return {
    features: data,
    at(theta) {
      place(theta, inputs, parts.length);
      run();
      return outputs[0]?.data ?? new Float64Array();
    },
  };
}

const shapesOf = (parts: readonly PartShape[]) => parts.map(({ shape }) => shape);

/** Deal a flat θ out to its parts, the first inputs of a program. */
function place(theta: ArrayLike<number>, inputs: readonly Tensor[], parts: number): void {
  let at = 0;
  for (let part = 0; part < parts; part++) {
    const { data } = inputs[part] as Tensor;
    for (let i = 0; i < data.length; i++) data[i] = theta[at++] as number;
  }
}

/** How far the weights of a layer spread, over the numbers of its inputs and outputs. */
export interface StartProgram {
  readonly arguments: readonly string[];
  readonly spread: Code;
}

/** The start that Python draws from a seed: weights normal with that spread, biases at 0. */
export function startOf(program: StartProgram, parts: readonly PartShape[], seed: number): Float64Array {
  const draw = normals(seed);
  const spread = result(program.arguments, program.spread);
  return Float64Array.from(
    parts.flatMap(({ shape }) => {
      const [inputs = 0, outputs] = shape;
      if (outputs === undefined) return new Array<number>(inputs).fill(0);
      const scale = spread(inputs, outputs);
      return Array.from({ length: size(shape) }, () => scale * draw());
    }),
  );
}
