/** Code that runs where it stands. The page loads this with the first press of a Run button. */

import { h, setText } from "../core/dom";
import type { Model } from "../core/model";
import { codeOf, draft, keepDraft } from "./drafts";
import type { Editor } from "./editor";
import { makeEditor } from "./editor";
import type { Settings } from "./kernel";
import { Kernel } from "./kernel";
import type { ShowWidget } from "./outputs";
import { Outputs, plain } from "./outputs";
import { Models } from "./widgets";

/** What the page's own script lends: it has the widgets already. */
export interface Page {
  /** The folder of what runs code. */
  readonly base: string;
  /** How much the first press loads, and from where, in words. */
  readonly amount: string;
  mount(model: Model, into: HTMLElement): void;
  /** Note that an exercise has been answered, and whether rightly. */
  note(exercise: string, correct: boolean): void;
}

/** One cell of the chapter, in the notebook's order. */
export interface Cell {
  readonly element: HTMLElement;
  readonly number: number;
  /** Exercises and solutions run only when their own button is pressed. */
  readonly alone: boolean;
  /** The exercise that a reader answers in it. */
  readonly exercise?: string;
}

/** Below this width figures are narrow, as in `gdlib.book.figures`. */
const NARROW = "(max-width: 47.5rem)";

/** After so many milliseconds a start that has not ended may never end. */
const LONG = 60_000;

/** Prepare a chapter's cells, before any of them runs. */
export async function prepare(page: Page, cells: readonly Cell[]): Promise<Prepared> {
  const settings = (await (await fetch(new URL("python.json", page.base))).json()) as Settings;
  return new Chapter(page, settings, cells);
}

export interface Prepared {
  /** Run a cell, after those above it that have not run. */
  run(cell: Cell): Promise<void>;
  /** Make a cell's code an editor, and go there. */
  edit(cell: Cell): void;
}

