/** Text that Python split into parts: words, mathematics as MathML, stress, code. */

import { h, mathElement } from "../../core/dom";

/** A piece of text and what it is: words, mathematics, stress or code. */
export type Phrase = readonly [kind: string, text: string];

/** Make nodes of parts; only words and MathML come out, whatever a part says. */
export function proseNodes(parts: readonly Phrase[]): Node[] {
  return parts.map(([kind, text]) => {
    if (kind === "math") return mathElement(text) ?? document.createTextNode(text);
    if (kind === "em") return h("em", {}, text);
    if (kind === "code") return h("code", {}, text);
    return document.createTextNode(text);
  });
}
