/** A race in a link: names from the page's own programs, numbers within their sliders' ranges. */

import { own } from "../core/dom";
import type { Fields } from "../core/fragment";
import { readInteger, readNumber, readPoint, slug, writeNumber } from "../core/fragment";
import { same } from "../core/model";
import type { RuleProgram } from "../core/program";
import type { Race } from "./race";
import { RACE_TRAITS } from "./race";
import type { Memory } from "./toolbar";

export const MOST_STEPS = 2000;

interface Chosen {
  readonly name: string;
  readonly settings: Readonly<Record<string, number>>;
}

export interface Extra {
  readonly traits: readonly string[];
  readonly write: (fields: Map<string, string>, differs: (trait: string) => boolean) => void;
  readonly read: (fields: Fields, values: Record<string, unknown>) => boolean;
}

/** How a race is written into a link and read back; a widget adds fields of its own. */
export function raceMemory(race: Race, extra: Extra): Memory {
  return {
    traits: [...RACE_TRAITS, ...extra.traits],
    write(first) {
      const differs = (trait: string) => !same(first[trait], race.view.get(trait));
      const fields = new Map<string, string>();
      if (differs("landscape")) fields.set("on", slug(race.program.name));
      if (differs("start")) fields.set("start", race.start.map(writeNumber).join(","));
      if (differs("steps")) fields.set("steps", String(race.steps));
      if (differs("step")) fields.set("step", String(race.step));
      if (differs("optimizers")) writeRacers(fields, race);
      if (differs("focus")) fields.set("focus", slug(race.focus.name));
      extra.write(fields, differs);
      return fields;
    },
    read(fields) {
      const values: Record<string, unknown> = {};
      const known = readRace(race, fields, values) && extra.read(fields, values);
      return known ? values : null;
    },
  };
}

function writeRacers(fields: Map<string, string>, race: Race): void {
  fields.set("run", race.racers.map((racer) => slug(racer.name)).join(","));
  for (const { name, settings, rule } of race.racers) {
    for (const { keyword, value } of rule.hyperparameters) {
      const now = own(settings, keyword) ?? value;
      if (now !== value) fields.set(`${slug(name)}.${keyword}`, writeNumber(now));
    }
  }
}

/** Read what is there; false if anything that is there is wrong. */
function readRace(race: Race, fields: Fields, values: Record<string, unknown>): boolean {
  const { landscapes, rules } = race.programs;
  const program = landscapes.find((l) => slug(l.name) === (fields.get("on") ?? slug(race.program.name)));
  if (!program) return false;
  if (fields.has("on")) Object.assign(values, { landscape: program.name, start: [...program.start] });
  const n = program.variables.length;
  const read: readonly (readonly [string, string, () => unknown])[] = [
    ["start", "start", () => readPoint(fields.get("start"), n)],
    ["steps", "steps", () => readInteger(fields.get("steps"), 1, MOST_STEPS)],
    ["step", "step", () => readInteger(fields.get("step"), 0, MOST_STEPS)],
    ["run", "optimizers", () => readRacers(rules, fields)],
    ["focus", "focus", () => rules.find((rule) => slug(rule.name) === fields.get("focus"))?.name ?? null],
  ];
  for (const [key, trait, reader] of read) {
    if (!fields.has(key)) continue;
    const value = reader();
    if (value === null) return false;
    values[trait] = value;
  }
  return settle(race, values);
}

function readRacers(rules: readonly RuleProgram[], fields: Fields): Chosen[] | null {
  const names = (fields.get("run") ?? "").split(",");
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

/** Let the method in focus be one that runs, and the rate be its own. */
function settle(race: Race, values: Record<string, unknown>): boolean {
  const racing = (values.optimizers ?? race.view.get("optimizers")) as readonly Chosen[];
  const focus = (values.focus ?? race.view.get("focus")) as string;
  const found = racing.find((o) => o.name === focus) ?? racing[0];
  if (!found) return false;
  values.focus = found.name;
  values.learning_rate = found.settings.learning_rate;
  return true;
}
