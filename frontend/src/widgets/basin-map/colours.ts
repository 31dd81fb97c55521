/** The picture of basins: a hue for each minimum, paler for later; stripes where runs diverge. */

import palette from "../../../../gdlib/palette.json";
import type { Theme } from "../../core/theme";
import { rgb } from "../../core/theme";
import type { BasinPass } from "./engine";
import { DIVERGED, FIRST, GOING } from "./engine";

type Colour = readonly [number, number, number];

export function basinColour(i: number): string {
  return palette.other[i % palette.other.length] ?? "#0072B2";
}

/** Letters for minima, as on the map and in the table. */
export function basinLetter(i: number): string {
  return i < 26 ? String.fromCharCode(65 + i) : `${basinLetter(Math.floor(i / 26) - 1)}${basinLetter(i % 26)}`;
}

/** How pale the slowest run that still arrives is. */
const PALEST = 0.8;
const STRONGEST = 0.12;
const EDGE = 0.45;

export function paintBasins(pass: BasinPass, columns: number, rows: number, steps: number, theme: Theme): ImageData {
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const shade = shades(pass, steps, theme);
  const fine = pass.block === 1;
  for (let at = 0; at < pixels.length; at++) {
    const border = fine && edge(pass.owner, at, columns);
    pixels[at] = shade(pass.owner[at] ?? 0, pass.pace[at] ?? 0, at % columns, Math.floor(at / columns), border);
  }
  return image;
}

/** The colour of a cell as one number; every colour is mixed once. */
function shades(
  pass: BasinPass,
  steps: number,
  theme: Theme,
): (owner: number, pace: number, x: number, y: number, border: boolean) => number {
  const page = colour(theme.page, [255, 255, 255]);
  const ink = colour(theme.ink, [0, 0, 0]);
  const bad = colour(theme.bad, [180, 40, 40]);
  const hues = pass.minima.map((_, i) => colour(basinColour(i), [0, 114, 178]));
  const slowest = Math.log(steps + 1);
  const known = new Map<number, number>();
  const mixed = (owner: number, pace: number): Colour => {
    if (owner >= FIRST)
      return mix(
        hues[owner - FIRST] ?? page,
        page,
        STRONGEST + (PALEST - STRONGEST) * (Math.log(pace + 1) / slowest) ** 2,
      );
    if (owner === DIVERGED) return pace ? mix(bad, page, 0.6) : page;
    return owner === GOING ? mix(ink, page, pace ? 0.3 : 0.86) : page;
  };
  return (owner, pace, x, y, border) => {
    // stripes where runs diverge, dots where they are still going
    const drawn = owner >= FIRST ? pace : Number(owner === DIVERGED ? (x + y) % 10 < 3 : x % 6 === 0 && y % 6 === 0);
    const key = ((owner << 16) + drawn) * 2 + Number(border);
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = packed(border ? mix(mixed(owner, drawn), ink, EDGE) : mixed(owner, drawn));
    known.set(key, made);
    return made;
  };
}

/** Four bytes, red lowest, as ImageData has them on every machine that runs a browser. */
function packed([r, g, b]: Colour): number {
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
}

function edge(owner: Uint8Array, at: number, columns: number): boolean {
  const here = owner[at];
  return (
    (owner[at + 1] !== here && (at + 1) % columns > 0) || (at + columns < owner.length && owner[at + columns] !== here)
  );
}

function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function colour(text: string, otherwise: Colour): Colour {
  return rgb(text) ?? otherwise;
}
