// The map of concepts: arrows from what a word needs, and to what needs it, and its definition beside it.
// Without this script the words are plain links to the glossary's entries.
(() => {
  const map = document.querySelector(".gd-concept-map");
  if (!map) return;
  const arrows = map.querySelector(".gd-arrows");
  const said = map.querySelector(".gd-said");
  const concepts = new Map([...map.querySelectorAll(".gd-concept")].map((link) => [link.hash.slice(1), link]));
  const needs = (link) => link.dataset.needs.split(" ").filter(Boolean).map((id) => concepts.get(id));
  const needing = (link) => [...concepts.values()].filter((other) => needs(other).includes(link));
  let chosen = null;

  function box(link) {
    const outer = map.getBoundingClientRect();
    const inner = link.getBoundingClientRect();
    const left = inner.left - outer.left, top = inner.top - outer.top;
    return { x: left + inner.width / 2, top, bottom: top + inner.height, left, right: left + inner.width };
  }

  // A curve from one word to another; between words of one row it bows out above them.
  function curve(from, to) {
    const a = box(from), b = box(to);
    if (Math.abs(a.top - b.top) < 4) {
      const rise = 14 + Math.abs(a.x - b.x) / 12;
      return `M${a.x},${a.top} C${a.x},${a.top - rise} ${b.x},${b.top - rise} ${b.x},${b.top - 2}`;
    }
    const down = b.top > a.top;
    const start = down ? a.bottom : a.top, end = down ? b.top - 2 : b.bottom + 2;
    const bend = (end - start) / 2;
    return `M${a.x},${start} C${a.x},${start + bend} ${b.x},${end - bend} ${b.x},${end}`;
  }

  function arrow(from, to, kind) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", curve(from, to));
    path.setAttribute("class", `gd-${kind}`);
    path.setAttribute("marker-end", `url(#gd-concept-${kind})`);
    return path;
  }

  function head(kind) {
    const marker = document.createElementNS("http://www.w3.org/2000/svg", "marker");
    const settings = { id: `gd-concept-${kind}`, class: `gd-${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" };
    for (const [name, value] of Object.entries(settings)) marker.setAttribute(name, value);
    const tip = document.createElementNS("http://www.w3.org/2000/svg", "path");
    tip.setAttribute("d", "M0,0 L8,4 L0,8 z");
    marker.append(tip);
    return marker;
  }

  function draw(link) {
    arrows.replaceChildren(head("before"), head("after"));
    map.classList.toggle("gd-lit", Boolean(link));
    for (const other of concepts.values()) other.classList.remove("gd-here", "gd-before", "gd-after");
    if (!link) return;
    link.classList.add("gd-here");
    for (const other of needs(link)) other.classList.add("gd-before");
    for (const other of needing(link)) other.classList.add("gd-after");
    arrows.append(...needs(link).map((other) => arrow(other, link, "before")));
    arrows.append(...needing(link).map((other) => arrow(link, other, "after")));
  }

  function list(kind, words, links) {
    const line = document.createElement("p");
    line.className = `gd-${kind}`;
    const lead = document.createElement("span");
    lead.textContent = words;
    line.append(lead);
    links.forEach((link, i) => {
      const copy = document.createElement("a");
      copy.href = link.hash;
      copy.textContent = link.textContent;
      line.append(i ? ", " : " ", copy);
    });
    return line;
  }

  function choose(link) {
    chosen?.removeAttribute("aria-current");
    chosen = link;
    said.replaceChildren();
    draw(link);
    if (!link) return;
    link.setAttribute("aria-current", "true");
    const entry = document.getElementById(link.hash.slice(1));
    const name = document.createElement("h3");
    name.textContent = link.textContent;
    const lines = [...entry.nextElementSibling.cloneNode(true).childNodes];
    const before = needs(link), after = needing(link);
    said.append(closer(), name, ...lines);
    if (before.length) said.append(list("before", "It needs", before));
    if (after.length) said.append(list("after", "It is needed for", after));
    const hidden = link.getBoundingClientRect().bottom + 16 - said.getBoundingClientRect().top;
    if (hidden > 0 && said.getBoundingClientRect().bottom > innerHeight - 40) scrollBy(0, hidden);
  }

  function closer() {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Close";
    button.addEventListener("click", () => { const link = chosen; choose(null); link?.focus(); });
    return button;
  }

  map.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const concept = link && concepts.get(link.hash.slice(1));
    if (!concept || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(concept === chosen && link === concept ? null : concept);
    if (link !== concept) concept.focus({ preventScroll: true });
  });
  map.addEventListener("keydown", (event) => { if (event.key === "Escape") choose(null); });
  map.addEventListener("pointerover", (event) => {
    const link = event.pointerType === "mouse" && event.target.closest(".gd-concept");
    if (link) draw(link);
  });
  map.addEventListener("pointerleave", () => draw(chosen));
  map.addEventListener("focusin", (event) => { if (event.target.matches(".gd-concept:focus-visible")) draw(event.target); });
  map.addEventListener("focusout", () => draw(chosen));
  new ResizeObserver(() => draw(chosen)).observe(map);
})();
