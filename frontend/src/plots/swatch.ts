/** A method's marker as a small SVG, for legends. */

import { symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolStar, symbolTriangle } from "d3-shape";
import { icon } from "../core/dom";
import type { MethodStyle } from "../core/theme";

const SYMBOLS = {
  circle: symbolCircle,
  square: symbolSquare,
  diamond: symbolDiamond,
  triangle: symbolTriangle,
  cross: symbolCross,
  star: symbolStar,
};

export function symbolPath(style: MethodStyle): SVGElement {
  const svg = icon(symbol(SYMBOLS[style.marker], 70)() ?? "");
  svg.setAttribute("viewBox", "-8 -8 16 16");
  svg.classList.add("gdw-swatch");
  return svg;
}
