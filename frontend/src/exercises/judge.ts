/**
 * An answer that is no code, judged without Python: the words of `gd.check`, from the same declarations.
 *
 * `gdlib/exercises/kinds.py` prints them; its `value`, `choice` and `compare.py` are the model.
 */

import { readExpression } from "../core/reading";

/** A number, infinite ones by name; a text; several of them. */
export type Printed = number | string | { readonly text: string } | readonly Printed[];

export interface ValuePage {
  readonly expected: Printed;
  readonly rtol: number;
  readonly atol: number;
  readonly mistakes: readonly {
    readonly message: string;
    readonly among: readonly Printed[];
    readonly between: readonly [Printed, Printed] | null;
  }[];
  readonly note: string;
  readonly otherwise: string;
}

export interface ChoicePage {
  readonly letters: readonly string[];
  readonly answer: string;
  readonly why_not: Readonly<Record<string, string>>;
  readonly note: string;
  readonly otherwise: string;
}

export type Page = ValuePage | ChoicePage;

/** What a reader typed: what Python would have made of it. */
export type Given = number | boolean | string | Listed;

export interface Listed {
  readonly kind: "tuple" | "list";
  readonly items: readonly Given[];
}

export interface Verdict {
  readonly state: "not started" | "correct" | "not yet";
  readonly message: string;
}

const ONE =
  "Write one number, such as 0.25, 2/11 or 1e-3: a point for the decimals, no comma, no unit, no percent sign.";
const SEVERAL = "numbers, one comma between two and none inside a number.";

export function isChoice(page: Page): page is ChoicePage {
  return "letters" in page;
}

/** Read what was typed: a number, numbers with commas between, True or False; else it is a text. */
export function readGiven(text: string): Given {
  const line = text.trim();
  if (/^(True|False)$/.test(line)) return line === "True";
  const whole = readExpression(line);
  if (whole !== null) return whole;
  const enclosed = /^\((.*)\)$|^\[(.*)\]$/s.exec(line);
  const inside = enclosed ? (enclosed[1] ?? enclosed[2] ?? "") : line;
  if (!inside.includes(",")) return line;
  const parts = inside.replace(/,\s*$/, "").split(",");
  const items = parts.map(readExpression);
  const numbers = items.filter((item) => item !== null);
  if (numbers.length < items.length) return line;
  return { kind: line.startsWith("[") ? "list" : "tuple", items: numbers };
}

/** Judge what stands in the page's field: what is no number is told how to become one, in no words about code. */
export function judgeTyped(page: Page, text: string): Verdict {
  const typed = text.trim();
  if (!typed) return { state: "not started", message: "" };
  if (isChoice(page) || isText(page.expected)) return judge(page, typed);
  const given = readGiven(typed);
  const wanted = isSeveral(page.expected) ? page.expected.length : 1;
  const count = isListed(given) ? given.items.length : 1;
  if (typeof given === "string" || count !== wanted) return wrong(wanted === 1 ? ONE : `Write ${wanted} ${SEVERAL}`);
  return judge(page, isListed(given) && wanted === 1 ? (given.items[0] ?? NaN) : given);
}

export function judge(page: Page, given: Given): Verdict {
  return isChoice(page) ? judgeChoice(page, given) : judgeValue(page, given);
}

/** A verdict's one line, as Python prints it. */
export function line({ state, message }: Verdict): string {
  const mark = { "not started": "○", correct: "✓", "not yet": "✗" }[state];
  const words = message.split(/\s+/).filter(Boolean).join(" ");
  return words ? `${mark} ${state}: ${words}` : `${mark} ${state}`;
}

function judgeChoice(page: ChoicePage, given: Given): Verdict {
  const letter = typeof given === "string" ? given.trim().toLowerCase() : "";
  if (letter === page.answer) return right(page.note);
  return wrong(Object.hasOwn(page.why_not, letter) ? (page.why_not[letter] ?? "") : page.otherwise);
}

function judgeValue(page: ValuePage, given: Given): Verdict {
  const { expected, rtol, atol } = page;
  if (same(given, expected, rtol, atol)) return right(page.note);
  for (const { message, among, between } of page.mistakes) {
    if (among.some((value) => same(given, value, rtol, atol))) return wrong(message);
    if (between && inside(given, ...between)) return wrong(message);
  }
  const odd = complaint(given, expected);
  if (odd) return wrong(`Your answer is ${odd}.`);
  if (cutShort(given, expected, rtol, atol)) return wrong("Right so far; give one more digit.");
  return wrong(page.otherwise || `${apart(given, expected)} is not right.`);
}

function right(message: string): Verdict {
  return { state: "correct", message };
}

function wrong(message: string): Verdict {
  return { state: "not yet", message };
}

const isListed = (given: Given): given is Listed => typeof given === "object";
const isSeveral = (printed: Printed): printed is readonly Printed[] => Array.isArray(printed);
export const isText = (printed: Printed): printed is { readonly text: string } =>
  typeof printed === "object" && !isSeveral(printed);

