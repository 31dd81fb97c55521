/** A method's marker as a small SVG, for legends. */

import { symbol } from "d3-shape";
import { icon } from "../core/dom";
import type { MethodStyle } from "../core/theme";
import { SYMBOLS } from "./marks";

export function symbolPath(style: MethodStyle): SVGElement {
  const svg = icon(symbol(SYMBOLS[style.marker], 70)() ?? "");
  svg.setAttribute("viewBox", "-8 -8 16 16");
  svg.classList.add("gdw-swatch");
  return svg;
}
