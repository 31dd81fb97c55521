/** The landscape on which a widget's runs begin, and where they do: what every race and every search reads. */

import type { Landscape, LandscapeProgram } from "../core/program";
import { compileLandscape } from "../core/program";
import type { View } from "../core/view";

export class Ground<Programs extends { readonly landscapes: readonly LandscapeProgram[] }> {
  constructor(readonly view: View) {}

  get programs(): Programs {
    return this.view.get("_programs");
  }

  get program(): LandscapeProgram {
    const name = this.view.get<string>("landscape");
    const found = this.programs.landscapes.find((l) => l.name === name);
    if (!found) throw new Error(`no landscape is called ${name}`);
    return found;
  }

  get landscape(): Landscape {
    return compileLandscape(this.program);
  }

  get start(): readonly number[] {
    return this.view.get("start");
  }
}
