/** The part of an anywidget model that our widgets use, and a stand-in for pages without a kernel. */

import type { AnyModel } from "@anywidget/types";

export type State = Readonly<Record<string, unknown>>;

export type Model = Pick<AnyModel<State>, "get" | "set" | "save_changes" | "on" | "off">;

type Callback = Parameters<Model["on"]>[1];

/** A model over JSON state. Several views of one model stay linked because they share it. */
export class PageModel implements Model {
  private readonly state: Map<string, unknown>;
  private readonly callbacks = new Map<string, Set<Callback>>();

  constructor(state: State) {
    this.state = new Map(Object.entries(state));
  }

  get(name: string): unknown {
    return this.state.get(name);
  }

  set(name: string, value: unknown): void {
    if (same(this.state.get(name), value)) return;
    this.state.set(name, value);
    this.emit(`change:${name}`);
    this.emit("change");
  }

  save_changes(): void {
    /* there is no kernel to tell */
  }

  on(event: string, callback: Callback): void {
    const known = this.callbacks.get(event) ?? new Set();
    this.callbacks.set(event, known.add(callback));
  }

  off(event?: string | null, callback?: Callback | null): void {
    if (event && callback) this.callbacks.get(event)?.delete(callback);
  }

  private emit(event: string): void {
    for (const callback of [...(this.callbacks.get(event) ?? [])]) callback();
  }
}

/** Equality of JSON values. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
