/** The basins of a race's landscape under the method in focus, computed beside the page, finer and finer. */

import type { Code } from "../../core/code";
import { consts, mayCompile } from "../../core/code";
import { compileLandscape, compileLoop, loopSource, valuesOf } from "../../core/program";
import type { Race } from "../../shared/race";
import type { BasinFormulas, BasinJob, BasinPass, GoOn, Port } from "./engine";
import { basinEngine } from "./engine";

export const COLUMNS = 256;
export const ROWS = 192;

type Send = (message: BasinJob | GoOn) => void;

export class Basins {
  /** The latest picture; while a new one is on its way, the one before. */
  pass: BasinPass | null = null;
  private readonly send: Send;
  private key = "";
  private job = 0;
  private waiting = false;

  constructor(
    private readonly race: Race,
    private readonly changed: () => void,
  ) {
    this.send = engine(
      race,
      race.view.guard((pass: BasinPass) => this.receive(pass)),
    );
  }

  /** Ask for what the state needs now. Called when painting, so that nothing is computed out of sight. */
  ask(): void {
    const { focus, program, steps } = this.race;
    const key = JSON.stringify([program.name, focus.name, focus.settings, steps]);
    if (key !== this.key) {
      const minima =
        this.pass && this.key.startsWith(JSON.stringify([program.name]).slice(0, -1))
          ? this.pass.minima
          : program.minima;
      this.key = key;
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
    this.waiting = pass.block > 1;
    this.changed();
  }
}

export function basinJob(
  race: Pick<Race, "focus" | "program" | "steps">,
  job: number,
  minima: BasinJob["minima"],
  columns = COLUMNS,
  rows = ROWS,
): BasinJob {
  const { focus, program, steps } = race;
  return {
    job,
    steps,
    columns,
    rows,
    minima,
    loop: loopSource(program.gradient, focus.rule),
    gradient: body(program.gradient),
    hessian: body(program.hessian),
    values: valuesOf(focus.rule, focus.settings),
    bounds: program.bounds,
  };
}

function body({ lines, results }: Code): string {
  return `${consts(lines)}\nreturn [${results.join(", ")}];`;
}

/** The functions of the job that a race asks for now. */
export function basinFormulas({ focus, program }: Pick<Race, "focus" | "program">): BasinFormulas {
  const { gradient, hessian } = compileLandscape(program);
  return { run: compileLoop(program, focus.rule), gradient, hessian };
}

/** A worker made from the engine's own text, so that a page from a folder has one too; or without, in slices here. */
function engine(race: Race, receive: (pass: BasinPass) => void): Send {
  const here = () => {
    const port: Port = { postMessage: receive, onmessage: null };
    let formulas = basinFormulas(race);
    basinEngine(port, () => formulas);
    return (message: BasinJob | GoOn) => {
      if ("loop" in message) formulas = basinFormulas(race);
      window.setTimeout(
        race.view.guard(() => port.onmessage?.({ data: message })),
        0,
      );
    };
  };
  if (!mayCompile()) return here(); // what forbids to compile forbids such a worker too
  try {
    const url = URL.createObjectURL(new Blob([`(${basinEngine.toString()})(self)`], { type: "text/javascript" }));
    const worker = new Worker(url);
    let latest: BasinJob | GoOn | null = null;
    let send: Send = (message) => {
      latest = message;
      worker.postMessage(message);
    };
    worker.onmessage = (event: MessageEvent<BasinPass>) => receive(event.data);
    worker.onerror = () => {
      // a host that forbids such workers
      worker.terminate();
      send = here();
      if (latest) send(latest);
    };
    race.view.onDispose(() => {
      worker.terminate();
      URL.revokeObjectURL(url);
    });
    return (message) => send(message);
  } catch {
    return here();
  }
}
