/** Play, pause, step, scrub, speed: one clock of steps for all runs. */

import type { Slider } from "../core/controls";
import { button, ICONS, relabel, select, slider } from "../core/controls";
import { h } from "../core/dom";
import type { Part } from "../core/part";
import type { View } from "../core/view";
import { onAnswer } from "./prediction";

export interface Clock {
  /** The step shown, and the last there is. */
  readonly step: () => number;
  readonly last: () => number;
  readonly go: (step: number | null) => void;
  /** Milliseconds that a step takes at speed 1 where there are few. */
  readonly pace?: number;
}

/** Seconds in which a run of any length plays at speed 1, at least this many milliseconds a step. */
const SECONDS = 6;
const SLOWEST = 220;
const SPEEDS = [
  ["0.25", "¼×"],
  ["0.5", "½×"],
  ["1", "1×"],
  ["2", "2×"],
  ["4", "4×"],
] as const;

/** Moves a clock in time with the frames, from where it stands or, at its end, from the start. */
class Playback {
  speed = 1;
  private at = 0;
  private stop: (() => void) | null = null;

  constructor(
    private readonly view: View,
    private readonly clock: Clock,
    private readonly changed: (playing: boolean) => void,
  ) {
    view.onDispose(() => this.stop?.());
  }

  toggle(): void {
    if (this.stop) this.pause();
    else this.play();
  }

  go(step: number): void {
    this.pause();
    this.clock.go(Math.max(0, Math.min(this.clock.last(), step)));
  }

  restart(): void {
    this.pause();
    this.clock.go(0);
    this.play();
  }

  private play(): void {
    const { clock } = this;
    this.at = clock.step() >= clock.last() ? 0 : clock.step();
    clock.go(Math.floor(this.at));
    this.changed(true);
    this.stop = this.view.animate((elapsed) => this.tick(elapsed));
  }

  private pause(): void {
    this.stop?.();
    this.stop = null;
    this.changed(false);
  }

  private tick(elapsed: number): boolean {
    const { clock } = this;
    const pace = Math.min(clock.pace ?? SLOWEST, (SECONDS * 1000) / Math.max(1, clock.last()));
    this.at += (elapsed / pace) * this.speed;
    const done = this.at >= clock.last();
    clock.go(done ? null : Math.floor(this.at));
    if (done) this.pause();
    return !done;
  }
}

export function transport(view: View, clock: Clock, unit = "Step"): Part {
  const one = `One ${unit.toLowerCase()}`;
  const playback = new Playback(view, clock, (playing) =>
    playing ? relabel(play, "Pause", ICONS.pause) : relabel(play, "Play", ICONS.play),
  );
  const play = button(view, { label: "Play", icon: ICONS.play, press: () => playback.toggle() });
  play.classList.add("gdw-play");
  onAnswer(view, () => playback.restart());
  const first = button(view, { label: "Back to the start", icon: ICONS.first, press: () => playback.go(0) });
  const back = button(view, { label: `${one} back`, icon: ICONS.back, press: () => playback.go(clock.step() - 1) });
  const forward = button(view, {
    label: `${one} forward`,
    icon: ICONS.forward,
    press: () => playback.go(clock.step() + 1),
  });
  const scrub = scrubber(view, clock, unit, playback);
  const speed = speeds(view, playback);
  const bar = { class: "gdw-transport", role: "group", "aria-label": "Playback" };
  return {
    element: h("div", bar, first, back, play, forward, scrub.element, speed.element),
    update() {
      scrub.input.max = String(clock.last());
      scrub.update();
      speed.update();
    },
  };
}

function scrubber(view: View, clock: Clock, unit: string, playback: Playback): Slider {
  return slider(view, {
    label: unit,
    low: 0,
    high: 1,
    scale: "integer",
    value: clock.step,
    change: (step) => playback.go(step),
    after: () => `of ${clock.last()}`,
  });
}

function speeds(view: View, playback: Playback): Part {
  return select(view, {
    label: "Speed",
    hideLabel: true,
    options: () => SPEEDS,
    value: () => String(playback.speed),
    change: (value) => {
      playback.speed = Number(value);
    },
  });
}
