/** One polite line for a screen reader: the latest sentence, at most once a second. */

import { h } from "./dom";

const PAUSE = 1000;

export class LiveLine {
  readonly element = h("p", { class: "gdw-live", role: "status", "aria-live": "polite" });
  private timer = 0;
  private pending = "";

  say(sentence: string): void {
    this.pending = sentence;
    if (this.timer) return;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      if (this.element.textContent !== this.pending) this.element.textContent = this.pending;
    }, PAUSE);
  }
}
