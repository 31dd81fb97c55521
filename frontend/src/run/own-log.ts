/** The form that takes a reader's own log: what stands in it becomes the code of a cell that the page runs. */

import { h } from "../core/dom";

/** More than this is better read by `python -m gdlib diagnose`, in letters. */
const MOST = 20_000_000;
/** More than this is not shown in the form, where it would take a browser minutes to lay out. */
const SHOWN = 200_000;
const TOO_LONG =
  "This file is too long for a page. Where Python is, “python -m gdlib diagnose” reads it: see “From a shell” below.";

/** Show the form, and keep the code of its cell up to date. */
export function showOwnLog(cell: HTMLElement, amount: string): void {
  const [area, code] = [cell.querySelector("textarea"), cell.querySelector("pre")];
  if (!area || !code) return;
  const said = h("p", { role: "status" });
  const file = cell.querySelector<HTMLInputElement>("input[type=file]");
  cell.querySelector(".cell_input")?.append(said);
  const take = (text: string, name: string) => {
    const [long, large] = [text.length > SHOWN, text.length > MOST];
    const size = `${(text.length / 1e6).toFixed(1)} million letters`;
    said.textContent = large ? TOO_LONG : long ? `${name} has ${size}: it is read, and not shown here.` : "";
    area.value = long ? "" : text;
    code.textContent = codeFor(large ? "" : text);
  };
  const read = (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size > 2 * MOST) said.textContent = TOO_LONG;
    else void chosen.arrayBuffer().then((bytes) => take(decoded(bytes), chosen.name));
  };
  area.addEventListener("input", () => {
    said.textContent = "";
    code.textContent = codeFor(area.value);
  });
  file?.addEventListener("change", () => read(file.files?.[0]));
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", (event) => {
    const dropped = event.dataTransfer?.files[0];
    if (!dropped) return;
    event.preventDefault();
    read(dropped);
  });
  for (const button of cell.querySelectorAll<HTMLElement>("button[data-log]"))
    button.addEventListener("click", () => take(button.dataset.log ?? "", "The example"));
  take("", "Nothing");
  said.textContent = `The first press loads Python into your browser: ${amount}, once. Your log stays here.`;
  cell.hidden = false;
}

/** The code that diagnoses a text: JSON's strings are Python's, too. A line break tells text from a file's name. */
export function codeFor(text: string): string {
  return [
    "import gdlib as gd",
    "try:",
    `    display(gd.diagnose(${JSON.stringify(`${text}\n`)}))`,
    "except ValueError as error:",
    '    print(f"This log cannot be read: {error}.")',
  ].join("\n");
}

/** A file's text; PowerShell writes UTF-16. */
export function decoded(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  const label =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(label).decode(bytes);
}
