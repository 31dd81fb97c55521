/** A field that takes a reader's own text: pasted, dropped, from a file, or an example's. */

/** More letters than this are not read by a page. */
const MOST = 20_000_000;
/** More than this is not shown in the field, where it would take a browser minutes to lay out. */
const SHOWN = 200_000;

/** The places of a form that the text has to do with. */
interface Places {
  readonly area: HTMLTextAreaElement;
  readonly said: HTMLElement;
  /** What is said of a file of more than `MOST` letters. */
  readonly long: string;
  /** Take the text, which stands in the field unless it is long. */
  take(text: string): void;
}

/** Let a form's field, its file and its examples give one text. */
export function listen(form: HTMLElement, { area, said, long, take }: Places): void {
  const show = (text: string, name: string) => {
    const [hidden, large] = [text.length > SHOWN, text.length > MOST];
    const size = `${(text.length / 1e6).toFixed(1)} million letters`;
    said.textContent = large ? long : hidden ? `${name} has ${size}: it is read, and not shown here.` : "";
    area.value = hidden ? "" : text;
    take(large ? "" : text);
  };
  const read = (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size > 2 * MOST) said.textContent = long;
    else void chosen.arrayBuffer().then((bytes) => show(decoded(bytes), chosen.name));
  };
  area.addEventListener("input", () => {
    said.textContent = "";
    take(area.value);
  });
  const file = form.querySelector<HTMLInputElement>("input[type=file]");
  file?.addEventListener("change", () => read(file.files?.[0]));
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", (event) => {
    const dropped = event.dataTransfer?.files[0];
    if (!dropped) return;
    event.preventDefault();
    read(dropped);
  });
  for (const button of form.querySelectorAll<HTMLElement>("button[data-text]"))
    button.addEventListener("click", () => show(button.dataset.text ?? "", "The example"));
}

/** A file's text; PowerShell writes UTF-16. */
export function decoded(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  const label =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(label).decode(bytes);
}
