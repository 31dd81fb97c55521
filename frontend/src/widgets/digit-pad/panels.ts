/** What the network is given, and what it answers. */

import { h, setText } from "../../core/dom";
import type { Panel, Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import { picture } from "../../plots/canvas";
import { bar, barList } from "../../shared/bars";
import type { PadState } from "./state";
import { answerWords, ranked, share } from "./words";

/** Pixels of a block in which its number can be read. */
const LEGIBLE = 20;

export function blocksPanel(state: PadState): Panel {
  const { view } = state;
  return picture(view, "gdw-blocks", (context, { width }) => {
    const theme = themeOf(view.root);
    const size = width / state.blocks;
    context.font = `${Math.min(13, size * 0.5)}px ${theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    state.counts.forEach((count, i) => {
      const [x, y] = [(i % state.blocks) * size, Math.floor(i / state.blocks) * size];
      const black = count / state.full;
      context.globalAlpha = black;
      context.fillStyle = theme.ink;
      context.fillRect(x, y, size, size);
      context.globalAlpha = 1;
      context.strokeStyle = theme.line;
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
      if (size < LEGIBLE) return;
      context.fillStyle = black > 0.5 ? theme.page : theme.ink;
      context.fillText(String(count), x + size / 2, y + size / 2);
    });
  });
}

/** Ten bars, and the answer in words. */
export function bars(state: PadState): Part {
  const rows = state.programs.network.parts.at(-1)?.shape.at(-1) ?? 0;
  const items = Array.from({ length: rows }, (_, digit) => bar(h("b", {}, String(digit))));
  const words = h("p", { class: "gdw-words" });
  return {
    element: h("div", { class: "gdw-readouts" }, barList("gdw-ten", items), words),
    update() {
      const { answer } = state;
      const [[first] = [-1]] = answer ? ranked(answer) : [];
      items.forEach(({ element, show }, digit) => {
        const probable = answer?.[digit] ?? 0;
        show(probable, answer ? share(probable) : "–");
        element.classList.toggle("gdw-first", digit === first);
      });
      setText(words, answerWords(answer));
    },
  };
}
