/** The editor of a cell: Python, coloured and indented; Escape, then Tab leaves it by keyboard. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface Editor {
  readonly code: string;
  focus(): void;
  /** Mark a line, counted from 1, as the one that failed; nothing unmarks. */
  mark(line?: number): void;
  set(code: string): void;
}

const markLine = StateEffect.define<number | null>();

const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, change) {
    const effects = change.effects.filter((effect) => effect.is(markLine));
    const at = effects.at(-1)?.value;
    if (at === undefined) return change.docChanged ? Decoration.none : lines;
    if (at === null || at < 1 || at > change.state.doc.lines) return Decoration.none;
    return Decoration.set([Decoration.line({ class: "gd-error-line" }).range(change.state.doc.line(at).from)]);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The colours that the page has for code. */
const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, class: "k" },
  { tag: [tags.string, tags.special(tags.string)], class: "s2" },
  { tag: tags.comment, class: "c1" },
  { tag: tags.number, class: "mf" },
  { tag: [tags.operator, tags.compareOperator], class: "o" },
  { tag: [tags.bool, tags.null], class: "kc" },
]);

/** What an editor is called, and who is told what. */
interface Told {
  readonly label: string;
  run(): void;
  changed(code: string): void;
}

/** Make an editor in an element; Shift-Enter and Control-Enter run. */
export function makeEditor(parent: HTMLElement, code: string, told: Told): Editor {
  const press = () => {
    told.run();
    return true;
  };
  const extensions: Extension = [
    history(),
    python(),
    indentUnit.of("    "),
    indentOnInput(),
    bracketMatching(),
    EditorView.lineWrapping, // a box that scrolls would be a stop for the keyboard, and a trap for a thumb
    syntaxHighlighting(COLOURS),
    marked,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) told.changed(update.state.doc.toString());
    }),
    keymap.of([
      { key: "Shift-Enter", run: press },
      { key: "Mod-Enter", run: press },
      indentWithTab,
      ...defaultKeymap,
      ...historyKeymap,
    ]),
    EditorView.contentAttributes.of({ "aria-label": told.label, autocapitalize: "off", spellcheck: "false" }),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: code, extensions }) });
  return {
    get code() {
      return view.state.doc.toString();
    },
    focus: () => view.focus(),
    mark: (line) => view.dispatch({ effects: markLine.of(line ?? null) }),
    set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
  };
}
