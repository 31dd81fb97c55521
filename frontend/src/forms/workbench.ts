/** The workbench's form: a rule, what it races on and against whom, as the code of a cell; all of it in the address. */

import { pageAddress } from "../core/address";
import { NamedFields } from "./fields";
import { BOX, list, pairs } from "./numbers";
import type { Form } from "./places";
import { MALFORMED, quoted, showing } from "./places";

const OWN = "formula";
const PROBLEM = /^problem:([a-z_]+)$/;
const STALE = "What stands below is not yet the race of this form: press Race.";

/** Show the form, take what a link says, and keep the code of its cell and the address up to date. */
export function showWorkbench({ element, said, write }: Form): void {
  const fields = new NamedFields(element);
  const address = pageAddress("workbench");
  const own = element.querySelector<HTMLElement>("[data-own]");
  const note = said.textContent ?? "";
  const follow = () => {
    if (own) own.hidden = fields.get("on") !== OWN;
    const changed = fields.changed();
    address.write(changed);
    const wrong = mistake(fields);
    said.textContent = wrong || (changed.size ? STALE : note);
    write(codeFor(fields));
  };
  element.addEventListener("input", follow);
  for (const button of element.querySelectorAll<HTMLElement>("button[data-text]"))
    button.addEventListener("click", () => {
      const area = element.querySelector("textarea");
      if (area) area.value = button.dataset.text ?? "";
      follow();
    });
  if (own) own.hidden = true;
  address.restore((link) => {
    if (link && fields.take(link)) follow();
    else said.textContent = MALFORMED;
  });
}

/** What keeps a form from being raced, in words; nothing if nothing does. */
function mistake(fields: NamedFields): string {
  const [start, box] = [fields.get("start").trim(), fields.get("box").trim()];
  if (start && !list(start)) return "A start is numbers with commas between them, such as 1.5, -1.";
  if (box && !pairs(box)) return BOX;
  return "";
}

/** The code that races what stands in the form. */
export function codeFor(fields: Pick<NamedFields, "get">): string {
  const on = fields.get("on");
  const ground = on === OWN ? quoted(fields.get("formula")) : (problem(on) ?? quoted(on));
  const [name, start, box] = ["name", "start", "box"].map((one) => fields.get(one).trim());
  const steps = fields.get("steps").trim();
  const lines = [
    `rule=${quoted(fields.get("rule"))}`,
    `on=${ground}`,
    `against=[${fields.get("against").split(",").filter(Boolean).map(quoted).join(", ")}]`,
    name && `name=${quoted(name)}`,
    start && `start=${list(start) ?? quoted(start)}`,
    box && on === OWN && `bounds=${pairs(box) ?? quoted(box)}`,
    `steps=${/^\d{1,9}$/.test(steps) ? Number(steps) : quoted(steps)}`,
    fields.get("tuned") === "yes" && "tuned=True",
  ];
  return showing("bench", "gd.Workbench", lines, "This cannot be raced");
}

/** The call that makes a problem; null for anything but the name of one. */
function problem(on: string): string | null {
  const [, name] = PROBLEM.exec(on) ?? [];
  return name ? `gd.problems.${name}()` : null;
}
