/** Controls of one family: each has a name, a unit where there is one, and works by touch and keys. */

import { h, icon, setAttribute, setText } from "./dom";
import { formatNumber, spoken } from "./format";
import type { Part } from "./part";
import type { View } from "./view";

export interface SliderScale {
  readonly low: number;
  readonly high: number;
  readonly scale: "log" | "to one" | "linear" | "integer";
}

export interface SliderSpec extends SliderScale {
  readonly label: string;
  /** The letter in formulas, as η. */
  readonly letter?: string;
  /** Whole numbers alone. */
  readonly whole?: boolean;
  /** What stands after the number, as "of 40". */
  readonly after?: () => string;
  readonly value: () => number;
  readonly change: (value: number) => void;
}

export interface Slider extends Part {
  /** The range; the highest value may change. */
  readonly input: HTMLInputElement;
  /** Show the value that the state has now; mark a bound if there is one. */
  update(mark?: { readonly at: number; readonly label: string } | null): void;
}

const POSITIONS = 400;

/** Where on the track, from 0 to 1, a value lies. */
export function toTrack(s: SliderScale, value: number): number {
  const along = (f: (x: number) => number) => (f(value) - f(s.low)) / (f(s.high) - f(s.low));
  const position =
    s.scale === "log" ? along(Math.log) : s.scale === "to one" ? along((x) => -Math.log(1 - x)) : along((x) => x);
  return Math.min(1, Math.max(0, position));
}

/** The value at a place on the track, at three significant digits. */
export function fromTrack(s: SliderScale, position: number): number {
  const between = (f: (x: number) => number) => f(s.low) + position * (f(s.high) - f(s.low));
  if (position <= 0) return s.low;
  if (position >= 1) return s.high;
  if (s.scale === "log") return Number(Math.exp(between(Math.log)).toPrecision(3));
  if (s.scale === "to one")
    return Number((1 - Number(Math.exp(-between((x) => -Math.log(1 - x))).toPrecision(2))).toPrecision(6));
  return s.scale === "integer" ? Math.round(between((x) => x)) : Number(between((x) => x).toPrecision(3));
}

/** A range to drag and a field to type into, for the same number. */
export function slider(view: View, spec: SliderSpec): Slider {
  const whole = spec.scale === "integer";
  const input = h("input", { type: "range", min: 0, max: POSITIONS, step: 1, "aria-label": spec.label });
  if (whole) Object.assign(input, { min: String(spec.low), max: String(spec.high) });
  const limits = () => [spec.low, whole ? Number(input.max) : spec.high] as const;
  const field = numberField(view, spec, limits);
  const after = h("span", { "aria-hidden": "true" });
  const tick = h("span", { class: "gdw-tick", hidden: true });
  const name = h(
    "span",
    { class: "gdw-name" },
    spec.letter ? h("i", {}, spec.letter) : null,
    h("span", {}, spec.label),
  );
  const value = h("span", { class: "gdw-value" }, field.element, after);
  const track = h("span", { class: "gdw-track" }, input, tick);
  view.listen(input, "input", () =>
    spec.change(whole ? Number(input.value) : fromTrack(spec, Number(input.value) / POSITIONS)),
  );
  return {
    element: h("div", { class: "gdw-slider" }, name, value, track),
    input,
    update(mark) {
      const now = spec.value();
      const position = whole ? now : Math.round(toTrack(spec, now) * POSITIONS);
      if (Number(input.value) !== position) input.value = String(position);
      // The input says its value itself; a live region here would speak at every move.
      setAttribute(input, "aria-valuetext", spoken(now));
      field.update();
      setText(after, spec.after ? ` ${spec.after()}` : "");
      showTick(tick, spec, mark ?? null);
    },
  };
}

/** The number as text. What is typed counts on Enter or on leaving; Escape brings the number back. */
function numberField(view: View, spec: SliderSpec, limits: () => readonly [number, number]): Part {
  const whole = spec.whole ?? spec.scale === "integer";
  const text = () => (whole ? String(spec.value()) : formatNumber(spec.value()));
  const element = h("input", {
    type: "text",
    class: "gdw-number",
    inputmode: whole ? "numeric" : "decimal",
    size: 7,
    autocomplete: "off",
    "aria-label": `${spec.label}, as a number`,
  });
  let typing = false;
  const show = () => {
    typing = false;
    if (element.value !== text()) element.value = text();
  };
  const take = () => {
    if (!typing) return;
    const [low, high] = limits();
    const typed = readTyped(element.value);
    const value = Math.min(high, Math.max(low, whole ? Math.round(typed) : typed));
    if (Number.isFinite(value)) spec.change(value);
    if (value !== typed) view.live.say(`${spec.label}: a number from ${spoken(low)} to ${spoken(high)}.`);
    show();
  };
  view.listen(element, "input", () => {
    typing = true;
  });
  view.listen(element, "change", take);
  view.listen(element, "focus", () => element.select());
  view.listen(element, "keydown", (event) => {
    if (event.key === "Enter") take();
    if (event.key === "Escape") show();
  });
  return {
    element,
    update() {
      if (!typing) show();
    },
  };
}

/** A number as readers write it: with a comma, a true minus, or a power of ten. */
export function readTyped(text: string): number {
  const plain = text.trim().replace(",", ".").replace(/−/g, "-");
  return plain ? Number(plain) : NaN;
}

function showTick(tick: HTMLElement, spec: SliderScale, mark: { at: number; label: string } | null): void {
  const shown = mark !== null && mark.at > spec.low && mark.at < spec.high;
  tick.hidden = !shown;
  if (!shown) return;
  tick.style.setProperty("--at", String(toTrack(spec, mark.at)));
  tick.classList.toggle("gdw-tick-left", toTrack(spec, mark.at) > 0.6);
  setText(tick, mark.label);
}

