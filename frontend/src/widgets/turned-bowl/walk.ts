/** A rule's way down the turned bowl: it stops where the cost is low enough, or after so many steps. */

import type { TapeProgram } from "../../core/tape";
import { compileTape } from "../../core/tape";
import type { Shape } from "../../core/tape-shapes";
import type { Table } from "../../shared/network";

export interface RuleProgram {
  /** θ, its slope, the moments, k and η, to θ and the moments after the step. */
  readonly step: TapeProgram;
  /** Before the first step. */
  readonly moments: readonly Table[];
  readonly rate: number;
}

export interface Walk {
  /** (x, y) of each point, the start first. */
  readonly points: readonly (readonly [number, number])[];
  readonly costs: readonly number[];
  /** The first step at which the cost is low enough; null where none was. */
  readonly arrival: number | null;
}

export type Walker = (start: ArrayLike<number>, angle: number) => Walk;

const COLUMN: Shape = [2, 1];

/** Lay out a rule and the bowl once; walk from any start at any angle. */
export function walker(rule: RuleProgram, bowl: TapeProgram, target: number, most: number): Walker {
  const step = compileTape(rule.step, [COLUMN, COLUMN, ...rule.moments.map(({ shape }) => shape), [], []]);
  const cost = compileTape(bowl, [COLUMN, []]);
  const [theta, slope, ...rest] = step.inputs;
  const [place, angleIn] = cost.inputs;
  const [value, slopeOut] = cost.outputs;
  const memory = rest.slice(0, rule.moments.length);
  const [count, rate] = rest.slice(rule.moments.length);
  if (!theta || !slope || !place || !angleIn || !value || !slopeOut || !count || !rate) throw new Error("no rule");
  return (start, angle) => {
    theta.data.set(start);
    memory.forEach(({ data }, i) => data.set(rule.moments[i]?.data ?? []));
    angleIn.data[0] = angle;
    rate.data[0] = rule.rate;
    const walk = { points: [] as [number, number][], costs: [] as number[] };
    for (let k = 0; ; k++) {
      place.data.set(theta.data);
      cost.run();
      const now = value.data[0] ?? NaN;
      walk.points.push([theta.data[0] ?? NaN, theta.data[1] ?? NaN]);
      walk.costs.push(now);
      const arrived = now <= target;
      if (arrived || k === most || !Number.isFinite(now)) return { ...walk, arrival: arrived ? k : null };
      slope.data.set(slopeOut.data);
      count.data[0] = k + 1;
      step.run();
      [theta, ...memory].forEach(({ data }, i) => data.set(step.outputs[i]?.data ?? []));
    }
  };
}
