/** A race in a link: names from the page's own programs, numbers within their sliders' ranges. */

import { own } from "../core/dom";
import type { Fields } from "../core/fragment";
import { readInteger, readNumber, readPoint, slug, writeNumber } from "../core/fragment";
import type { LandscapeProgram, RuleProgram } from "../core/program";
import type { LinkFields } from "./link-fields";
import { readKnown, writeChanged } from "./link-fields";
import type { Chosen, Race } from "./race";
import { RACE_TRAITS } from "./race";
import type { Memory } from "./toolbar";

export const MOST_STEPS = 10_000; // as in Python

/** How a race is written into a link and read back; a widget adds fields of its own. */
export function raceMemory(race: Race, added: LinkFields = {}): Memory {
  const { view } = race;
  return {
    traits: [...RACE_TRAITS, ...Object.values(added).map(({ trait }) => trait)],
    write(first) {
      const changed = writeChanged(view, first, { ...raceFields(race, race.program), ...added });
      const settings = changed.some(([key]) => key === "run") ? writeSettings(race) : [];
      return new Map([...changed, ...settings]);
    },
    read(fields) {
      const on = race.programs.landscapes.find(({ name }) => slug(name) === fields.get("on"));
      const values = readKnown(fields, { ...raceFields(race, on ?? race.program, fields), ...added });
      return values && settle(race, on ? { start: [...on.start], ...values } : values);
    },
  };
}

/** The fields of every race; a method's numbers have theirs beside them. */
function raceFields(race: Race, program: LandscapeProgram, fields: Fields = new Map()): LinkFields {
  const { landscapes, rules } = race.programs;
  const named = (among: readonly { readonly name: string }[]) => (text: string) =>
    among.find(({ name }) => slug(name) === text)?.name ?? null;
  return {
    on: { trait: "landscape", write: () => slug(race.program.name), read: named(landscapes) },
    start: {
      trait: "start",
      write: () => race.start.map(writeNumber).join(","),
      read: (text) => readPoint(text, program.variables.length),
    },
    steps: { trait: "steps", write: () => String(race.steps), read: (text) => readInteger(text, 1, MOST_STEPS) },
    step: { trait: "step", write: () => String(race.step), read: (text) => readInteger(text, 0, MOST_STEPS) },
    run: {
      trait: "optimizers",
      write: () => race.racers.map(({ name }) => slug(name)).join(","),
      read: (text) => readRacers(rules, text, fields),
    },
    focus: { trait: "focus", write: () => slug(race.focus.name), read: named(rules) },
  };
}

/** The numbers in which the racers differ from how their methods come. */
function writeSettings(race: Race): [string, string][] {
  return race.racers.flatMap(({ name, settings, rule }) =>
    rule.hyperparameters.flatMap(({ keyword, value }): [string, string][] => {
      const now = own(settings, keyword) ?? value;
      return now === value ? [] : [[`${slug(name)}.${keyword}`, writeNumber(now)]];
    }),
  );
}

function readRacers(rules: readonly RuleProgram[], text: string, fields: Fields): Chosen[] | null {
  const names = text.split(",");
  const racing = names.map((name) => rules.find((rule) => slug(rule.name) === name));
  if (new Set(names).size < names.length) return null;
  const chosen: Chosen[] = [];
  for (const rule of racing) {
    const settings = rule && readSettings(rule, fields);
    if (!rule || !settings) return null;
    chosen.push({ name: rule.name, settings });
  }
  return chosen;
}

function readSettings(rule: RuleProgram, fields: Fields): Record<string, number> | null {
  const settings = new Map<string, number>();
  for (const { keyword, value, low, high } of rule.hyperparameters) {
    const text = fields.get(`${slug(rule.name)}.${keyword}`);
    const read = text === undefined ? value : readNumber(text, Math.min(low, value), Math.max(high, value));
    if (read === null) return null;
    settings.set(keyword, read);
  }
  return Object.fromEntries(settings);
}

/** Let the method in focus be one that runs, and the rate be its own; null where none runs. */
function settle(race: Race, values: Record<string, unknown>): Record<string, unknown> | null {
  const racing = (values.optimizers ?? race.view.get("optimizers")) as readonly Chosen[];
  const focus = values.focus ?? race.view.get("focus");
  const found = racing.find(({ name }) => name === focus) ?? racing[0];
  return found ? { ...values, focus: found.name, learning_rate: found.settings.learning_rate } : null;
}
