/** Play, pause, step, scrub, speed: one clock of steps for all runs. */

import { button, ICONS, relabel, select, slider } from "../core/controls";
import { h } from "../core/dom";
import type { View } from "../core/view";

export interface Clock {
  /** The step shown, and the last there is. */
  readonly step: () => number;
  readonly last: () => number;
  readonly go: (step: number | null) => void;
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

export function transport(view: View, clock: Clock, unit = "Step"): { element: HTMLElement; update(): void } {
  let speed = 1;
  let at = 0;
  let stop: (() => void) | null = null;
  const pause = () => {
    stop?.();
    stop = null;
    relabel(play, "Play", ICONS.play);
  };
  const start = () => {
    at = clock.step() >= clock.last() ? 0 : clock.step();
    clock.go(Math.floor(at));
    relabel(play, "Pause", ICONS.pause);
    stop = view.animate((elapsed) => {
      const pace = Math.min(SLOWEST, (SECONDS * 1000) / Math.max(1, clock.last()));
      at += (elapsed / pace) * speed;
      const done = at >= clock.last();
      clock.go(done ? null : Math.floor(at));
      if (done) pause();
      return !done;
    });
  };
  const go = (step: number) => {
    pause();
    clock.go(Math.max(0, Math.min(clock.last(), step)));
  };
  const play = button(view, { label: "Play", icon: ICONS.play, press: () => (stop ? pause() : start()) });
  play.classList.add("gdw-play");
  const first = button(view, { label: "Back to the start", icon: ICONS.first, press: () => go(0) });
  const back = button(view, {
    label: `One ${unit.toLowerCase()} back`,
    icon: ICONS.back,
    press: () => go(clock.step() - 1),
  });
  const forward = button(view, {
    label: `One ${unit.toLowerCase()} forward`,
    icon: ICONS.forward,
    press: () => go(clock.step() + 1),
  });
  const scrub = slider(view, {
    label: unit,
    low: 0,
    high: 1,
    scale: "integer",
    value: clock.step,
    change: go,
    format: (k) => `${k} of ${clock.last()}`,
  });
  const pace = select(view, {
    label: "Speed",
    hideLabel: true,
    options: () => SPEEDS,
    value: () => String(speed),
    change: (value) => {
      speed = Number(value);
    },
  });
  view.onDispose(() => stop?.());
  return {
    element: h(
      "div",
      { class: "gdw-transport", role: "group", "aria-label": "Playback" },
      first,
      back,
      play,
      forward,
      scrub.element,
      pace.element,
    ),
    update() {
      scrub.input.max = String(clock.last());
      scrub.update();
      pace.update();
    },
  };
}
