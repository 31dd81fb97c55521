// What the pages do beside being read: colour scheme, search by key, folds that print, keys for scrolling boxes,
// formulas that are copied once.
(() => {
  const root = document.documentElement;

  function setTheme(theme) {
    root.dataset.theme = theme;
    const button = document.querySelector(".gd-tool.gd-theme");
    if (button) button.setAttribute("aria-pressed", String(theme === "dark"));
  }

  function chooseTheme() {
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    setTheme(theme);
    try { localStorage.setItem("gd-theme", theme); } catch (_) { /* private mode: for this page only */ }
  }

  function followSystem(event) {
    let chosen = null;
    try { chosen = localStorage.getItem("gd-theme"); } catch (_) { /* private mode */ }
    if (!chosen) setTheme(event.matches ? "dark" : "light");
  }

  function searchByKey(event) {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing;
    const chord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const field = document.querySelector("#gd-query") || document.querySelector(".gd-search input");
    if (!(slash || chord) || !field) return;
    event.preventDefault();
    field.focus();
    field.select();
  }

  // A box that scrolls sideways must be reachable by keyboard; one that does not must not be a stop.
  function markScrolling() {
    const boxes = "pre, .katex-display, .gdw-formula, .gd-table-box, .pst-scrollable-table-container, .output.text_html";
    for (const box of document.querySelectorAll(boxes)) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
      markMore(box);
    }
  }

  // What goes on to the right fades there, until it has been scrolled to.
  function markMore(box) {
    box.toggleAttribute("data-more", box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
  }

  // Open every fold around the target of a link, as a link to a solution means to show it.
  function unfoldTarget() {
    let id = "";
    try { id = decodeURIComponent(location.hash.slice(1)); } catch (_) { /* a malformed link leads nowhere */ }
    const target = id && document.getElementById(id);
    for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    if (target) target.scrollIntoView();
  }

  // On paper: pictures that wait, and folds, but not what answers a question and not the code behind a figure.
  function fillForPrint() {
    for (const image of document.querySelectorAll("img[loading='lazy']")) image.loading = "eager";
    for (const fold of document.querySelectorAll("details:not([open], .hide, .gd-hint, .solution, .gd-here-small)")) {
      fold.open = true;
      window.addEventListener("afterprint", () => { fold.open = false; }, { once: true });
    }
  }

  // Where the figures' own script did not come, the still ones stand as they do without any script.
  function showStills() {
    for (const still of document.querySelectorAll(".gd-widget:not([data-mounted]) > .gd-still > noscript")) {
      still.outerHTML = still.textContent;
    }
  }

  function followReading() {
    const links = new Map();
    for (const link of document.querySelectorAll(".gd-here a[href^='#']")) {
      const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (section) links.set(section, link);
    }
    const seen = new Set();
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target);
      const current = [...links.keys()].filter((section) => seen.has(section)).pop();
      for (const [section, link] of links) {
        if (section === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }, { rootMargin: "-15% 0px -70% 0px" });
    for (const section of links.keys()) observer.observe(section);
  }

  // The first screen is as wide as the page: the list beside it waits until that has gone by.
  function waitForOpening() {
    const [opening, list] = [document.querySelector(".gd-opening"), document.querySelector(".gd-here")];
    if (!opening || !list) return;
    new IntersectionObserver(([entry]) => list.classList.toggle("gd-waits", entry.isIntersecting)).observe(opening);
  }

  function formula(node) {
    const element = node instanceof Element ? node : node.parentElement;
    return element?.closest(".katex-display") ?? element?.closest(".katex");
  }

  // A copied formula is its LaTeX, whole and once: KaTeX sets each twice, for the eye and for screen readers.
  // Its own copy-tex takes what is hidden along and runs lines together.
  function copyFormulasOnce(event) {
    const selection = getSelection();
    if (!selection.rangeCount || !event.clipboardData || event.target.closest?.("input, textarea")) return;
    const range = selection.getRangeAt(0).cloneRange();
    const first = formula(range.startContainer), last = formula(range.endContainer);
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    const copy = document.createElement("div");
    copy.append(range.cloneContents());
    if (!copy.querySelector(".katex")) return;
    for (const set of copy.querySelectorAll(".katex")) {
      const sign = set.closest(".katex-display") ? "$$" : "$";
      set.replaceWith(`${sign}${set.querySelector("annotation").textContent}${sign}`);
    }
    for (const unseen of copy.querySelectorAll("script, .headerlink")) unseen.remove();
    copy.style.cssText = "position: fixed; inset-inline-start: 200vw;";
    document.body.append(copy); // only what is laid out has lines
    event.clipboardData.setData("text/plain", copy.innerText);
    event.clipboardData.setData("text/html", copy.innerHTML);
    copy.remove();
    event.preventDefault();
  }

  setTheme(root.dataset.theme);
  document.querySelector(".gd-tool.gd-theme")?.addEventListener("click", chooseTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", followSystem);
  document.addEventListener("keydown", searchByKey);
  document.addEventListener("copy", copyFormulasOnce);
  window.addEventListener("hashchange", unfoldTarget);
  window.addEventListener("beforeprint", fillForPrint);
  window.addEventListener("load", showStills);
  new ResizeObserver(markScrolling).observe(document.body);
  document.fonts?.ready.then(markScrolling);
  document.addEventListener("toggle", markScrolling, true);
  document.addEventListener("scroll", (event) => { if (event.target.matches?.("[tabindex='0']")) markMore(event.target); }, true);
  unfoldTarget();
  followReading();
  waitForOpening();
})();
