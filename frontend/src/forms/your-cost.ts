/** The form that takes a reader's own cost, a formula or a table, as the code of a cell. */

import { pageAddress } from "../core/address";
import { NamedFields } from "./fields";
import { BOX, pairs } from "./numbers";
import { listen } from "./own-text";
import type { Form } from "./places";
import { MALFORMED, quoted, showing } from "./places";

const STALE = "What stands below is not yet what this form holds: press Survey.";
const TABLE = " A table stays on your machine, and out of this page’s address.";
const TOO_LONG = "This file is too long for a page. Where Python is, gd.survey(“its name”) reads it.";

/** Show the form, take what a link says, and keep the code of its cell and the address up to date. */
export function showYourCost({ element, area, said, write }: Form): void {
  const fields = new NamedFields(element);
  const address = pageAddress("your-cost");
  const note = said.textContent ?? "";
  let text = area.value;
  const follow = () => {
    const changed = fields.changed();
    if (isTable(text)) changed.delete("cost");
    address.write(changed);
    const fresh = text === area.defaultValue && !changed.size;
    const box = fields.get("box");
    if (box && !pairs(box)) said.textContent = BOX;
    else if (!said.textContent || said.textContent === note)
      said.textContent = fresh ? note : STALE + (isTable(text) ? TABLE : "");
    write(codeFor(text, fields));
  };
  const take = (given: string) => {
    text = given;
    follow();
  };
  element.addEventListener("input", (event) => {
    if (event.target === area) return;
    said.textContent = "";
    follow();
  });
  listen(element, { area, said, long: TOO_LONG, take });
  address.restore((link) => {
    if (link && fields.take(link)) take(area.value);
    else said.textContent = MALFORMED;
  });
}

/** Several lines are a table, one is a formula. */
function isTable(text: string): boolean {
  return text.trim().includes("\n");
}

/** The code that surveys a cost; what says how a table is read is left out of a formula's, and the other way round. */
export function codeFor(text: string, fields: Pick<NamedFields, "get">): string {
  const [target, model, box] = [fields.get("target").trim(), fields.get("model"), fields.get("box")];
  const table = isTable(text);
  const lines = [
    quoted(table ? `${text.trim()}\n` : text.trim()),
    table && target && `target=${quoted(target)}`,
    table && model && `model=${quoted(model)}`,
    !table && box && `bounds=${pairs(box) ?? quoted(box)}`,
  ];
  return showing("survey", "gd.survey", lines, "This cost cannot be read");
}
