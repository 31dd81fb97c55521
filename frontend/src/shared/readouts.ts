/** Numbers and words at the step shown: cost, slope, curvature of the method in focus; how each run ended. */

import { symmetricEigenvalues } from "../core/curvature";
import { h, setText } from "../core/dom";
import { formatNumber, formatPoint } from "../core/format";
import type { Part } from "../core/part";
import { themeOf } from "../core/theme";
import type { Trajectory } from "../core/trajectory";
import { pointAt } from "../core/trajectory";
import { PROMPT } from "./prediction";
import type { Race } from "./race";
import { endingWords, placeWords } from "./words";

export function readouts(race: Race): Part {
  const norm = h("span", {}, " ‖∇J‖");
  const names = ["point", "cost J", h("span", {}, "slope", norm), "curvatures"];
  const fields = names.map((name) => [h("dt", {}, name), h("dd")] as const);
  const [, , , bends = []] = fields;
  const words = h("p", { class: "gdw-words" });
  const endings = h("ul", { class: "gdw-endings" });
  const element = h("div", { class: "gdw-readouts" }, h("dl", {}, ...fields.flat()), words, endings);
  return {
    element,
    update() {
      const { name, run } = race.focusRun;
      const k = Math.min(race.step, run.steps);
      const started = run.ending !== "unstarted";
      const point = started ? pointAt(run, k) : race.start;
      const eigenvalues = symmetricEigenvalues(race.landscape.hessian(...point));
      const texts = [
        formatPoint(point),
        known(race.landscape.value(...point)),
        known(Math.hypot(...race.landscape.gradient(...point))),
        eigenvalues.every(Number.isFinite) ? eigenvalues.map(formatNumber).join(" and ") : UNDEFINED,
      ];
      fields.forEach(([, dd], i) => setText(dd, texts[i] ?? ""));
      for (const element of [norm, ...bends]) element.hidden = race.simple;
      const { waiting } = race.view;
      words.hidden = race.simple && !waiting;
      const said = started
        ? `${name} at step ${k}: ${placeWords(race.landscape, point)}.`
        : `No step can be taken from ${formatPoint(point)}.`;
      setText(words, waiting ? PROMPT : said);
      // A reader who predicts is not told; the words keep their place.
      endings.style.visibility = race.simple && race.step < race.steps ? "hidden" : "";
      listEndings(race, endings, (each) => endingWords(each, race.landscape));
    },
  };
}

const UNDEFINED = "not defined here";

function known(x: number): string {
  return Number.isFinite(x) ? formatNumber(x) : UNDEFINED;
}

/** One line a run; lines stay where they are, for a drag changes them in every frame. */
export function listEndings(race: Race, list: HTMLElement, words: (run: Trajectory) => string): void {
  const theme = themeOf(race.view.root);
  const { runs } = race;
  while (list.children.length > runs.length) list.lastElementChild?.remove();
  while (list.children.length < runs.length) list.append(h("li", {}, h("b"), h("span")));
  runs.forEach((each, i) => {
    const item = list.children[i] as HTMLElement;
    const [name, said] = item.children as unknown as [HTMLElement, HTMLElement];
    setText(name, each.name);
    setText(said, ` ${words(each.run)}`);
    item.style.setProperty("--colour", theme.method(each.name).colour);
  });
}
