/**
 * Widgets' states in the page's address: `#gd/explorer-1?start=1,2&steps=50/line-1?rate=0.3`.
 *
 * A fragment carries numbers and names only. What it says is read by each widget field by field,
 * checked against ranges and known names, and never evaluated.
 */

export type Fields = ReadonlyMap<string, string>;

const PREFIX = "#gd/";
const LONGEST = 20_000;
const NAME = /^[A-Za-z][\w-]{0,40}$/;
const KEY = /^[A-Za-z][\w.-]{0,60}$/;

/** Read all widgets' fields, null for one that is malformed; null if the fragment is not ours at all. */
export function readFragment(hash: string): Map<string, Fields | null> | null {
  if (!hash.startsWith(PREFIX)) return null;
  const found = new Map<string, Fields | null>();
  if (hash.length > LONGEST) return found;
  for (const part of hash.slice(PREFIX.length).split("/")) {
    const [name = "", query = ""] = part.split("?", 2);
    if (NAME.test(name)) found.set(name, readFields(query));
  }
  return found;
}

function readFields(query: string): Fields | null {
  const fields = new Map<string, string>();
  for (const pair of query.split("&").filter(Boolean)) {
    const [key = "", text] = pair.split("=", 2);
    const value = text === undefined ? null : decode(text);
    if (!KEY.test(key) || value === null) return null;
    fields.set(key, value);
  }
  return fields;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export function writeFragment(widgets: ReadonlyMap<string, Fields>): string {
  const parts = [...widgets]
    .filter(([, fields]) => fields.size)
    .map(([name, fields]) => {
      const pairs = [...fields].map(([key, value]) => `${key}=${encode(value)}`);
      return `${name}?${pairs.join("&")}`;
    });
  return parts.length ? PREFIX + parts.join("/") : "";
}

/** Keep a link readable: commas and the like need no escape in a fragment. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%2C/g, ",").replace(/%3A/g, ":");
}

/** A finite number within a range, or null. */
export function readNumber(text: string | undefined, low = -Infinity, high = Infinity): number | null {
  if (text === undefined || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= low && value <= high ? value : null;
}

export function readInteger(text: string | undefined, low: number, high: number): number | null {
  const value = readNumber(text, low, high);
  return value !== null && Number.isInteger(value) ? value : null;
}

/** A point of exactly n finite numbers, or null. */
export function readPoint(text: string | undefined, n: number, limit = 1e6): number[] | null {
  const parts = (text ?? "").split(",").map((part) => readNumber(part, -limit, limit));
  return parts.length === n && parts.every((part): part is number => part !== null) ? parts : null;
}

export function readChoice<T extends string>(text: string | undefined, choices: readonly T[]): T | null {
  return choices.find((choice) => choice === text) ?? null;
}

/** One of two words as true or false, or null. */
export function readFlag(text: string | undefined, yes: string, no: string): boolean | null {
  const word = readChoice(text, [yes, no]);
  return word === null ? null : word === yes;
}

/** Six significant digits: what a slider or a drag can set, and short in a link. */
export function writeNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** A name as part of a key: lower-case letters, digits and hyphens. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
