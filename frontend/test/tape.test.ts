import { describe, expect, it } from "vitest";
import { compileTape } from "../src/core/tape";

/** f = Σ (x y) and its gradients, as Python writes them. */
const dot = {
  inputs: 2,
  lines: [
    ["multiply", 0, 1],
    ["summed", 2, null, false],
    ["constant", 1],
    ["repeated", 4, 2, null, false],
    ["multiply", 5, 1],
    ["fitted", 6, 0],
    ["multiply", 5, 0],
    ["fitted", 8, 1],
  ],
  outputs: [3, 7, 9],
};

describe("a tape", () => {
  it("computes a value and its gradients, whatever its inputs' lengths", () => {
    const tape = compileTape(dot, [[3], [3]]);
    tape.inputs[0]?.data.set([1, 2, 3]);
    tape.inputs[1]?.data.set([4, 5, 6]);
    tape.run();
    expect(tape.outputs.map(({ data }) => [...data])).toEqual([[32], [4, 5, 6], [1, 2, 3]]);
  });

  it("adds up the slopes of what is repeated", () => {
    const tape = compileTape(dot, [[2, 2], [2]]);
    tape.inputs[0]?.data.set([1, 2, 3, 4]);
    tape.inputs[1]?.data.set([10, 20]);
    tape.run();
    expect(tape.outputs.map(({ shape }) => shape)).toEqual([[], [2, 2], [2]]);
    expect(tape.outputs.map(({ data }) => [...data])).toEqual([[160], [10, 20, 10, 20], [4, 6]]);
  });

  it("fills the same arrays at each run", () => {
    const tape = compileTape(dot, [[1], [1]]);
    const [value] = tape.outputs;
    for (const x of [2, 3]) {
      tape.inputs[0]?.data.set([x]);
      tape.inputs[1]?.data.set([x]);
      tape.run();
      expect(tape.outputs[0]).toBe(value);
      expect(value?.data[0]).toBe(x * x);
    }
  });

  it("adds exponentials of infinite numbers as NumPy does", () => {
    const tape = compileTape({ inputs: 2, lines: [["logaddexp", 0, 1]], outputs: [2] }, [[4], [4]]);
    tape.inputs[0]?.data.set([Infinity, -Infinity, 0, Infinity]);
    tape.inputs[1]?.data.set([Infinity, -Infinity, -Infinity, 0]);
    tape.run();
    expect([...(tape.outputs[0]?.data ?? [])]).toEqual([Infinity, -Infinity, 0, Infinity]);
  });

  it("says what it cannot run", () => {
    expect(() => compileTape(dot, [[3]])).toThrow("a tape of 2 inputs takes their shapes, not 1");
    expect(() => compileTape(dot, [[3], [2]])).toThrow("shapes do not fit: [[3],[2]]");
    const strange = { inputs: 1, lines: [["toString", 0]], outputs: [1] };
    expect(() => compileTape(strange, [[]])).toThrow('a tape has no step "toString"');
    const stack = { inputs: 2, lines: [["matmul", 0, 1]], outputs: [2] };
    expect(() => compileTape(stack, [[2, 2, 2], [2]])).toThrow("a tape multiplies matrices, not stacks of them");
    expect(() => compileTape({ ...stack, lines: [["add", 0, 5]] }, [[], []])).toThrow("the array 5");
  });
});
