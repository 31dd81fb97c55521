/** Looks of paths by their labels: a method's own if the label begins with its name, else one not taken yet. */

import palette from "../../../../gdlib/palette.json";
import type { MethodStyle, Theme } from "../../core/theme";

const METHODS = Object.keys(palette.methods).sort((a, b) => b.length - a.length);
const TRIES = 40;

export function looksOf(labels: readonly string[], theme: Theme): MethodStyle[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    const method = METHODS.find((name) => label.toLowerCase().startsWith(name.toLowerCase()));
    let style = theme.method(method ?? label);
    // Two letters, for one alone comes round to the same two of six colours for ever.
    for (let i = 1; taken.has(style.colour) && i < TRIES; i++)
      style = theme.method(`${label}${"·".repeat(i)}${"1".repeat(i >> 1)}`);
    taken.add(style.colour);
    return style;
  });
}