class Chapter implements Prepared {
  private kernel: Kernel | null = null;
  private started = false;
  /** How often everything was stopped: what waited then does not run. */
  private stops = 0;
  private readonly models = new Models();
  private readonly rows: ReadonlyMap<Cell, Row>;
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly page: Page,
    private readonly settings: Settings,
    private readonly cells: readonly Cell[],
  ) {
    this.rows = new Map(
      cells.map((cell) => [cell, new Row(cell, { run: () => void this.run(cell), stop: () => this.stop() })]),
    );
  }

  edit(cell: Cell): void {
    this.row(cell).edit();
  }

  run(target: Cell): Promise<void> {
    const row = this.row(target);
    if (row.asked) return this.queue;
    row.done = false;
    row.ask([...this.rows.values()].some(({ asked }) => asked));
    const { stops } = this;
    const turn = this.queue.then(() =>
      stops === this.stops ? this.runAll(target) : row.say("Stopped before it ran."),
    );
    this.queue = turn.catch(() => {}).finally(() => row.rest());
    return turn;
  }

  private row(cell: Cell): Row {
    const row = this.rows.get(cell);
    if (!row) throw new Error("a cell that is not the chapter's");
    return row;
  }

  private async runAll(target: Cell): Promise<void> {
    const row = this.row(target);
    try {
      const kernel = await this.start(row);
      const asks = this.asks(target);
      const before = this.cells.filter(
        (cell) => cell.number < target.number && (!cell.alone || cell === asks) && !this.row(cell).done,
      );
      for (const [i, cell] of before.entries()) {
        row.say(`Running what stands above: ${i + 1} of ${before.length}…`);
        if (!(await this.runOne(kernel, cell)) && cell !== asks) {
          this.row(cell).say("Stopped at an error.");
          row.say(
            "A cell above stopped at an error: ",
            h("a", { href: `#${this.row(cell).address}` }, "go there"),
            ".",
          );
          return;
        }
      }
      row.say("Running…");
      const start = performance.now();
      const well = await this.runOne(kernel, target);
      this.note(target, row.place);
      row.say(
        well
          ? `Done in ${((performance.now() - start) / 1000).toFixed(1)} s.`
          : `Stopped at an error.${this.advice(target)}`,
      );
      if (well) kernel.keep();
    } catch (error) {
      row.say(reason(error));
    }
  }

  /** The exercise that a solution answers: it may name what the solution needs, right or wrong as it is. */
  private asks(target: Cell): Cell | undefined {
    if (!target.element.classList.contains("tag_solution")) return undefined;
    return this.cells.filter((cell) => cell.number < target.number && cell.exercise !== undefined).at(-1);
  }

  /** Tell the page what `gd.check` said of the reader's answer. */
  private note({ exercise }: Cell, place: HTMLElement): void {
    const verdict = place.querySelector(".gd-verdict:is(.gd-correct, .gd-not-yet)");
    if (exercise && verdict) this.page.note(exercise, verdict.classList.contains("gd-correct"));
  }

  /** After an error: cells below may have given a name another meaning; the next press runs all above again. */
  private advice(target: Cell): string {
    const later = this.cells.some((cell) => cell.number > target.number && this.row(cell).done);
    if (!later) return "";
    for (const cell of this.cells) this.row(cell).done = false;
    return " Cells below it have run and may have changed what it needs: press Run again to run all above it first.";
  }

  private async start(row: Row): Promise<Kernel> {
    if (!this.kernel) {
      const slim = matchMedia(NARROW).matches;
      const kernel = new Kernel(this.settings, this.page.base, slim, (message) =>
        this.models.hear(() => kernel, message),
      );
      this.kernel = kernel;
    }
    const kernel = this.kernel;
    const start = performance.now();
    const what = this.started ? "Starting Python again" : `Loading Python into your browser: ${this.page.amount}, once`;
    this.started = true;
    const wait = () => {
      row.say(performance.now() - start < LONG ? what : `${what}. If the connection was lost, press Stop, then Run`);
      row.clock(` (${seconds(start)})…`);
    };
    wait();
    const clock = setInterval(wait, 1000);
    try {
      await Promise.race([kernel.started, kernel.ended]);
    } catch (error) {
      if (this.kernel === kernel) this.kernel = null;
      kernel.end();
      throw error;
    } finally {
      clearInterval(clock);
    }
    return kernel;
  }

  private async runOne(kernel: Kernel, cell: Cell): Promise<boolean> {
    const row = this.row(cell);
    row.place.removeAttribute("hidden");
    const outputs = new Outputs(row.place, this.showWidget);
    const running = kernel.run(row.code, (message) => {
      outputs.take(message);
      if (message.type === "execute_error") row.mark(message.bundle.traceback);
    });
    row.done = await Promise.race([running, kernel.ended]);
    outputs.end();
    return row.done;
  }

  private readonly showWidget: ShowWidget = (id, into) => {
    const model = this.models.get(id);
    if (!model?.get("_kind")) return false;
    this.page.mount(model, into);
    return true;
  };

  /** End Python and forget what it knew; what was typed stays. */
  private stop(): void {
    this.stops += 1;
    this.kernel?.end();
    this.kernel = null;
    for (const row of this.rows.values()) row.done = false;
  }
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(0)} s`;
}

function reason(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  if (words === "stopped") return "Stopped. The next run starts Python afresh.";
  if (/memory/i.test(words)) return "This browser has not enough memory for Python here. The page is as before.";
  if (!navigator.onLine) return "Python could not be loaded: there is no connection. The page is as before.";
  return `Python could not be loaded (${words}). The page is as before.`;
}

/** A cell's bar, its code, which becomes an editor when it is wanted, and the place of its outputs. */
class Row {
  done = false;
  /** Whether it runs, or waits to. */
  asked = false;
  readonly place: HTMLElement;
  private readonly words = h("span", { role: "status" });
  /** Seconds that pass: read aloud they would be in the way. */
  private readonly passing = h("span", { "aria-hidden": "true" });
  private readonly status = h("span", { class: "gd-run-status" }, this.words, this.passing);
  private readonly stopper = h("button", { type: "button", hidden: true }, "Stop");
  private readonly resetter = h("button", { type: "button", hidden: true }, "Reset");
  private readonly pre: HTMLElement;
  private readonly stored: readonly Node[];
  /** Where an answer's form says the same, the stored output is hidden. */
  private readonly hidden: boolean;
  private editor: Editor | null = null;

  constructor(
    private readonly cell: Cell,
    private readonly does: { run(): void; stop(): void },
  ) {
    const { element, number } = cell;
    const pre = element.querySelector<HTMLElement>(".cell_input pre");
    if (!pre) throw new Error(`cell ${number} has no code`);
    this.pre = pre;
    this.place = element.querySelector<HTMLElement>(".cell_output") ?? h("div", { class: "cell_output" });
    if (!this.place.isConnected) element.append(this.place);
    this.stored = [...this.place.childNodes];
    this.hidden = this.place.hasAttribute("hidden");
    element.querySelector(".gd-run")?.append(this.stopper, this.resetter, this.status);
    this.stopper.addEventListener("click", () => this.does.stop());
    this.resetter.addEventListener("click", () => this.reset());
    if (draft(cell, this.own) !== null) this.open();
  }

  /** Where a link finds the cell. */
  get address(): string {
    this.cell.element.id ||= `gd-cell-${this.cell.number}`;
    return this.cell.element.id;
  }

  get code(): string {
    return this.editor?.code ?? this.own;
  }

  /** The page's own code. */
  private get own(): string {
    return codeOf(this.pre);
  }

  edit(): void {
    this.open().focus();
  }

  /** Make the code an editor, with what was typed here before and not put back. */
  private open(): Editor {
    if (!this.editor) {
      const holder = h("div", { class: "gd-editor" });
      this.pre.replaceWith(holder);
      this.editor = makeEditor(holder, draft(this.cell, this.own) ?? this.own, {
        label: `Code of cell ${this.cell.number + 1}`,
        run: () => this.does.run(),
        changed: (code) => keepDraft(this.cell, this.own, code),
      });
      this.resetter.hidden = this.asked;
    }
    return this.editor;
  }

  /** It runs, or waits for others to end. */
  ask(others: boolean): void {
    this.asked = true;
    this.stopper.hidden = false;
    this.resetter.hidden = true;
    this.say(others ? "Waiting for the cell that runs…" : "");
  }

  /** It runs no more. */
  rest(): void {
    this.asked = false;
    if (document.activeElement === this.stopper)
      this.cell.element.querySelector<HTMLElement>(".gd-run button")?.focus();
    this.stopper.hidden = true;
    this.resetter.hidden = false;
  }

  say(...words: (Node | string)[]): void {
    const [only] = words;
    if (words.length === 1 && typeof only === "string") setText(this.words, only);
    else this.words.replaceChildren(...words);
    this.clock("");
  }

  clock(words: string): void {
    setText(this.passing, words);
  }

  /** Mark the line of the cell's own code that an error names. */
  mark(traceback: readonly string[]): void {
    const line = /Cell In\[\d+\], line (\d+)/.exec(plain(traceback.join("\n")))?.[1];
    this.editor?.mark(line ? Number(line) : undefined);
  }

  /** Show the page's own code and outputs again. */
  private reset(): void {
    this.editor?.set(this.own);
    this.place.replaceChildren(...this.stored);
    this.place.toggleAttribute("hidden", this.hidden);
    this.done = false;
    this.say("");
    this.resetter.hidden = !this.editor;
  }
}
