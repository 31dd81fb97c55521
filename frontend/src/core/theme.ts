/** Colours of the page or of the notebook around a widget, and of the methods. */

import palette from "../../../gdlib/palette.json";
import { own } from "./dom";

export type Marker = "circle" | "square" | "diamond" | "triangle" | "cross" | "star";

export interface MethodStyle {
  readonly colour: string;
  readonly marker: Marker;
  readonly dash: readonly number[];
}

export interface Theme {
  readonly dark: boolean;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly page: string;
  readonly surface: string;
  readonly accent: string;
  readonly good: string;
  readonly bad: string;
  /** Low to high. */
  readonly map: readonly string[];
  readonly contour: string;
  readonly halo: string;
  readonly font: string;
  method(name: string): MethodStyle;
}

const NAMES = ["ink", "muted", "line", "page", "surface", "accent", "good", "bad"] as const;
const MAPS = {
  light: ["#7fb0bb", "#9fc4cb", "#bdd5d8", "#d6e3e2", "#e9eeea", "#f5f4ef"],
  dark: palette.figure["dark map"],
};

let cached = new WeakMap<Element, Theme>();

/** Read the colours that apply to an element. Cached until the surroundings change. */
export function themeOf(element: Element): Theme {
  const known = cached.get(element);
  if (known) return known;
  const colours = resolvedColours(element);
  const dark = isDark(colours.page);
  const theme: Theme = {
    ...colours,
    dark,
    map: MAPS[dark ? "dark" : "light"],
    contour: dark ? "rgb(200 225 232 / 34%)" : "rgb(28 62 72 / 38%)",
    halo: dark ? "rgb(10 20 24 / 85%)" : "rgb(255 255 255 / 88%)",
    font: getComputedStyle(element).fontFamily || "sans-serif",
    method: (name) => methodStyle(name, dark),
  };
  cached.set(element, theme);
  return theme;
}

/** A custom property may hold any expression; only as a colour of an element is it one that a canvas reads. */
function resolvedColours(element: Element): Record<(typeof NAMES)[number], string> {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const style = getComputedStyle(probe);
  const found = NAMES.map((name) => {
    probe.style.color = `var(--w-${name})`;
    return [name, style.color] as const;
  });
  probe.remove();
  return Object.fromEntries(found) as Record<(typeof NAMES)[number], string>;
}

/** The one look of a method in every figure. A method that the palette does not know gets one by its name. */
export function methodStyle(name: string, dark: boolean): MethodStyle {
  const known = own(
    palette.methods as Record<string, { light: string; dark: string; marker: string; dash: number[] }>,
    name,
  );
  if (known) return { colour: dark ? known.dark : known.light, marker: known.marker as Marker, dash: known.dash };
  const sum = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  const markers: Marker[] = ["circle", "square", "diamond", "triangle", "cross", "star"];
  return {
    colour: palette.other[sum % palette.other.length] ?? "#0072B2",
    marker: markers[sum % markers.length] ?? "circle",
    dash: [],
  };
}

/**
 * Forget the colours and call back when the page's or the system's scheme changes, or paper is asked for; and when a
 * typeface arrives, Greek letters' above all: a canvas keeps what stood in for it.
 */
export function watchTheme(callback: () => void): () => void {
  const changed = () => {
    cached = new WeakMap();
    callback();
  };
  const observer = new MutationObserver(changed);
  const options = {
    attributes: true,
    attributeFilter: ["class", "data-theme", "data-jp-theme-light", "data-vscode-theme-kind"],
  };
  observer.observe(document.documentElement, options);
  observer.observe(document.body, options);
  const queries = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")];
  queries.forEach((query) => query.addEventListener("change", changed));
  const faces = document.fonts as FontFaceSet | undefined;
  faces?.addEventListener("loadingdone", changed);
  return () => {
    observer.disconnect();
    queries.forEach((query) => query.removeEventListener("change", changed));
    faces?.removeEventListener("loadingdone", changed);
  };
}

function isDark(colour: string): boolean {
  const channels = rgb(colour);
  return channels !== null && 0.299 * channels[0] + 0.587 * channels[1] + 0.114 * channels[2] < 128;
}

export function rgb(colour: string): [number, number, number] | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
  if (hex) {
    const n = parseInt(hex.length === 3 ? [...hex].map((c) => c + c).join("") : hex, 16);
    return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
  }
  const wide = /^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)/.exec(colour);
  if (wide) return [255 * Number(wide[1]), 255 * Number(wide[2]), 255 * Number(wide[3])];
  const parts = /^rgba?\(\s*([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)/.exec(colour);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : null;
}