/** The number that Python printed; JSON has no infinite ones. */
function number(printed: Printed): number {
  return printed === "inf" ? Infinity : printed === "-inf" ? -Infinity : Number(printed);
}

function same(given: Given, expected: Printed, rtol: number, atol: number): boolean {
  if (isSeveral(expected)) {
    if (!isListed(given) || given.items.length !== expected.length) return false;
    return given.items.every((item, i) => same(item, expected[i] ?? NaN, rtol, atol));
  }
  if (isText(expected)) return given === expected.text;
  const value = number(expected);
  if (typeof given !== "number") return false;
  if (!Number.isFinite(value)) return given === value;
  return Math.abs(given - value) <= atol + rtol * Math.abs(value);
}

/** Whether a value is right but for its last digits: rounded to two or three; of several, each right or rounded. */
function cutShort(given: Given, expected: Printed, rtol: number, atol: number): boolean {
  if (same(given, expected, rtol, atol)) return true;
  if (isText(expected)) return false;
  if (isSeveral(expected))
    return isListed(given) && given.items.every((item, i) => cutShort(item, expected[i] ?? NaN, rtol, atol));
  return [2, 3].some((digits) => given === Number(general(number(expected), digits)));
}

function inside(given: Given, low: Printed, high: Printed): boolean {
  if (complaint(given, low)) return false;
  if (isSeveral(low) && isSeveral(high))
    return isListed(given) && given.items.every((item, i) => inside(item, low[i] ?? NaN, high[i] ?? NaN));
  return typeof given === "number" && number(low) < given && given < number(high);
}

/** What is odd about the kind of value that came; nothing if only the value differs. */
function complaint(given: Given, expected: Printed): string {
  if (isSeveral(expected)) {
    if (!isListed(given) || given.items.length !== expected.length)
      return `${described(given)} where ${expected.length} values are wanted`;
    return given.items.map((item, i) => complaint(item, expected[i] ?? NaN)).find(Boolean) ?? "";
  }
  if (isText(expected)) return typeof given === "string" ? "" : `${described(given)} where a text is wanted`;
  if (typeof given !== "number") return `${described(given)} where a number is wanted`;
  if (Number.isNaN(given)) return "NaN (not a number)";
  return !Number.isFinite(given) && Number.isFinite(number(expected)) ? "infinity" : "";
}

function described(given: Given): string {
  if (typeof given === "string") return "a text";
  if (typeof given === "boolean") return "True or False";
  if (typeof given === "number") return "a single number";
  return `a ${given.kind} of ${given.items.length}`;
}

/** What came, with the digits that tell it from what is right. */
function apart(given: Given, expected: Printed): string {
  const digits = [4, 6, 9, 13, 17];
  const telling = digits.find((d) => brief(given, d) !== brief(asGiven(expected), d));
  return brief(given, telling ?? 4);
}

function asGiven(printed: Printed): Given {
  if (isSeveral(printed)) return { kind: "tuple", items: printed.map(asGiven) };
  return isText(printed) ? printed.text : number(printed);
}

function brief(given: Given, digits: number): string {
  if (typeof given === "string") return quoted(given);
  if (typeof given === "boolean") return given ? "True" : "False";
  if (typeof given === "number") return general(given, digits);
  const shown = given.items.slice(0, 6).map((item) => brief(item, digits));
  const inner = [...shown, ...(given.items.length > 6 ? ["…"] : [])].join(", ");
  return given.kind === "tuple" ? `(${inner})` : `[${inner}]`;
}

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll(mark, `\\${mark}`);
  return `${mark}${escaped}${mark}`;
}

/** A number as Python's format "g" writes it. */
function general(x: number, digits: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  const [figures, exponent] = significant(Math.abs(x), digits);
  const decimal = (whole: string, rest: string) => {
    const kept = rest.replace(/0+$/, "");
    return `${sign}${whole}${kept && "."}${kept}`;
  };
  if (exponent < -4 || exponent >= digits) {
    const power = String(Math.abs(exponent)).padStart(2, "0");
    return `${decimal(figures.slice(0, 1), figures.slice(1))}e${exponent < 0 ? "-" : "+"}${power}`;
  }
  if (exponent < 0) return decimal("0", "0".repeat(-exponent - 1) + figures);
  return decimal(figures.slice(0, exponent + 1), figures.slice(exponent + 1));
}

/** The first digits of a number, and its power of ten; a tie goes to the even digit, as in Python. */
function significant(x: number, digits: number): readonly [string, number] {
  const [mantissa = "", power = ""] = x.toExponential(digits - 1).split("e");
  const exact = x.toExponential(100).replace(".", "");
  const isTie = /^50*(?:e|$)/.test(exact.slice(digits));
  const kept = exact.slice(0, digits);
  if (isTie && /[02468]$/.test(kept)) return [kept, Number(exact.split("e")[1])];
  return [mantissa.replace(".", ""), Number(power)];
}
