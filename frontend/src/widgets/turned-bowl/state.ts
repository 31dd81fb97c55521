/** What TurnedBowl shows: three rules in a bowl at an angle, and how many steps they need at every angle. */

import { once } from "../../core/once";
import type { TapeProgram } from "../../core/tape";
import { tapeFunction } from "../../core/tape-function";
import type { View } from "../../core/view";
import { shownAt } from "../../shared/clock";
import type { RuleProgram, Walk, Walker } from "./walk";
import { walker } from "./walk";

export const RUN_TRAITS = ["angle", "rule"] as const;
export const TRAITS = [...RUN_TRAITS, "step"] as const;
/** Cells along each side of the picture of the bowl. */
export const CELLS = 120;

interface Programs {
  readonly cost: TapeProgram;
  readonly ground: TapeProgram;
  readonly start: TapeProgram;
  readonly rules: Readonly<Record<string, RuleProgram>>;
  /** The rules beside which the matrix rule walks. */
  readonly always: readonly string[];
  readonly matrix: readonly string[];
  /** Where steps are counted, in degrees. */
  readonly angles: readonly number[];
  readonly target: number;
  readonly most: number;
  readonly reach: number;
}

export interface Counts {
  readonly xs: readonly number[];
  /** NaN where a rule does not arrive. */
  readonly ys: readonly number[];
}

export class BowlState {
  constructor(readonly view: View) {}

  get programs(): Programs {
    return this.view.get("_programs");
  }

  get angle(): number {
    return this.view.get("angle");
  }

  /** The names of the three rules that are shown. */
  get names(): readonly string[] {
    return [...this.programs.always, this.view.get<string>("rule")];
  }

  /** A rule's way at an angle; the start alone while the figure waits. */
  walk(name: string, angle: number = this.angle): Walk {
    const whole = this.tools(this.programs).walk(name, angle);
    if (!this.view.waiting) return whole;
    return { points: whole.points.slice(0, 1), costs: whole.costs.slice(0, 1), arrival: null };
  }

  /** The steps of a rule at each angle, the present one among them; none while the figure waits. */
  counts(name: string): Counts {
    if (this.view.waiting) return { xs: [], ys: [] };
    const xs = [...new Set([...this.programs.angles, this.angle])].sort((a, b) => a - b);
    return { xs, ys: xs.map((angle) => this.walk(name, angle).arrival ?? NaN) };
  }

  /** The last step of the longest way, while the figure waits as well: so a step can be asked for. */
  get last(): number {
    const { walk } = this.tools(this.programs);
    return Math.max(...this.names.map((name) => walk(name, this.angle).points.length - 1));
  }

  get step(): number {
    return shownAt(this.view, "step", this.last);
  }

  /** The costs over the picture's cells, row by row from the top. */
  get ground(): Float64Array {
    return this.tools(this.programs).ground(this.angle);
  }

  private readonly tools = once(({ cost, ground, start, rules, target, most, reach }: Programs) => {
    const [starts, costs] = [tapeFunction(start, [[]]), tapeFunction(ground, [[CELLS * CELLS, 2], []])];
    const places = cells(reach);
    const walkers = new Map<string, Walker>();
    const known = new Map<string, Walk>();
    const take = (name: string) => {
      const made = walkers.get(name) ?? walker(rules[name] as RuleProgram, cost, target, most);
      walkers.set(name, made);
      return made;
    };
    return {
      ground: (angle: number) => costs(places, [angle]),
      walk(name: string, angle: number): Walk {
        const key = `${name} ${angle}`;
        const found = known.get(key) ?? take(name)(starts([angle]), angle);
        known.set(key, found);
        return found;
      },
    };
  });
}

function cells(reach: number): Float64Array {
  const places = new Float64Array(2 * CELLS * CELLS);
  for (let i = 0; i < CELLS * CELLS; i++) {
    places[2 * i] = reach * (((i % CELLS) + 0.5) / (CELLS / 2) - 1);
    places[2 * i + 1] = reach * (1 - (Math.floor(i / CELLS) + 0.5) / (CELLS / 2));
  }
  return places;
}