export interface ButtonSpec {
  readonly label: string;
  readonly icon?: string;
  /** Show the words beside the icon. */
  readonly words?: boolean;
  readonly press: () => void;
}

export function button(view: View, spec: ButtonSpec): HTMLButtonElement {
  const named = !spec.icon || spec.words;
  const element = h(
    "button",
    {
      type: "button",
      class: "gdw-button",
      "aria-label": named ? undefined : spec.label,
      title: named ? undefined : spec.label,
    },
    spec.icon ? (icon(spec.icon) as unknown as Node) : null,
    named ? spec.label : null,
  );
  view.listen(element, "click", spec.press);
  return element;
}

/** Give a button another picture and name: play becomes pause. */
export function relabel(element: HTMLButtonElement, label: string, path: string): void {
  if (element.getAttribute("aria-label") === label) return;
  element.setAttribute("aria-label", label);
  element.title = label;
  element.replaceChildren(icon(path));
}

export interface ToggleSpec {
  readonly label: string;
  readonly value: () => boolean;
  readonly change: (value: boolean) => void;
}

export function toggle(view: View, spec: ToggleSpec): Part {
  const input = h("input", { type: "checkbox" });
  view.listen(input, "change", () => spec.change(input.checked));
  return {
    element: h("label", { class: "gdw-toggle" }, input, h("span", {}, spec.label)),
    update: () => {
      input.checked = spec.value();
    },
  };
}

export interface SelectSpec {
  readonly label: string;
  readonly options: () => readonly (readonly [value: string, label: string])[];
  readonly value: () => string;
  readonly change: (value: string) => void;
  readonly hideLabel?: boolean;
}

export function select(view: View, spec: SelectSpec): Part {
  const field = h("select", { "aria-label": spec.hideLabel ? spec.label : undefined });
  const label = spec.hideLabel ? null : h("span", { class: "gdw-name" }, spec.label);
  let shown = "";
  view.listen(field, "change", () => spec.change(field.value));
  return {
    element: h("label", { class: "gdw-select" }, label, field),
    update() {
      const options = spec.options();
      if (JSON.stringify(options) !== shown) {
        shown = JSON.stringify(options);
        field.replaceChildren(...options.map(([value, text]) => h("option", { value }, text)));
      }
      if (field.value !== spec.value()) field.value = spec.value();
    },
  };
}

export interface HandleSpec {
  readonly label: string;
  /** The place in CSS pixels within the handle's parent. */
  readonly place: () => readonly [number, number];
  readonly drag: (x: number, y: number) => void;
  /** Move by keys: steps right and up, larger with Shift. */
  readonly nudge: (right: number, up: number) => void;
  readonly describe: () => string;
}

/** Right and up, by the key that goes there. */
export const ARROWS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, 1]],
  ["ArrowDown", [0, -1]],
]);

/** A point that is dragged by pointer or touch and moved by arrow keys. */
export function handle(view: View, spec: HandleSpec): Part {
  const element = h("button", { type: "button", class: "gdw-handle", "aria-roledescription": "draggable point" });
  view.listen(element, "pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    event.preventDefault();
    element.focus({ preventScroll: true });
  });
  view.listen(element, "pointermove", (event) => {
    if (!element.hasPointerCapture(event.pointerId)) return;
    const box = element.parentElement?.getBoundingClientRect();
    if (box) spec.drag(event.clientX - box.left, event.clientY - box.top);
  });
  view.listen(element, "keydown", (event) => {
    const direction = ARROWS.get(event.key);
    if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const size = event.shiftKey ? 5 : 1;
    spec.nudge(direction[0] * size, direction[1] * size);
  });
  return {
    element,
    update() {
      const [x, y] = spec.place();
      element.style.transform = `translate(${x}px, ${y}px)`;
      setAttribute(element, "aria-label", `${spec.label}, ${spec.describe()}. Arrow keys move it.`);
    },
  };
}

/** A surface on which a reader moves a point. A mouse drags from anywhere; a finger taps, so that it still scrolls. */
export function pad(view: View, element: HTMLElement, move: (x: number, y: number) => void): void {
  view.listen(element, "pointerdown", (event) => {
    if (event.button !== 0) return;
    if (event.pointerType === "mouse") element.setPointerCapture(event.pointerId);
    move(event.offsetX, event.offsetY);
  });
  view.listen(element, "pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) move(event.offsetX, event.offsetY);
  });
}

/** Icons from one 16 × 16 grid. */
export const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  back: "M11.5 3v10L5 8zM3 3h1.6v10H3z",
  forward: "M4.5 3v10L11 8zM11.4 3H13v10h-1.6z",
  first: "M8 3.4v9.2L2 8zM14 3.4v9.2L8 8z",
  link:
    "M6.6 9.4a.8.8 0 0 1 0-1.1L8.3 6.6a.8.8 0 1 1 1.1 1.1L7.7 9.4a.8.8 0 0 1-1.1 0z" +
    "M9 4.2 10.3 3a3 3 0 0 1 4.2 4.2l-2 2a3 3 0 0 1-3 .7l1.4-1.4.4-.4 2-2a1.3 1.3 0 0 0-1.9-1.9L10.1 5.5 9 4.2z" +
    "M7 11.8 5.7 13a3 3 0 0 1-4.2-4.2l2-2a3 3 0 0 1 3-.7L5.1 7.5l-.4.4-2 2a1.3 1.3 0 0 0 1.9 1.9l1.3-1.3z",
  reset: "M8 2.5a5.5 5.5 0 1 1-5.3 4l1.6.4A3.9 3.9 0 1 0 8 4.1v2.4L4.2 3.3 8 .2z",
} as const;
