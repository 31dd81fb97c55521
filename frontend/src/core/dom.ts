/** Make elements; nothing here ever parses a string as HTML. */

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const child of children) if (child) element.append(child);
  return element;
}

export function setAttribute(element: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Replace an element's words if they are others: writing the same ones would make a screen reader repeat them. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** What a record holds under a name, and never what every object has, as `constructor`. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": true })) {
    svg.setAttribute(name, String(value));
  }
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  shape.setAttribute("fill", "currentColor");
  svg.append(shape);
  return svg;
}

/** Show MathML that Python typeset, which nobody translates; only elements of MathML survive. */
export function mathElement(markup: string): Element | null {
  const parsed = new DOMParser().parseFromString(markup, "application/xml").documentElement;
  if (parsed.localName !== "math" || parsed.querySelector("parsererror")) return null;
  for (const element of [parsed, ...parsed.querySelectorAll("*")]) {
    if (element.namespaceURI !== "http://www.w3.org/1998/Math/MathML") return null;
    for (const attribute of [...element.attributes]) {
      if (/^on|href|src/i.test(attribute.name)) element.removeAttribute(attribute.name);
    }
  }
  return h("span", { translate: "no" }, document.importNode(parsed, true));
}
