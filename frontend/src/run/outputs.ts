/** What a cell shows, put where the stored output stood: text, tables, formulas, figures, widgets, errors. */

import { renderToString } from "katex";
import { h } from "../core/dom";
import type { Message } from "./kernel";

const VIEW = "application/vnd.jupyter.widget-view+json";
const FOREIGN = "These controls are a notebook’s: they work in JupyterLab, not on this page.";
/** How much of what a cell prints is shown, in letters: a page is no file. */
export const MOST_PRINTED = 100_000;
const CUT = "… The rest of what this cell prints is not shown: a page is no file.";
const PACKAGES =
  "On this page Python has NumPy, SciPy, SymPy, Matplotlib and gdlib. For other packages take the chapter’s notebook.";
const FIGURE = "application/vnd.gdlib.figure+json";
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what begins a colour on a terminal
const COLOURS = /\x1b\[[0-9;]*m/g;

/** Show a widget that Python has made in an element; false if the page has none of this kind. */
export type ShowWidget = (id: string, into: HTMLElement) => boolean;

/** A figure in one form of `gdlib.book.narrow`. */
interface Form {
  readonly size: readonly [number, number];
  readonly webp: string;
}

/** The place of a cell's outputs while it runs: the first one takes the stored ones' place. */
export class Outputs {
  private pending = true;
  /** What is to go when the next output comes. */
  private waiting = false;
  private printed = 0;
  /** Where the next printed letters go, if nothing else was shown since. */
  private terminal: Terminal | null = null;
  private readonly named = new Map<string, HTMLElement>();
  private readonly caption: HTMLElement | null;
  private readonly words: string;

  constructor(
    private readonly place: HTMLElement,
    private readonly showWidget: ShowWidget,
  ) {
    this.caption = place.querySelector("figure > figcaption");
    this.words = place.querySelector("figure img")?.getAttribute("alt") ?? "Figure drawn by the code above";
  }

  /** Take one message. */
  take(message: Message): void {
    if (message.type === "clear_output") this.clear(message.bundle.wait);
    else if (message.type === "stream") this.stream(message.bundle.name, message.bundle.text);
    else if (message.type === "execute_error") this.error(message.bundle);
    else this.display(message);
  }

  /** A cell that shows nothing leaves nothing. */
  end(): void {
    if (this.pending) this.place.replaceChildren();
  }

  private clear(wait: boolean): void {
    this.waiting = wait;
    this.printed = 0;
    this.terminal = null;
    if (!wait) this.place.replaceChildren();
    this.pending = false;
  }

  private put(kind: string, ...children: (Node | string)[]): HTMLElement {
    const output = h("div", { class: `output ${kind}` }, ...children);
    if (kind !== "stream") this.terminal = null;
    if (this.pending || this.waiting) this.place.replaceChildren();
    this.pending = false;
    this.waiting = false;
    this.place.append(output);
    return output;
  }

  private stream(name: string, text: string): void {
    if (this.printed > MOST_PRINTED) return;
    const shown = plain(text.slice(0, MOST_PRINTED - this.printed));
    this.printed += text.length;
    if (this.pending || this.waiting || !this.terminal || this.terminal.name !== name) {
      this.terminal = new Terminal(name);
      this.put("stream", this.terminal.element).dataset.stream = name;
    }
    this.terminal.print(shown);
    if (this.printed > MOST_PRINTED) this.put("stream", h("p", {}, CUT));
  }

  private error({ ename, evalue, traceback }: { ename: string; evalue: string; traceback: readonly string[] }): void {
    const lines = plain(traceback.join("\n")) || `${ename}: ${evalue}`;
    this.put("traceback", h("pre", {}, lines));
    if (/\bModuleNotFoundError\b/.test(lines)) this.put("stream", h("p", {}, PACKAGES));
  }

  private display({ type, bundle }: Extract<Message, { readonly bundle: { readonly data: unknown } }>): void {
    const name = bundle.transient?.display_id;
    const known = name ? this.named.get(name) : undefined;
    if (type === "update_display_data") {
      const [kind, child] = this.shown(bundle.data);
      if (known) {
        known.className = `output ${kind}`;
        known.replaceChildren(child);
        this.live(bundle.data, known);
      }
      return;
    }
    const output = this.put(...this.shown(bundle.data));
    if (name) this.named.set(name, output);
    this.live(bundle.data, output);
  }

  /** What is shown of data in several forms: the richest that the page knows. */
  private shown(data: Readonly<Record<string, unknown>>): [string, Node] {
    const text = (mime: string) => (typeof data[mime] === "string" ? data[mime] : null);
    const figure = data[FIGURE] as Readonly<Record<string, Form>> | undefined;
    if (figure) return ["image_png", this.figure(figure)];
    const png = text("image/png");
    const html = text("text/html");
    const latex = text("text/latex");
    if (png) return ["image_png", h("img", { src: `data:image/png;base64,${png.trim()}`, alt: this.words })];
    if (html) return ["text_html", fragment(html)];
    if (latex) return ["text_latex math", fragment(typeset(latex))];
    return ["text_plain", h("pre", {}, plain(text("text/plain") ?? ""))];
  }

  /** Put a widget in an output that is on the page already, whose colours it takes. */
  private live(data: Readonly<Record<string, unknown>>, output: HTMLElement): void {
    const view = data[VIEW] as { model_id?: string } | undefined;
    if (!view?.model_id) return;
    const into = h("div");
    output.replaceChildren(into);
    if (this.showWidget(view.model_id, into)) output.className = "output widget";
    else {
      output.dataset.foreign = "";
      output.replaceChildren(h("p", {}, FOREIGN));
    }
  }

  /** A figure that the page has keeps its caption, and its words for who cannot see it. */
  private figure(forms: Readonly<Record<string, Form>>): Node {
    const entries = Object.entries(forms);
    const light = entries.find(([name]) => !name.startsWith("dark "))?.[1];
    const dark = entries.find(([name]) => name.startsWith("dark "))?.[1];
    if (!light) return h("pre", {}, "A figure without a picture.");
    const [width, height] = light.size;
    const image = h("img", { src: address(light), alt: this.words, width, height });
    const picture = h("picture", {
      class: "gd-near",
      style: `--gd-wide:${width}/${height};--gd-narrow:${width}/${height}`,
    });
    if (dark) {
      const now = document.documentElement.dataset.theme === "dark" ? dark : light;
      picture.append(
        h("source", { srcset: address(now), width, height, "data-light": address(light), "data-dark": address(dark) }),
      );
    }
    picture.append(image);
    return this.caption ? h("figure", {}, picture, this.caption) : picture;
  }
}

/** Text without a terminal's colours. */
export function plain(text: string): string {
  return text.replace(COLOURS, "");
}

function address(form: Form): string {
  return `data:image/webp;base64,${form.webp}`;
}

/** What is printed, as a terminal shows it: a line may begin again, and what it said is gone. */
class Terminal {
  private readonly lines = document.createTextNode("");
  private readonly last = document.createTextNode("");
  readonly element = h("pre", {}, this.lines, this.last);

  constructor(readonly name: string) {}

  print(text: string): void {
    const lines = (this.last.data + text).split("\n").map(begunLast);
    this.last.data = lines.pop() ?? "";
    if (lines.length) this.lines.appendData(`${lines.join("\n")}\n`);
  }
}

/** What a line says after it has begun again for the last time. */
function begunLast(line: string): string {
  return line.slice(line.lastIndexOf("\r", line.length - 2) + 1);
}

/** HTML as a notebook shows it; a script in it does not run. */
function fragment(html: string): Node {
  const template = h("template");
  template.innerHTML = html;
  return template.content;
}

/** LaTeX as KaTeX sets it, in MathML, which needs no fonts of its own. */
function typeset(latex: string): string {
  const [, inner = latex] = /^\s*\$+(.*?)\$+\s*$/s.exec(latex) ?? [];
  return renderToString(inner.replace(/^\\displaystyle\s*/, ""), {
    displayMode: true,
    output: "mathml",
    throwOnError: false,
    trust: false,
  });
}
