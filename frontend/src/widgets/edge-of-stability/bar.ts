/** Train, pause, begin again: for a run that is made while it is watched. */

import { button, ICONS, relabel, select } from "../../core/controls";
import { h } from "../../core/dom";
import type { Part } from "../../core/part";
import type { View } from "../../core/view";
import { onAnswer } from "../../shared/prediction";
import type { EdgeState } from "./state";

const SPEEDS = [
  ["50", "50 steps/s"],
  ["250", "250 steps/s"],
  ["1000", "1000 steps/s"],
  ["5000", "5000 steps/s"],
] as const;
/** Milliseconds of a frame that training may take. */
const BUDGET = 9;

export interface Bar extends Part {
  /** Go on training if it was, from wherever the state stands. */
  readonly playing: () => boolean;
}

export function trainingBar(state: EdgeState, moved: () => void, said: () => void): Bar {
  const { view } = state;
  const trainer = new Trainer(view, state, moved, (playing) => {
    if (playing) relabel(play, "Pause", ICONS.pause);
    else relabel(play, "Train", ICONS.play);
    if (!playing) said();
  });
  const play = button(view, { label: "Train", icon: ICONS.play, press: () => trainer.toggle() });
  play.classList.add("gdw-play");
  const first = button(view, { label: "Back to the start", icon: ICONS.first, press: () => trainer.restart() });
  const one = button(view, { label: "One step forward", icon: ICONS.forward, press: () => trainer.one() });
  const speed = select(view, {
    label: "Speed",
    hideLabel: true,
    options: () => SPEEDS,
    value: () => String(trainer.speed),
    change: (value) => {
      trainer.speed = Number(value);
    },
  });
  onAnswer(
    view,
    () => trainer.again(),
    () => trainer.atOnce(),
  );
  return {
    element: h(
      "div",
      { class: "gdw-transport", role: "group", "aria-label": "Training" },
      first,
      play,
      one,
      speed.element,
    ),
    update: () => speed.update(),
    playing: () => trainer.playing,
  };
}

class Trainer {
  speed = 1000;
  private owed = 0;
  private stop: (() => void) | null = null;

  constructor(
    private readonly view: View,
    private readonly state: EdgeState,
    private readonly moved: () => void,
    private readonly changed: (playing: boolean) => void,
  ) {
    view.onDispose(() => this.stop?.());
  }

  get playing(): boolean {
    return this.stop !== null;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  one(): void {
    this.pause();
    this.view.reveal();
    this.state.training.advance(1, this.state.rate);
    this.state.training.look();
    this.moved();
  }

  restart(): void {
    this.pause();
    this.state.restart();
    this.moved();
  }

  again(): void {
    this.restart();
    this.play();
  }

  atOnce(): void {
    this.pause();
    this.state.trainAtOnce();
    this.moved();
  }

  private play(): void {
    this.view.reveal();
    if (this.state.training.done) this.state.restart();
    this.owed = 0;
    this.stop = this.view.animate((elapsed) => this.tick(elapsed));
    this.changed(true);
  }

  private pause(): void {
    if (!this.stop) return;
    this.stop();
    this.stop = null;
    this.state.training.look();
    this.moved();
    this.changed(false);
  }

  /** Take the steps that are due, but no more than fit into a frame: what is late is not made up for. */
  private tick(elapsed: number): boolean {
    const { state } = this;
    const until = performance.now() + BUDGET;
    this.owed += (elapsed / 1000) * this.speed;
    const due = Math.floor(this.owed);
    const taken = state.training.advance(due, state.rate, () => performance.now() > until);
    this.owed = taken < due ? 0 : this.owed - due;
    if (state.training.done) this.pause();
    else this.moved();
    return this.playing;
  }
}
