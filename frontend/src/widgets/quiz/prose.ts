/** Text that Python split into parts: words, mathematics as MathML, stress, code. */

import { h, mathElement } from "../../core/dom";

export type Part = readonly [kind: string, text: string];

/** Make nodes of parts; only words and MathML come out, whatever a part says. */
export function proseNodes(parts: readonly Part[]): Node[] {
  return parts.map(([kind, text]) => {
    if (kind === "math") return mathElement(text) ?? document.createTextNode(text);
    if (kind === "em") return h("em", {}, text);
    if (kind === "code") return h("code", {}, text);
    return document.createTextNode(text);
  });
}
