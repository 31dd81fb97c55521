/** The basins of a race's landscape under the method in focus, computed beside the page, finer and finer. */

import type { Code } from "../../core/code";
import { consts } from "../../core/code";
import { compileLoop, loopSource } from "../../core/loop";
import type { LandscapeProgram } from "../../core/program";
import { compileLandscape, valuesOf } from "../../core/program";
import type { Race } from "../../shared/race";
import type { BasinFormulas, BasinJob, BasinPass, BasinRules, GoOn } from "./engine";
import { startEngine } from "./worker";

export const COLUMNS = 256;
export const ROWS = 192;

export class Basins {
  /** The latest picture; while a new one is on its way, the one before. */
  pass: BasinPass | null = null;
  private readonly send: (message: BasinJob | GoOn) => void;
  private key = "";
  /** On what the latest job runs, and of what the picture is. */
  private asked: LandscapeProgram | null = null;
  private shown: LandscapeProgram | null = null;
  private job = 0;
  private waiting = false;

  constructor(
    private readonly race: Race,
    private readonly changed: () => void,
  ) {
    const receive = race.view.guard((pass: BasinPass) => this.receive(pass));
    this.send = startEngine(race.view, receive, () => basinFormulas(race));
  }

  /** Ask for what the state needs now. Called when painting, so that nothing is computed out of sight. */
  ask(): void {
    const { focus, program, steps } = this.race;
    const key = JSON.stringify([program.name, focus.name, focus.settings, steps]);
    if (key !== this.key) {
      // On the same landscape minima keep their letters, whatever the method.
      const minima = this.pass && program === this.shown ? this.pass.minima : program.minima;
      this.key = key;
      this.asked = program;
      this.job += 1;
      this.waiting = false;
      this.send(basinJob(this.race, this.job, minima));
    } else if (this.waiting) {
      this.waiting = false;
      this.send({ goOn: this.job });
    }
  }

  private receive(pass: BasinPass): void {
    if (pass.job !== this.job) return;
    this.pass = pass;
    this.shown = this.asked;
    this.waiting = pass.block > 1;
    this.changed();
  }
}

export function basinJob(
  race: Pick<Race, "view" | "focus" | "program" | "steps">,
  job: number,
  minima: BasinJob["minima"],
  columns = COLUMNS,
  rows = ROWS,
): BasinJob {
  const { focus, program, steps } = race;
  const { basins: rules } = race.view.get<{ readonly basins: BasinRules }>("_programs");
  return {
    job,
    steps,
    columns,
    rows,
    minima,
    loop: loopSource(program.gradient, focus.rule),
    value: `${consts(program.value.lines)}\nreturn ${program.value.results[0]};`,
    gradient: body(program.gradient),
    hessian: body(program.hessian),
    values: valuesOf(focus.rule, focus.settings),
    bounds: program.bounds,
    rules,
  };
}

function body({ lines, results }: Code): string {
  return `${consts(lines)}\nreturn [${results.join(", ")}];`;
}

/** The functions of the job that a race asks for now. */
export function basinFormulas({ focus, program }: Pick<Race, "focus" | "program">): BasinFormulas {
  const { value, gradient, hessian } = compileLandscape(program);
  return { run: compileLoop(program, focus.rule), value, gradient, hessian };
}
