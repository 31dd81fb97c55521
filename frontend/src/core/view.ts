/** One mounted widget: its state, its box, when it may draw, and what happens when it fails. */

import { h } from "./dom";
import type { Host } from "./host";
import { LiveLine } from "./live";
import type { Model } from "./model";
import { same } from "./model";
import { watchTheme } from "./theme";

/** Sent by a figure's root when it waits no more. */
const REVEALED = "gdw-revealed";

/** A view and what it needs from its surroundings. Create one in `render`, `dispose` it at the end. */
export class View {
  readonly root: HTMLElement;
  readonly live: LiveLine;
  private readonly cleanups: (() => void)[] = [];
  private readonly painters: (() => void)[] = [];
  private frame = 0;
  private visible = false;
  private failed = false;

  constructor(
    readonly model: Model,
    readonly el: HTMLElement,
    readonly host: Host,
    label: string,
  ) {
    this.root = h("div", { class: "gdw", role: "group", "aria-label": label });
    this.live = new LiveLine();
    el.append(this.root);
    this.watchVisibility();
    this.listen(this.root, "focusin", keepKeys);
    this.cleanups.push(watchTheme(() => this.invalidate()));
    this.cleanups.push(() => this.root.remove());
  }

  get<T>(name: string): T {
    return this.model.get(name) as T;
  }

  /** Set traits together; tell Python once. Whoever changes a figure that waits wants to see it. */
  set(values: Readonly<Record<string, unknown>>): void {
    const changes = Object.entries(values).filter(([name, value]) => !same(this.model.get(name), value));
    if (!changes.length) return;
    this.reveal();
    for (const [name, value] of changes) this.model.set(name, value);
    this.model.save_changes();
  }

  /** Whether the figure shows no more than its start, because a question is put to its reader first. */
  get waiting(): boolean {
    return this.root.hasAttribute("data-waiting");
  }

  wait(): void {
    this.root.setAttribute("data-waiting", "");
  }

  /** Show all that the figure has to tell. */
  reveal(): void {
    if (!this.waiting) return;
    this.root.removeAttribute("data-waiting");
    this.root.dispatchEvent(new Event(REVEALED));
  }

  /** Call back when the waiting ends, by the figure's failure too. */
  onReveal(callback: () => void): void {
    this.root.addEventListener(REVEALED, callback);
  }

  /** Call back when one of these traits changes, by whomever. */
  onChange(names: readonly string[], callback: () => void): void {
    const guarded = this.guard(callback);
    for (const name of names) {
      this.model.on(`change:${name}`, guarded);
      this.cleanups.push(() => this.model.off(`change:${name}`, guarded));
    }
  }

  listen<K extends keyof HTMLElementEventMap>(
    target: EventTarget,
    event: K,
    callback: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void {
    const guarded = this.guard(callback as (event: Event) => void);
    target.addEventListener(event, guarded, options);
    this.cleanups.push(() => target.removeEventListener(event, guarded, options));
  }

  /** Register what paints. It runs in the next frame after `invalidate`, and only while in sight. */
  paint(painter: () => void): void {
    this.painters.push(painter);
    this.invalidate();
  }

  /** Ask for a new frame. */
  invalidate(): void {
    if (this.frame || !this.visible || this.failed) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.guard(() => this.painters.forEach((painter) => painter()))();
    });
  }

  /** Paint at once, whether in sight or not: for paper. */
  paintNow(): void {
    this.guard(() => this.painters.forEach((painter) => painter()))();
  }

  /** Call `tick` once a frame with the milliseconds since the last, until it returns false. Rests off screen. */
  animate(tick: (elapsed: number) => boolean): () => void {
    let running = true;
    let before = performance.now();
    const next = (now: number) => {
      if (!running || this.failed) return;
      // A busy browser's frame may have begun before it was asked for; after a rest off screen nothing leaps.
      const elapsed = Math.max(0, Math.min(now - before, 100));
      before = now;
      if (this.visible && !document.hidden) running = this.guard(() => tick(elapsed))() ?? false;
      if (running) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    const stop = () => {
      running = false;
    };
    this.cleanups.push(stop);
    return stop;
  }

  get isVisible(): boolean {
    return this.visible;
  }

  onDispose(cleanup: () => void): void {
    this.cleanups.push(cleanup);
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    for (const cleanup of this.cleanups.splice(0).reverse()) cleanup();
  }

  /** Wrap a callback so that its failure is shown in this widget's box, and nowhere else. */
  guard<A extends unknown[], R>(callback: (...args: A) => R): (...args: A) => R | undefined {
    return (...args) => {
      if (this.failed) return undefined;
      try {
        return callback(...args);
      } catch (error) {
        this.fail(error);
        return undefined;
      }
    };
  }

  fail(error: unknown): void {
    this.failed = true;
    this.reveal();
    showFailure(this.root, error);
  }

  private watchVisibility(): void {
    const observer = new IntersectionObserver(
      (entries) => {
        this.visible = entries.at(-1)?.isIntersecting ?? false;
        if (this.visible) this.invalidate();
      },
      { rootMargin: "100px" },
    );
    observer.observe(this.root);
    this.cleanups.push(() => observer.disconnect());
    const print = () => {
      this.reveal();
      this.paintNow();
    };
    window.addEventListener("beforeprint", print);
    this.cleanups.push(() => window.removeEventListener("beforeprint", print));
  }
}

/** Tell JupyterLab, which asks the control itself, that keys pressed on it, such as arrows, are not its commands. */
function keepKeys(event: FocusEvent): void {
  (event.target as Element).setAttribute("data-lm-suppress-shortcuts", "true");
}

/** Replace a widget by a message that says what happened and what to do; on a page the still figure comes back. */
export function showFailure(root: HTMLElement, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  console.error(error);
  const place = root.closest(".gd-widget");
  place?.setAttribute("data-failed", "");
  const still = place?.querySelector(".gd-still > noscript");
  if (still) still.outerHTML = still.textContent ?? "";
  const advice = place
    ? "Reload the page; if it fails again, the still figure and the text around it say the same. " +
      "The rest of the page works."
    : "Run its cell again; if it fails again, the text around it says the same. The rest of the notebook works.";
  root.replaceChildren(
    h(
      "div",
      { class: "gdw-failure", role: "alert" },
      h("strong", {}, "This figure could not be drawn."),
      h("p", {}, advice),
      h("code", {}, text),
    ),
  );
}
