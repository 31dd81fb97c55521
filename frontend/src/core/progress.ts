/**
 * The list of all that the reader has answered, as one value: read, merged, written to a file and read from one.
 *
 * Levels only rise, and two lists are merged by taking the higher level of each name: whatever is merged, in
 * whatever order, nothing that is done is lost. `gdlib.exercises.record` does the same in Python, with the same file.
 */

import { FORMAT, LEVELS, LONGEST, NAME, REFUSALS, VERSION } from "../../../gdlib/static/levels";
import { own } from "./dom";
import { CHANGED, KEPT } from "./standing";
import { forget, forgetBelow, recall, remember } from "./storage";

export type Kind = keyof typeof LEVELS;
export type Level = (typeof LEVELS)[Kind][number];
/** Level by name, by kind. */
export type Progress = Readonly<Record<Kind, ReadonlyMap<string, Level>>>;

const NAMES = new RegExp(NAME);

/** What is kept; of what else may stand in its place, nothing. */
export function readProgress(): Progress {
  return entriesOf(recall(KEPT)).progress;
}

/** Keep a list in place of the one that is kept; tell whether that worked. */
export function keep(progress: Progress): boolean {
  const kept = remember(KEPT, toJson(progress));
  document.dispatchEvent(new Event(CHANGED));
  return kept;
}

/** Tell whether this browser keeps what it is given. */
export function canKeep(): boolean {
  const kept = remember("probe", "x".repeat(200));
  forget("probe");
  return kept;
}

/** Forget the list, the answers that it was made from, and what was typed into cells. */
export function forgetProgress(): void {
  for (const start of ["quiz/", "exercise/", "draft/", KEPT]) forgetBelow(start);
  document.dispatchEvent(new Event(CHANGED));
}

/** The higher level of each name. */
export function merged(one: Progress, other: Progress): Progress {
  const both = (kind: Kind) => {
    const order: readonly Level[] = LEVELS[kind];
    const levels = new Map(one[kind]);
    for (const [name, level] of other[kind]) {
      const mine = levels.get(name);
      if (mine === undefined || order.indexOf(mine) < order.indexOf(level)) levels.set(name, level);
    }
    return levels;
  };
  return { quizzes: both("quizzes"), exercises: both("exercises") };
}

/** The text of a file. */
export function textOf(progress: Progress): string {
  return `${JSON.stringify(toJson(progress), null, 1)}\n`;
}

function toJson(progress: Progress): Record<string, unknown> {
  const levels = (kind: Kind) => Object.fromEntries([...progress[kind]].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { format: FORMAT, version: VERSION, quizzes: levels("quizzes"), exercises: levels("exercises") };
}

/** What the text of a file holds, or in words why it is not ours. */
export function readText(text: string): Progress | string {
  if (text.length > LONGEST) return REFUSALS.long;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return REFUSALS.text;
  }
  if (!isRecord(found) || own(found, "format") !== FORMAT) return REFUSALS.format;
  if (own(found, "version") !== VERSION) return REFUSALS.version;
  const { progress, strange } = entriesOf(found);
  return strange ? REFUSALS.entry : progress;
}

/** The entries that are ours, and whether there are others. */
function entriesOf(value: unknown): { progress: Progress; strange: boolean } {
  let strange = false;
  const levels = (kind: Kind) => {
    const found = isRecord(value) && Object.hasOwn(value, kind) ? value[kind] : {};
    const entries = isRecord(found) ? Object.entries(found) : [];
    const ours = entries.filter(([name, level]) => NAMES.test(name) && isLevel(kind, level));
    strange ||= !isRecord(found) || ours.length < entries.length;
    return new Map(ours as [string, Level][]);
  };
  return { progress: { quizzes: levels("quizzes"), exercises: levels("exercises") }, strange };
}

function isLevel(kind: Kind, level: unknown): boolean {
  return (LEVELS[kind] as readonly unknown[]).includes(level);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
