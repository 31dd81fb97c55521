/** One of several curves: what every widget on a curve that a reader chooses reads. */

import type { Landscape, LandscapeProgram } from "../core/program";
import { compileLandscape } from "../core/program";
import type { View } from "../core/view";

export class Curves<Programs extends { readonly curves: readonly LandscapeProgram[] }> {
  constructor(readonly view: View) {}

  get programs(): Programs {
    return this.view.get("_programs");
  }

  /** Which of the curves, from 0. */
  get number(): number {
    return this.view.get("curve");
  }

  get program(): LandscapeProgram {
    const found = this.programs.curves[this.number];
    if (!found) throw new Error(`there is no curve number ${this.number}`);
    return found;
  }

  get landscape(): Landscape {
    return compileLandscape(this.program);
  }

  get interval(): readonly [number, number] {
    return this.program.bounds[0] ?? [0, 1];
  }
}
