/** Looks of paths by their labels: a method's own if the label begins with its name, else one not taken yet. */

import palette from "../../../../gdlib/palette.json";
import type { MethodStyle, Theme } from "../../core/theme";
import { methodStyle } from "../../core/theme";

const METHODS = Object.keys(palette.methods).sort((a, b) => b.length - a.length);
const TRIES = 40;

export function looksOf(labels: readonly string[], theme: Theme): MethodStyle[] {
  const taken = new Set<string>();
  return labels.map((label) => {
    let name = METHODS.find((method) => label.toLowerCase().startsWith(method.toLowerCase())) ?? label;
    // Two letters, for one alone comes round to the same two of six colours for ever.
    for (let i = 1; taken.has(hueOf(name)) && i < TRIES; i++) name = `${label}${"·".repeat(i)}${"1".repeat(i >> 1)}`;
    taken.add(hueOf(name));
    return theme.method(name);
  });
}

/** The same in the light and in the dark, where shades differ more than hues. */
function hueOf(name: string): string {
  return methodStyle(name, false).colour;
}
