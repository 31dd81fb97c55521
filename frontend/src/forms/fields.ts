/** A form's fields by name: what they hold, and what of it stands in a link. */

import type { Fields } from "../core/fragment";
import { readChoice, readFlag } from "../core/fragment";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A text in a link has at most so many letters, as a rule in `gdlib.optimizers.written`. */
const LONGEST = 4000;

/** The named fields of a form. Several boxes to tick with one name are one field: the values ticked, with commas. */
export class NamedFields {
  private readonly fields: ReadonlyMap<string, readonly Field[]>;
  private readonly first: ReadonlyMap<string, string>;

  constructor(form: HTMLElement) {
    const fields = new Map<string, Field[]>();
    for (const field of form.querySelectorAll<Field>("[name]"))
      fields.set(field.name, [...(fields.get(field.name) ?? []), field]);
    this.fields = fields;
    this.first = new Map(this.now());
  }

  get(name: string): string {
    const fields = this.fields.get(name) ?? [];
    if (!fields.some(isBox)) return fields[0]?.value ?? "";
    const ticked = fields.filter((field) => isBox(field) && field.checked);
    return fields.length > 1 ? ticked.map(({ value }) => value).join(",") : ticked.length ? "yes" : "no";
  }

  /** The fields that are not as they came. */
  changed(): Map<string, string> {
    return new Map(this.now().filter(([name, value]) => value !== this.first.get(name)));
  }

  /** Take what a link says, all of it or, if it says what no field can hold, nothing; tell which. */
  take(link: Fields): boolean {
    const wanted = new Map([...this.first, ...link]);
    if (![...wanted].every(([name, value]) => this.holds(name, value))) return false;
    for (const [name, value] of wanted) for (const field of this.fields.get(name) ?? []) set(field, value);
    return true;
  }

  private now(): [string, string][] {
    return [...this.fields.keys()].map((name) => [name, this.get(name)]);
  }

  private holds(name: string, value: string): boolean {
    const fields = this.fields.get(name) ?? [];
    const [field] = fields;
    if (!field || value.length > LONGEST) return false;
    if (field instanceof HTMLSelectElement)
      return (
        readChoice(
          value,
          [...field.options].map((option) => option.value),
        ) !== null
      );
    if (!isBox(field)) return field instanceof HTMLTextAreaElement || !/[\n\r]/.test(value);
    if (fields.length === 1) return readFlag(value, "yes", "no") !== null;
    const [known, named] = [fields.map((one) => one.value), value ? value.split(",") : []];
    return named.every((one) => known.includes(one)) && new Set(named).size === named.length;
  }
}

function isBox(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && field.type === "checkbox";
}

function set(field: Field, value: string): void {
  if (!isBox(field)) field.value = value;
  else field.checked = field.value === "on" ? value === "yes" : value.split(",").includes(field.value);
}
