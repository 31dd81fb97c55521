/** The buttons below a chapter's code. What runs it is loaded when one of them is first pressed. */

import { h, setText } from "../core/dom";
import { codeOf, draft } from "./drafts";
import type { Cell, Page, Prepared } from "./index";

const NUMBER = /\bgd-cell-(\d+)\b/;
const CHECK = /gd\.check\(\s*"([^"]+)"/;
const FROM_FOLDER =
  "A page that is opened from a folder may not run Python. In the book's folder type “python -m http.server”, " +
  "open the address that it names, and press again; or take the notebook, from the buttons at the top.";

/** What a cell needs that Python in a browser has not, by its tag. */
const NOT_HERE: Readonly<Record<string, string>> = { tag_torch: "PyTorch" };

/** Put a bar below each cell of code that a reader may run; the first one says what that will load. */
export function showRunButtons(page: Document, lent: Page): void {
  const shown = [...page.querySelectorAll<HTMLElement>(".cell")].flatMap(asCell);
  const cells = [...shown].sort((a, b) => a.number - b.number);
  let prepared: Promise<Prepared> | null = null;
  const load = () => {
    prepared ??= import(new URL("run.mjs", lent.base).href).then(({ prepare }) => prepare(lent, cells));
    prepared.catch(() => {
      prepared = null;
    });
    return prepared;
  };
  const first = shown.find(({ element }) => !element.querySelector("details .cell_input"));
  const note = (cell: Cell) => {
    const pre = cell.element.querySelector(".cell_input pre");
    if (pre && draft(cell, codeOf(pre)) !== null) return "You have written here: press Edit to go on.";
    if (formOf(cell)) return "";
    return cell === first ? `The first Run loads Python: ${lent.amount}, once.` : "";
  };
  for (const cell of shown) bar(cell, load, note(cell));
  for (const [tag, library] of Object.entries(NOT_HERE))
    for (const element of page.querySelectorAll(`.cell.${tag} .cell_input`))
      element.append(h("div", { class: "gd-run-not" }, `Needs ${library}, which does not run on a page.`));
}

/** A form writes its cell's code, and says what its button is called. */
function formOf({ element }: Cell): DOMStringMap | undefined {
  return element.querySelector<HTMLElement>(".gd-form")?.dataset;
}

function asCell(element: HTMLElement): Cell[] {
  const number = NUMBER.exec(element.className)?.[1];
  const apart = ["tag_quiz", ...Object.keys(NOT_HERE)].some((tag) => element.classList.contains(tag));
  if (!number || apart || !element.querySelector(".cell_input pre")) return [];
  const alone = ["tag_exercise", "tag_solution"].some((tag) => element.classList.contains(tag));
  const asks = element.classList.contains("tag_exercise") ? CHECK.exec(element.textContent ?? "")?.[1] : undefined;
  return [{ element, number: Number(number), alone, ...(asks && { exercise: asks }) }];
}

function bar(cell: Cell, load: () => Promise<Prepared>, note: string): void {
  const said = h("span", { class: "gd-run-said", role: "status" }, note);
  const press = (label: string, name: string, what: (chapter: Prepared) => void) => {
    const button = h("button", { type: "button", "aria-label": name }, label);
    button.addEventListener("click", () => {
      setText(said, location.protocol === "file:" ? FROM_FOLDER : "");
      if (location.protocol !== "file:") load().then(what, (error: unknown) => setText(said, reason(error)));
    });
    return button;
  };
  const run = (label: string, name: string) => press(label, name, (chapter) => void chapter.run(cell));
  const which = `cell ${cell.number + 1}`;
  const { verb = "", what = "" } = formOf(cell) ?? {};
  const buttons = verb
    ? [run(verb, `${verb} ${what}`)]
    : [run("Run", `Run ${which}`), press("Edit", `Edit ${which}`, (chapter) => chapter.edit(cell))];
  cell.element.querySelector(".cell_input")?.append(h("div", { class: "gd-run" }, ...buttons, said));
}

function reason(error: unknown): string {
  if (!navigator.onLine) return "There is no connection. Press again when there is one.";
  return `What runs code could not be loaded (${error instanceof Error ? error.message : String(error)}).`;
}
