/** What every form has: a field of text, a line that says something, and a cell whose code it writes. */

import { h } from "../core/dom";

/** What is said of a link that `NamedFields` does not take. */
export const MALFORMED = "This link holds what the form cannot: it is as it was.";

/** A form on a page. */
export interface Form {
  readonly element: HTMLElement;
  readonly area: HTMLTextAreaElement;
  readonly said: HTMLElement;
  /** Make this the code of the form's cell. */
  write(code: string): void;
}

/** Find a form's places; null if it is no form. */
export function formIn(element: HTMLElement, amount: string): Form | null {
  const cell = element.closest(".cell");
  const code = cell?.querySelector("pre");
  const area = element.querySelector("textarea");
  const said = element.querySelector<HTMLElement>("[role=status]");
  if (!cell || !code || !area || !said) return null;
  fold(code, element);
  linkChapters(cell);
  new MutationObserver(() => linkChapters(cell)).observe(cell, { childList: true, subtree: true });
  said.textContent = `The first press loads Python into your browser: ${amount}, once.`;
  // From then on the cell says how it goes.
  cell.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest(".gd-run button")) said.textContent = "";
  });
  const write = (text: string) => {
    code.textContent = text;
  };
  return { element, area, said, write };
}

/** Fold away the code that a form writes, if it is shown at all. */
function fold(code: HTMLElement, form: HTMLElement): void {
  if (code.hidden) return;
  const block = [...(form.parentElement?.children ?? [])].find((child) => child.contains(code));
  const folded = h("details", {}, h("summary", {}, "The code that this form writes"));
  block?.replaceWith(folded);
  if (block) folded.append(block);
}

/** Turn what names a section of the book into a link: these pages lie beside the chapters. */
export function linkChapters(cell: Element): void {
  for (const words of cell.querySelectorAll<HTMLElement>(".cell_output span[data-chapter]")) {
    const { chapter = "", section = "" } = words.dataset;
    if (![chapter, section].every((name) => /^[\w-]+$/.test(name))) continue;
    words.replaceWith(h("a", { href: `${chapter}.html#${section}` }, words.textContent));
  }
}

/** A text as Python's: JSON's strings are Python's, too. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The code that makes a thing of these arguments and shows it, or prints why it cannot. */
export function showing(
  name: string,
  made: string,
  given: readonly (string | false | undefined)[],
  refusal: string,
): string {
  return [
    "import gdlib as gd",
    "",
    "try:",
    `    ${name} = ${made}(`,
    ...given.filter(Boolean).map((line) => `        ${line},`),
    "    )",
    "except (TypeError, ValueError) as error:",
    `    print(f"${refusal}: {error}")`,
    "else:",
    `    display(${name})`,
  ].join("\n");
}
