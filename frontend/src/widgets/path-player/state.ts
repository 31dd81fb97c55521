/** What PathPlayer shows: its paths on one clock of frames. */

import type { LandscapeProgram } from "../../core/program";
import type { Bounds } from "../../core/snap";
import type { MethodStyle } from "../../core/theme";
import { themeOf } from "../../core/theme";
import type { View } from "../../core/view";
import { shownAt } from "../../shared/clock";
import { looksOf } from "./looks";
import type { PackedPath, PlayedPath } from "./paths";
import { startOf, unpack } from "./paths";

export interface PlayerProgram {
  readonly landscape: LandscapeProgram | null;
  readonly bounds: Bounds;
  readonly names: readonly string[];
  readonly every: number;
  /** What is said at each frame; empty where nothing is. */
  readonly notes: readonly string[];
  readonly paths: readonly PackedPath[];
}

/** The player's state as its parts read it. */
export class Player {
  private known: { readonly program: PlayerProgram; readonly paths: readonly PlayedPath[] } | null = null;

  constructor(readonly view: View) {}

  get program(): PlayerProgram {
    return this.view.get("_programs");
  }

  private get whole(): readonly PlayedPath[] {
    const { program } = this;
    if (this.known?.program !== program) this.known = { program, paths: program.paths.map(unpack) };
    return this.known.paths;
  }

  /** The paths; while the figure waits, their first points. */
  get paths(): readonly PlayedPath[] {
    return this.view.waiting ? this.whole.map(startOf) : this.whole;
  }

  get last(): number {
    return Math.max(0, ...this.whole.map((path) => path.last));
  }

  get frame(): number {
    return shownAt(this.view, "frame", this.last);
  }

  /** What is said at the frame shown; empty if nothing is. */
  get note(): string {
    return this.program.notes[this.frame] ?? "";
  }

  /** What one move of the clock is called: no step, where each moment is one of its own. */
  get unit(): "Frame" | "Step" {
    return this.program.every > 1 || this.program.notes.length ? "Frame" : "Step";
  }

  get styles(): readonly MethodStyle[] {
    return looksOf(
      this.paths.map(({ name }) => name),
      themeOf(this.view.root),
    );
  }
}
