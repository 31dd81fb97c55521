/** The picture of basins: a hue for each minimum, paler for later; stripes where runs diverge. */

import palette from "../../../../gdlib/palette.json";
import type { Theme } from "../../core/theme";
import { rgb } from "../../core/theme";
import type { BasinPass } from "./engine";

type Colour = readonly [number, number, number];

/** A hue that no method has: a path and what it crosses are two things. */
export function basinColour(i: number): string {
  return palette.basins[i % palette.basins.length] ?? "#7B4FA8";
}

/** Letters for minima, as on the map and in the table. */
export function basinLetter(i: number): string {
  return i < 26 ? String.fromCharCode(65 + i) : `${basinLetter(Math.floor(i / 26) - 1)}${basinLetter(i % 26)}`;
}

/** How pale the slowest run that still arrives is. */
const PALEST = 0.8;
const STRONGEST = 0.12;
const EDGE = 0.45;
/** Makes a number of every label: those below 0 are few. */
const OFFSET = 8;

export function paintBasins(pass: BasinPass, columns: number, rows: number, steps: number, theme: Theme): ImageData {
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const shade = shades(pass, steps, theme);
  const fine = pass.block === 1;
  for (let at = 0; at < pixels.length; at++) {
    const label = pass.labels[at] ?? pass.rules.going;
    const drawn =
      label < 0
        ? Number(isMarked(label === pass.rules.diverged, at % columns, Math.floor(at / columns)))
        : (pass.pace[at] ?? 0);
    pixels[at] = shade(label, drawn, fine && isEdge(pass.labels, at, columns));
  }
  return image;
}

/** Stripes where runs diverge, dots where they are still going. */
function isMarked(diverged: boolean, x: number, y: number): boolean {
  return diverged ? (x + y) % 10 < 3 : x % 6 === 0 && y % 6 === 0;
}

/** The colour of a cell as one number, from its label and its pace, or whether it is marked; each is mixed once. */
function shades(pass: BasinPass, steps: number, theme: Theme): (label: number, drawn: number, edge: boolean) => number {
  const page = colour(theme.page, [255, 255, 255]);
  const ink = colour(theme.ink, [0, 0, 0]);
  const bad = colour(theme.bad, [180, 40, 40]);
  const hues = pass.minima.map((_, i) => colour(basinColour(i), [0, 114, 178]));
  const slowest = Math.log(steps + 1);
  const mixed = (label: number, drawn: number): Colour => {
    if (label === pass.rules.diverged) return drawn ? mix(bad, page, 0.6) : page;
    if (label < 0) return mix(ink, page, drawn ? 0.3 : 0.86);
    const pale = STRONGEST + (PALEST - STRONGEST) * (Math.log(drawn + 1) / slowest) ** 2;
    return mix(hues[label] ?? page, page, pale);
  };
  const known = new Map<number, number>();
  return (label, drawn, edge) => {
    const key = (((label + OFFSET) << 16) + drawn) * 2 + Number(edge);
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = packed(edge ? mix(mixed(label, drawn), ink, EDGE) : mixed(label, drawn));
    known.set(key, made);
    return made;
  };
}

/** Four bytes, red lowest, as ImageData has them on every machine that runs a browser. */
function packed([r, g, b]: Colour): number {
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
}

/** Whether the cell to the right or below has another label. */
function isEdge(labels: Int16Array, at: number, columns: number): boolean {
  const here = labels[at];
  const right = (at + 1) % columns > 0 && labels[at + 1] !== here;
  return right || (at + columns < labels.length && labels[at + columns] !== here);
}

function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function colour(text: string, otherwise: Colour): Colour {
  return rgb(text) ?? otherwise;
}
