/** Every probe as numbers: what the picture shows, for those who do not see it. */

import { h } from "../../core/dom";
import { formatNumber } from "../../core/format";
import type { Part } from "../../core/part";
import { table } from "../../shared/table";
import { slopeWords } from "../../shared/words";
import type { Found, Hunt } from "./state";
import { lowest } from "./words";

export function probeTable(hunt: Hunt): Part {
  const { element: probes, body } = table(["θ", "height", "slope"]);
  const box = { class: "gdw-probes", tabindex: 0, role: "region", "aria-label": "Your probes" };
  const element = h("div", box, probes);
  const none = h(
    "p",
    { class: "gdw-words" },
    "Aim with the pointer or the arrow keys. " +
      "A click or Enter probes: you are told the height and the slope there, nothing else.",
  );
  return {
    element: h("div", {}, none, element),
    update() {
      const { found } = hunt;
      const best = lowest(found);
      none.hidden = found.length > 0;
      element.hidden = !found.length;
      body.replaceChildren(...found.map((each) => probeRow(each, each.place === best?.place)));
      element.scrollTop = element.scrollHeight;
    },
  };
}

function probeRow(found: Found, best: boolean): HTMLElement {
  const text = (x: number) => formatNumber(Number(x.toFixed(3)));
  return h(
    "tr",
    best ? { class: "gdw-best" } : {},
    h("th", { scope: "row" }, text(found.place)),
    h("td", {}, text(found.height), best ? h("span", { class: "gdw-tag" }, "lowest") : null),
    h("td", { title: slopeWords(found) }, text(found.slope)),
  );
}
