/** A widget's traits in a link, each by a field of its own. */

import type { Fields } from "../core/fragment";
import { same } from "../core/model";
import type { View } from "../core/view";
import type { Memory } from "./toolbar";

export interface LinkField {
  readonly trait: string;
  readonly write: () => string;
  /** The trait's value, or null if the text is wrong. */
  readonly read: (text: string) => unknown;
}

export type LinkFields = Readonly<Record<string, LinkField>>;

/** The fields of what differs from the first state. */
export function writeChanged(
  view: View,
  first: Readonly<Record<string, unknown>>,
  known: LinkFields,
): [string, string][] {
  return Object.entries(known)
    .filter(([, { trait }]) => !same(first[trait], view.get(trait)))
    .map(([key, { write }]) => [key, write()]);
}

/** The traits that a link sets; null if a field that is there is wrong. */
export function readKnown(fields: Fields, known: LinkFields): Record<string, unknown> | null {
  const values: Record<string, unknown> = {};
  for (const [key, { trait, read }] of Object.entries(known)) {
    const text = fields.get(key);
    if (text === undefined) continue;
    const value = read(text);
    if (value === null) return null;
    values[trait] = value;
  }
  return values;
}

/** A link made of these fields alone: any other makes it a strange one. */
export function linkMemory(view: View, traits: readonly string[], known: LinkFields): Memory {
  return {
    traits,
    write: (first) => new Map(writeChanged(view, first, known)),
    read: (fields) => ([...fields.keys()].every((key) => Object.hasOwn(known, key)) ? readKnown(fields, known) : null),
  };
}
