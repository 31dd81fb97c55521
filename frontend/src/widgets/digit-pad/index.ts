/** DigitPad: draw a digit; a network that Python has trained says which it is. */

import { button, ICONS } from "../../core/controls";
import { h } from "../../core/dom";
import type { View } from "../../core/view";
import { controls, follow, layOut } from "../../shared/layout";
import { linkMemory } from "../../shared/link-fields";
import { Toolbar } from "../../shared/toolbar";
import { Pad } from "./pad";
import { bars, blocksPanel } from "./panels";
import { PadState, readStrokes, TRAITS, writeStrokes } from "./state";
import { answerWords } from "./words";

export function renderDigitPad(view: View): void {
  const state = new PadState(view);
  const [pad, blocks, answer] = [new Pad(state), blocksPanel(state), bars(state)];
  const ink = {
    trait: "strokes",
    write: () => writeStrokes(state.strokes),
    read: (text: string) => readStrokes(text, state.programs.side),
  };
  const tools = new Toolbar(view, linkMemory(view, TRAITS, { ink }));
  const clear = button(view, {
    label: "Clear",
    icon: ICONS.reset,
    words: true,
    press: () => {
      pad.lift();
      state.clear();
    },
  });
  const undo = button(view, {
    label: "Undo",
    icon: ICONS.back,
    words: true,
    press: () => {
      pad.lift();
      state.undo();
    },
  });
  const { blocks: n, full } = state;
  const given = `What the network is given: ${n} × ${n} counts from 0 to ${full}.`;
  layOut(
    view,
    tools,
    h("div", { class: "gdw-title" }, "Draw a digit"),
    h(
      "div",
      { class: "gdw-digits" },
      h(
        "div",
        {},
        pad.element,
        h("p", { class: "gdw-hint" }, "Mouse, finger or pen; keys: arrows, Space for the pen."),
      ),
      h("div", {}, blocks.element, h("p", { class: "gdw-hint" }, given)),
      answer.element,
    ),
    controls(h("div", { class: "gdw-transport" }, clear, undo)),
  );
  follow(view, TRAITS, [answer], [pad, blocks]);
  view.onChange(TRAITS, () => view.live.say(answerWords(state.answer)));
}
