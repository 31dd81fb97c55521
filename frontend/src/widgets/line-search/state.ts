/** What LineSearch shows: one search of a descent, as far as its looks have gone. */

import { shownAt } from "../../shared/clock";
import { Ground } from "../../shared/ground";
import type { LooksCount } from "../../shared/words";
import type { Look, Search, SearchPrograms, Settings } from "./search";
import { searches } from "./search";

export const TRAITS = ["landscape", "start", "learning_rate", "slope", "shrink", "steps", "look"] as const;

/** The moment that is shown. */
export interface Moment {
  /** Steps taken before. */
  readonly step: number;
  readonly search: Search;
  /** The rates tried so far in this step. */
  readonly looks: readonly Look[];
}

export class SearchState extends Ground<SearchPrograms> {
  private key = "";
  private cached: readonly Search[] = [];

  get settings(): Settings {
    const { view } = this;
    return { rate: view.get("learning_rate"), slope: view.get("slope"), shrink: view.get("shrink") };
  }

  /** Every search of the descent; recomputed only when something that it depends on has changed. */
  get searches(): readonly Search[] {
    const { view, programs, landscape, start, settings } = this;
    const key = JSON.stringify(TRAITS.filter((name) => name !== "look").map((name) => view.get(name)));
    if (key !== this.key) {
      this.cached = searches(programs, landscape, start, view.get("steps"), settings);
      this.key = key;
    }
    return this.cached;
  }

  /** All looks there are. */
  get total(): number {
    return this.searches.reduce((sum, { looks }) => sum + looks.length, 0);
  }

  /** Looks made at the moment shown. */
  get look(): number {
    return shownAt(this.view, "look", this.total);
  }

  /** The search that the last look belongs to; null where the descent cannot start. */
  get moment(): Moment | null {
    let left = this.look;
    for (const [step, search] of this.searches.entries()) {
      const { length } = search.looks;
      if (left <= length) return { step, search, looks: search.looks.slice(0, left) };
      left -= length;
    }
    return null;
  }

  /** The moment in numbers, for the words about it. */
  get count(): LooksCount {
    const { moment, look } = this;
    const last = moment?.looks[moment.looks.length - 1];
    return {
      started: moment !== null,
      step: (moment?.step ?? 0) + 1,
      looks: moment?.looks.length ?? 0,
      all: look,
      last: last ?? null,
      end: look < this.total ? null : this.end,
    };
  }

  /** Why the descent goes no further. */
  private get end(): LooksCount["end"] {
    const last = this.searches[this.searches.length - 1];
    if (!last) return null;
    if (last.looks.some(({ verdict }) => verdict === "taken"))
      return this.searches.length < this.view.get<number>("steps") ? "cliff" : "out of steps";
    return last.gradient.every((x) => x === 0) ? "level" : "stalled";
  }

  chooseLandscape(name: string): void {
    const program = this.programs.landscapes.find((l) => l.name === name);
    if (program) this.view.set({ landscape: name, start: [...program.start], look: 0 });
  }

  tryNext(): void {
    this.view.set({ look: Math.min(this.look + 1, this.total) });
  }
}
