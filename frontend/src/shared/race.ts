/** The state of a race as its views read it: programs, settings, and the runs, computed when asked for. */

import { levelNear } from "../core/curvature";
import { descend } from "../core/descent";
import { lowestKnown } from "../core/judge";
import type { Term } from "../core/loop";
import { stepTerms } from "../core/loop";
import type { LandscapeProgram, RuleProgram, Settings } from "../core/program";
import type { Trajectory } from "../core/trajectory";
import { pointAt } from "../core/trajectory";
import { shownAt } from "./clock";
import { Ground } from "./ground";

export interface Racer {
  readonly name: string;
  readonly rule: RuleProgram;
  readonly settings: Settings;
}

export interface RacerRun extends Racer {
  readonly run: Trajectory;
}

interface Programs {
  readonly landscapes: readonly LandscapeProgram[];
  readonly rules: readonly RuleProgram[];
}

/** A method as the state has it: its name, and its numbers by keyword. */
export interface Chosen {
  readonly name: string;
  readonly settings: Settings;
}

/** What a reader can change in every race. */
export const RACE_TRAITS = ["landscape", "optimizers", "start", "steps", "step", "focus", "learning_rate"] as const;

/** What the runs depend on. */
export const RUN_TRAITS = ["landscape", "optimizers", "start", "steps"] as const;

export class Race extends Ground<Programs> {
  private key = "";
  private cached: readonly RacerRun[] = [];

  get steps(): number {
    return this.view.get("steps");
  }

  /** The step shown. */
  get step(): number {
    return shownAt(this.view, "step", this.steps);
  }

  /** Whether the figure shows no more than the ball, the rate and play. */
  get simple(): boolean {
    return this.view.get("simple") === true;
  }

  get racers(): readonly Racer[] {
    return this.view
      .get<readonly Chosen[]>("optimizers")
      .map(({ name, settings }) => ({ name, settings, rule: this.rule(name) }));
  }

  get focus(): Racer {
    const name = this.view.get<string>("focus");
    const found = this.racers.find((racer) => racer.name === name) ?? this.racers[0];
    if (!found) throw new Error("no method is running");
    return found;
  }

  rule(name: string): RuleProgram {
    const found = this.programs.rules.find((rule) => rule.name === name);
    if (!found) throw new Error(`no method is called ${name}`);
    return found;
  }

  /** All runs, of no step yet while the figure waits; recomputed only when what they depend on has changed. */
  get runs(): readonly RacerRun[] {
    const steps = this.view.waiting ? 0 : this.steps;
    const key = JSON.stringify([this.view.get("landscape"), this.view.get("optimizers"), this.start, steps]);
    if (key !== this.key) {
      this.cached = this.racers.map((racer) => ({
        ...racer,
        run: descend(this.program, racer.rule, racer.settings, this.start, steps),
      }));
      this.key = key;
    }
    return this.cached;
  }

  get focusRun(): RacerRun {
    const { name } = this.focus;
    const found = this.runs.find((run) => run.name === name);
    if (!found) throw new Error(`no run of ${name}`);
    return found;
  }

  /** The lowest value that is known; −∞ where no minimum is. */
  get lowest(): number {
    return lowestKnown(this.landscape);
  }

  /** The minimum nearest to the end of the run in focus; to its start if it has gone astray; null if none is known. */
  get nearestMinimum(): readonly number[] | null {
    const { run } = this.focusRun;
    const astray = run.ending === "unstarted" || run.ending === "diverged";
    const end = astray ? this.start : pointAt(run, run.steps);
    const distance = (m: readonly number[]) => Math.hypot(...m.map((x, i) => x - (end[i] ?? 0)));
    const [known] = [...this.program.valleys].sort((a, b) => distance(a) - distance(b));
    const found = known ? null : levelNear(this.landscape, end);
    return known ?? (found?.kind === "minimum" ? found.point : null);
  }

  /** What the step after the one shown is made of, for the method in focus; nothing after the last. */
  get terms(): readonly Term[] {
    const { rule, settings, run } = this.focusRun;
    const k = this.step;
    return k < run.steps ? stepTerms(this.program, rule, settings, this.start, k, pointAt(run, k)) : [];
  }

  /** Change one number of one method. */
  configure(name: string, keyword: string, value: number): void {
    const chosen = this.view.get<readonly Chosen[]>("optimizers");
    const changed = chosen.map((o) => (o.name === name ? { ...o, settings: { ...o.settings, [keyword]: value } } : o));
    this.setOptimizers(changed, this.focus.name);
  }

  /** Let a method join or leave; the last one stays. */
  toggle(name: string): void {
    const chosen = this.view.get<readonly Chosen[]>("optimizers");
    const without = chosen.filter((o) => o.name !== name);
    if (without.length === chosen.length) {
      const rule = this.rule(name);
      const settings = Object.fromEntries(rule.hyperparameters.map((h) => [h.keyword, h.value]));
      const order = this.programs.rules.map((r) => r.name);
      const joined = [...chosen, { name, settings }].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
      this.setOptimizers(joined, name);
    } else if (without[0]) {
      const focus = this.focus.name === name ? without[0].name : this.focus.name;
      this.setOptimizers(without, focus);
    }
  }

  setFocus(name: string): void {
    this.setOptimizers(this.view.get("optimizers"), name);
  }

  private setOptimizers(optimizers: readonly Chosen[], focus: string): void {
    const rate = optimizers.find((o) => o.name === focus)?.settings.learning_rate;
    this.view.set({ optimizers, focus, ...(rate === undefined ? {} : { learning_rate: rate }) });
  }

  /** Change the landscape; its own start comes with it. */
  chooseLandscape(name: string): void {
    const program = this.programs.landscapes.find((l) => l.name === name);
    if (program) this.view.set({ landscape: name, start: [...program.start] });
  }
}
