/** The form that takes a reader's own log: what stands in it becomes the code of a cell that the page runs. */

import { listen } from "./own-text";
import type { Form } from "./places";
import { quoted } from "./places";

const TOO_LONG =
  "This file is too long for a page. Where Python is, “python -m gdlib diagnose” reads it: see “From a shell” below.";

/** Show the form, and keep the code of its cell up to date. */
export function showOwnLog({ element, area, said, write }: Form): void {
  const take = (text: string) => write(codeFor(text));
  listen(element, { area, said, long: TOO_LONG, take });
  take("");
  said.textContent += " Your log stays here.";
}

/** The code that diagnoses a text. A line break tells text from a file's name. */
export function codeFor(text: string): string {
  return [
    "import gdlib as gd",
    "try:",
    `    display(gd.diagnose(${quoted(`${text}\n`)}))`,
    "except ValueError as error:",
    '    print(f"This log cannot be read: {error}.")',
  ].join("\n");
}
