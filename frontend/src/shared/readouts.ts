/** Numbers and words at the step shown: cost, slope, curvature of the method in focus; how each run ended. */

import { curvatureWords, pointAt, symmetricEigenvalues } from "../core/descent";
import { h } from "../core/dom";
import { formatNumber, formatPoint } from "../core/format";
import { themeOf } from "../core/theme";
import { endingWords } from "./ending-words";
import type { Race } from "./race";

export function readouts(race: Race): { element: HTMLElement; update(): void } {
  const fields = ["point", "cost J", "slope ‖∇J‖", "curvatures"].map((name) => [h("dt", {}, name), h("dd")] as const);
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
      fields.forEach(([, dd], i) => show(dd, texts[i] ?? ""));
      show(
        words,
        started
          ? `${name} at step ${k}: ${curvatureWords(eigenvalues)}.`
          : `No step can be taken from ${formatPoint(point)}.`,
      );
      listEndings(race, endings);
    },
  };
}

const UNDEFINED = "not defined here";

function known(x: number): string {
  return Number.isFinite(x) ? formatNumber(x) : UNDEFINED;
}

/** One line a run; lines stay where they are, for a drag changes them in every frame. */
function listEndings(race: Race, list: HTMLElement): void {
  const theme = themeOf(race.view.root);
  const { runs } = race;
  while (list.children.length > runs.length) list.lastElementChild?.remove();
  while (list.children.length < runs.length) list.append(h("li", {}, h("b"), h("span")));
  runs.forEach((each, i) => {
    const item = list.children[i] as HTMLElement;
    const [name, words] = item.children as unknown as [HTMLElement, HTMLElement];
    show(name, each.name);
    show(words, ` ${endingWords(each.run, race.lowest)}`);
    item.style.setProperty("--colour", theme.method(each.name).colour);
  });
}

function show(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
