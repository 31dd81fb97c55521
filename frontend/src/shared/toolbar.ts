/** Copy link, reset, and the quiet note: the same in every explorer. */

import { button, ICONS } from "../core/controls";
import { h } from "../core/dom";
import type { Fields } from "../core/fragment";
import type { View } from "../core/view";

export interface Memory {
  /** Traits that a reader can change; `reset` gives them back their first values. */
  readonly traits: readonly string[];
  /** The fields of a link for the state as it is now; only what differs from the first state. */
  readonly write: (first: Readonly<Record<string, unknown>>) => Fields;
  /** Read a link's fields: the traits to set, or null if anything in it is wrong. */
  readonly read: (fields: Fields) => Readonly<Record<string, unknown>> | null;
  /** What begins anew with a reset besides the traits. */
  readonly reset?: () => void;
}

const QUIET_NOTE = "The link that brought you here is not one this figure understands; it shows its usual start.";

export class Toolbar {
  readonly element: HTMLElement;
  readonly note = h("p", { class: "gdw-note", role: "status", hidden: true });
  private readonly first: Record<string, unknown>;

  constructor(
    private readonly view: View,
    private readonly memory: Memory,
  ) {
    this.first = Object.fromEntries(memory.traits.map((name) => [name, view.get(name)]));
    const reset = button(view, { label: "Reset", icon: ICONS.reset, press: () => this.reset() });
    const address = view.host.address;
    const link = address ? button(view, { label: "Copy link", icon: ICONS.link, press: () => void this.copy() }) : null;
    this.element = h("div", { class: "gdw-tools" }, link, reset);
    if (address) this.follow();
  }

  private follow(): void {
    const { view } = this;
    view.onDispose(view.host.address?.restore(view.guard((fields) => this.restore(fields))) ?? (() => {}));
    view.onChange(this.memory.traits, () => view.host.address?.write(this.memory.write(this.first)));
  }

  private restore(fields: Fields | null): void {
    const values = fields && this.memory.read(fields);
    this.say(values ? "" : QUIET_NOTE);
    if (values) this.view.set({ ...this.first, ...values });
  }

  private reset(): void {
    this.view.set(this.first);
    this.memory.reset?.();
    this.say("");
    this.view.live.say("Reset to the start.");
  }

  private async copy(): Promise<void> {
    const link = this.view.host.address?.link(this.memory.write(this.first)) ?? "";
    const done = await writeClipboard(link);
    this.say(done ? "Link copied." : `Copy this link: ${link}`);
    if (done)
      window.setTimeout(() => {
        if (this.note.textContent === "Link copied.") this.say("");
      }, 3000);
  }

  say(text: string): void {
    this.note.textContent = text;
    this.note.hidden = !text;
  }
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, or a page from a folder
  }
}
