/** The picture of ItemMap: items, a person's arrow, and a ring that turns both; and a bar for each guess. */

import { handle } from "../../core/controls";
import { h, setText } from "../../core/dom";
import { formatPoint } from "../../core/format";
import type { Panel, Part } from "../../core/part";
import type { Bounds } from "../../core/snap";
import { drawnIn } from "../../core/snap";
import type { MethodStyle, Theme } from "../../core/theme";
import { themeOf } from "../../core/theme";
import { line } from "../../plots/frame";
import { drawArrow, drawMarker, drawRing, drawText } from "../../plots/marks";
import { Plane } from "../../plots/plane";
import type { Stage } from "../../plots/stage";
import { symbolPath } from "../../plots/swatch";
import { bar, barList } from "../../shared/bars";
import { PROMPT } from "../../shared/prediction";
import type { ItemState } from "./state";
import { agreeWords, guessWords, rounded, toldWords, turnWords } from "./words";

/** The turning ring: how far out, as a share of the picture's reach, and where its grip is before any turn. */
const RING = 0.95;
const GRIP = -45;
/** Degrees that a key turns. */
const TURN = 5;

function look(state: ItemState, group: number, theme: Theme): MethodStyle {
  return theme.method(state.programs.looks[group] ?? "");
}

export function mapPanel(state: ItemState): Panel {
  const { view } = state;
  const bounds = (): Bounds => {
    const { reach } = state.programs;
    return [
      [-reach, reach],
      [-reach, reach],
    ];
  };
  const plane = new Plane(view, {
    label: "Tip of the person's arrow",
    describe: () => formatPoint(state.vector.map((x) => Number(x.toPrecision(3)))),
    bounds,
    names: () => ["", ""],
    point: () => drawnIn(state.tip, state.programs.reach),
    move: (point) => state.tipTo(point),
    shape: () => 1,
    draw: (stage) => drawMap(stage, state),
  });
  const turn = handle(view, {
    label: "Turn of the picture",
    describe: () => `${state.turn} degrees`,
    place: () => plane.at(grip(state)),
    drag: (px, py) => {
      const [x = 0, y = 0] = plane.invert(px, py);
      turnTo(state, (Math.atan2(y, x) * 180) / Math.PI - GRIP);
    },
    nudge: (right, up) => turnTo(state, state.turn + TURN * (up - right)),
  });
  plane.element.append(turn.element);
  return {
    element: plane.element,
    update() {
      plane.update();
      turn.update();
    },
    paint() {
      plane.paint();
      turn.update();
    },
  };
}

function turnTo(state: ItemState, degrees: number): void {
  const whole = Math.round(degrees);
  state.view.set({ turn: ((((whole + 180) % 360) + 360) % 360) - 180 });
}

function grip(state: ItemState): readonly [number, number] {
  const [angle, out] = [((GRIP + state.turn) * Math.PI) / 180, RING * state.programs.reach];
  return [out * Math.cos(angle), out * Math.sin(angle)];
}

function drawMap(stage: Stage, state: ItemState): void {
  const { context, theme, at } = stage;
  const [x0, y0] = at([0, 0]);
  drawTurned(stage, state);
  const { seen, item, programs } = state;
  const place = (i: number) => at([seen[2 * i] ?? 0, seen[2 * i + 1] ?? 0]);
  programs.groups.forEach((group, i) => {
    drawMarker(context, ...place(i), look(state, group, theme), theme, 75);
  });
  programs.names.forEach((_, i) => {
    if (state.answerTo(i) !== undefined) drawRing(context, ...place(i), theme.ink, theme, 9);
  });
  drawArrow(context, [x0, y0], at(state.tip), theme.ink, theme);
  const [x, y] = place(item);
  drawRing(context, x, y, theme.accent, theme, 9);
  label(stage, programs.names[item] ?? "", x, y);
}

/** The two axes of the places and the ring about them, turned with them. */
function drawTurned({ context, theme, at }: Stage, state: ItemState): void {
  const out = RING * state.programs.reach;
  const [x0, y0] = at([0, 0]);
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  for (const quarter of [0, 90]) {
    const angle = ((quarter + state.turn) * Math.PI) / 180;
    const [dx, dy] = [out * Math.cos(angle), out * Math.sin(angle)];
    line(context, ...at([-dx, -dy]), ...at([dx, dy]));
  }
  context.setLineDash([3, 5]);
  context.beginPath();
  context.arc(x0, y0, at([out, 0])[0] - x0, 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash([]);
  drawRing(context, ...at(grip(state)), theme.muted, theme, 6);
}

/** A name beside its point, within the picture: below it where it is high, on the side with more room. */
function label({ context, frame, theme }: Stage, text: string, x: number, y: number): void {
  context.font = `600 12px ${theme.font}`;
  const half = context.measureText(text).width / 2 + 4;
  const low = frame.left + half;
  const middle = Math.min(Math.max(x, low), Math.max(low, frame.left + frame.width - half));
  drawText(context, text, middle, y < frame.top + 30 ? y + 20 : y - 20, theme, "center");
}

export function legend(state: ItemState): Part {
  const { group_names } = state.programs;
  const entries = group_names.map((name) => ({ name, mark: h("span", { "aria-hidden": "true" }) }));
  return {
    element: h(
      "ul",
      { class: "gdw-legend", hidden: group_names.length < 2 },
      ...entries.map(({ name, mark }) => h("li", {}, mark, name)),
    ),
    update() {
      const theme = themeOf(state.view.root);
      entries.forEach(({ mark }, group) => {
        mark.replaceChildren(symbolPath(look(state, group, theme)));
        mark.style.color = look(state, group, theme).colour;
      });
    },
  };
}

/** A bar for each guess, with a tick at the mean. Pointing at one tells of it; by keys that is chosen in a list. */
export function guessBars(state: ItemState): Part {
  const { names, means, levels } = state.programs;
  const [low, high] = levels;
  const share = (value: number) => Math.min(1, Math.max(0, (value - low) / (high - low)));
  const items = names.map((name) => bar(h("span", {}, name)));
  items.forEach(({ element }, i) => {
    element.style.setProperty("--mean", share(means[i] ?? low).toFixed(4));
    state.view.listen(element, "click", () => state.choose(i));
  });
  return {
    element: barList("gdw-guesses", items),
    update() {
      const { guesses, item } = state;
      items.forEach(({ element, show }, i) => {
        const guess = guesses[i] ?? NaN;
        show(share(guess), rounded(guess));
        element.classList.toggle("gdw-first", i === item);
        element.classList.toggle("gdw-told", state.answerTo(i) !== undefined);
      });
    },
  };
}

export function summary(state: ItemState): string {
  const { programs, guesses, item } = state;
  const name = programs.names[item] ?? "";
  const sentences = [
    guessWords(name, guesses[item] ?? NaN, programs.means[item] ?? NaN),
    toldWords(state.answered, Math.hypot(...state.vector)),
    agreeWords(programs.names, guesses, programs.named),
    turnWords(state.turn),
  ];
  return sentences.filter(Boolean).join(" ");
}

export function words(state: ItemState): Part {
  const element = h("p", { class: "gdw-words" });
  return {
    element,
    update: () => setText(element, state.view.waiting ? PROMPT : summary(state)),
  };
}
