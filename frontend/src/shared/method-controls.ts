/** Which methods run, whose numbers are shown, and a slider for each of those numbers. */

import type { Slider } from "../core/controls";
import { slider } from "../core/controls";
import { h, own, setText } from "../core/dom";
import type { Part } from "../core/part";
import type { RuleProgram } from "../core/program";
import { themeOf } from "../core/theme";
import { symbolPath } from "../plots/swatch";
import type { Race } from "./race";
import { MOST_STEPS } from "./race-link";
import { rateMark } from "./rate-bound";

/** A row of chips: a box to let a method run, a button to show its sliders. */
export function methodChips(race: Race): Part {
  const element = h("div", { class: "gdw-methods", role: "group", "aria-label": "Methods in the race" });
  const chips = new Map<string, { chip: HTMLElement; box: HTMLInputElement; pick: HTMLButtonElement }>();
  for (const rule of race.programs.rules) {
    const made = makeChip(race, rule);
    chips.set(rule.name, made);
    element.append(made.chip);
  }
  return {
    element,
    update() {
      const running = new Set(race.racers.map((racer) => racer.name));
      const theme = themeOf(race.view.root);
      for (const [name, { chip, box, pick }] of chips) {
        box.checked = running.has(name);
        box.disabled = running.size === 1 && box.checked;
        pick.disabled = !box.checked;
        pick.setAttribute("aria-pressed", String(race.focus.name === name));
        chip.style.setProperty("--colour", theme.method(name).colour);
        chip.classList.toggle("gdw-on", box.checked);
      }
    },
  };
}

function makeChip(
  race: Race,
  rule: RuleProgram,
): { chip: HTMLElement; box: HTMLInputElement; pick: HTMLButtonElement } {
  const { view } = race;
  const box = h("input", { type: "checkbox", "aria-label": `Run ${rule.name}` });
  const pick = h(
    "button",
    { type: "button", class: "gdw-pick" },
    symbolPath(themeOf(view.root).method(rule.name)),
    rule.name,
  );
  view.listen(box, "change", () => race.toggle(rule.name));
  view.listen(pick, "click", () => race.setFocus(rule.name));
  return { chip: h("span", { class: "gdw-chip" }, box, pick), box, pick };
}

/** Sliders for the numbers of the method in focus; built again when another is in focus. */
export function methodSliders(race: Race): Part {
  const element = h("div", { class: "gdw-sliders", role: "group" });
  const note = h("p", { class: "gdw-hint" });
  let shown = "";
  let sliders: readonly { keyword: string; slider: Slider }[] = [];
  return {
    element: h("div", {}, element, note),
    update() {
      const { name, rule } = race.focus;
      if (name !== shown) {
        shown = name;
        sliders = rule.hyperparameters.map((hyper) => ({
          keyword: hyper.keyword,
          slider: makeSlider(race, name, hyper),
        }));
        element.replaceChildren(...sliders.map((s) => s.slider.element));
        element.setAttribute("aria-label", `Settings of ${name}`);
      }
      const mark = rateMark(race);
      for (const each of sliders) each.slider.update(each.keyword === "learning_rate" ? mark : null);
      const text = mark?.note ?? "";
      setText(note, text);
      note.hidden = !text;
    },
  };
}

function makeSlider(race: Race, name: string, hyper: RuleProgram["hyperparameters"][number]): Slider {
  return slider(race.view, {
    label: hyper.keyword.replace("_", " "),
    letter: hyper.letter,
    low: hyper.low,
    high: hyper.high,
    scale: hyper.scale,
    value: () => own(race.focus.settings, hyper.keyword) ?? hyper.value,
    change: (value) => race.configure(name, hyper.keyword, value),
  });
}

/** How far the runs go, for figures whose steps spread over decades. */
export function stepsSlider(race: Race, most = MOST_STEPS): Part {
  const change = (value: number) => race.view.set({ steps: Math.max(1, Math.round(value)), step: null });
  const bounds = { low: 1, high: most, scale: "log", whole: true } as const;
  return slider(race.view, { label: "steps", ...bounds, value: () => race.steps, change });
}
