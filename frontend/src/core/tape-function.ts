/** A traced program as a function. */

import type { TapeProgram } from "./tape";
import { compileTape } from "./tape";
import type { Shape } from "./tape-shapes";

/** Takes the numbers of inputs of these shapes, and returns those of the first output. */
export function tapeFunction(
  program: TapeProgram,
  shapes: readonly Shape[],
): (...inputs: ArrayLike<number>[]) => Float64Array {
  const tape = compileTape(program, shapes);
  return (...inputs) => {
    inputs.forEach((input, i) => {
      tape.inputs[i]?.data.set(input);
    });
    tape.run();
    return Float64Array.from(tape.outputs[0]?.data ?? []);
  };
}
