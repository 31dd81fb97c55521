/** What EdgeOfStability shows: a network, and its training so far. */

import type { MethodStyle, Theme } from "../../core/theme";
import type { View } from "../../core/view";
import type { Answers, NetworkProgram, PartShape, StartProgram, Table } from "../../shared/network";
import { answersOf, costOf, sizeOf, startOf } from "../../shared/network";
import type { StepProgram } from "../../shared/network-descent";
import { Training } from "./training";

export const TRAITS = ["learning_rate", "width", "depth", "seed", "steps"] as const;
/** Where the fitted curve is looked at. */
const PLACES = 160;
/** Steps that are taken at once where nothing moves, and milliseconds that they may take. */
const AT_ONCE = 6000;
const PATIENCE = 2000;

interface Programs {
  /** By the number of hidden layers, from one. */
  readonly networks: readonly (NetworkProgram & { readonly parts: readonly Layer[] })[];
  readonly start: StartProgram;
  readonly step: StepProgram;
  readonly features: Table;
  readonly targets: Table;
}

/** The width of the hidden layers is not known in Python. */
interface Layer {
  readonly name: string;
  readonly shape: readonly (number | "width")[];
}

export class EdgeState {
  training!: Training;
  private answers!: Answers;
  private key: readonly unknown[] = [];

  constructor(readonly view: View) {
    this.follow();
  }

  get programs(): Programs {
    return this.view.get("_programs");
  }

  get rate(): number {
    return this.view.get("learning_rate");
  }

  /** 2/η, above which a sharp direction makes steps grow. */
  get edge(): number {
    return 2 / this.rate;
  }

  get last(): number {
    return this.view.get("steps");
  }

  private get network(): Programs["networks"][number] {
    const { networks } = this.programs;
    return networks[this.view.get<number>("depth") - 1] as Programs["networks"][number];
  }

  private get parts(): readonly PartShape[] {
    const width = this.view.get<number>("width");
    const sized = (shape: Layer["shape"]) => shape.map((size) => (size === "width" ? width : size));
    return this.network.parts.map(({ name, shape }) => ({ name, shape: sized(shape) }));
  }

  get parameters(): number {
    return sizeOf(this.parts);
  }

  /** Begin anew if the network, its start or the length of the run has changed; another rate alone goes on. */
  follow(): void {
    const key = [this.programs, ...["width", "depth", "seed", "steps"].map((name) => this.view.get(name))];
    if (key.every((part, i) => part === this.key[i])) return;
    this.key = key;
    this.restart();
  }

  restart(): void {
    const { programs, network, parts } = this;
    const cost = costOf(network.cost, parts, programs.features, programs.targets);
    const start = startOf(programs.start, parts, this.view.get("seed"));
    this.training = new Training(cost, start, this.last, programs.step);
    this.answers = answersOf(network.scores, parts, { shape: [PLACES + 1, 1], data: this.places });
  }

  /** Train from the start, for paper and for a reader who wants less motion. */
  trainAtOnce(): void {
    this.restart();
    const until = performance.now() + PATIENCE;
    this.training.advance(AT_ONCE, this.rate, () => performance.now() > until);
    this.training.look();
  }

  private get places(): readonly number[] {
    const data = Array.from(this.programs.features.data);
    const [low, high] = [Math.min(...data), Math.max(...data)];
    return Array.from({ length: PLACES + 1 }, (_, i) => low + (i / PLACES) * (high - low));
  }

  /** What the network says now, from edge to edge of the data. */
  get curve(): { readonly places: readonly number[]; readonly heights: readonly number[] } {
    return { places: this.places, heights: [...this.answers.at(this.training.theta)] };
  }

  style(theme: Theme): MethodStyle {
    return theme.method("gradient descent");
  }
}
