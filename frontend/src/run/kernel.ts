/**
 * Python in a worker: JupyterLite's kernel on Pyodide. It starts when it is first asked to run something.
 *
 * Nothing of it is loaded before. To stop is to end the worker; the next run starts another.
 */

import type { Remote } from "comlink";
import { wrap } from "comlink";

/** Where things lie, as the build has written it in `python.json`; addresses are relative to that file. */
export interface Settings {
  /** The folder of Pyodide's own files, with a slash at its end. */
  readonly pyodide: string;
  readonly worker: string;
  /** What is loaded with Python. */
  readonly start: readonly string[];
  /** Pyodide's list of packages and where they lie, with the wheels of this build. */
  readonly lock: string;
  /** What that list is known by: what was compiled of its packages is right for no other. */
  readonly key: string;
}

/** What a cell shows: a message of the kernel's, without its wrapping. */
export type Message =
  | { readonly type: "stream"; readonly bundle: { readonly name: string; readonly text: string } }
  | {
      readonly type: "execute_result" | "display_data" | "update_display_data";
      readonly bundle: {
        readonly data: Readonly<Record<string, unknown>>;
        readonly transient?: { readonly display_id?: string };
      };
    }
  | {
      readonly type: "execute_error";
      readonly bundle: { readonly ename: string; readonly evalue: string; readonly traceback: readonly string[] };
    }
  | { readonly type: "clear_output"; readonly bundle: { readonly wait: boolean } };

export interface CommMessage {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  readonly content: {
    readonly comm_id: string;
    readonly target_name?: string;
    readonly data: { readonly method?: string; readonly state?: Readonly<Record<string, unknown>> };
  };
}

interface Parent {
  readonly header: { readonly msg_id?: string; readonly session?: string };
}

interface Remoted {
  initialize(options: unknown): Promise<void>;
  execute(content: { code: string }, parent: Parent): Promise<{ status: string }>;
  commMsg(content: unknown, parent: Parent): Promise<void>;
}

/**
 * What Python must know of the page: which form of a figure it has room for (Matplotlib waits until it is asked for),
 * that nobody can type while it runs, and that the page keeps what a reader has answered.
 */
const AT_HOME = (slim: boolean) => `
def _show(figure, **_):
    from gdlib.book import narrow
    return narrow.one(figure, slim=${slim ? "True" : "False"})
get_ipython().display_formatter.mimebundle_formatter.for_type_by_name("matplotlib.figure", "Figure", _show)
del _show
import tqdm
tqdm.tqdm.monitor_interval = 0  # a thread would watch over it
del tqdm
import os
os.environ["GDLIB_PAGE"] = "1"
del os
def input(*_, **__):
    raise RuntimeError("input() does not work on this page: write the value into the code")`;

/** One of the two functions of `gdlib.book.bytecode`. Where the browser keeps nothing it fails, and nothing is lost. */
const BYTECODE = (what: "restore" | "keep", key: string) =>
  `from gdlib.book import bytecode as _kept\nawait _kept.${what}("${key}")\ndel _kept`;

export class Kernel {
  private readonly worker: Worker;
  private readonly remote: Remote<Remoted>;
  private show: (message: Message) => void = () => {};
  private count = 0;
  private kept = false;
  /** Resolves when Python has started; fails with the reason why it could not. */
  readonly started: Promise<void>;
  /** Fails when the kernel is ended. */
  readonly ended: Promise<never>;
  private stop: () => void = () => {};

  constructor(
    private readonly settings: Settings,
    base: string,
    slim: boolean,
    private readonly hear: (message: CommMessage) => void,
  ) {
    this.worker = new Worker(new URL(settings.worker, base), { type: "module" });
    this.remote = wrap<Remoted>(this.worker);
    this.worker.addEventListener("message", ({ data }) => this.receive(data?._kernelMessage));
    const failed = new Promise<never>((_, reject) => {
      this.worker.addEventListener("error", (event) => reject(new Error(event.message || "the worker did not load")));
    });
    this.started = Promise.race([this.start(base, slim), failed]);
    this.ended = new Promise((_, reject) => {
      this.stop = () => reject(new Error("stopped"));
    });
    this.ended.catch(() => {});
  }

  /** Run code; what it shows goes to `show` as it comes. Resolves to whether it ended well. */
  async run(code: string, show: (message: Message) => void): Promise<boolean> {
    await this.started;
    this.show = show;
    const reply = await this.execute(code);
    await new Promise((resolve) => setTimeout(resolve)); // what was posted before the reply has its turn
    this.show = () => {};
    return reply.status === "ok";
  }

  /** Let the browser keep what Python has compiled: the next page starts sooner. */
  keep(): void {
    if (!this.kept) void this.execute(BYTECODE("keep", this.settings.key));
    this.kept = true;
  }

  /** Tell Python what a widget on the page has become. */
  tell(comm: string, data: unknown): void {
    this.remote.commMsg({ content: { comm_id: comm, data }, metadata: {}, buffers: [] }, { header: {} });
  }

  /** End Python, whatever it does. */
  end(): void {
    this.worker.terminate();
    this.stop();
  }

  private async start(base: string, slim: boolean): Promise<void> {
    const { settings } = this;
    const folder = new URL(settings.pyodide, base).href;
    await this.remote.initialize({
      baseUrl: base,
      pyodideUrl: `${folder}pyodide.mjs`,
      indexUrl: folder,
      pipliteWheelUrl: "",
      pipliteUrls: [],
      disablePyPIFallback: true,
      location: "",
      mountDrive: false,
      loadPyodideOptions: { packages: settings.start, lockFileURL: new URL(settings.lock, base).href },
      browsingContextId: "",
      kernelId: "page",
    });
    await this.execute(BYTECODE("restore", settings.key));
    await this.execute(AT_HOME(slim));
  }

  private execute(code: string): Promise<{ status: string }> {
    this.count += 1;
    return this.remote.execute({ code }, { header: { msg_id: `run-${this.count}`, session: "page" } });
  }

  private receive(message: Message | CommMessage | undefined): void {
    if (!message) return;
    if ("content" in message) this.hear(message);
    else this.show(message);
  }
}
