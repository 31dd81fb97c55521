/** The list of neighbours, and the picture of how far from the chosen word all words are. */

import { button } from "../../core/controls";
import { h, setText } from "../../core/dom";
import type { Panel, Part } from "../../core/part";
import { themeOf } from "../../core/theme";
import { picture } from "../../plots/canvas";
import { clipped, frameIn, horizontal, vertical } from "../../plots/frame";
import { drawMarker, drawText } from "../../plots/marks";
import { largest } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { bar, barList } from "../../shared/bars";
import { PROMPT } from "../../shared/prediction";
import type { WordState } from "./state";
import { cosine, nearWords, sharedWords } from "./words";

/** A row for each neighbour that may be shown; pressing its word asks for its own neighbours. */
export function neighbourList(state: WordState): Part {
  const { view } = state;
  const { most, counts } = state.programs;
  const rows = Array.from({ length: most }, (_, i) => {
    const press = () => {
      const index = state.nearest()[i]?.index;
      if (index !== undefined) state.choose(index);
    };
    const word = button(view, { label: "", press });
    const often = h("span", { class: "gdw-share" });
    return { word, often, row: bar(word, often) };
  });
  const list = barList(
    "gdw-near",
    rows.map(({ row }) => row),
  );
  const head = h("div", { class: "gdw-near-head", "aria-hidden": "true" });
  head.append(...["word", "cosine", counts ? "times" : ""].map((name) => h("span", {}, name)));
  return {
    element: h("div", {}, head, list),
    update() {
      const near = state.nearest();
      rows.forEach(({ word, often, row }, i) => {
        const one = near[i];
        row.element.hidden = !one;
        if (!one) return;
        setText(word, state.programs.words[one.index] ?? "");
        setText(often, counts ? String(counts[one.index]) : "");
        row.show(one.alike, cosine(one.alike));
      });
    },
  };
}

export function summary(state: WordState): string {
  const { programs, set, chosen } = state;
  const near = state.nearest();
  const others = programs.sets
    .filter((other) => other !== set)
    .map((other) => ({ name: other.name, near: state.nearest(other) }));
  return nearWords(programs, chosen, near) + sharedWords(near, others);
}

export function words(state: WordState): Part {
  const element = h("p", { class: "gdw-words" });
  return { element, update: () => setText(element, state.view.waiting ? PROMPT : summary(state)) };
}

/** How far the picture goes, against the ring of cosine 0. */
const REACH = 1.12;
/** Of more neighbours the names would meet. */
const NAMED = 10;

/** The chosen word in the middle, each other as far from it as their vectors are, in its direction on a map of all. */
export function ringPanel(state: WordState): Panel {
  const { view } = state;
  return picture(view, "gdw-map gdw-still-plot gdw-rings", (context, size) => {
    const frame = largest(frameIn(size, { left: 1, right: 1, top: 1, bottom: 1 }), 1);
    const theme = themeOf(view.root);
    const reach = REACH * Math.max(...state.rings);
    const [x, y] = [horizontal(frame, -reach, reach), vertical(frame, -reach, reach)];
    const at = ([a = 0, b = 0]: readonly number[]) => [x(a), y(b)] as const;
    const stage = { context, frame, theme, x, y, at };
    clipped(context, frame, () => {
      drawRings(stage, state);
      drawMarker(context, x(0), y(0), { colour: theme.ink, marker: "star", dash: [] }, theme, 90);
      if (view.waiting) nameApart(stage, state, []);
      else drawWords(stage, state);
    });
  });
}

function drawRings({ context, theme, at }: Stage, state: WordState): void {
  const [x, y] = at([0, 0]);
  context.font = `12px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  state.rings.forEach((ring, i) => {
    const radius = at([ring, 0])[0] - x;
    context.strokeStyle = theme.line;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = theme.muted;
    context.fillText(String(state.programs.rings[i]), x, y + radius - 8);
  });
}

function drawWords(stage: Stage, state: WordState): void {
  const { context, theme, at } = stage;
  const { distances } = state;
  const place = (index: number) => at(ringPlace(state.set.places, distances[index] ?? 0, index, state.chosen));
  context.fillStyle = theme.muted;
  context.globalAlpha = 0.45;
  distances.forEach((_, index) => {
    if (index === state.chosen) return;
    const [x, y] = place(index);
    context.fillRect(x - 1, y - 1, 2, 2);
  });
  context.globalAlpha = 1;
  const near = state.nearest().map(({ index }) => ({ index, at: place(index) }));
  const look = { colour: theme.accent, marker: "circle", dash: [] } as const;
  for (const one of near) drawMarker(context, ...one.at, look, theme, 45);
  nameApart(stage, state, near.slice(0, NAMED));
}

/** Where a word stands: so far from the middle, in its direction from the chosen one. */
export function ringPlace(
  places: readonly number[],
  distance: number,
  index: number,
  chosen: number,
): readonly [number, number] {
  const [dx, dy] = [0, 1].map((i) => (places[2 * index + i] ?? 0) - (places[2 * chosen + i] ?? 0)) as [number, number];
  const length = Math.hypot(dx, dy);
  return length ? [(distance * dx) / length, (distance * dy) / length] : [distance, 0];
}

interface Named {
  readonly index: number;
  readonly at: readonly [number, number];
}

/** Pixels between the middles of two names, at least. */
const LINE = 14;

/** Name the middle and each point beside it, outwards; a name that would lie on one before it moves down or up. */
function nameApart({ context, frame, theme, x, y: up }: Stage, state: WordState, near: readonly Named[]): void {
  const written: { left: number; right: number; y: number }[] = [];
  const middle = x(0);
  context.font = `600 12px ${theme.font}`;
  const half = context.measureText(state.word).width / 2;
  written.push({ left: middle - half, right: middle + half, y: up(0) - 15 });
  drawText(context, state.word, middle, up(0) - 15, theme, "center");
  for (const { index, at } of near) {
    const text = state.programs.words[index] ?? "";
    const width = context.measureText(text).width;
    const outwards = at[0] >= middle;
    const left = Math.min(Math.max(outwards ? at[0] + 8 : at[0] - 8 - width, frame.left + 2), frame.width - width);
    const free = (y: number) =>
      written.every((one) => Math.abs(one.y - y) >= LINE || one.right < left || one.left > left + width);
    const shifts = [0, LINE, -LINE, 2 * LINE, -2 * LINE, 3 * LINE, -3 * LINE];
    const y = at[1] + (shifts.find((shift) => free(at[1] + shift)) ?? 0);
    written.push({ left, right: left + width, y });
    drawText(context, text, left, y, theme);
  }
}
