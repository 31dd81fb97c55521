/** Widgets that Python has made, live on the page: what the reader moves, Python hears, and the other way round. */

import type { State } from "../core/model";
import { PageModel } from "../core/model";
import type { CommMessage, Kernel } from "./kernel";

/** A model whose other half is in Python. */
export class LiveModel extends PageModel {
  private readonly changed = new Map<string, unknown>();

  constructor(
    state: State,
    private readonly send: (state: State) => void,
  ) {
    super(state);
  }

  override set(name: string, value: unknown): void {
    this.changed.set(name, value);
    super.set(name, value);
  }

  override save_changes(): void {
    if (this.changed.size) this.send(Object.fromEntries(this.changed));
    this.changed.clear();
  }

  /** Take what Python has set; that is not to be sent back. */
  receive(state: State): void {
    for (const [name, value] of Object.entries(state)) super.set(name, value);
  }
}

/** The models by the name of their line to Python. */
export class Models {
  private readonly models = new Map<string, LiveModel>();

  get(id: string): LiveModel | undefined {
    return this.models.get(id);
  }

  /** Follow what the kernel says of its widgets. */
  hear(kernel: () => Kernel, { type, content }: CommMessage): void {
    const { comm_id: id, data } = content;
    if (type === "comm_open" && content.target_name === "jupyter.widget")
      this.models.set(
        id,
        new LiveModel(data.state ?? {}, (state) => kernel().tell(id, { method: "update", state, buffer_paths: [] })),
      );
    else if (type === "comm_msg" && data.method === "update") this.models.get(id)?.receive(data.state ?? {});
    else if (type === "comm_close") this.models.delete(id);
  }
}
