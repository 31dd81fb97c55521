/** The picture of basins: a hue for each minimum, paler for later; stripes where runs diverge. */

import palette from "../../../gdlib/palette.json";
import { rgb } from "../core/theme";
import type { Theme } from "../core/theme";
import { DIVERGED, FIRST, GOING } from "../race/basins-engine";
import type { BasinPass } from "../race/basins-engine";

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
  const page = colour(theme.page, [255, 255, 255]);
  const ink = colour(theme.ink, [0, 0, 0]);
  const bad = colour(theme.bad, [180, 40, 40]);
  const hues = pass.minima.map((_, i) => colour(basinColour(i), [0, 114, 178]));
  const slowest = Math.log(steps + 1);
  for (let at = 0; at < pass.owner.length; at++) {
    const owner = pass.owner[at] ?? 0;
    const [x, y] = [at % columns, Math.floor(at / columns)];
    let shade: Colour = page;
    if (owner >= FIRST) {
      const late = Math.log((pass.pace[at] ?? 0) + 1) / slowest;
      shade = mix(hues[owner - FIRST] ?? page, page, STRONGEST + (PALEST - STRONGEST) * late * late);
    } else if (owner === DIVERGED) {
      shade = (x + y) % 10 < 3 ? mix(bad, page, 0.45) : page;
    } else if (owner === GOING) {
      shade = mix(ink, page, x % 6 === 0 && y % 6 === 0 ? 0.3 : 0.86);
    }
    if (pass.block === 1 && edge(pass.owner, at, columns)) shade = mix(shade, ink, EDGE);
    image.data.set([...shade, 255], 4 * at);
  }
  return image;
}

function edge(owner: Uint8Array, at: number, columns: number): boolean {
  const here = owner[at];
  return (owner[at + 1] !== here && (at + 1) % columns > 0) || (at + columns < owner.length && owner[at + columns] !== here);
}

function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function colour(text: string, otherwise: Colour): Colour {
  return rgb(text) ?? otherwise;
}
