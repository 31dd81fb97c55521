/** A figure's title: a choice, and the formula of what is chosen. */

import { select } from "../core/controls";
import { h, mathElement } from "../core/dom";
import type { Part } from "../core/part";
import type { View } from "../core/view";
import type { Race } from "./race";

export interface HeadingSpec {
  readonly label: string;
  readonly options: () => readonly { readonly name: string }[];
  readonly value: () => string;
  readonly change: (name: string) => void;
  /** MathML that Python typeset. */
  readonly formula: () => string;
}

export function heading(view: View, spec: HeadingSpec): Part {
  const options = () => spec.options().map(({ name }) => [name, name] as const);
  const choose = select(view, { label: spec.label, options, value: spec.value, change: spec.change });
  const formula = h("span", { class: "gdw-formula" });
  let shown = "";
  return {
    element: h("div", { class: "gdw-title" }, choose.element, formula),
    update() {
      choose.update();
      if (spec.formula() === shown) return;
      shown = spec.formula();
      formula.replaceChildren(mathElement(shown) ?? "");
    },
  };
}

/** The heading of a race: on what it runs. */
export function raceHeading(race: Race, label: string): Part {
  return heading(race.view, {
    label,
    options: () => race.programs.landscapes,
    value: () => race.program.name,
    change: (name) => race.chooseLandscape(name),
    formula: () => race.program.math,
  });
}
