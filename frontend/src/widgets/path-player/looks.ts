/** Looks of paths by their labels: a method's own if the label begins with its name, else one not taken yet. */

import palette from "../../../../gdlib/palette.json";
import type { MethodStyle, Theme } from "../../core/theme";
import { methodStyle } from "../../core/theme";

const METHODS = Object.keys(palette.methods).sort((a, b) => b.length - a.length);
const TRIES = 40;

export function looksOf(labels: readonly string[], theme: Theme): MethodStyle[] {
  const methods = labels.map(methodOf);
  const owned = new Set(methods.flatMap((method) => (method ? [hueOf(method)] : [])));
  const taken = new Set<string>();
  return labels.map((label, at) => {
    const method = methods[at];
    let name = method ?? label;
    const fits = () => !taken.has(hueOf(name)) && (name === method || !owned.has(hueOf(name)));
    // Two letters, for one alone comes round to the same two of six colours for ever.
    for (let i = 1; !fits() && i < TRIES; i++) name = `${label}${"·".repeat(i)}${"1".repeat(i >> 1)}`;
    taken.add(hueOf(name));
    return theme.method(name);
  });
}

function methodOf(label: string): string | undefined {
  return METHODS.find((method) => label.toLowerCase().startsWith(method.toLowerCase()));
}

/** The same in the light and in the dark, where shades differ more than hues. */
function hueOf(name: string): string {
  return methodStyle(name, false).colour;
}
